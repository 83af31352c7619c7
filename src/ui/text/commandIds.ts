/**
 * Kinds of rows that commands are chosen on: those of the inventory, and in Recent Tasks `operation` and `bulk`, which
 * is many operations that were asked for together.
 */
export type RowKind =
  'group' | 'server' | 'container' | 'vm' | 'snapshot' | 'present' | 'notice' | 'operation' | 'bulk';

export interface CommandUse {
  /**
   * When the command palette offers it. Every command that is there works without a row: it takes the selected one or
   * asks. `never` is for commands that only make sense where they stand.
   */
  readonly palette: 'always' | 'withServers' | 'never';
  /** Rows in whose menu it can stand. Its handler gets `(row?: TreeElement, rows?: TreeElement[])`. */
  readonly rows: readonly RowKind[];
}

function use(palette: CommandUse['palette'], ...rows: readonly RowKind[]): CommandUse {
  return { palette, rows };
}

/**
 * Every command of the product, once. The manifest has their titles, icons and places; a test holds both together.
 *
 * @remarks What a name does not say:
 * - `connectServer`, `disconnectServer` ask which server; `connect`, `disconnect` are the same on a row
 * - `retryConnection`, `enterPassword`, `reviewCertificate` stand on the row that says why a server is not connected
 * - `changeFilter` is `filter` with the picture of a filter that is on
 * - `showOperation` reveals the VM of a task and, when it failed, tells why with what helps
 */
export const commandTable = {
  addServer: use('always'),
  editServer: use('withServers', 'server', 'notice'),
  removeServer: use('withServers', 'server'),
  importServers: use('always'),
  exportServers: use('withServers'),
  connectServer: use('withServers'),
  disconnectServer: use('withServers'),
  connect: use('never', 'server'),
  disconnect: use('never', 'server'),
  retryConnection: use('never', 'notice'),
  enterPassword: use('never', 'notice'),
  reviewCertificate: use('never', 'notice'),
  changePassword: use('withServers', 'server'),
  forgetPassword: use('never', 'server'),
  removeAllPasswords: use('withServers'),
  markProtected: use('never', 'server', 'container', 'vm'),
  removeProtection: use('never', 'server', 'container', 'vm'),
  makeReadOnly: use('never', 'server'),
  allowChanges: use('never', 'server'),
  copyAddress: use('never', 'server'),
  findVm: use('withServers'),
  takeSnapshot: use('withServers', 'vm', 'present'),
  takeByName: use('withServers'),
  manageSnapshots: use('withServers', 'vm'),
  showInManager: use('never', 'snapshot'),
  restoreSnapshot: use('withServers', 'snapshot'),
  restoreLatest: use('withServers', 'vm'),
  editSnapshot: use('withServers', 'snapshot'),
  compareWithPresent: use('never', 'snapshot'),
  deleteSnapshot: use('withServers', 'snapshot'),
  deleteSnapshotWithChildren: use('withServers', 'snapshot'),
  deleteAllSnapshots: use('withServers', 'vm'),
  consolidate: use('withServers', 'vm', 'container'),
  powerOn: use('never', 'vm'),
  takeOfAll: use('never', 'container'),
  restoreOfAll: use('never', 'container'),
  deleteOfAll: use('never', 'container'),
  openInVsphereClient: use('never', 'vm'),
  copyName: use('never', 'container', 'vm', 'snapshot'),
  copyPath: use('never', 'container', 'vm'),
  copyObjectId: use('never', 'container', 'vm', 'snapshot'),
  copyAsPowerCli: use('never', 'vm', 'snapshot'),
  addToFavorites: use('never', 'vm'),
  removeFromFavorites: use('never', 'vm'),
  showNeedsConsolidation: use('withServers'),
  viewAsFolders: use('withServers'),
  viewAsHostsAndClusters: use('withServers'),
  viewAsAllSnapshots: use('withServers'),
  filter: use('withServers'),
  changeFilter: use('never'),
  clearFilter: use('withServers'),
  exportSnapshots: use('withServers'),
  refresh: use('never', 'server', 'notice'),
  exploreDemo: use('always'),
  showRecentTasks: use('withServers'),
  showLog: use('always', 'notice'),
  collectDiagnostics: use('always'),
  stopTask: use('never', 'operation'),
  checkNow: use('never', 'operation'),
  showOperation: use('never', 'operation'),
  retryFailed: use('never', 'bulk'),
  runRest: use('never', 'bulk'),
  stopBulk: use('never', 'bulk'),
  clearEndedTasks: use('never'),
} as const satisfies Readonly<Record<string, CommandUse>>;

export type CommandName = keyof typeof commandTable;

const prefix = 'vsphereSnapshots.';

/** The identity under which the editor knows a command. */
export function commandId<Name extends CommandName>(name: Name): `vsphereSnapshots.${Name}` {
  return `${prefix}${name}`;
}

/** Commands on rows that stand in the title of a view, too: there they are about all rows. */
export const titleCommands: ReadonlySet<CommandName> = new Set<CommandName>(['refresh']);

/**
 * Whether a command was chosen on a row that the editor has lost since: a row that is drawn anew has no element for a
 * moment, and the editor then hands over nothing in its place. From the palette it hands over no arguments at all.
 */
export function isLostRow(name: CommandName, handed: readonly unknown[]): boolean {
  const standsOnRows = commandTable[name].rows.length > 0 && !titleCommands.has(name);
  return standsOnRows && handed.length > 0 && handed[0] === undefined;
}

/**
 * What keybindings hand to a handler instead of a row, as VS Code tells them none: act on the selected row, and on
 * nothing else.
 */
export const onSelection = 'selection';

/** Under which the editor knows the panels of the snapshot manager, also after a reload of the window. */
export const managerViewType = 'vsphereSnapshots.manager';

/** Identities of what the manifest contributes besides commands. */
export const viewIds = {
  container: 'vsphereSnapshots',
  inventory: 'vsphereSnapshots.inventory',
  tasks: 'vsphereSnapshots.tasks',
} as const;
