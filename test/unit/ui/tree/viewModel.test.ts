import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { type InventoryFilter, noFilter } from '../../../../src/hypervisor/filter/inventoryFilter';
import type { ObjectId, ServerId } from '../../../../src/hypervisor/model/ids';
import type { InventoryObject } from '../../../../src/hypervisor/model/inventory';
import { OperationHistory } from '../../../../src/operations/operationHistory';
import { pick, seededRandom } from '../../../../src/simulator/random/random';
import type { RowContext } from '../../../../src/ui/text/rowContext';
import { describeNode } from '../../../../src/ui/text/rows';
import { nodeId, type ViewLayout } from '../../../../src/ui/text/treeNode';
import { RefreshScheduler } from '../../../../src/ui/tree/refreshScheduler';
import { RowUpdates } from '../../../../src/ui/tree/rowUpdates';
import { ShownRows } from '../../../../src/ui/tree/shownRows';
import type { TreeElement } from '../../../../src/ui/tree/treeElement';
import type { ViewModel } from '../../../../src/ui/tree/viewModel';
import { container, objectId, snapshot, snapshotId, testNowMs, vm } from '../../../support/domainBuilders';
import { rowContext } from '../../../support/rowFixtures';
import { ScriptedClient, ScriptedConnection } from '../../../support/scriptedHypervisor';
import { favoritesOf, viewModelOf } from './viewFixtures';

const dayMs = 86_400_000;

/** The view as VS Code shows it with everything unfolded: it asks again only for what it is told to. */
class DrawnView {
  readonly updates: RowUpdates;
  /** How many rows were asked for by the last drawing. */
  asked = 0;
  /** Ids that VS Code was told to draw anew since this was emptied last. */
  fired: string[] = [];
  private readonly shown = new ShownRows();
  private readonly drawn = new Map<string, { readonly text: string; children: readonly string[] }>();
  private top: readonly string[] = [];

  constructor(
    readonly model: ViewModel,
    clock: ManualClock,
    servers: readonly ScriptedConnection[],
    private readonly context: RowContext,
  ) {
    const scheduler = new RefreshScheduler(clock, (ids) => {
      this.fired.push(...(ids ?? ['everything']));
      this.draw(ids);
    });
    const history = new OperationHistory();
    this.updates = new RowUpdates({ clock, history, model, shown: this.shown, scheduler, rowContext: context });
    this.updates.follow(servers);
    this.draw(undefined);
  }

  /** Everything that is on the screen, row by row. */
  screen(ids = this.top, indent = ''): string[] {
    return ids.flatMap((id) => {
      const { text, children } = this.drawn.get(id) ?? { text: 'missing', children: [] };
      return [`${indent}${text}`, ...this.screen(children, `${indent}  `)];
    });
  }

  draw(ids: ReadonlySet<string> | undefined): void {
    this.asked = 0;
    const pending: TreeElement[] = [];
    if (ids === undefined) {
      this.drawn.clear();
      pending.push(...this.shown.setChildren(undefined, this.model.view.roots()));
      this.top = pending.map(({ id }) => id);
    } else {
      // As VS Code does it: a row under another one that is drawn anew comes along with it, and what stood under the
      // rows is forgotten before any of them is asked for new ones.
      const nested = new Set([...ids].flatMap((id) => this.below(id)));
      for (const id of ids) {
        const element = this.shown.get(id);
        if (element !== undefined && this.drawn.has(id) && !nested.has(id)) {
          pending.push(element);
        }
      }
      for (const { id } of pending) {
        for (const gone of [id, ...this.below(id)]) {
          this.drawn.delete(gone);
        }
      }
    }
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      this.asked++;
      assert.equal(this.drawn.has(next.id), false, `${next.id} is already registered`);
      this.shown.setNode(next, this.model.view.current(next.node) ?? next.node);
      const row = describeNode(next.node, this.context);
      next.drawn = row;
      const children = this.shown.setChildren(next, this.model.view.childrenOf(next.node));
      // The number of VMs in the server's row is drawn on another occasion.
      const text = next.node.kind === 'server' ? row.label : `${row.label} | ${row.description} | ${row.collapsible}`;
      this.drawn.set(next.id, { text, children: children.map(({ id }) => id) });
      pending.push(...children);
    }
  }

  private below(id: string): string[] {
    return (this.drawn.get(id)?.children ?? []).flatMap((child) => [child, ...this.below(child)]);
  }
}

