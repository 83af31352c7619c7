import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { bytesPerMb, type DiskFile, type DiskState, millisecondsPerHour, type VmState } from './vmState';

// Files of disks: each disk writes to a leaf; behind it lie the links that snapshots froze, down to the base.

/** A delta right after its creation: its header and first grains. */
export const newDeltaBytes = 16 * bytesPerMb;

export function fileOf(vm: VmState, key: number | undefined): DiskFile | undefined {
  return key === undefined ? undefined : vm.files.find((file) => file.key === key);
}

export function diskOf(vm: VmState, diskKey: number): DiskState | undefined {
  return (
    vm.config.disks.find((disk) => disk.key === diskKey) ??
    vm.snapshots.flatMap((snapshot) => snapshot.config.disks).find((disk) => disk.key === diskKey)
  );
}

/** The links of a disk from `leafKey` down to its base. */
export function chainFrom(vm: VmState, leafKey: number | undefined): DiskFile[] {
  const chain: DiskFile[] = [];
  for (let file = fileOf(vm, leafKey); file !== undefined; file = fileOf(vm, file.parentKey)) {
    chain.push(file);
  }
  return chain;
}

/** Whether snapshots can hold the disk. Independent disks are left alone by them. */
export function isSnapshotable(disk: DiskState): boolean {
  return disk.mode === 'persistent';
}

/** Bytes that the deltas of a running VM have gained since they were last accounted, for one disk. */
function growthBytes(vm: VmState, nowMs: number): number {
  const growing = vm.config.disks.filter(isSnapshotable).length;
  if (vm.power !== 'poweredOn' || growing === 0) {
    return 0;
  }
  const hours = (nowMs - vm.accountedAtMs) / millisecondsPerHour;
  return Math.floor((vm.changeBytesPerHour * hours) / growing);
}

/** Brings the sizes of the files up to date: deltas of a running VM grow with time, up to their disk's capacity. */
export function accountGrowth(vm: VmState, nowMs: number): VmState {
  if (nowMs <= vm.accountedAtMs) {
    return vm;
  }
  const gained = growthBytes(vm, nowMs);
  const leaves = new Set(vm.leaves.values());
  const files =
    gained === 0
      ? vm.files
      : vm.files.map((file) =>
          file.parentKey !== undefined && leaves.has(file.key) ? grown(vm, file, file.sizeBytes + gained) : file,
        );
  return { ...vm, files, accountedAtMs: nowMs };
}

function grown(vm: VmState, file: DiskFile, sizeBytes: number): DiskFile {
  const capacityBytes = diskOf(vm, file.diskKey)?.capacityBytes ?? sizeBytes;
  return { ...file, sizeBytes: Math.max(file.sizeBytes, Math.min(sizeBytes, capacityBytes)) };
}

/** Adds written data to what a disk writes to now. For building inventories with a past. */
export function growLeaf(vm: VmState, diskKey: number, bytes: number): VmState {
  const leafKey = vm.leaves.get(diskKey);
  return {
    ...vm,
    files: vm.files.map((file) => (file.key === leafKey ? grown(vm, file, file.sizeBytes + bytes) : file)),
  };
}

/** Bytes that the VM takes on each datastore, by the datastore's id. */
export function bytesByDatastore(vm: VmState): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  const add = (datastore: ManagedObjectReference, size: number): void => {
    bytes.set(datastore.value, (bytes.get(datastore.value) ?? 0) + size);
  };
  for (const file of vm.files) {
    add(file.datastore, file.sizeBytes);
  }
  add(vm.home.datastore, runFileBytes(vm));
  for (const snapshot of vm.snapshots) {
    add(vm.home.datastore, snapshot.dataFile.sizeBytes + (snapshot.memoryFile?.sizeBytes ?? 0));
  }
  return bytes;
}

/** Swap of a running VM, or memory of a suspended one. */
export function runFileBytes(vm: VmState): number {
  return vm.power === 'poweredOff' ? 0 : vm.config.memoryMb * bytesPerMb;
}

/** Starts a new link behind each given disk's file and makes the VM write to it. */
export function fork(vm: VmState, frozen: ReadonlyMap<number, number>): VmState {
  const leaves = new Map(vm.leaves);
  const files = [...vm.files];
  let { nextFileKey, nextDeltaNumber } = vm;
  for (const [diskKey, parentKey] of frozen) {
    const parent = fileOf(vm, parentKey);
    if (parent === undefined) {
      throw new Error(`disk ${diskKey} has no file ${parentKey}`);
    }
    files.push({
      key: nextFileKey,
      name: deltaName(vm, diskKey, nextDeltaNumber),
      datastore: parent.datastore,
      diskKey,
      parentKey,
      sizeBytes: newDeltaBytes,
    });
    leaves.set(diskKey, nextFileKey);
    // Two keys for each file: its descriptor and its extent.
    nextFileKey += 2;
    nextDeltaNumber += 1;
  }
  return { ...vm, files, leaves, nextFileKey, nextDeltaNumber };
}

function deltaName(vm: VmState, diskKey: number, number: number): string {
  const base = chainFrom(vm, vm.leaves.get(diskKey)).pop() ?? vm.files.find((file) => file.diskKey === diskKey);
  const stem = (base?.name ?? `${vm.name}.vmdk`).replace(/\.vmdk$/, '');
  return `${stem}-${String(number).padStart(6, '0')}.vmdk`;
}
