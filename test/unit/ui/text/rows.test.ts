import assert from 'node:assert/strict';
import type { Layout, VirtualMachine } from '../../../../src/hypervisor/model/inventory';
import type { SnapshotTree } from '../../../../src/hypervisor/model/snapshot';
import { findSnapshot } from '../../../../src/hypervisor/model/snapshotTree';
import type { RowContext, RowDescription } from '../../../../src/ui/text/rowContext';
import { describeNode } from '../../../../src/ui/text/rows';
import {
  chain,
  container,
  objectId,
  serverTask,
  snapshot,
  snapshotId,
  testNowMs,
  vm,
} from '../../../support/domainBuilders';
import { connectionWith, rowContext, rowsOf } from '../../../support/rowFixtures';
import type { ScriptedConnection } from '../../../support/scriptedHypervisor';

const day = 86_400_000;
const gigabyte = 1024 ** 3;

/** Three snapshots in a row, of which the oldest is 41 days old. */
const threeSnapshots: SnapshotTree = {
  roots: [
    snapshot('before KB5034', {
      createdAtMs: testNowMs - 41 * day,
      children: [snapshot('second', { children: [snapshot('third')] })],
    }),
  ],
  currentId: snapshotId('third'),
};

function vmRow(
  facts: Partial<VirtualMachine>,
  changes: Partial<RowContext> = {},
  prepare?: (c: ScriptedConnection) => void,
): RowDescription {
  const machine = vm('vm-1', { name: 'SQL01', ...facts });
  const connection = connectionWith(machine);
  prepare?.(connection);
  return describeNode({ kind: 'vm', connection, vm: machine }, rowContext(changes));
}

function snapshotRow(tree: SnapshotTree, id: string, changes: Partial<RowContext> = {}): RowDescription {
  const machine = vm('vm-1', { name: 'SQL01', snapshots: tree });
  const connection = connectionWith(machine);
  const found = findSnapshot(tree, snapshotId(id));
  assert.ok(found);
  return describeNode({ kind: 'snapshot', connection, vmId: machine.id, snapshot: found }, rowContext(changes));
}

