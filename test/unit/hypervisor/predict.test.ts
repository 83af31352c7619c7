import assert from 'node:assert/strict';
import type { Operation } from '../../../src/hypervisor/model/operation';
import type { PowerState, Snapshot, SnapshotTree } from '../../../src/hypervisor/model/snapshot';
import { allSnapshots } from '../../../src/hypervisor/model/snapshotTree';
import { newSnapshotId, predict, removedBy, type VmState } from '../../../src/hypervisor/plan/predict';
import { chain, objectId, snapshot, snapshotId, testNowMs } from '../../support/domainBuilders';

const vmId = objectId('vm-1');

// base ─┬─ a ── b (current)
//       └─ c ── d
const branched: SnapshotTree = {
  roots: [
    snapshot('base', {
      children: [
        snapshot('a', { children: [snapshot('b', { powerState: 'on', hasMemory: true })] }),
        snapshot('c', { children: [snapshot('d')] }),
      ],
    }),
  ],
  currentId: snapshotId('b'),
};

function state(tree: SnapshotTree, facts: Partial<VmState> = {}): VmState {
  return { tree, powerState: 'on', needsConsolidation: false, ...facts };
}

/** A tree in one line: `base(a(*b),c(d))`, the current snapshot starred. */
function draw(tree: SnapshotTree | undefined): string {
  const one = (each: Snapshot): string => {
    const name = `${each.id === tree?.currentId ? '*' : ''}${each.id === newSnapshotId ? 'new' : each.id}`;
    return each.children.length === 0 ? name : `${name}(${each.children.map(one).join(',')})`;
  };
  return tree?.roots.map(one).join(',') ?? 'impossible';
}

function after(before: VmState, operation: Operation): string {
  return draw(predict(before, operation, testNowMs)?.tree);
}

const take = (facts: Partial<Extract<Operation, { kind: 'take' }>> = {}): Operation => ({
  kind: 'take',
  vmId,
  name: 'new',
  description: 'why',
  contents: 'disks',
  ...facts,
});
const remove = (id: string): Operation => ({ kind: 'delete', vmId, snapshotId: snapshotId(id) });
const removeTree = (id: string): Operation => ({ kind: 'deleteWithChildren', vmId, snapshotId: snapshotId(id) });
const restore = (id: string): Operation => ({ kind: 'restore', vmId, snapshotId: snapshotId(id) });

describe('predict: the tree after', () => {
  const cases: readonly (readonly [what: string, tree: SnapshotTree, operation: Operation, expected: string])[] = [
    ['the first take', { roots: [], currentId: undefined }, take(), '*new'],
    ['a take under the current snapshot', branched, take(), 'base(a(b(*new)),c(d))'],
    ['a take with no current snapshot', { ...branched, currentId: undefined }, take(), 'base(a(b),c(d)),*new'],
    ['a delete in the middle', branched, remove('a'), 'base(*b,c(d))'],
    ['a delete of the current one', branched, remove('b'), 'base(*a,c(d))'],
    ['a delete of the root', branched, remove('base'), 'a(*b),c(d)'],
    ['a delete of a side branch', branched, remove('d'), 'base(a(*b),c)'],
    ['a delete of the only snapshot', chain('x'), remove('x'), ''],
    ['a delete with children beside the present state', branched, removeTree('c'), 'base(a(*b))'],
    ['a delete with children around the present state', branched, removeTree('a'), '*base(c(d))'],
    ['a delete with children of a root', branched, removeTree('base'), ''],
    ['delete all', branched, { kind: 'deleteAll', vmId }, ''],
    ['a restore elsewhere', branched, restore('d'), 'base(a(b),c(*d))'],
    ['a restore to the latest', branched, { kind: 'restoreLatest', vmId }, 'base(a(*b),c(d))'],
    ['a consolidation', branched, { kind: 'consolidate', vmId }, 'base(a(*b),c(d))'],
    ['a power-on', branched, { kind: 'powerOn', vmId }, 'base(a(*b),c(d))'],
    ['a delete of what is not there', branched, remove('gone'), 'impossible'],
    ['a delete with children of what is not there', branched, removeTree('gone'), 'impossible'],
    ['a restore of what is not there', branched, restore('gone'), 'impossible'],
    [
      'a restore to the latest without one',
      { ...branched, currentId: undefined },
      { kind: 'restoreLatest', vmId },
      'impossible',
    ],
    [
      'an edit of what is not there',
      branched,
      { kind: 'edit', vmId, snapshotId: snapshotId('gone'), name: 'x' },
      'impossible',
    ],
  ];
  for (const [what, tree, operation, expected] of cases) {
    it(`${what} is ${expected === '' ? 'empty' : expected}`, () => {
      assert.equal(after(state(tree), operation), expected);
    });
  }

  it('leaves the input alone', () => {
    const before = structuredClone(branched);
    predict(state(branched), removeTree('a'), testNowMs);
    predict(state(branched), take(), testNowMs);
    assert.deepEqual(branched, before);
  });

  it('edits what is given and keeps what is not', () => {
    const edit = (facts: { name?: string; description?: string }): Snapshot | undefined =>
      allSnapshots(
        predict(state(chain('a', 'b')), { kind: 'edit', vmId, snapshotId: snapshotId('b'), ...facts }, 0)?.tree ??
          branched,
      ).find((each) => each.id === 'b');
    assert.equal(edit({ name: 'renamed' })?.name, 'renamed');
    assert.equal(edit({ name: 'renamed' })?.description, '');
    assert.equal(edit({ description: 'x' })?.name, 'b');
    assert.equal(edit({ description: 'x' })?.description, 'x');
  });
});

