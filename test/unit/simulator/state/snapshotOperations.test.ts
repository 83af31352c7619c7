import assert from 'node:assert/strict';
import { chainFrom, newDeltaBytes } from '../../../../src/simulator/state/diskChain';
import { consolidate, hasLeftovers } from '../../../../src/simulator/state/leftovers';
import {
  changePower,
  forgetSnapshots,
  removeSnapshots,
  renameSnapshot,
  revertToSnapshot,
  settled,
  takeSnapshot,
} from '../../../../src/simulator/state/snapshotOperations';
import { bytesPerGb, type VmState } from '../../../../src/simulator/state/vmState';
import { nowMs, treeText, vmState } from '../../../support/vmStates';

const request = { name: 'x', description: '', memory: false, quiesce: false };
const hourMs = 3_600_000;

function take(vm: VmState, name: string, more: Partial<typeof request> = {}): VmState {
  return takeSnapshot(vm, { ...request, name, ...more }, name, nowMs);
}

function chainLength(vm: VmState): number {
  return chainFrom(vm, vm.leaves.get(2_000)).length;
}

describe('simulator: taking a snapshot', () => {
  it('hangs it under the current one and makes it current', () => {
    assert.equal(treeText(take(take(vmState(), 'a'), 'b')), 'a(b*)');
  });

  it('lets the VM write to new files and freezes the old ones', () => {
    const before = vmState({ disks: [{ capacityGb: 10 }, { capacityGb: 20 }] });
    const after = take(before, 'a');
    assert.deepEqual(after.snapshots[0]?.disks, before.leaves);
    assert.equal(chainLength(after), 2);
    assert.equal(after.files.filter((file) => file.sizeBytes === newDeltaBytes).length, 2);
  });

  it('leaves independent disks alone', () => {
    const before = vmState({ disks: [{ capacityGb: 10 }, { capacityGb: 20, mode: 'independent_persistent' }] });
    const after = take(before, 'a');
    assert.deepEqual([...(after.snapshots[0]?.disks.keys() ?? [])], [2_000]);
    assert.equal(after.leaves.get(2_001), before.leaves.get(2_001));
  });

  for (const [power, memory, state, hasFile] of [
    ['poweredOn', true, 'poweredOn', true],
    ['poweredOn', false, 'poweredOff', false],
    ['poweredOff', true, 'poweredOff', false],
    ['poweredOff', false, 'poweredOff', false],
    ['suspended', true, 'suspended', true],
    ['suspended', false, 'poweredOff', false],
  ] as const) {
    it(`of a VM that is ${power}, ${memory ? 'with' : 'without'} memory, holds ${state}`, () => {
      const [snapshot] = take(vmState({ power }), 'a', { memory }).snapshots;
      assert.equal(snapshot?.power, state);
      assert.equal(snapshot.memoryFile !== undefined, hasFile);
    });
  }

  it('of a suspended VM always holds memory where the host cannot leave it out', () => {
    const [snapshot] = take(vmState({ power: 'suspended', diskOnlySnapshotWhenSuspended: false }), 'a').snapshots;
    assert.equal(snapshot?.power, 'suspended');
  });

  for (const [what, spec, memory, quiesced] of [
    ['runs with Tools', {}, false, true],
    ['runs without Tools', { tools: 'missing' }, false, false],
    ['runs with broken Tools', { tools: 'broken' }, false, false],
    ['is off', { power: 'poweredOff' }, false, false],
    ['has its memory captured', {}, true, false],
  ] as const) {
    it(`${quiesced ? 'quiesces' : 'silently does not quiesce'} a VM that ${what}`, () => {
      const [snapshot] = take(vmState(spec), 'a', { quiesce: true, memory }).snapshots;
      assert.equal(snapshot?.quiesced, quiesced);
    });
  }

  it('never uses a number twice', () => {
    const vm = take(removeSnapshots(take(vmState(), 'a'), new Set(['a']), nowMs), 'b');
    assert.equal(vm.snapshots[0]?.number, 2);
  });
});

