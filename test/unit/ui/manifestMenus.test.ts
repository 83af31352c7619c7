import assert from 'node:assert/strict';
import {
  commandId,
  type CommandName,
  isLostRow,
  onSelection,
  type RowKind,
  titleCommands,
  viewIds,
} from '../../../src/ui/text/commandIds';
import { readManifest } from '../../support/manifest';
import {
  commandNames as names,
  commandUses as uses,
  contextOf,
  isInline,
  matches,
  menuOf,
  nameOf,
  submenuId,
  submenuOfAllId,
  titles,
} from '../../support/manifestMenus';
import { allRowShapes } from '../../support/rowShapes';
import { parseWhen } from '../../support/whenClause';

const { contributes } = readManifest();

/** Commands that change or forget something that does not come back by itself. */
const destructive: ReadonlySet<CommandName> = new Set<CommandName>([
  'removeServer',
  'forgetPassword',
  'removeAllPasswords',
  'restoreSnapshot',
  'restoreLatest',
  'deleteSnapshot',
  'deleteSnapshotWithChildren',
  'deleteAllSnapshots',
  'consolidate',
  'powerOn',
  'clearEndedTasks',
]);

describe('manifest: menus of rows', () => {
  const shapes = allRowShapes();

  it('offer each command on the rows of the table, and nowhere else', () => {
    const offered = new Map(names.map((name) => [name, new Set<RowKind>()]));
    for (const shape of shapes) {
      for (const { name } of menuOf(shape)) {
        offered.get(name)?.add(shape.kind);
      }
    }
    for (const name of names) {
      assert.deepEqual([...(offered.get(name) ?? [])].sort(), [...uses[name].rows].sort(), name);
    }
  });

  it('know which of their commands stand in the title of a view, too', () => {
    const inTitles = (contributes.menus['view/title'] ?? []).map(({ command }) => nameOf(command ?? ''));
    assert.deepEqual(new Set(inTitles.filter((name) => uses[name].rows.length > 0)), titleCommands);
  });

  it('tell a row that the editor has lost from the palette, a key and a title', () => {
    assert.equal(isLostRow('deleteSnapshot', [undefined, undefined]), true);
    assert.equal(isLostRow('deleteSnapshot', []), false);
    assert.equal(isLostRow('deleteSnapshot', [onSelection]), false);
    assert.equal(isLostRow('deleteSnapshot', [{}, undefined]), false);
    assert.equal(isLostRow('refresh', [undefined, undefined]), false);
    assert.equal(isLostRow('findVm', [undefined, undefined]), false);
  });

  it('ask for nothing that no row has', () => {
    for (const menu of ['view/item/context', submenuId, submenuOfAllId]) {
      for (const item of contributes.menus[menu] ?? []) {
        const isSeen = shapes.some((shape) => matches(item, contextOf(shape)));
        assert.ok(isSeen, `${menu}: ${item.command ?? item.submenu} is never seen: ${item.when}`);
        for (const expression of item.when === undefined ? [] : parseWhen(item.when).expressions) {
          assert.ok(
            shapes.some(({ contextValue }) => expression.test(contextValue)),
            `${item.command}: ${expression.source}`,
          );
        }
      }
    }
  });

  it('never offer the same twice', () => {
    for (const shape of shapes) {
      const menu = menuOf(shape)
        .filter((item) => !isInline(item))
        .map(({ name }) => name);
      assert.equal(new Set(menu).size, menu.length, `${shape.contextValue}: ${menu.join()}`);
    }
  });

  it('have few icons beside a row, with pictures, and none that destroys anything', () => {
    const inline = new Map<CommandName, Set<RowKind>>();
    for (const shape of shapes) {
      for (const item of menuOf(shape).filter(isInline)) {
        inline.set(item.name, (inline.get(item.name) ?? new Set()).add(shape.kind));
      }
    }
    assert.deepEqual([...inline].map(([name, kinds]) => `${[...kinds].join()}: ${name}`).sort(), [
      'bulk: retryFailed',
      'bulk: stopBulk',
      'notice: editServer',
      'notice: enterPassword',
      'notice: refresh',
      'notice: retryConnection',
      'notice: reviewCertificate',
      'operation: stopTask',
      'server: connect',
      'server: disconnect',
      'vm: takeSnapshot',
    ]);
    for (const name of inline.keys()) {
      assert.equal(destructive.has(name), false, name);
      assert.match(
        contributes.commands.find(({ command }) => command === commandId(name))?.icon ?? '',
        /^\$\([a-z-]+\)$/,
        name,
      );
    }
    for (const shape of shapes) {
      assert.ok(menuOf(shape).filter(isInline).length <= 3, shape.contextValue);
    }
  });

  it('act on one row at a time where a person could mean many', () => {
    const manyAtOnce = new Set<CommandName>([
      'takeSnapshot',
      'restoreSnapshot',
      'restoreLatest',
      'deleteSnapshot',
      'deleteSnapshotWithChildren',
      'deleteAllSnapshots',
      'consolidate',
      'powerOn',
      'takeOfAll',
      'restoreOfAll',
      'deleteOfAll',
      'copyName',
      'copyPath',
      'copyObjectId',
      'copyAsPowerCli',
      'addToFavorites',
      'removeFromFavorites',
      'markProtected',
      'removeProtection',
    ]);
    for (const shape of shapes.filter(({ kind }) => kind !== 'operation' && kind !== 'bulk')) {
      const left = menuOf(shape, { listMultiSelection: true }).filter((item) => !isInline(item));
      assert.deepEqual(
        left.filter(({ name }) => !manyAtOnce.has(name)),
        [],
        shape.contextValue,
      );
    }
  });

  it('of a VM', () => {
    assert.deepEqual(titles('vm', ';vm;on;snap;cons;'), [
      'Take Snapshot...',
      'Manage Snapshots',
      'Restore to Latest Snapshot... (Revert)',
      'Consolidate...',
      'Delete All Snapshots...',
      'Open in vSphere Client',
      'Copy Name',
      'Copy Path',
      'Copy Object ID',
      'Copy as PowerCLI',
      'Mark as Protected',
      'Add to Favorites',
    ]);
    assert.deepEqual(titles('vm', ';vm;off;'), [
      'Take Snapshot...',
      'Manage Snapshots',
      'Consolidate...',
      'Power On',
      'Open in vSphere Client',
      'Copy Name',
      'Copy Path',
      'Copy Object ID',
      'Copy as PowerCLI',
      'Mark as Protected',
      'Add to Favorites',
    ]);
    assert.equal(titles('vm', ';vm;off;favorite;').at(-1), 'Remove from Favorites');
  });

  it('of a snapshot and of the present state', () => {
    assert.deepEqual(titles('snapshot', ';snapshot;kids;'), [
      'Restore Snapshot... (Revert)',
      'Edit Snapshot...',
      'Compare with Present State',
      'Show in Snapshot Manager',
      'Copy Name',
      'Copy Object ID',
      'Copy as PowerCLI',
      'Delete Snapshot...',
      'Delete Snapshot with Children...',
    ]);
    assert.equal(titles('snapshot', ';snapshot;').includes('Delete Snapshot with Children...'), false);
    assert.deepEqual(titles('present', ';present;'), ['Take Snapshot...']);
  });

  it('of a server', () => {
    assert.deepEqual(titles('server', ';server;live;saved;writable;password;'), [
      'Disconnect',
      'Refresh',
      'Edit Server...',
      'Change Password...',
      'Forget Password',
      'Mark as Protected',
      'Make Read-Only',
      'Copy Address',
      'Remove Server...',
    ]);
    assert.deepEqual(titles('server', ';server;failed;saved;readonly;protected;'), [
      'Connect',
      'Edit Server...',
      'Change Password...',
      'Remove Protection',
      'Allow Changes...',
      'Copy Address',
      'Remove Server...',
    ]);
    assert.deepEqual(titles('server', ';server;live;demo;writable;'), [
      'Disconnect',
      'Refresh',
      'Mark as Protected',
      'Make Read-Only',
      'Copy Address',
      'Remove Server...',
    ]);
    const offline = titles('server', ';server;offline;saved;writable;');
    assert.deepEqual(offline.slice(0, 2), ['Connect', 'Disconnect']);
  });

  it('of a row that says why a server is not connected', () => {
    assert.deepEqual(titles('notice', ';notice;retryConnection;editServer;showLog;'), [
      'Edit Server...',
      'Retry',
      'Show Log',
    ]);
    assert.deepEqual(titles('notice', ';notice;'), []);
  });

  it('of a folder, vApp or cluster, and of nothing above them', () => {
    const ofAll = ['Take...', 'Restore to Latest...', 'Consolidate...', 'Delete All...'];
    for (const kind of ['folder', 'vApp', 'cluster']) {
      assert.deepEqual(titles('container', `;container;${kind};`).slice(0, 4), ofAll, kind);
    }
    for (const kind of ['datacenter', 'host', 'resourcePool']) {
      assert.equal(
        titles('container', `;container;${kind};`).some((title) => ofAll.includes(title)),
        false,
        kind,
      );
    }
    assert.equal(
      titles('server', ';server;live;saved;writable;unprotected;').some((title) => ofAll.includes(title)),
      false,
    );
  });

  it('of many tasks', () => {
    assert.deepEqual(titles('bulk', ';bulk;running;'), ['Stop After the Running Ones']);
    assert.deepEqual(titles('bulk', ';bulk;stopping;'), []);
    assert.deepEqual(titles('bulk', ';bulk;ended;failed;rest;'), ['Retry Failed...', 'Run What Was Not Started...']);
  });

  it('of a task', () => {
    assert.deepEqual(titles('operation', ';operation;running;cancelable;'), ['Show', 'Stop Task...']);
    assert.deepEqual(titles('operation', ';operation;unknown;'), ['Show', 'Check Now']);
    assert.deepEqual(titles('operation', ';operation;failed;'), ['Show']);
  });

  it('keep what destroys in a last group of its own', () => {
    for (const shape of shapes) {
      const menu = menuOf(shape).filter((item) => !isInline(item) && !item.group.includes('/'));
      const last = menu.findIndex(
        ({ name }) => name.startsWith('delete') || name === 'removeServer' || name === 'stopTask',
      );
      assert.ok(last === -1 || menu.slice(last).every(({ group }) => group.startsWith('9_')), shape.contextValue);
    }
  });
});

