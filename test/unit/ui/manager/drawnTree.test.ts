import assert from 'node:assert/strict';
import type { VirtualMachine } from '../../../../src/hypervisor/model/inventory';
import type { Operation } from '../../../../src/hypervisor/model/operation';
import type { Plan } from '../../../../src/hypervisor/plan/plan';
import { drawPreview, type DrawnPreview, drawTree, type DrawnRow } from '../../../../src/ui/text/manager/drawnTree';
import { forecastMerge } from '../../../../src/ui/text/manager/mergedBytes';
import type { SnapshotSizes } from '../../../../src/hypervisor/model/vmDetail';
import { buildPlan } from '../../../../src/hypervisor/plan/buildPlan';
import { chain, detail, snapshot, snapshotId, testNowMs, vm } from '../../../support/domainBuilders';

// a-b-c-*, with b-x-y beside it
const tree = {
  roots: [
    snapshot('a', {
      createdAtMs: 1,
      children: [
        snapshot('b', {
          createdAtMs: 2,
          children: [
            snapshot('c', { createdAtMs: 5 }),
            snapshot('x', { createdAtMs: 3, children: [snapshot('y', { createdAtMs: 4 })] }),
          ],
        }),
      ],
    }),
  ],
  currentId: snapshotId('c'),
};
const machine = vm('vm-1', { snapshots: tree });

function planOf(operation: Operation, of: VirtualMachine = machine): Plan {
  return buildPlan({
    detail: detail({ vm: of }),
    operation,
    missingPrivileges: [],
    isReadOnlyServer: false,
    space: [],
    backupPattern: () => undefined,
    nowMs: testNowMs,
  });
}

/** Rows in short: indented by level, `!` marks a branch, the change behind. */
function short(rows: readonly DrawnRow[] | undefined): string[] {
  return (rows ?? []).map((row) => {
    const name = row.kind === 'snapshot' ? row.snapshot.id || 'NEW' : row.kind === 'present' ? '*' : 'WAS';
    return `${'  '.repeat(row.level - 1)}${name}${row.branches ? '!' : ''}${row.change === 'none' ? '' : ` ${row.change}`}`;
  });
}

function drawn(operation: Operation, safe = false): DrawnPreview | undefined {
  return drawPreview(planOf(operation), safe ? { name: 'safety', atMs: testNowMs } : undefined);
}

const vmId = machine.id;

describe('the drawn tree', () => {
  it('is flat where it is a chain, and ends with where one is', () => {
    assert.deepEqual(short(drawTree(chain('a', 'b'))), ['a', 'b', '*']);
    assert.deepEqual(short(drawTree(tree)), ['a', 'b', '  x', '  y', 'c', '*']);
    assert.deepEqual(short(drawTree({ roots: [], currentId: undefined })), ['*']);
    assert.deepEqual(short(drawTree({ ...chain('a', 'b'), currentId: undefined })), ['a!', '  b', '*!']);
  });

  it('survives a chain of thousands', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `s${index}`);
    assert.equal(drawTree(chain(...ids)).length, 5_001);
  });

  it('strikes out what a delete takes, in its place', () => {
    const snapshotIdB = snapshotId('b');
    assert.deepEqual(short(drawn({ kind: 'delete', vmId, snapshotId: snapshotIdB })?.rows), [
      'a',
      'b goes',
      '  x',
      '  y',
      'c',
      '*',
    ]);
    assert.deepEqual(short(drawn({ kind: 'deleteWithChildren', vmId, snapshotId: snapshotId('x') })?.rows), [
      'a',
      'b',
      '  x goes',
      '  y goes',
      'c',
      '*',
    ]);
    assert.deepEqual(
      drawn({ kind: 'deleteAll', vmId })?.rows.map(({ change }) => change),
      ['goes', 'goes', 'goes', 'goes', 'goes', 'none'],
    );
  });

  it('shows where a restore leads, and what is lost by it', () => {
    assert.deepEqual(short(drawn({ kind: 'restore', vmId, snapshotId: snapshotId('y') })?.rows), [
      'a',
      'b',
      '  c',
      '  WAS lost',
      'x',
      'y',
      '*',
    ]);
    // Also to the current one: what came after it is lost.
    assert.deepEqual(short(drawn({ kind: 'restoreLatest', vmId })?.rows), [
      'a',
      'b',
      '  x',
      '  y',
      'c',
      '  WAS lost',
      '*',
    ]);
  });

  it('shows the snapshot that keeps the present state, and nothing lost', () => {
    const preview = drawn({ kind: 'restore', vmId, snapshotId: snapshotId('a') }, true);
    assert.deepEqual(short(preview?.rows), ['a', '  b', '    x!', '      y', '    c!', '      NEW comes', '*']);
    assert.equal(preview?.after.tree.currentId, 'a');
  });

  it('is nothing for what cannot be done', () => {
    assert.equal(drawn({ kind: 'delete', vmId, snapshotId: snapshotId('gone') }), undefined);
  });
});

describe('what a delete merges', () => {
  const sizes = (
    entries: Readonly<Record<string, readonly [disk: number, memory: number, live: number]>>,
  ): SnapshotSizes => ({
    bySnapshot: new Map(
      Object.entries(entries).map(([id, [diskBytes, memoryBytes, liveBytes]]) => [
        snapshotId(id),
        { diskBytes, memoryBytes, liveBytes },
      ]),
    ),
    totalBytes: 0,
    leftoverBytes: 0,
    measuredAtMs: 0,
  });
  const measured = sizes({ a: [0, 1, 0], b: [10, 2, 0], c: [20, 4, 40], x: [100, 8, 0], y: [200, 16, 0] });
  const forecast = (operation: Operation): unknown => forecastMerge(tree, planOf(operation).removed, measured);

  it('is the changes above the snapshot, on each way to something that stays', () => {
    assert.deepEqual(forecast({ kind: 'delete', vmId, snapshotId: snapshotId('a') }), {
      mergedBytes: 10,
      droppedBytes: 1,
    });
    assert.deepEqual(forecast({ kind: 'delete', vmId, snapshotId: snapshotId('b') }), {
      mergedBytes: 120,
      droppedBytes: 2,
    });
    assert.deepEqual(forecast({ kind: 'delete', vmId, snapshotId: snapshotId('c') }), {
      mergedBytes: 40,
      droppedBytes: 4,
    });
  });

  it('is nothing of a branch that goes as a whole', () => {
    assert.deepEqual(forecast({ kind: 'deleteWithChildren', vmId, snapshotId: snapshotId('x') }), {
      mergedBytes: 0,
      droppedBytes: 324,
    });
  });

  it('is the whole way to the present when all go', () => {
    assert.deepEqual(forecast({ kind: 'deleteAll', vmId }), { mergedBytes: 70, droppedBytes: 331 });
  });
});
