import assert from 'node:assert/strict';
import type { InventoryChange, InventoryStore } from '../../../../src/hypervisor/inventory/inventoryStore';
import type { InventoryObject, Layout } from '../../../../src/hypervisor/model/inventory';
import type { ObjectId } from '../../../../src/hypervisor/model/ids';
import { InventoryRows } from '../../../../src/ui/text/inventoryRows';
import { describeNode } from '../../../../src/ui/text/rows';
import { affectedRows } from '../../../../src/ui/tree/affectedRows';
import { ShownRows } from '../../../../src/ui/tree/shownRows';
import { type TreeElement, withoutGroup } from '../../../../src/ui/tree/treeElement';
import { chain, container, objectId, vm } from '../../../support/domainBuilders';
import { pick, seededRandom } from '../../../../src/simulator/random/random';
import { rowContext } from '../../../support/rowFixtures';
import { ScriptedClient, ScriptedConnection } from '../../../support/scriptedHypervisor';

/** The tree as VS Code shows it with everything unfolded: it asks again only for what it is told to. */
class DrawnTree {
  readonly connection = new ScriptedConnection(new ScriptedClient());
  readonly rows: InventoryRows;
  /** Ids that were redrawn by the last change. */
  redrawn: ReadonlySet<string> = new Set();
  private readonly shown = new ShownRows();
  private readonly top: TreeElement;
  private readonly drawn = new Map<string, { readonly text: string; readonly children: readonly string[] }>();

  constructor(readonly layout: Layout) {
    this.rows = new InventoryRows(
      () => layout,
      () => false,
    );
    const [top] = this.shown.setChildren(undefined, [{ kind: 'server', connection: this.connection }]);
    assert.ok(top);
    this.top = top;
    this.draw(top);
    this.connection.inventory.onDidChange((change) => {
      this.update(change);
    });
  }

  /** Everything that is on the screen, row by row. */
  screen(id = this.top.id): string[] {
    const { text, children } = this.drawn.get(id) ?? { text: 'missing', children: [] };
    return [`${id}: ${text}`, ...children.flatMap((child) => this.screen(child))];
  }

  private update(change: InventoryChange): void {
    this.redrawn = affectedRows(
      this.connection,
      change,
      new Set(),
      { rows: this.rows, treeLayout: this.layout },
      this.shown,
    );
    for (const id of this.redrawn) {
      const element = this.shown.get(id);
      if (element !== undefined) {
        this.draw(element);
      }
    }
  }

  private draw(element: TreeElement): void {
    const pending = [element];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const node = withoutGroup(next.node);
      assert.ok(node);
      this.shown.setNode(next, this.rows.current(node) ?? node);
      const { label, description, collapsible } = describeNode(next.node, rowContext({ rows: this.rows }));
      const children = this.shown.setChildren(next, this.rows.childrenOf(node));
      // The number of VMs in the server's row is drawn on another occasion.
      const text = next === this.top ? '' : `${label} ${description} ${collapsible}`;
      this.drawn.set(next.id, { text, children: children.map(({ id }) => id) });
      pending.push(...children);
    }
  }
}

const dc = container('dc', 'datacenter', { folders: null, compute: null });
const prod = container('prod', 'folder', { folders: dc.id });
const test = container('test', 'folder', { folders: dc.id });
const inProd = (id: string, facts = {}) => vm(id, { placement: { folders: prod.id }, ...facts });

