import * as vscode from 'vscode';
import { sleep } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter, type Event } from '../../common/event';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import { backupNameMatcher } from '../../hypervisor/health/backupProduct';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { Layout } from '../../hypervisor/model/inventory';
import { allSnapshots } from '../../hypervisor/model/snapshotTree';
import type { OperationHistory } from '../../operations/operationHistory';
import { viewIds } from '../text/commandIds';
import { badgeText } from '../text/counts';
import type { Formats } from '../text/formats';
import { hiddenVmMatcher } from '../text/hiddenVms';
import { InventoryRows } from '../text/inventoryRows';
import type { RowContext } from '../text/rowContext';
import { nodeId, type TreeNode } from '../text/treeNode';
import { activityOf } from '../text/vmActivity';
import { ConsolidationBadge } from './consolidationBadge';
import { InventoryProvider } from './inventoryProvider';
import { ProtectedBadge } from './protectedBadge';
import { RefreshScheduler } from './refreshScheduler';
import { RowUpdates } from './rowUpdates';
import type { ServerDirectory } from './serverDirectory';
import { setContextKey } from './setContextKey';
import { ShownRows } from './shownRows';
import { SizeCache } from './sizeCache';
import type { TreeElement } from './treeElement';

// Drawing a few rows anew takes VS Code some tens of milliseconds, and each attempt opens one row more.
const revealAttempts = 10;
const revealAgainAfterMs = 100;

/** What the person has set about the inventory. */
export interface InventorySettings {
  /** Globs of names of VMs and folders that are not shown. */
  readonly hide: readonly string[];
  readonly warnAfterDays: number;
  readonly oldAfterDays: number;
  readonly backupNamePatterns: readonly string[];
}

export interface InventoryViewServices {
  readonly directory: ServerDirectory;
  readonly history: OperationHistory;
  readonly formats: Formats;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As they are now. */
  readonly settings: () => InventorySettings;
  readonly onDidChangeSettings: Event<unknown>;
  /** The layout at the start. */
  readonly layout: Layout;
  /** Keeps a layout for the next start. */
  readonly saveLayout: (layout: Layout) => Promise<void>;
}

export interface RevealOptions {
  /** Unfolds the row, for a VM its snapshots. */
  readonly expand?: boolean;
  /** Takes the keyboard to the row. */
  readonly focus?: boolean;
}

/**
 * The view *Inventory*: shows the servers of the directory, follows them live, and tells what the person does with it.
 *
 * @remarks Sets the context keys `hasServers`, `layout` and `selectedRow`.
 */