describe('rows: VMs', () => {
  it('says nothing of a running VM without snapshots', () => {
    assert.deepEqual(vmRow({}), {
      label: 'SQL01',
      description: '',
      iconId: 'vm-running',
      contextValue: ';vm;on;',
      accessibilityLabel: 'SQL01, virtual machine, running, no snapshots',
      collapsible: 'none',
    });
  });

  it('gives the age of the oldest snapshot first', () => {
    assert.deepEqual(vmRow({ snapshots: threeSnapshots }), {
      label: 'SQL01',
      description: '41d · 3 snapshots',
      iconId: 'vm-running',
      contextValue: ';vm;on;snap;',
      accessibilityLabel: 'SQL01, virtual machine, running, 3 snapshots, oldest 41 days',
      collapsible: 'collapsed',
    });
  });

  it('says one snapshot in the singular', () => {
    assert.equal(vmRow({ snapshots: chain('only') }).description, '1h · 1 snapshot');
  });

  it('says that a VM is off or suspended', () => {
    const off = vmRow({ powerState: 'off', snapshots: chain('only') });
    assert.equal(off.description, 'off · 1h · 1 snapshot');
    assert.equal(off.iconId, 'vm-outline');
    assert.equal(off.contextValue, ';vm;off;snap;');
    assert.match(off.accessibilityLabel, /, powered off, 1 snapshot, oldest 1 hour$/);
    const suspended = vmRow({ powerState: 'suspended' });
    assert.equal(suspended.description, 'suspended');
    assert.equal(suspended.iconId, 'vm');
    assert.equal(suspended.accessibilityLabel, 'SQL01, virtual machine, suspended, no snapshots');
  });

  it('puts leftover disks first', () => {
    const row = vmRow({ needsConsolidation: true, snapshots: chain('only') });
    assert.equal(row.description, 'needs consolidation · 1h · 1 snapshot');
    assert.equal(row.iconId, 'warning');
    assert.equal(row.iconColor, 'list.warningForeground');
    assert.equal(row.contextValue, ';vm;on;snap;cons;');
    assert.match(row.accessibilityLabel, /needs consolidation/);
  });

  it('tells only what a busy VM is undergoing', () => {
    const row = vmRow({ snapshots: threeSnapshots, needsConsolidation: true }, {}, ({ runningTasks }) => {
      runningTasks.update([serverTask('t-1', { vmId: objectId('vm-1'), operation: 'delete', progressPercent: 43 })]);
    });
    assert.equal(row.description, 'deleting snapshot 43%');
    assert.equal(row.iconId, 'loading~spin');
    assert.equal(row.contextValue, ';vm;on;snap;cons;busy;');
    assert.match(row.accessibilityLabel, /^SQL01, virtual machine, deleting snapshot 43%, running,/);
  });

  it('gives the name of a task that is none of ours, and no progress where there is none', () => {
    const row = vmRow({}, {}, ({ runningTasks }) => {
      runningTasks.update([
        serverTask('t-1', { vmId: objectId('vm-1'), operation: undefined, label: 'Migrate VM\n$(x)' }),
      ]);
    });
    assert.equal(row.description, 'Migrate VM $(x)');
  });

  it('tells a VM out of reach and nothing that may be old', () => {
    const row = vmRow({ reachability: 'inaccessible', snapshots: threeSnapshots });
    assert.equal(row.description, 'inaccessible');
    assert.equal(row.iconId, 'vm-outline');
    assert.equal(row.iconColor, 'disabledForeground');
    assert.equal(row.contextValue, ';vm;on;snap;unreachable;');
    const words = (['disconnected', 'orphaned', 'inaccessible', 'invalid'] as const).map(
      (reachability) => vmRow({ reachability }).description,
    );
    assert.deepEqual(words, ['disconnected', 'orphaned', 'inaccessible', 'invalid']);
  });

  it('tells before all else that a VM waits for an answer', () => {
    const row = vmRow({ question: 'Out of space. Retry?' }, {}, ({ runningTasks }) => {
      runningTasks.update([serverTask('t-1', { vmId: objectId('vm-1'), progressPercent: 43 })]);
    });
    assert.equal(row.description, 'waits for an answer · deleting snapshot 43%');
    assert.equal(row.iconId, 'question');
  });

  it('marks templates', () => {
    const row = vmRow({ isTemplate: true, powerState: 'off' });
    assert.equal(row.description, 'template');
    assert.equal(row.contextValue, ';vm;off;template;');
    assert.match(row.accessibilityLabel, /^SQL01, template,/);
  });

  it('says in words that the server is protected', () => {
    const row = vmRow({}, {}, (connection) => {
      connection.isProtected = true;
    });
    assert.equal(row.accessibilityLabel, 'SQL01, virtual machine, running, no snapshots, protected');
  });

  it('puts the folder first where two VMs bear the same name', () => {
    const dc = container('dc', 'datacenter', { folders: null, compute: null }, { name: 'DC1' });
    const hidden = container('vm-root', 'folder', { folders: dc.id }, { structural: true });
    const prod = container('prod', 'folder', { folders: hidden.id }, { name: 'Prod' });
    const db = container('db', 'folder', { folders: prod.id }, { name: 'DB' });
    const inFolder = vm('vm-1', { name: 'SQL01', placement: { folders: db.id }, snapshots: threeSnapshots });
    const inDatacenter = vm('vm-2', { name: 'SQL01', placement: { folders: hidden.id } });
    const connection = connectionWith(dc, hidden, prod, db, inFolder, inDatacenter);
    const row = (machine: VirtualMachine, layout: Layout): RowDescription =>
      describeNode({ kind: 'vm', connection, vm: machine }, rowContext({ layout }));
    assert.equal(row(inFolder, 'compute').description, 'Prod/DB · 41d · 3 snapshots');
    assert.equal(row(inDatacenter, 'compute').description, 'DC1');
    // Among the folders the row stands in the one that tells it apart.
    assert.equal(row(inFolder, 'folders').description, '41d · 3 snapshots');
    assert.match(row(inFolder, 'folders').accessibilityLabel, /^SQL01, in Prod\/DB, virtual machine,/);
  });

  it('keeps a hostile name on one line and without marks that turn it round', () => {
    const row = vmRow({ name: 'SQL\n01\u202Eexe.txt\u0007' });
    assert.equal(row.label, 'SQL 01exe.txt');
    assert.equal(vmRow({ name: '\u202E' }).label, '(unnamed)');
    assert.equal([...vmRow({ name: 'x'.repeat(100_000) }).label].length, 200);
  });

  it('counts many snapshots with grouped digits', () => {
    const roots = Array.from({ length: 1_412 }, (_, index) => snapshot(`s-${index}`));
    assert.equal(vmRow({ snapshots: { roots, currentId: undefined } }).description, '1d · 1,412 snapshots');
  });
});

