import assert from 'node:assert/strict';
import type { HypervisorConnection } from '../../../../src/hypervisor/connection';
import type { Layout } from '../../../../src/hypervisor/model/inventory';
import type { InventoryRows } from '../../../../src/ui/text/inventoryRows';
import { nodeId, type TreeNode } from '../../../../src/ui/text/treeNode';
import { chain, container, objectId, snapshot, snapshotId, vm } from '../../../support/domainBuilders';
import { connectionWith, rowsOf } from '../../../support/rowFixtures';
import { failure } from '../../../support/scriptedHypervisor';

const dc = container('dc', 'datacenter', { folders: null, compute: null }, { name: 'DC1' });
const vmRoot = container('vmRoot', 'folder', { folders: dc.id }, { structural: true });
const hostRoot = container('hostRoot', 'folder', { compute: dc.id }, { structural: true });
const cluster = container('cluster', 'cluster', { compute: hostRoot.id }, { name: 'Cluster' });
const prod = container('prod', 'folder', { folders: vmRoot.id }, { name: 'Prod' });
const base = [dc, vmRoot, hostRoot, cluster, prod];
const inProd = (id: string) => vm(id, { placement: { folders: prod.id, compute: cluster.id } });

function server(connection: HypervisorConnection): TreeNode {
  return { kind: 'server', connection };
}