const ids = Array.from({ length: 14 }, (_, index) => objectId(`o${index}`));

function randomObject(id: ObjectId, random: () => number): InventoryObject {
  // Parents have lower numbers, so that nothing lies in a circle.
  const above = ids.slice(0, Math.min(ids.indexOf(id), 5));
  const place = (): ObjectId | null => (above.length === 0 || random() < 0.2 ? null : pick(random, above));
  const placement = { folders: place(), ...(random() < 0.8 && { compute: place() }) };
  if (ids.indexOf(id) < 5) {
    return container(id, pick(random, ['datacenter', 'folder', 'folder']), placement, {
      name: random() < 0.15 ? 'vCLS-folder' : `f${Math.floor(random() * 3)}`,
    });
  }
  const names = Array.from({ length: Math.floor(random() * 4) }, (_, index) => `s${index}`);
  return vm(id, {
    placement,
    name: random() < 0.1 ? `vCLS-${id}` : `${pick(random, ['sql', 'web'])}-${id}`,
    powerState: pick(random, ['on', 'off']),
    needsConsolidation: random() < 0.3,
    snapshots: {
      roots: names.map((name, index) =>
        snapshot(`${name}-${id}`, {
          name: random() < 0.2 ? 'VEEAM BACKUP TEMPORARY SNAPSHOT' : name,
          number: index + 1,
          createdAtMs: testNowMs - Math.floor(random() * 40) * dayMs,
        }),
      ),
      currentId: names.length === 0 ? undefined : snapshotId(`s0-${id}`),
    },
  });
}

const filters: readonly InventoryFilter[] = [
  noFilter,
  { ...noFilter, needsConsolidation: true },
  { ...noFilter, name: 'sql', olderThanDays: 20 },
];