describe('rows: snapshots', () => {
  it('tells age, what it holds, and whether anything is below it', () => {
    assert.deepEqual(snapshotRow(threeSnapshots, 'second'), {
      label: 'second',
      description: '1d',
      iconId: 'device-camera',
      contextValue: ';snapshot;kids;',
      accessibilityLabel: 'second, snapshot, taken 1 day ago',
      collapsible: 'none',
    });
  });

  it('tells the size where it was read, memory and quiescing', () => {
    const tree = {
      roots: [snapshot('a', { createdAtMs: testNowMs - 3 * day, hasMemory: true, quiesced: true })],
      currentId: snapshotId('a'),
    };
    const sizes = {
      bySnapshot: new Map([
        [snapshotId('a'), { diskBytes: gigabyte, memoryBytes: gigabyte, liveBytes: gigabyte / 10 }],
      ]),
      totalBytes: 3 * gigabyte,
      leftoverBytes: 0,
      measuredAtMs: testNowMs,
    };
    const row = snapshotRow(tree, 'a', { sizes: () => ({ sizes, readAtMs: testNowMs }) });
    assert.equal(row.description, '3d · 2.1 GB · memory · quiesced');
    assert.equal(row.contextValue, ';snapshot;current;');
    assert.equal(row.accessibilityLabel, 'a, snapshot, current, taken 3 days ago, 2.1 GB, memory, quiesced');
  });

  it('marks what belongs to a backup product', () => {
    const tree = chain('VEEAM BACKUP TEMPORARY SNAPSHOT');
    const row = snapshotRow(tree, 'VEEAM BACKUP TEMPORARY SNAPSHOT');
    assert.equal(row.description, '1h · backup');
    assert.equal(row.iconId, 'lock');
    assert.equal(row.iconColor, undefined);
    assert.equal(row.contextValue, ';snapshot;current;backup;');
  });

  it('colours the icon from the ages that are set, the limits included', () => {
    const color = (days: number): string | undefined =>
      snapshotRow({ roots: [snapshot('a', { createdAtMs: testNowMs - days * day })], currentId: undefined }, 'a')
        .iconColor;
    assert.deepEqual([2.99, 3, 29.9, 30].map(color), [
      undefined,
      'list.warningForeground',
      'list.warningForeground',
      'list.errorForeground',
    ]);
  });

  it('unfolds a row that branches leave, and numbers the branches', () => {
    const tree = {
      roots: [
        snapshot('a', {
          children: [snapshot('b'), snapshot('x', { createdAtMs: 1 }), snapshot('y', { createdAtMs: 2 })],
        }),
      ],
      currentId: snapshotId('b'),
    };
    assert.equal(snapshotRow(tree, 'a').collapsible, 'expanded');
    assert.match(snapshotRow(tree, 'y').description, / · branch 2$/);
    assert.match(snapshotRow(tree, 'y').accessibilityLabel, /, branch 2$/);
    assert.equal(snapshotRow(tree, 'b').description, '1d');
  });
});