/** What rows are called in these tests: joined containers with their names, everything else by its end. */
function name(node: TreeNode): string {
  return node.kind === 'container'
    ? node.containers.map((each) => each.name).join(' / ')
    : nodeId(node).replace(/^[^/]*\//, '');
}

function names(rows: InventoryRows, node: TreeNode): string[] {
  return rows.childrenOf(node).map(name);
}

describe('inventory rows: places', () => {
  it('arranges by folders or by hosts', () => {
    const connection = connectionWith(...base, inProd('a'));
    const outline = (layout: Layout): string[] => {
      const rows = rowsOf(layout);
      const walk = (node: TreeNode, depth: number): string[] =>
        rows.childrenOf(node).flatMap((child) => [`${'-'.repeat(depth)}${name(child)}`, ...walk(child, depth + 1)]);
      return walk(server(connection), 0);
    };
    assert.deepEqual(outline('folders'), ['DC1 / Prod', '-a']);
    assert.deepEqual(outline('compute'), ['DC1', '-Cluster', '--a']);
  });

  it('joins containers as long as each holds one folder and nothing else', () => {
    const inner = container('inner', 'folder', { folders: prod.id }, { name: 'DB' });
    const inside = vm('inside', { placement: { folders: inner.id } });
    const rows = rowsOf();
    assert.deepEqual(names(rows, server(connectionWith(...base, inner, inside))), ['DC1 / Prod / DB']);
    const beside = connectionWith(...base, inner, inProd('a'));
    assert.deepEqual(names(rows, server(beside)), ['DC1 / Prod']);
    const second = container('test', 'folder', { folders: vmRoot.id }, { name: 'Test' });
    assert.deepEqual(names(rows, server(connectionWith(...base, second, inProd('a')))), ['DC1']);
  });

  it('joins nothing while objects come in: the first folder would always be the only one', () => {
    const connection = connectionWith();
    connection.inventory.clear();
    connection.inventory.begin();
    connection.inventory.put([...base, inProd('a')]);
    assert.deepEqual(names(rowsOf(), server(connection)), ['DC1']);
    connection.inventory.complete();
    assert.deepEqual(names(rowsOf(), server(connection)), ['DC1 / Prod']);
  });

  it('finds the joined row from any of its containers', () => {
    const connection = connectionWith(...base, inProd('a'));
    const rows = rowsOf();
    for (const id of [dc.id, prod.id]) {
      const row = rows.containerRow(connection, id);
      assert.equal(row && name(row), 'DC1 / Prod');
    }
    assert.equal(rows.containerRow(connection, objectId('unknown')), undefined);
  });

  it('survives folders that lie in a circle', () => {
    const a = container('a', 'folder', { folders: objectId('b') });
    const b = container('b', 'folder', { folders: objectId('a') });
    const connection = connectionWith(a, b);
    assert.deepEqual(
      names(rowsOf(), server(connection)),
      ['noVms'].map(() => 'notice'),
    );
    assert.ok((rowsOf().containerRow(connection, a.id)?.containers.length ?? 0) > 0);
  });

  it('puts containers before VMs, each in natural order', () => {
    const folder = (id: string) => container(id, 'folder', { folders: null });
    const connection = connectionWith(
      ...['VM10', 'vm2', 'VM1'].map((id) => vm(id)),
      ...['Folder 10', 'folder 9'].map(folder),
      container('pool', 'resourcePool', { folders: null }),
      container('app', 'vApp', { folders: null }),
      container('cluster', 'cluster', { folders: null }),
      container('host', 'host', { folders: null }),
      container('dc', 'datacenter', { folders: null }),
    );
    assert.deepEqual(names(rowsOf(), server(connection)), [
      'dc',
      'folder 9',
      'Folder 10',
      'cluster',
      'host',
      'pool',
      'app',
      'VM1',
      'vm2',
      'VM10',
    ]);
  });

  it('leaves out what the person hides and what the layout has no place for', () => {
    const rows = rowsOf('folders', (vmName) => vmName.startsWith('vCLS'));
    const nowhere = vm('nowhere', { placement: { compute: cluster.id } });
    const connection = connectionWith(...base, inProd('a'), inProd('vCLS-1'), nowhere);
    const folder = rows.containerRow(connection, prod.id);
    assert.ok(folder);
    assert.deepEqual(names(rows, folder), ['a']);
    assert.equal(rows.parentOf({ kind: 'vm', connection, vm: nowhere }), undefined);
  });

  it('leaves out a folder that the person hides, with what is in it', () => {
    const rows = rowsOf('folders', (hidden) => hidden === 'vCLS');
    const folder = container('hidden', 'folder', { folders: vmRoot.id }, { name: 'vCLS' });
    const inside = vm('inside', { placement: { folders: folder.id, compute: cluster.id } });
    const connection = connectionWith(...base, inProd('a'), folder, inside);
    assert.deepEqual(names(rows, server(connection)), ['DC1 / Prod']);
    assert.equal(rows.parentOf({ kind: 'vm', connection, vm: inside }), undefined);
    const elsewhere = container('host', 'host', { compute: hostRoot.id }, { name: 'vCLS' });
    assert.equal(rowsOf('compute', (hidden) => hidden === 'vCLS').isShown(elsewhere), true);
  });

  it('says whether anything stands under a row', () => {
    const rows = rowsOf();
    const connection = connectionWith(...base, inProd('a'));
    const withSnapshots = vm('b', { snapshots: chain('s') });
    const folder = rows.containerRow(connection, prod.id);
    assert.ok(folder);
    assert.equal(rows.hasChildren(folder), true);
    assert.equal(rows.hasChildren({ kind: 'vm', connection, vm: inProd('a') }), false);
    assert.equal(rows.hasChildren({ kind: 'vm', connection, vm: withSnapshots }), true);
    const empty = connectionWith(dc);
    const datacenter = rows.containerRow(empty, dc.id);
    assert.ok(datacenter);
    assert.equal(rows.hasChildren(datacenter), false);
  });
});

describe('inventory rows: snapshots', () => {
  const tree = {
    roots: [snapshot('a', { children: [snapshot('b'), snapshot('x', { children: [snapshot('y')] })] })],
    currentId: snapshotId('b'),
  };
  const machine = vm('vm-1', { snapshots: tree });
  const connection = connectionWith(machine);
  const rows = rowsOf();

  it('shows the chain, then the present state', () => {
    assert.deepEqual(names(rows, { kind: 'vm', connection, vm: machine }), ['vm-1/a', 'vm-1/b', 'vm-1/present']);
  });

  it('shows branches under the row that they leave', () => {
    const row = rows.snapshotRow(connection, machine.id, snapshotId('a'));
    assert.ok(row);
    assert.deepEqual(names(rows, row), ['vm-1/x', 'vm-1/y']);
  });

  it('shows nothing under a VM without snapshots, and for one that has gone', () => {
    assert.deepEqual(rows.childrenOf({ kind: 'vm', connection, vm: vm('vm-2') }), []);
    assert.equal(rows.vmRow(connection, objectId('vm-2')), undefined);
    assert.equal(rows.snapshotRow(connection, machine.id, snapshotId('gone')), undefined);
  });

  it('takes a row to what is known now', () => {
    const other = connectionWith(machine);
    const stale: TreeNode = { kind: 'vm', connection: other, vm: machine };
    const row = rows.snapshotRow(other, machine.id, snapshotId('y'));
    assert.ok(row);
    other.inventory.put([vm('vm-1', { name: 'renamed', snapshots: chain('y') })]);
    const now = rows.current(stale);
    assert.equal(now?.kind === 'vm' && now.vm.name, 'renamed');
    const moved = rows.current(row);
    assert.equal(moved?.kind === 'snapshot' && moved.snapshot.children.length, 0);
    other.inventory.remove([machine.id]);
    assert.equal(rows.current(stale), undefined);
    assert.equal(rows.current(row), undefined);
  });
});

describe('inventory rows: the way up', () => {
  it('leads from every row to the one that it was listed under', () => {
    const forked = {
      roots: [snapshot('a', { children: [snapshot('b'), snapshot('x', { children: [snapshot('y')] })] })],
      currentId: snapshotId('b'),
    };
    const machine = vm('vm-1', { placement: { folders: prod.id, compute: cluster.id }, snapshots: forked });
    const second = container('test', 'folder', { folders: vmRoot.id }, { name: 'Test' });
    const connection = connectionWith(...base, second, machine, inProd('vm-2'));
    for (const layout of ['folders', 'compute'] as const) {
      const rows = rowsOf(layout);
      const pending: TreeNode[] = [server(connection)];
      let seen = 0;
      for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
        for (const child of rows.childrenOf(node)) {
          const parent = rows.parentOf(child);
          assert.equal(parent && nodeId(parent), nodeId(node), `${layout}: parent of ${nodeId(child)}`);
          pending.push(child);
          seen++;
        }
      }
      assert.ok(seen >= 9, `${seen} rows in ${layout}`);
    }
  });
});