describe('simulator: going back to a snapshot', () => {
  it('brings back configuration and disks and makes the snapshot current', () => {
    const before = take(take(vmState({ memoryMb: 1_024 }), 'a'), 'b');
    const changed = { ...before, config: { ...before.config, memoryMb: 8_192, annotation: 'new' } };
    const after = revertToSnapshot(changed, 'a', false, nowMs);
    assert.equal(treeText(after), 'a*(b)');
    assert.equal(after.config.memoryMb, 1_024);
    assert.equal(after.config.annotation, '');
    assert.equal(chainLength(after), 2);
  });

  it('throws away what was written since, and nothing that a snapshot holds', () => {
    const before = take(take(vmState(), 'a'), 'b');
    const after = revertToSnapshot(before, 'a', false, nowMs);
    assert.ok(!after.files.some((file) => file.key === before.leaves.get(2_000)));
    assert.ok(after.files.some((file) => file.key === before.snapshots[1]?.disks.get(2_000)));
    assert.equal(hasLeftovers(after), false);
  });

  it('keeps the present state of independent disks', () => {
    const before = take(
      vmState({ disks: [{ capacityGb: 1 }, { capacityGb: 1, mode: 'independent_persistent' }] }),
      'a',
    );
    assert.equal(revertToSnapshot(before, 'a', false, nowMs).leaves.get(2_001), before.leaves.get(2_001));
  });

  it('takes away a disk that was added later and brings back one that was removed', () => {
    const one = take(vmState({ disks: [{ capacityGb: 1 }, { capacityGb: 2 }] }), 'a');
    const [first] = one.config.disks;
    assert.ok(first !== undefined);
    const without = {
      ...one,
      config: { ...one.config, disks: [first] },
      leaves: new Map([[2_000, one.leaves.get(2_000) ?? 0]]),
    };
    const after = revertToSnapshot(without, 'a', false, nowMs);
    assert.deepEqual([...after.leaves.keys()], [2_000, 2_001]);
    assert.equal(after.config.disks.length, 2);
  });

  for (const [taken, now, suppress, result] of [
    ['poweredOn', 'poweredOff', false, 'poweredOn'],
    ['poweredOn', 'poweredOn', false, 'poweredOn'],
    ['poweredOn', 'poweredOff', true, 'poweredOff'],
    ['poweredOff', 'poweredOn', false, 'poweredOff'],
    ['suspended', 'poweredOn', false, 'suspended'],
  ] as const) {
    it(`leaves ${result} from ${now} with a snapshot of ${taken}${suppress ? ', power on suppressed' : ''}`, () => {
      const before = take(vmState({ power: taken }), 'a', { memory: true });
      const after = revertToSnapshot(changePower(before, now, nowMs), 'a', suppress, nowMs);
      assert.equal(after.power, result);
      assert.equal(after.bootedAtMs !== undefined, result === 'poweredOn');
    });
  }
});

describe('simulator: removing snapshots', () => {
  it('moves children up and keeps the present state', () => {
    const vm = take(take(take(vmState(), 'a'), 'b'), 'c');
    assert.equal(treeText(removeSnapshots(vm, new Set(['b']), nowMs)), 'a(c*)');
    assert.equal(treeText(removeSnapshots(vm, new Set(['a']), nowMs)), 'b(c*)');
    assert.equal(treeText(removeSnapshots(vm, new Set(['c']), nowMs)), 'a(b*)');
  });

  it('makes roots of the children of a root', () => {
    const vm = take(revertToSnapshot(take(take(vmState(), 'a'), 'b'), 'a', false, nowMs), 'c');
    assert.equal(treeText(removeSnapshots(vm, new Set(['a']), nowMs)), 'b,c*');
  });

  it('leaves no snapshot current when the last on the way goes', () => {
    const vm = removeSnapshots(take(vmState(), 'a'), new Set(['a']), nowMs);
    assert.equal(vm.currentId, undefined);
    assert.equal(chainLength(vm), 1);
  });

  it('shortens the chain when it merges, and not when it does not', () => {
    const vm = take(take(vmState(), 'a'), 'b');
    assert.equal(chainLength(removeSnapshots(vm, new Set(['a']), nowMs)), 2);
    const kept = settled(forgetSnapshots(vm, new Set(['a']), nowMs));
    assert.equal(chainLength(kept), 3);
    assert.equal(kept.consolidationNeeded, true);
    assert.equal(consolidate(kept).vm.consolidationNeeded, false);
    assert.equal(chainLength(consolidate(kept).vm), 2);
  });

  it('keeps a link that two branches need, without calling for consolidation', () => {
    const vm = take(revertToSnapshot(take(take(vmState(), 'a'), 'b'), 'a', false, nowMs), 'c');
    const after = settled(forgetSnapshots(vm, new Set(['a']), nowMs));
    assert.equal(after.consolidationNeeded, false);
    assert.equal(after.files.length, vm.files.length);
  });

  it('deletes the files of a branch that nobody stands on', () => {
    const vm = take(revertToSnapshot(take(take(vmState(), 'a'), 'b'), 'a', false, nowMs), 'c');
    const after = removeSnapshots(vm, new Set(['b']), nowMs);
    assert.equal(after.files.length, vm.files.length - 1);
  });
});

describe('simulator: growth of disks', () => {
  const gb = bytesPerGb;

  it('lets the deltas of a running VM grow with time, up to the capacity', () => {
    const vm = take(vmState({ changeGbPerHour: 2, disks: [{ capacityGb: 5 }] }), 'a');
    const size = (atMs: number): number => {
      const later = takeSnapshot(vm, { ...request, name: 'b' }, 'b', atMs);
      return later.files.find((file) => file.key === vm.leaves.get(2_000))?.sizeBytes ?? 0;
    };
    assert.equal(size(nowMs + hourMs), newDeltaBytes + 2 * gb);
    assert.equal(size(nowMs + 10 * hourMs), 5 * gb);
  });

  it('stops when the VM is off', () => {
    const vm = changePower(take(vmState({ changeGbPerHour: 2 }), 'a'), 'poweredOff', nowMs);
    const later = takeSnapshot(vm, { ...request, name: 'b' }, 'b', nowMs + hourMs);
    assert.equal(later.files.find((file) => file.key === vm.leaves.get(2_000))?.sizeBytes, newDeltaBytes);
  });
});

describe('simulator: renaming a snapshot', () => {
  it('changes what is given and clears a description', () => {
    const vm = take(vmState(), 'a', { description: 'old' });
    const named = renameSnapshot(vm, 'a', { name: 'new', description: undefined }).snapshots[0];
    assert.deepEqual([named?.name, named?.description], ['new', 'old']);
    assert.equal(renameSnapshot(vm, 'a', { name: undefined, description: '' }).snapshots[0]?.description, '');
  });
});