describe('affected rows', () => {
  let tree: DrawnTree;

  beforeEach(() => {
    tree = new DrawnTree('folders');
    tree.connection.inventory.begin();
    tree.connection.inventory.put([dc, prod, test, inProd('a'), inProd('b')]);
    tree.connection.inventory.complete();
  });

  it('is the VM alone when only its own facts differ', () => {
    tree.connection.inventory.put([inProd('a', { powerState: 'off' })]);
    assert.deepEqual([...tree.redrawn], ['server-1/a']);
    tree.connection.inventory.put([inProd('b', { snapshots: chain('s') })]);
    assert.deepEqual([...tree.redrawn], ['server-1/b']);
  });

  it('is the folder when a VM comes or goes', () => {
    tree.connection.inventory.put([inProd('c')]);
    assert.deepEqual([...tree.redrawn], ['server-1/folders/prod']);
    tree.connection.inventory.remove([objectId('c')]);
    assert.deepEqual([...tree.redrawn], ['server-1/folders/prod']);
  });

  it('is both folders and the VM when it moves', () => {
    tree.connection.inventory.put([vm('a', { placement: { folders: test.id } })]);
    assert.deepEqual([...tree.redrawn].sort(), ['server-1/a', 'server-1/folders/prod', 'server-1/folders/test']);
  });

  it('is the row above when folders join or part', () => {
    tree.connection.inventory.remove([test.id]);
    assert.deepEqual([...tree.redrawn], ['server-1']);
    assert.equal(tree.screen()[1], 'server-1/folders/prod: dc / prod  collapsed');
    tree.connection.inventory.put([test]);
    assert.deepEqual([...tree.redrawn], ['server-1']);
  });

  it('is nothing for what the layout does not show', () => {
    tree.connection.inventory.put([container('cluster', 'cluster', { compute: dc.id })]);
    assert.deepEqual([...tree.redrawn], []);
  });

  it('is the server when its last VM goes and a sentence takes their place', () => {
    tree.connection.inventory.remove([objectId('a')]);
    tree.connection.inventory.remove([objectId('b')]);
    assert.ok(tree.redrawn.has('server-1'));
    assert.match(tree.screen()[1] ?? '', /No virtual machines/);
  });

  for (const layout of ['folders', 'compute'] as const) {
    it(`keeps the screen as if everything were drawn anew, whatever changes (${layout})`, () => {
      for (let seed = 1; seed <= 15; seed++) {
        const random = seededRandom(seed);
        const drawn = new DrawnTree(layout);
        drawn.connection.inventory.begin();
        for (let step = 0; step < 40; step++) {
          changeSomething(drawn.connection.inventory, random);
          if (step === 20) {
            drawn.connection.inventory.complete();
          }
          const fresh = new DrawnTree(layout);
          copy(drawn.connection.inventory, fresh.connection.inventory);
          assert.deepEqual(drawn.screen(), fresh.screen(), `seed ${seed}, step ${step}`);
        }
      }
    });
  }
});

const ids = Array.from({ length: 14 }, (_, index) => objectId(`o${index}`));
const kinds = ['datacenter', 'folder', 'folder', 'folder', 'cluster', 'host'] as const;

function changeSomething(store: InventoryStore, random: () => number): void {
  const id = pick(random, ids);
  if (random() < 0.25) {
    store.remove([id]);
    return;
  }
  // Parents have lower numbers, so that nothing lies in a circle.
  const above = ids.slice(0, ids.indexOf(id));
  const place = (): ObjectId | null => (above.length === 0 || random() < 0.2 ? null : pick(random, above));
  const placement = {
    ...(random() < 0.9 && { folders: place() }),
    ...(random() < 0.9 && { compute: place() }),
  };
  const name = `n${Math.floor(random() * 4)}`;
  const isContainer = ids.indexOf(id) < 9;
  const object: InventoryObject = isContainer
    ? container(id, kinds[ids.indexOf(id) % kinds.length] ?? 'folder', placement, { name, structural: random() < 0.2 })
    : vm(id, { placement, name: `${name}-${id}`, snapshots: random() < 0.5 ? chain('s') : chain() });
  store.put([object]);
}

function copy(from: InventoryStore, to: InventoryStore): void {
  to.begin();
  to.put(ids.flatMap((id) => from.get(id) ?? []));
  if (from.isComplete) {
    to.complete();
  }
}