describe('inventory rows: notices', () => {
  const error = failure('noAnswer');
  const sinceMs = 0;

  it('says why nothing is there, and nothing where rows speak for themselves', () => {
    const rows = rowsOf();
    const notice = (
      state: Parameters<ReturnType<typeof connectionWith>['setState']>[0],
      full: boolean,
    ): string | undefined => {
      const connection = full ? connectionWith(vm('a')) : connectionWith();
      connection.setState(state);
      const [first] = rows.childrenOf(server(connection));
      assert.equal(rows.noticeOf(connection), first?.kind === 'notice' ? first.notice : undefined);
      return first?.kind === 'notice' ? first.notice : undefined;
    };
    const states = [
      { kind: 'disconnected' },
      { kind: 'connecting' },
      { kind: 'loading' },
      { kind: 'live' },
      { kind: 'reconnecting', sinceMs, attempt: 1, error },
      { kind: 'failed', sinceMs, error },
    ] as const;
    assert.deepEqual(
      states.map((state) => notice(state, false)),
      ['notConnected', 'loading', 'loading', 'noVms', 'error', 'error'],
    );
    assert.deepEqual(
      states.map((state) => notice(state, true)),
      [undefined, undefined, undefined, undefined, undefined, 'error'],
    );
  });

  it('keeps what was read below the error', () => {
    const connection = connectionWith(vm('a'));
    connection.setState({ kind: 'failed', sinceMs, error });
    assert.deepEqual(names(rowsOf(), server(connection)), ['notice', 'a']);
  });
});
