import { accountGrowth, fileOf, fork, isSnapshotable } from './diskChain';
import { consolidate, hasLeftovers } from './leftovers';
import { findSnapshot } from './snapshotTree';
import { bytesPerMb, type DataFile, type PowerState, type SnapshotState, toolsRunning, type VmState } from './vmState';

// What the snapshot operations of vSphere do to a VM, as pure functions. Whether they may is in snapshotRules.ts.

export interface TakeRequest {
  readonly name: string;
  readonly description: string;
  readonly memory: boolean;
  readonly quiesce: boolean;
  readonly backupManifest?: string;
}

// The state file without memory, and what it gains with it (devices, video memory).
const stateFileBytes = 28_672;
const stateFileWithMemoryBytes = 4 * bytesPerMb;

/** The power state that a snapshot taken now would bring back. */
function capturedPower(vm: VmState, request: Pick<TakeRequest, 'memory'>): PowerState {
  switch (vm.power) {
    case 'poweredOff':
      return 'poweredOff';
    case 'poweredOn':
      return request.memory ? 'poweredOn' : 'poweredOff';
    case 'suspended':
      // Memory is on disk already; only newer hosts can leave it out.
      return request.memory || !vm.diskOnlySnapshotWhenSuspended ? 'suspended' : 'poweredOff';
  }
}

/** Bytes of memory that a snapshot taken now would hold. */
export function capturedMemoryBytes(vm: VmState, request: Pick<TakeRequest, 'memory'>): number {
  return capturedPower(vm, request) === 'poweredOff' ? 0 : vm.config.memoryMb * bytesPerMb;
}

/** Quiescing is ignored without a word when the VM does not run, its Tools do not, or memory is captured. */
export function willQuiesce(vm: VmState, request: TakeRequest): boolean {
  return request.quiesce && !request.memory && toolsRunning(vm);
}

/** Starts new deltas, as every take does first. Without the snapshot on top of it they are leftovers. */
export function forkForSnapshot(vm: VmState): VmState {
  return fork(vm, frozenFiles(vm));
}

function frozenFiles(vm: VmState): ReadonlyMap<number, number> {
  const frozen = new Map<number, number>();
  for (const disk of vm.config.disks) {
    const leaf = vm.leaves.get(disk.key);
    if (isSnapshotable(disk) && leaf !== undefined) {
      frozen.set(disk.key, leaf);
    }
  }
  return frozen;
}

/** Takes a snapshot, which becomes the current one. */
export function takeSnapshot(before: VmState, request: TakeRequest, id: string, nowMs: number): VmState {
  const vm = accountGrowth(before, nowMs);
  const disks = frozenFiles(vm);
  const forked = fork(vm, disks);
  const power = capturedPower(vm, request);
  const number = vm.nextSnapshotNumber;
  const memoryBytes = capturedMemoryBytes(vm, request);
  const dataFile: DataFile = {
    key: forked.nextFileKey,
    name: `${homePath(vm)}-Snapshot${number}.vmsn`,
    sizeBytes: memoryBytes > 0 ? stateFileWithMemoryBytes : stateFileBytes,
  };
  const memoryFile: DataFile | undefined =
    memoryBytes > 0
      ? { key: forked.nextFileKey + 1, name: `${homePath(vm)}-Snapshot${number}.vmem`, sizeBytes: memoryBytes }
      : undefined;
  const snapshot: SnapshotState = {
    id,
    number,
    name: request.name,
    description: request.description,
    createdAtMs: nowMs,
    power,
    quiesced: willQuiesce(vm, request),
    parentId: vm.currentId,
    backupManifest: request.backupManifest,
    config: vm.config,
    disks,
    dataFile,
    memoryFile,
  };
  return {
    ...forked,
    snapshots: [...vm.snapshots, snapshot],
    currentId: id,
    nextSnapshotNumber: number + 1,
    nextFileKey: forked.nextFileKey + 2,
    measuredAtMs: nowMs,
  };
}

/** Path of the VM's own files without their endings. */
export function homePath(vm: VmState): string {
  return `[${vm.home.datastoreName}] ${vm.home.folder}/${vm.home.folder}`;
}

/** Changes what is given; what is undefined stays. */
export function renameSnapshot(
  vm: VmState,
  id: string,
  change: { readonly name: string | undefined; readonly description: string | undefined },
): VmState {
  return {
    ...vm,
    snapshots: vm.snapshots.map((snapshot) =>
      snapshot.id === id
        ? {
            ...snapshot,
            name: change.name ?? snapshot.name,
            description: change.description ?? snapshot.description,
          }
        : snapshot,
    ),
  };
}