describe('view model', () => {
  let clock: ManualClock;
  let servers: ScriptedConnection[];

  beforeEach(() => {
    clock = new ManualClock(testNowMs);
    servers = [1, 2].map((number) =>
      Object.assign(new ScriptedConnection(new ScriptedClient()), {
        id: `server-${number}` as ServerId,
        label: `vc-${number}`,
      }),
    );
  });

  function drawnView(layout: ViewLayout, filter: InventoryFilter, favorites = favoritesOf()): DrawnView {
    const model = viewModelOf(clock, () => servers, {
      layout,
      favorites,
      filters: { tree: filter, snapshots: filter },
    });
    const context: RowContext = {
      ...rowContext({
        rows: model.rows,
        isFavorite: (connection, vmId) => favorites.has(connection, vmId),
        groupCount: (group) => model.groupCount(group),
      }),
      get layout() {
        return model.layout;
      },
      get nowMs() {
        return clock.now();
      },
    };
    return new DrawnView(model, clock, servers, context);
  }

  for (const layout of ['folders', 'compute', 'snapshots'] as const) {
    for (const [index, filter] of filters.entries()) {
      it(`keeps the screen as if everything were drawn anew, whatever changes (${layout}, filter ${index})`, () => {
        for (let seed = 1; seed <= 2; seed++) {
          const random = seededRandom(seed);
          const favorites = favoritesOf('server-1/o6', 'server-2/o8', 'server-1/o13');
          const live = drawnView(layout, filter, favorites);
          for (let step = 0; step < 40; step++) {
            const { inventory } = pick(random, servers);
            const id = pick(random, ids);
            if (random() < 0.25) {
              inventory.remove([id]);
            } else {
              inventory.put([randomObject(id, random)]);
            }
            if (random() < 0.05) {
              clock.advance(dayMs);
            }
            if (random() < 0.5) {
              // Long enough for every drawing that is due.
              clock.advance(31_000);
              const fresh = drawnView(layout, filter, favorites);
              fresh.updates.dispose();
              assert.deepEqual(live.screen(), fresh.screen(), `seed ${seed}, step ${step}`);
            }
          }
          live.updates.dispose();
        }
      });
    }
  }

  describe('as a list of snapshots', () => {
    const old = (id: string, days: number, facts = {}) =>
      snapshot(id, { createdAtMs: testNowMs - days * dayMs, ...facts });
    const withSnapshots = (id: string, ...roots: ReturnType<typeof snapshot>[]) =>
      vm(id, { snapshots: { roots, currentId: undefined } });

    it('groups what all servers have by what it asks of a person, the oldest first', () => {
      const [paris, lyon] = servers as [ScriptedConnection, ScriptedConnection];
      paris.inventory.put([
        withSnapshots('SQL01', old('before KB5034', 41), old('nightly', 1)),
        withSnapshots('WEB02', old('week', 7)),
        vm('FILE03', { needsConsolidation: true }),
      ]);
      lyon.inventory.put([
        withSnapshots('DB7', old('ancient', 400), old('VEEAM BACKUP TEMPORARY SNAPSHOT', 0)),
        withSnapshots('vCLS-1', old('hidden', 400)),
      ]);
      assert.deepEqual(drawnView('snapshots', noFilter).screen(), [
        'Over 30 days (2) |  | collapsed',
        '  ancient | 400d · DB7 · vc-2 | none',
        '  before KB5034 | 41d · SQL01 · vc-1 | none',
        '3 to 30 days (1) |  | collapsed',
        '  week | 7d · WEB02 · vc-1 | none',
        'Under 3 days (1) |  | collapsed',
        '  nightly | 1d · SQL01 · vc-1 | none',
        'Needs consolidation (1) |  | collapsed',
        '  FILE03 | vc-1 | none',
        'Backup products (1) |  | collapsed',
        '  VEEAM BACKUP TEMPORARY SNAPSHOT | now · DB7 · vc-2 · backup | none',
      ]);
    });

    it('shows first the servers that it is waiting for, and last those that nobody has connected', () => {
      const [paris, lyon] = servers as [ScriptedConnection, ScriptedConnection];
      paris.inventory.put([withSnapshots('SQL01', old('s', 41))]);
      paris.setState({ kind: 'loading' });
      lyon.setState({ kind: 'disconnected' });
      assert.deepEqual(
        drawnView('snapshots', noFilter)
          .screen()
          .map((line) => line.trim().split(' | ')[0]),
        ['vc-1', 'Over 30 days (1)', 's', 'vc-2', "Not connected to 'vc-2'."],
      );
    });

    it('draws one row when one snapshot says something else, and its heading when there are others', () => {
      const { inventory } = servers[0] as ScriptedConnection;
      inventory.put([
        ...Array.from({ length: 1_000 }, (_, index) => withSnapshots(`vm-${index}`, old(`s-${index}`, 40))),
        withSnapshots('other', old('s', 10)),
      ]);
      const live = drawnView('snapshots', noFilter);
      live.fired = [];
      inventory.put([withSnapshots('vm-500', old('s-500', 40, { name: 'renamed' }))]);
      clock.advance(3_000);
      assert.deepEqual(live.fired, ['server-1/vm-500/s-500']);
      live.fired = [];
      inventory.put([withSnapshots('vm-500')]);
      clock.advance(3_000);
      assert.deepEqual(live.fired, ['group/old']);
      live.fired = [];
      inventory.put([vm('vm-500', { powerState: 'off' })]);
      clock.advance(3_000);
      assert.deepEqual(live.fired, []);
      live.updates.dispose();
    });

    it('has a filter of its own, by the snapshot and by its VM', () => {
      servers[0]?.inventory.put([
        withSnapshots('SQL01', old('before', 41), old('after', 1)),
        withSnapshots('WEB02', old('sql dump', 50)),
      ]);
      const names = (filter: InventoryFilter): (string | undefined)[] =>
        drawnView('snapshots', filter)
          .screen()
          .filter((line) => line.startsWith('  '))
          .map((line) => line.trim().split(' | ')[0]);
      assert.deepEqual(names({ ...noFilter, name: 'SQL' }), ['sql dump', 'before', 'after']);
      assert.deepEqual(names({ ...noFilter, name: 'sql*' }), ['sql dump', 'before', 'after']);
      assert.deepEqual(names({ ...noFilter, name: 'b*e' }), ['before']);
      assert.deepEqual(names({ ...noFilter, olderThanDays: 41 }), ['sql dump', 'before']);
    });

    it('unfolds what a filter has found, as long as that can be overlooked, in rows of its own', () => {
      const found = Array.from({ length: 99 }, (_, index) => old(`found ${index}`, 41));
      servers[0]?.inventory.put([
        withSnapshots('SQL01', ...found, old('after', 1)),
        withSnapshots('WEB02', old('w', 2)),
      ]);
      const headings = (name?: string): unknown => {
        const filters = { tree: noFilter, snapshots: { ...noFilter, name } };
        const model = viewModelOf(clock, () => servers, { layout: 'snapshots', filters });
        model.reset();
        return model.view
          .roots()
          .map((node) => `${nodeId(node)} ${node.kind === 'group' && model.unfoldsGroup(node.group)}`);
      };
      assert.deepEqual(headings(), ['group/old true', 'group/fresh false']);
      assert.deepEqual(headings('SQL*'), ['group/filtered/old true', 'group/filtered/fresh true']);
      assert.deepEqual(headings('*'), ['group/filtered/old true', 'group/filtered/fresh false']);
    });
  });

  describe('filtered as a tree', () => {
    it('shows the VMs that match, and what leads to them', () => {
      const dc = container('DC1', 'datacenter', { folders: null });
      const prod = container('Prod', 'folder', { folders: dc.id });
      const empty = container('Lab', 'folder', { folders: dc.id });
      const needy = vm('FILE03', { placement: { folders: prod.id }, needsConsolidation: true });
      servers.splice(1);
      servers[0]?.inventory.put([dc, prod, empty, needy, vm('WEB', { placement: { folders: empty.id } })]);
      servers[0]?.inventory.complete();
      const live = drawnView('folders', { ...noFilter, needsConsolidation: true });
      assert.deepEqual(live.screen(), [
        'vc-1',
        '  DC1 / Prod |  | expanded',
        '    FILE03 | needs consolidation | none',
      ]);
      assert.equal(live.model.isEmpty, false);
      servers[0]?.inventory.put([{ ...needy, needsConsolidation: false }]);
      clock.advance(1_000);
      assert.deepEqual(live.screen(), ['vc-1']);
      assert.equal(live.model.isEmpty, true);
      live.updates.dispose();
    });

    it('knows which VMs are shown, for whoever works on all of them', () => {
      servers[0]?.inventory.put([vm('a', { powerState: 'off' }), vm('b'), vm('vCLS-9', { powerState: 'off' })]);
      const { model } = drawnView('folders', { ...noFilter, states: ['off'] });
      assert.deepEqual(
        model.shownVms().map((each) => each.vm.name),
        ['a'],
      );
    });
  });

  describe('favorites', () => {
    it('stand first, with what stands under them, and say where they are', () => {
      servers.splice(1);
      const folder = container('Prod', 'folder', { folders: null });
      servers[0]?.inventory.put([
        folder,
        vm('SQL01', {
          placement: { folders: folder.id },
          snapshots: { roots: [snapshot('s')], currentId: snapshotId('s') },
        }),
      ]);
      assert.deepEqual(drawnView('folders', noFilter, favoritesOf('server-1/SQL01', 'server-1/gone')).screen(), [
        'Favorites (1) |  | collapsed',
        '  SQL01 | 1d · 1 snapshot · vc-1 | collapsed',
        '    s | 1d | none',
        '    You are here | running | none',
        'vc-1',
        '  Prod |  | collapsed',
        '    SQL01 | 1d · 1 snapshot | collapsed',
        '      s | 1d | none',
        '      You are here | running | none',
      ]);
    });
  });
});