describe('predict: the snapshot that a take makes', () => {
  const cases: readonly (readonly [
    power: PowerState,
    contents: 'disks' | 'memory' | 'quiesced',
    expected: Pick<Snapshot, 'powerState' | 'hasMemory' | 'quiesced'>,
  ])[] = [
    ['on', 'disks', { powerState: 'off', hasMemory: false, quiesced: false }],
    ['on', 'memory', { powerState: 'on', hasMemory: true, quiesced: false }],
    ['on', 'quiesced', { powerState: 'off', hasMemory: false, quiesced: true }],
    ['off', 'memory', { powerState: 'off', hasMemory: false, quiesced: false }],
    ['off', 'quiesced', { powerState: 'off', hasMemory: false, quiesced: false }],
    ['suspended', 'memory', { powerState: 'suspended', hasMemory: false, quiesced: false }],
    ['suspended', 'disks', { powerState: 'off', hasMemory: false, quiesced: false }],
  ];
  it('is not quiesced where nobody in the guest can do it', () => {
    const result = predict(state(chain('a')), take({ contents: 'quiesced' }), testNowMs, false);
    assert.ok(allSnapshots(result?.tree ?? branched).every((each) => !each.quiesced));
  });

  for (const [power, contents, expected] of cases) {
    it(`of a VM that is ${power}, asked for ${contents}`, () => {
      const result = predict(state(chain('a'), { powerState: power }), take({ contents }), testNowMs);
      const made = allSnapshots(result?.tree ?? branched).find((each) => each.id === newSnapshotId);
      assert.deepEqual(
        made && { powerState: made.powerState, hasMemory: made.hasMemory, quiesced: made.quiesced },
        expected,
      );
      assert.equal(made?.createdAtMs, testNowMs);
      assert.equal(result?.powerState, power, 'a take leaves the VM as it is');
    });
  }
});

describe('predict: power and disks after', () => {
  it('a restore is what the snapshot holds', () => {
    assert.equal(predict(state(branched), restore('b'), 0)?.powerState, 'on');
    assert.equal(predict(state(branched), restore('a'), 0)?.powerState, 'off');
    assert.equal(predict(state(branched, { powerState: 'off' }), restore('b'), 0)?.powerState, 'on');
  });

  it('a consolidation and a delete of all leave nothing behind', () => {
    const leftover = state(branched, { needsConsolidation: true });
    assert.equal(predict(leftover, { kind: 'consolidate', vmId }, 0)?.needsConsolidation, false);
    assert.equal(predict(leftover, { kind: 'deleteAll', vmId }, 0)?.needsConsolidation, false);
    assert.equal(predict(leftover, remove('a'), 0)?.needsConsolidation, true);
  });

  it('a power-on is on', () => {
    assert.equal(predict(state(branched, { powerState: 'off' }), { kind: 'powerOn', vmId }, 0)?.powerState, 'on');
  });
});

describe('removedBy', () => {
  const ids = (operation: Operation): string[] => removedBy(branched, operation).map((each) => each.id);

  it('names what goes, parents first', () => {
    assert.deepEqual(ids(remove('a')), ['a']);
    assert.deepEqual(ids(removeTree('c')), ['c', 'd']);
    assert.deepEqual(ids({ kind: 'deleteAll', vmId }), ['base', 'a', 'b', 'c', 'd']);
    assert.deepEqual(ids(remove('gone')), []);
  });

  it('is empty for whatever keeps them all', () => {
    assert.deepEqual(ids(take()), []);
    assert.deepEqual(ids(restore('a')), []);
    assert.deepEqual(ids({ kind: 'restoreLatest', vmId }), []);
    assert.deepEqual(ids({ kind: 'edit', vmId, snapshotId: snapshotId('a') }), []);
    assert.deepEqual(ids({ kind: 'consolidate', vmId }), []);
    assert.deepEqual(ids({ kind: 'powerOn', vmId }), []);
  });
});