describe('manifest: view titles', () => {
  const items = contributes.menus['view/title'] ?? [];

  const shownIn = (view: string, filtered: boolean): typeof items =>
    items.filter((item) =>
      matches(item, {
        view,
        'vsphereSnapshots.hasServers': true,
        'vsphereSnapshots.hasEndedTasks': true,
        'vsphereSnapshots.layout': 'folders',
        'vsphereSnapshots.filtered': filtered,
      }),
    );
  const iconsOf = (view: string, filtered: boolean): typeof items =>
    shownIn(view, filtered).filter(({ group }) => group?.startsWith('navigation'));

  it('have at most three icons, each with a picture', () => {
    for (const [view, filtered] of [
      [viewIds.inventory, false],
      [viewIds.inventory, true],
      [viewIds.tasks, false],
    ] as const) {
      const icons = iconsOf(view, filtered);
      assert.ok(icons.length > 0 && icons.length <= 3, view);
      for (const { command } of icons) {
        assert.match(contributes.commands.find((each) => each.command === command)?.icon ?? '', /^\$\([a-z-]+\)$/);
      }
    }
  });

  it('clear a filter in one click while it is on, and offer everything else further down', () => {
    const namesOf = (shown: typeof items): string[] => shown.map(({ command }) => nameOf(command ?? ''));
    assert.deepEqual(namesOf(iconsOf(viewIds.inventory, false)), ['findVm', 'filter', 'addServer']);
    assert.deepEqual(namesOf(iconsOf(viewIds.inventory, true)), ['findVm', 'changeFilter', 'clearFilter']);
    const overflow = ['viewAsHostsAndClusters', 'viewAsAllSnapshots', 'exportSnapshots', 'refresh'];
    assert.deepEqual(namesOf(shownIn(viewIds.inventory, false)).slice(3), overflow);
    assert.deepEqual(namesOf(shownIn(viewIds.inventory, true)).slice(3).sort(), ['addServer', ...overflow].sort());
  });

  it('offer nothing that needs a server where there is none', () => {
    const offered = items
      .filter((item) => matches(item, { view: viewIds.inventory }))
      .map(({ command }) => nameOf(command ?? ''));
    assert.deepEqual(offered, ['addServer']);
    assert.deepEqual(
      items.filter((item) => matches(item, { view: viewIds.tasks })),
      [],
    );
  });
});

describe('manifest: keys', () => {
  it('act in the inventory only, on the selected row only', () => {
    for (const binding of contributes.keybindings) {
      assert.match(
        binding.when,
        /^focusedView == vsphereSnapshots\.inventory && !inputFocus && vsphereSnapshots\.selectedRow == \w+$/,
      );
      assert.equal(binding.args, onSelection, binding.command);
      const kind = /== (\w+)$/.exec(binding.when)?.[1] as RowKind;
      assert.ok(uses[nameOf(binding.command)].rows.includes(kind), binding.command);
    }
  });

  it('are F2 and Delete', () => {
    assert.deepEqual(
      contributes.keybindings.map(({ command, key, mac }) => [nameOf(command), key, mac]),
      [
        ['editSnapshot', 'f2', undefined],
        ['editServer', 'f2', undefined],
        ['deleteSnapshot', 'delete', 'cmd+backspace'],
        ['removeServer', 'delete', 'cmd+backspace'],
      ],
    );
  });
});