export class InventoryView implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly shown = new ShownRows();
  private readonly rows: InventoryRows;
  private readonly sizes: SizeCache;
  private readonly scheduler: RefreshScheduler;
  private readonly provider: InventoryProvider;
  private readonly updates: RowUpdates;
  private readonly badge: ConsolidationBadge;
  private readonly view: vscode.TreeView<TreeElement>;
  private readonly visibility = new Emitter<boolean>();
  private readonly expandedServer = new Emitter<HypervisorConnection>();
  private settings: InventorySettings;
  private currentLayout: Layout;
  private isHidden: (vmName: string) => boolean = () => false;
  private backupPattern: (snapshotName: string) => string | undefined = () => undefined;

  /** Whether the person can see the view; fires when that changes. */
  readonly onDidChangeVisibility = this.visibility.event;
  /** The person has unfolded a server that is not connected: he wants to see what it holds. */
  readonly onDidExpandServer = this.expandedServer.event;

  constructor(private readonly services: InventoryViewServices) {
    const { directory, history, clock, logger } = services;
    const { resources, shown } = this;
    const rowContext = (): RowContext => this.rowContext();
    this.currentLayout = services.layout;
    const layout = (): Layout => this.currentLayout;
    const rows = new InventoryRows(layout, (name) => this.isHidden(name));
    this.rows = rows;
    this.sizes = new SizeCache(clock, logger);
    this.provider = resources.add(new InventoryProvider(directory, rows, shown, this.sizes, rowContext, clock));
    const scheduler = new RefreshScheduler(clock, (ids) => {
      this.provider.redraw(ids);
    });
    this.scheduler = resources.add(scheduler);
    this.updates = resources.add(new RowUpdates({ clock, history, rows, shown, scheduler, layout, rowContext }));
    this.settings = services.settings();
    this.applySettings();
    this.view = resources.add(
      vscode.window.createTreeView(viewIds.inventory, {
        treeDataProvider: this.provider,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    this.badge = resources.add(
      new ConsolidationBadge(
        clock,
        () => this.countNeedy(),
        (count) => {
          this.view.badge = count === 0 ? undefined : { value: count, tooltip: badgeText(count, services.formats) };
        },
      ),
    );
    resources.add(vscode.window.registerFileDecorationProvider(new ProtectedBadge()));
    this.listen();
    this.serversChanged();
    this.tellKey('vsphereSnapshots.layout', this.layout);
    this.tellKey('vsphereSnapshots.selectedRow', 'none');
  }

  get isVisible(): boolean {
    return this.view.visible;
  }

  /** The selected rows, with what is known now. */
  get selection(): readonly TreeNode[] {
    return this.view.selection.map(({ node }) => this.rows.current(node) ?? node);
  }

  get layout(): Layout {
    return this.currentLayout;
  }

  async setLayout(layout: Layout): Promise<void> {
    this.currentLayout = layout;
    this.tellKey('vsphereSnapshots.layout', layout);
    this.scheduler.markAll();
    await this.services.saveLayout(layout);
  }

  /** Draws a server's rows anew, or everything, from what is known. Asks no server. */
  redraw(connection?: HypervisorConnection): void {
    if (connection === undefined) {
      this.scheduler.markAll();
    } else {
      this.scheduler.mark([connection.id], 'soon');
    }
  }

  /** Brings the view to the front without selecting anything. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${viewIds.inventory}.focus`);
  }

  /**
   * Selects the row of a VM and brings it into view, the view included.
   *
   * @returns whether there is such a row: the layout may not show the VM, or the person hides it
   */
  async revealVm(connection: HypervisorConnection, vmId: ObjectId, options?: RevealOptions): Promise<boolean> {
    return await this.reveal(this.rows.vmRow(connection, vmId), options);
  }

  /** As {@link revealVm}, for a snapshot. */
  async revealSnapshot(
    connection: HypervisorConnection,
    vmId: ObjectId,
    snapshotId: SnapshotId,
    options?: RevealOptions,
  ): Promise<boolean> {
    return await this.reveal(this.rows.snapshotRow(connection, vmId, snapshotId), options);
  }

  /** As {@link revealVm}, for a server. */
  async revealServer(connection: HypervisorConnection, options?: RevealOptions): Promise<boolean> {
    return await this.reveal({ kind: 'server', connection }, options);
  }

  dispose(): void {
    this.resources.dispose();
    this.visibility.dispose();
    this.expandedServer.dispose();
  }

  private async reveal(node: TreeNode | undefined, { expand, focus }: RevealOptions = {}): Promise<boolean> {
    if (node === undefined || !this.isPlaced(node)) {
      return false;
    }
    // VS Code looks for the row in what it was told last.
    this.scheduler.flush();
    const element = this.shown.element(node);
    try {
      for (let attempt = 1; attempt <= revealAttempts; attempt++) {
        await this.view.reveal(element, { select: true, focus: focus ?? false, expand: expand ?? false });
        // While VS Code draws rows anew it opens only some of the rows on the way, and says that all is well.
        if (this.view.selection.includes(element)) {
          return true;
        }
        await sleep(this.services.clock, revealAgainAfterMs);
      }
      this.services.logger.debug(`could not reveal ${nodeId(node)}: it does not get selected`);
      return false;
    } catch (error) {
      // The row has gone while VS Code was looking for it.
      this.services.logger.debug(`could not reveal ${nodeId(node)}: ${String(error)}`);
      return false;
    }
  }

  /** Whether the row hangs under one of the servers shown. */
  private isPlaced(node: TreeNode): boolean {
    let at: TreeNode | undefined = node;
    while (at !== undefined && at.kind !== 'server') {
      at = this.rows.parentOf(at);
    }
    return at !== undefined && this.services.directory.all().includes(at.connection);
  }

  private listen(): void {
    const { directory, onDidChangeSettings } = this.services;
    const { resources, view, updates } = this;
    resources.add(
      directory.onDidChange(() => {
        this.serversChanged();
      }),
    );
    resources.add(
      onDidChangeSettings(() => {
        this.settings = this.services.settings();
        this.applySettings();
        this.scheduler.markAll();
        this.badge.invalidate();
      }),
    );
    resources.add(
      updates.onDidChangeInventory(() => {
        this.badge.invalidate();
      }),
    );
    resources.add(
      this.sizes.onDidRead(({ connection, vm }) => {
        // Not the VM's own row: it may have been read for the tooltip over it, which a redrawn row would close.
        const rows = allSnapshots(vm.snapshots).map((snapshot) =>
          nodeId({ kind: 'snapshot', connection, vmId: vm.id, snapshot }),
        );
        this.scheduler.mark(
          rows.filter((id) => this.shown.get(id) !== undefined),
          'soon',
        );
      }),
    );
    resources.add(
      view.onDidChangeVisibility(({ visible }) => {
        this.scheduler.setPaused(!visible);
        this.visibility.fire(visible);
      }),
    );
    resources.add(
      view.onDidChangeSelection(({ selection }) => {
        this.tellKey(
          'vsphereSnapshots.selectedRow',
          selection.length === 1 ? (selection[0]?.node.kind ?? 'none') : 'none',
        );
      }),
    );
    resources.add(
      view.onDidExpandElement(({ element: { node } }) => {
        const { kind } = node.connection.state;
        if (node.kind === 'server' && (kind === 'disconnected' || kind === 'failed')) {
          this.expandedServer.fire(node.connection);
        }
      }),
    );
    this.scheduler.setPaused(!view.visible);
  }

  private serversChanged(): void {
    const { directory } = this.services;
    const servers = directory.all();
    this.updates.follow(servers);
    const hasDemo = servers.some(({ id }) => directory.facts(id)?.isDemo === true);
    // A property that must not be set to undefined under exact optional types is cleared by an empty text.
    this.view.description = hasDemo ? vscode.l10n.t('demo') : '';
    this.tellKey('vsphereSnapshots.hasServers', servers.length > 0);
    this.scheduler.markAll();
    this.badge.invalidate();
  }

  private countNeedy(): number {
    let needy = 0;
    for (const connection of this.services.directory.all()) {
      for (const vm of connection.inventory.allVms()) {
        needy += vm.needsConsolidation && this.rows.isShown(vm) ? 1 : 0;
      }
    }
    return needy;
  }

  private applySettings(): void {
    const { hide, backupNamePatterns } = this.settings;
    this.isHidden = hiddenVmMatcher(hide);
    this.backupPattern = backupNameMatcher(backupNamePatterns);
  }

  private rowContext(): RowContext {
    const { services, rows, sizes, backupPattern } = this;
    const { warnAfterDays, oldAfterDays } = this.settings;
    return {
      formats: services.formats,
      nowMs: services.clock.now(),
      rows,
      layout: this.currentLayout,
      warnAfterDays,
      oldAfterDays,
      backupPattern,
      facts: (connection) => services.directory.facts(connection.id),
      activity: (connection, vmId) => activityOf(connection, vmId, services.history),
      sizes: (connection, vm) => sizes.get(connection, vm),
    };
  }

  private tellKey(...[key, value]: Parameters<typeof setContextKey>): void {
    setContextKey(key, value).then(undefined, (error: unknown) => {
      this.services.logger.error(`the context key ${key} could not be set`, error);
    });
  }
}
