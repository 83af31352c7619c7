import assert from 'node:assert/strict';
import type { VmSpec } from '../../../../src/simulator/inventory/vmSpec';
import type { SnapshotSpec } from '../../../../src/simulator/inventory/snapshotHistory';
import { faultText } from '../../../../src/simulator/state/faultValues';
import {
  checkKind,
  checkReachable,
  checkRevert,
  checkTake,
  checkTakeSpace,
  snapshotLimit,
} from '../../../../src/simulator/state/snapshotRules';
import { bytesPerMb } from '../../../../src/simulator/state/vmState';
import { vmState } from '../../../support/vmStates';

const request = { name: 'x', description: '', memory: false, quiesce: false };

function chain(length: number): SnapshotSpec[] {
  return length === 0 ? [] : [{ name: `s${length}`, ageDays: length, children: chain(length - 1) }];
}

describe('simulator: why a snapshot is refused', () => {
  const cases: readonly (readonly [
    what: string,
    spec: Partial<VmSpec>,
    request: Partial<typeof request>,
    snapshots: number,
    fault: string | undefined,
  ])[] = [
    ['nothing is wrong', {}, {}, 0, undefined],
    ['it has no name', {}, { name: '' }, 0, 'InvalidName'],
    ['the chain is one short of the limit', {}, {}, 31, undefined],
    ['the chain is at the limit', {}, {}, 32, 'TooManySnapshotLevels'],
    [
      'the VM has a limit of its own',
      { extraConfig: { 'snapshot.maxSnapshots': '2' } },
      {},
      2,
      'TooManySnapshotLevels',
    ],
    ['its own limit is none', { extraConfig: { 'snapshot.maxSnapshots': '0' } }, {}, 0, 'TooManySnapshotLevels'],
    ['snapshots are switched off', { snapshotsDisabled: true }, {}, 0, 'SnapshotDisabled'],
    ['snapshots are locked', { snapshotsLocked: true }, {}, 0, 'SnapshotLocked'],
    [
      'a raw disk is in the way',
      { disks: [{ capacityGb: 1, kind: 'rawPhysical' }] },
      {},
      0,
      'SnapshotIncompatibleDeviceInVm',
    ],
    ['a raw disk is in virtual mode', { disks: [{ capacityGb: 1, kind: 'rawVirtual' }] }, {}, 0, undefined],
    ['the bus is shared', { sharedBus: 'physicalSharing' }, {}, 0, 'SnapshotIncompatibleDeviceInVm'],
    ['a disk is shared', { disks: [{ capacityGb: 1, isShared: true }] }, {}, 0, 'SnapshotIncompatibleDeviceInVm'],
    ['a device is passed through', { passthrough: ['GPU'] }, {}, 0, 'SnapshotIncompatibleDeviceInVm'],
    [
      'memory and an independent disk do not go together',
      { disks: [{ capacityGb: 1, mode: 'independent_persistent' }] },
      { memory: true },
      0,
      'MemorySnapshotOnIndependentDisk',
    ],
    [
      'an independent disk without memory is fine',
      { disks: [{ capacityGb: 1, mode: 'independent_persistent' }] },
      {},
      0,
      undefined,
    ],
    [
      'memory of a VM that is off is no memory',
      { power: 'poweredOff', disks: [{ capacityGb: 1, mode: 'independent_persistent' }] },
      { memory: true },
      0,
      undefined,
    ],
    [
      'the guest cannot be frozen',
      { trouble: { quiesceFails: 'filesystem' } },
      { quiesce: true },
      0,
      'FilesystemQuiesceFault',
    ],
    [
      'a script in the guest fails',
      { trouble: { quiesceFails: 'application' } },
      { quiesce: true },
      0,
      'ApplicationQuiesceFault',
    ],
    ['the guest need not be frozen', { trouble: { quiesceFails: 'application' } }, {}, 0, undefined],
  ];
  for (const [what, spec, more, snapshots, expected] of cases) {
    it(`${expected ?? 'not at all'} when ${what}`, () => {
      const found = checkTake(vmState(spec, chain(snapshots)), { ...request, ...more });
      assert.equal(found?.$type, expected);
      assert.ok(found === undefined || faultText(found) !== '', 'has a text');
    });
  }

  it('names the device in the way', () => {
    const found = checkTake(vmState({ disks: [{ capacityGb: 1, kind: 'rawPhysical' }] }), request);
    assert.ok(found !== undefined);
    assert.match(faultText(found), /raw disk "Hard disk 1" in physical compatibility mode/);
  });

  it('refuses a second snapshot of a VM that sleeps', () => {
    const asleep = vmState({ power: 'suspended' }, [{ name: 'a', ageDays: 0, state: 'suspended' }]);
    assert.equal(checkTake(asleep, request)?.$type, 'SnapshotNoChange');
    const wokenSince = { ...asleep, suspendedAtMs: (asleep.snapshots[0]?.createdAtMs ?? 0) + 1 };
    assert.equal(checkTake(wokenSince, request), undefined);
  });

  it('wants room for the deltas and for the memory', () => {
    const vm = vmState({ memoryMb: 1_024 });
    const free = (bytes: number) => () => ({ name: 'DS', bytes });
    assert.equal(checkTakeSpace(vm, request, free(100 * bytesPerMb)), undefined);
    assert.equal(checkTakeSpace(vm, { ...request, memory: true }, free(100 * bytesPerMb))?.$type, 'NoDiskSpace');
    assert.equal(checkTakeSpace(vm, request, free(bytesPerMb))?.$type, 'NoDiskSpace');
  });

  it('does not believe in a limit that is no number', () => {
    assert.equal(snapshotLimit(vmState({ extraConfig: { 'snapshot.maxSnapshots': 'many' } })), 32);
    assert.equal(snapshotLimit(vmState({ extraConfig: { 'snapshot.maxSnapshots': '99' } })), 32);
  });
});

describe('simulator: why a VM cannot be worked on', () => {
  for (const [connection, expected] of [
    ['connected', undefined],
    ['disconnected', 'HostNotConnected'],
    ['orphaned', 'InvalidState'],
    ['inaccessible', 'InvalidState'],
    ['invalid', 'InvalidState'],
  ] as const) {
    it(`${expected ?? 'not at all'} when it is ${connection}`, () => {
      assert.equal(checkReachable(vmState({ connection }))?.$type, expected);
    });
  }

  it('NotSupported for templates and under Fault Tolerance', () => {
    assert.equal(checkKind(vmState({ isTemplate: true }))?.$type, 'NotSupported');
    assert.equal(checkKind(vmState({ faultTolerance: true }))?.$type, 'NotSupported');
    assert.equal(checkKind(vmState()), undefined);
  });

  it('FileLocked and SnapshotLocked stop a restore', () => {
    const snapshots = [{ name: 'a' }];
    assert.equal(checkRevert(vmState({ trouble: { lockedFile: 'f' } }, snapshots), 's1')?.$type, 'FileLocked');
    assert.equal(checkRevert(vmState({ snapshotsLocked: true }, snapshots), 's1')?.$type, 'SnapshotLocked');
    assert.equal(checkRevert(vmState({}, snapshots), 'gone')?.$type, 'NotFound');
    assert.equal(checkRevert(vmState({}, snapshots), 's1'), undefined);
  });
});