/** Power state after a restore. */
export function powerAfterRevert(snapshot: SnapshotState, suppressPowerOn: boolean): PowerState {
  return snapshot.power === 'poweredOn' && suppressPowerOn ? 'poweredOff' : snapshot.power;
}

/**
 * Brings the VM back to a snapshot: configuration, disks, and power state as it was captured. The present state is lost;
 * independent disks keep theirs.
 */
export function revertToSnapshot(before: VmState, id: string, suppressPowerOn: boolean, nowMs: number): VmState {
  const snapshot = findSnapshot(before, id);
  if (snapshot === undefined) {
    throw new Error(`no snapshot ${id}`);
  }
  const vm = accountGrowth(before, nowMs);
  const { config } = snapshot;
  const isKept = (diskKey: number): boolean =>
    !snapshot.disks.has(diskKey) && config.disks.some((disk) => disk.key === diskKey);
  const kept = new Map([...vm.leaves].filter(([diskKey]) => isKept(diskKey)));
  // What the VM wrote to until now goes; no snapshot holds it, because a take makes the VM write elsewhere.
  const dropped = new Set([...vm.leaves].filter(([diskKey]) => !isKept(diskKey)).map(([, fileKey]) => fileKey));
  const files = vm.files.filter((file) => !dropped.has(file.key));
  const power = powerAfterRevert(snapshot, suppressPowerOn);
  const reverted = fork({ ...vm, config, files, leaves: kept }, snapshot.disks);
  return settled({
    ...reverted,
    currentId: id,
    power,
    bootedAtMs: power === 'poweredOn' ? nowMs : undefined,
    // It sleeps since before the snapshot, whenever it was brought back.
    suspendedAtMs: power === 'suspended' ? snapshot.createdAtMs : undefined,
    changeVersion: vm.changeVersion + 1,
    configModifiedAtMs: nowMs,
    measuredAtMs: nowMs,
  });
}

/**
 * Takes snapshots out of the tree; their children move up to the nearest one that stays, and so does the current one.
 * The disk files stay until {@link consolidate} merges them.
 */
export function forgetSnapshots(before: VmState, ids: ReadonlySet<string>, nowMs: number): VmState {
  const vm = accountGrowth(before, nowMs);
  const survivor = (id: string | undefined): string | undefined => {
    let at = id;
    while (at !== undefined && ids.has(at)) {
      at = findSnapshot(vm, at)?.parentId;
    }
    return at;
  };
  return {
    ...vm,
    snapshots: vm.snapshots
      .filter((snapshot) => !ids.has(snapshot.id))
      .map((snapshot) => ({ ...snapshot, parentId: survivor(snapshot.parentId) })),
    currentId: survivor(vm.currentId),
  };
}

/** Decides anew what the VM reports of leftovers, and counts as measured. */
export function settled(vm: VmState): VmState {
  return { ...vm, consolidationNeeded: hasLeftovers(vm) };
}

/** Takes snapshots out of the tree and merges their disks: what deleting them comes to in the end. */
export function removeSnapshots(vm: VmState, ids: ReadonlySet<string>, nowMs: number): VmState {
  return { ...consolidate(forgetSnapshots(vm, ids, nowMs)).vm, measuredAtMs: nowMs };
}

/** Switches the VM on, off or to sleep. */
export function changePower(before: VmState, power: PowerState, nowMs: number): VmState {
  const vm = accountGrowth(before, nowMs);
  return {
    ...vm,
    power,
    bootedAtMs: power === 'poweredOn' ? nowMs : undefined,
    suspendedAtMs: power === 'suspended' ? nowMs : undefined,
  };
}

/** Bytes of a take's files on the datastore of the VM's home and of its disks, by datastore id. */
export function takeSpace(vm: VmState, request: TakeRequest): ReadonlyMap<string, number> {
  const after = takeSnapshot(vm, request, 'space', vm.accountedAtMs);
  const space = new Map<string, number>();
  const add = (id: string, bytes: number): void => {
    space.set(id, (space.get(id) ?? 0) + bytes);
  };
  for (const file of after.files) {
    if (fileOf(vm, file.key) === undefined) {
      add(file.datastore.value, file.sizeBytes);
    }
  }
  const taken = after.snapshots[after.snapshots.length - 1];
  add(vm.home.datastore.value, (taken?.dataFile.sizeBytes ?? 0) + (taken?.memoryFile?.sizeBytes ?? 0));
  return space;
}

/** Whether nothing can have changed since the current snapshot: the VM sleeps since before it was taken. */
export function isUnchangedSuspended(vm: VmState): boolean {
  const current = findSnapshot(vm, vm.currentId);
  return vm.power === 'suspended' && current?.power === 'suspended' && (vm.suspendedAtMs ?? 0) <= current.createdAtMs;
}
