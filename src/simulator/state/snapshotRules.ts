import { isSnapshotable } from './diskChain';
import { fault, type FaultValue, localized } from './faultValues';
import { isUnchangedSuspended, type TakeRequest, takeSpace, willQuiesce } from './snapshotOperations';
import { depthOf, findSnapshot } from './snapshotTree';
import type { VmState } from './vmState';

// Why a snapshot operation is refused, in the order in which a host finds out.

/** A chain cannot be longer, whatever the VM's own configuration says. */
const maxSnapshotLevels = 32;

/** The extra configuration key that limits a VM's chain further. */
const maxSnapshotsKey = 'snapshot.maxSnapshots';

/** A device that rules snapshots out, in the words of a host. */
function incompatibleDevice(vm: VmState): FaultValue | undefined {
  const { config } = vm;
  const raw = config.disks.find((disk) => disk.kind === 'rawPhysical');
  if (raw !== undefined) {
    return fault('RawDiskNotSupported', { device: raw.label });
  }
  const controller = config.controllers.find(({ sharedBus }) => sharedBus !== 'noSharing');
  if (controller !== undefined) {
    return fault('SharedBusControllerNotSupported', { device: controller.label });
  }
  const shared = config.disks.find((disk) => disk.isShared);
  if (shared !== undefined) {
    return fault('DeviceNotSupported', { device: shared.label });
  }
  const passthrough = config.passthrough[0];
  return passthrough === undefined ? undefined : fault('DeviceNotSupported', { device: passthrough.label });
}

/** Levels that the VM may have. */
export function snapshotLimit(vm: VmState): number {
  const own = Number(vm.config.extraConfig.get(maxSnapshotsKey) ?? maxSnapshotLevels);
  return Number.isInteger(own) && own >= 0 ? Math.min(own, maxSnapshotLevels) : maxSnapshotLevels;
}

/** Why a host refuses to take a snapshot now; undefined when it does not. */
export function checkTake(vm: VmState, request: TakeRequest): FaultValue | undefined {
  if (request.name === '') {
    return fault('InvalidName', { name: request.name });
  }
  if (vm.config.snapshotsDisabled) {
    return fault('SnapshotDisabled');
  }
  if (vm.config.snapshotsLocked) {
    return fault('SnapshotLocked');
  }
  const device = incompatibleDevice(vm);
  if (device !== undefined) {
    return fault('SnapshotIncompatibleDeviceInVm', { fault: localized(device) });
  }
  if (depthOf(vm, vm.currentId) >= snapshotLimit(vm)) {
    return fault('TooManySnapshotLevels');
  }
  if (vm.power !== 'poweredOff' && request.memory && vm.config.disks.some((disk) => !isSnapshotable(disk))) {
    return fault('MemorySnapshotOnIndependentDisk');
  }
  if (isUnchangedSuspended(vm)) {
    return fault('SnapshotNoChange');
  }
  if (willQuiesce(vm, request) && vm.trouble.quiesceFails !== undefined) {
    return fault(vm.trouble.quiesceFails === 'application' ? 'ApplicationQuiesceFault' : 'FilesystemQuiesceFault');
  }
  return undefined;
}

/** Free bytes of a datastore, by its id. */
export type FreeSpace = (datastoreId: string) => { readonly name: string; readonly bytes: number } | undefined;

/** Why the space that is needed is not there. */
export function checkSpace(
  vm: VmState,
  needed: ReadonlyMap<string, number>,
  freeSpace: FreeSpace,
): FaultValue | undefined {
  for (const [id, bytes] of needed) {
    const free = freeSpace(id);
    if (free !== undefined && free.bytes < bytes) {
      return fault('NoDiskSpace', { file: `[${free.name}] ${vm.home.folder}`, datastore: free.name });
    }
  }
  return undefined;
}

/** Why there is no room for a snapshot taken now. */
export function checkTakeSpace(vm: VmState, request: TakeRequest, freeSpace: FreeSpace): FaultValue | undefined {
  return checkSpace(vm, takeSpace(vm, request), freeSpace);
}

/** Why the VM's disks cannot be worked on. */
export function checkDisks(vm: VmState): FaultValue | undefined {
  return vm.trouble.lockedFile === undefined ? undefined : fault('FileLocked', { file: vm.trouble.lockedFile });
}

/** Why a host refuses to go back to a snapshot. */
export function checkRevert(vm: VmState, id: string): FaultValue | undefined {
  const snapshot = findSnapshot(vm, id);
  if (snapshot === undefined) {
    return fault('NotFound');
  }
  if (vm.config.snapshotsLocked) {
    return fault('SnapshotLocked');
  }
  return checkDisks(vm);
}

/**
 * Why the VM cannot be worked on at all, before any task starts: the server cannot reach it, or it is of a kind that has
 * no snapshots.
 */
export function checkReachable(vm: VmState): FaultValue | undefined {
  switch (vm.connection) {
    case 'connected':
      return undefined;
    case 'disconnected':
      return fault('HostNotConnected');
    default:
      return fault('InvalidState');
  }
}

/** Fault tolerance and templates rule out what changes the tree. */
export function checkKind(vm: VmState): FaultValue | undefined {
  return vm.isTemplate || vm.faultTolerance ? fault('NotSupported') : undefined;
}
