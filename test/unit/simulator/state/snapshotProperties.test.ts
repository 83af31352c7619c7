import assert from 'node:assert/strict';
import { randomSnapshots } from '../../../../src/simulator/inventory/randomSnapshots';
import { withLeftovers } from '../../../../src/simulator/inventory/snapshotHistory';
import { integerBetween, pick, type Random, seededRandom } from '../../../../src/simulator/random/random';
import { bytesByDatastore, chainFrom } from '../../../../src/simulator/state/diskChain';
import { consolidate, hasLeftovers } from '../../../../src/simulator/state/leftovers';
import {
  forgetSnapshots,
  removeSnapshots,
  revertToSnapshot,
  settled,
  takeSnapshot,
} from '../../../../src/simulator/state/snapshotOperations';
import { depthOf, withDescendants } from '../../../../src/simulator/state/snapshotTree';
import type { VmState } from '../../../../src/simulator/state/vmState';
import { nowMs, vmState } from '../../../support/vmStates';

/** What holds for every VM, whatever was done to it. */
function checkInvariants(vm: VmState, what: string): void {
  const keys = new Set(vm.files.map((file) => file.key));
  assert.equal(keys.size, vm.files.length, `${what}: keys are unique`);
  for (const file of vm.files) {
    assert.ok(file.parentKey === undefined || keys.has(file.parentKey), `${what}: ${file.name} lies on a file`);
    assert.ok(file.sizeBytes >= 0, what);
  }
  for (const disk of vm.config.disks) {
    const chain = chainFrom(vm, vm.leaves.get(disk.key));
    assert.ok(chain.length > 0 && chain[chain.length - 1]?.parentKey === undefined, `${what}: a chain ends in a base`);
    assert.ok(chain.length - 1 >= depthOf(vm, vm.currentId), `${what}: a link for each level`);
  }
  const ids = new Set(vm.snapshots.map((snapshot) => snapshot.id));
  assert.ok(vm.currentId === undefined || ids.has(vm.currentId), `${what}: the current one exists`);
  for (const snapshot of vm.snapshots) {
    assert.ok(snapshot.parentId === undefined || ids.has(snapshot.parentId), `${what}: a parent exists`);
    for (const key of snapshot.disks.values()) {
      assert.ok(keys.has(key), `${what}: the files of ${snapshot.id} exist`);
    }
  }
  assert.equal(vm.consolidationNeeded, hasLeftovers(vm), `${what}: says truly whether consolidation is due`);
}

function randomStep(vm: VmState, random: Random, number: number): VmState {
  const snapshot = vm.snapshots.length === 0 ? undefined : pick(random, vm.snapshots);
  switch (snapshot === undefined ? 0 : integerBetween(random, 0, 5)) {
    case 0: {
      const request = { name: 'n', description: '', memory: random() < 0.5, quiesce: random() < 0.5 };
      return settled(takeSnapshot(vm, request, `t${number}`, nowMs + number));
    }
    case 1:
      return revertToSnapshot(vm, snapshot?.id ?? '', random() < 0.5, nowMs + number);
    case 2:
      return settled(removeSnapshots(vm, new Set([snapshot?.id ?? '']), nowMs + number));
    case 3:
      return settled(forgetSnapshots(vm, withDescendants(vm, snapshot?.id ?? ''), nowMs + number));
    case 4:
      return withLeftovers(vm, 1, 1);
    default:
      return consolidate(vm).vm;
  }
}

describe('simulator: any sequence of snapshot operations', () => {
  it('leaves files and tree in agreement', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = seededRandom(seed);
      const disks = Array.from({ length: integerBetween(random, 1, 3) }, () => ({ capacityGb: 20 }));
      let vm = vmState({ disks }, randomSnapshots(random));
      checkInvariants(vm, `seed ${seed}, start`);
      for (let number = 0; number < 25; number++) {
        vm = randomStep(vm, random, number);
        checkInvariants(vm, `seed ${seed}, step ${number}`);
      }
    }
  });

  it('ends, after all is removed, with the base disks alone', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const vm = vmState({}, randomSnapshots(seededRandom(seed)));
      const bare = removeSnapshots(vm, new Set(vm.snapshots.map(({ id }) => id)), nowMs);
      assert.equal(bare.files.length, 1);
      assert.equal(bare.snapshots.length, 0);
      assert.ok((bytesByDatastore(bare).get('datastore-1') ?? 0) > 0);
    }
  });
});