describe('rows: the present state', () => {
  function present(facts: Partial<VirtualMachine>): RowDescription {
    const machine = vm('vm-1', { name: 'SQL01', ...facts });
    return describeNode({ kind: 'present', connection: connectionWith(machine), vmId: machine.id }, rowContext());
  }

  it('tells the power state', () => {
    assert.deepEqual(present({ snapshots: threeSnapshots }), {
      label: 'You are here',
      description: 'running',
      iconId: 'target',
      contextValue: ';present;',
      accessibilityLabel: 'You are here, present state of SQL01, running, after third',
      collapsible: 'none',
    });
    assert.equal(present({ snapshots: threeSnapshots, powerState: 'off' }).description, 'powered off');
  });

  it('says when it is based on no snapshot', () => {
    const row = present({ snapshots: { ...threeSnapshots, currentId: undefined } });
    assert.equal(row.description, 'running · on no snapshot');
    assert.equal(row.accessibilityLabel, 'You are here, present state of SQL01, running, on no snapshot');
  });
});

describe('rows: containers', () => {
  it('joins names and tells the kind in words', () => {
    const dc = container('dc', 'datacenter', { folders: null, compute: null }, { name: 'DC1' });
    const prod = container('prod', 'folder', { folders: dc.id }, { name: 'Prod' });
    const connection = connectionWith(dc, prod, vm('vm-1', { placement: { folders: prod.id } }));
    const node = rowsOf().containerRow(connection, prod.id);
    assert.ok(node);
    assert.deepEqual(describeNode(node, rowContext()), {
      label: 'DC1 / Prod',
      description: '',
      iconId: 'folder',
      contextValue: ';container;folder;',
      accessibilityLabel: 'DC1 / Prod, folder',
      collapsible: 'collapsed',
    });
  });

  it('says in words and pictures what each kind is', () => {
    const kinds = ['datacenter', 'folder', 'cluster', 'host', 'resourcePool', 'vApp'] as const;
    const rows = kinds.map((kind) => {
      const only = container('c', kind, { folders: null });
      const connection = connectionWith();
      return describeNode({ kind: 'container', connection, layout: 'folders', containers: [only] }, rowContext());
    });
    assert.deepEqual(
      rows.map(({ accessibilityLabel, iconId }) => `${accessibilityLabel}: ${iconId}`),
      [
        'c, datacenter: globe',
        'c, folder: folder',
        'c, cluster: server-environment',
        'c, ESXi host: server-process',
        'c, resource pool: pie-chart',
        'c, vApp: layers',
      ],
    );
  });

  it('tells in words what a host is in', () => {
    const conditions = ['maintenance', 'disconnected', 'notResponding'] as const;
    const words = conditions.map((condition) => {
      const host = container('h', 'host', { compute: null }, { condition });
      return describeNode(
        { kind: 'container', connection: connectionWith(), layout: 'compute', containers: [host] },
        rowContext(),
      ).description;
    });
    assert.deepEqual(words, ['maintenance mode', 'disconnected', 'not responding']);
  });

  it('tells what is wrong with a host, and unfolds nothing that is empty', () => {
    const host = container('h', 'host', { compute: null }, { name: 'esx-07', condition: 'notResponding' });
    const connection = connectionWith(host);
    const rows = rowsOf('compute');
    const node = rows.containerRow(connection, host.id);
    assert.ok(node);
    const row = describeNode(node, rowContext({ rows }));
    assert.equal(row.description, 'not responding');
    assert.equal(row.iconColor, 'list.warningForeground');
    assert.equal(row.accessibilityLabel, 'esx-07, ESXi host, not responding');
    assert.equal(row.collapsible, 'none');
  });
});
