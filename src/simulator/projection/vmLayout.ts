import type { VirtualMachineFileLayoutEx } from '../../vsphere/vim/layout';
import type { VirtualMachineStorageInfo, VirtualMachineStorageSummary } from '../../vsphere/vim/virtualMachine';
import { ManagedObjectReference } from '../../vsphere/vim/schema';
import { accountGrowth, bytesByDatastore, chainFrom, runFileBytes } from '../state/diskChain';
import { homePath } from '../state/snapshotOperations';
import type { DiskFile, VmState } from '../state/vmState';
import { snapshotRef } from './vmSnapshots';
import { dateTime, type Viewer } from './viewer';

// Files and space of a VM, as the server measured them last. It measures after each operation on the disks, when it is
// asked to, and by itself every half hour.

type FileInfo = VirtualMachineFileLayoutEx['file'][number];
type DiskLayout = VirtualMachineFileLayoutEx['disk'][number];

const measureEveryMs = 1_800_000;

// Keys of the files that every VM has; those of disks and snapshots begin after them.
const fixed = { config: 0, extendedConfig: 1, snapshotList: 2, nvram: 3, log: 4, run: 5 } as const;
export const firstFileKey = 16;

const descriptorBytes = 531;

function measuredAtMs(vm: VmState, nowMs: number): number {
  return Math.max(vm.measuredAtMs, Math.floor(nowMs / measureEveryMs) * measureEveryMs);
}

/** `layoutEx`. */
export function layoutEx(vm: VmState, viewer: Viewer): VirtualMachineFileLayoutEx {
  const atMs = measuredAtMs(vm, viewer.nowMs);
  const grown = accountGrowth(vm, atMs);
  const files = [...ownFiles(grown)];
  for (const file of grown.files) {
    files.push(...diskFiles(file, viewer));
  }
  for (const { dataFile, memoryFile } of grown.snapshots) {
    files.push(fileInfo(dataFile.key, dataFile.name, 'snapshotData', dataFile.sizeBytes));
    if (memoryFile !== undefined) {
      files.push(fileInfo(memoryFile.key, memoryFile.name, 'snapshotMemory', memoryFile.sizeBytes));
    }
  }
  return {
    file: files,
    disk: grown.config.disks.map((disk) => diskLayout(grown, disk.key, grown.leaves.get(disk.key), viewer)),
    snapshot: grown.snapshots.map((snapshot) => ({
      key: snapshotRef(snapshot.id),
      dataKey: snapshot.dataFile.key,
      memoryKey: snapshot.memoryFile?.key ?? -1,
      disk: [...snapshot.disks].map(([diskKey, fileKey]) => diskLayout(grown, diskKey, fileKey, viewer)),
    })),
    timestamp: dateTime(atMs),
  };
}

function fileInfo(key: number, name: string, type: string, size: number): FileInfo {
  return { key, name, type, size, uniqueSize: size, accessible: true };
}

function* ownFiles(vm: VmState): Generator<FileInfo> {
  const path = homePath(vm);
  yield fileInfo(fixed.config, `${path}.vmx`, 'config', 3_071);
  yield fileInfo(fixed.extendedConfig, `${path}.vmxf`, 'extendedConfig', 291);
  yield fileInfo(fixed.snapshotList, `${path}.vmsd`, 'snapshotList', vm.snapshots.length * 620);
  yield fileInfo(fixed.nvram, `${path}.nvram`, 'nvram', 270_840);
  yield fileInfo(fixed.log, `[${vm.home.datastoreName}] ${vm.home.folder}/vmware.log`, 'log', 254_136);
  if (vm.power === 'poweredOn') {
    yield fileInfo(fixed.run, `${path}-1a2b3c4d.vswp`, 'swap', runFileBytes(vm));
  } else if (vm.power === 'suspended') {
    yield fileInfo(fixed.run, `${path}-1a2b3c4d.vmem`, 'suspendMemory', runFileBytes(vm));
  }
}

/** On vSAN the descriptor stands for everything; elsewhere it is a small text beside the extent. */
function hasExtent(file: DiskFile, viewer: Viewer): boolean {
  return viewer.registry.find('Datastore', file.datastore.value)?.state.type !== 'vsan';
}

function diskFiles(file: DiskFile, viewer: Viewer): FileInfo[] {
  if (!hasExtent(file, viewer)) {
    return [fileInfo(file.key, file.name, 'diskDescriptor', file.sizeBytes)];
  }
  const suffix = file.parentKey === undefined ? 'flat' : 'delta';
  return [
    fileInfo(file.key, file.name, 'diskDescriptor', descriptorBytes),
    fileInfo(file.key + 1, file.name.replace(/\.vmdk$/, `-${suffix}.vmdk`), 'diskExtent', file.sizeBytes),
  ];
}

function diskLayout(vm: VmState, diskKey: number, leafKey: number | undefined, viewer: Viewer): DiskLayout {
  // From the base up, as vCenter writes it; nobody may rely on it.
  const chain = chainFrom(vm, leafKey).reverse();
  return {
    key: diskKey,
    chain: chain.map((file) => ({ fileKey: hasExtent(file, viewer) ? [file.key, file.key + 1] : [file.key] })),
  };
}

/** `storage`. */
export function storageInfo(vm: VmState, viewer: Viewer): VirtualMachineStorageInfo {
  const atMs = measuredAtMs(vm, viewer.nowMs);
  return {
    perDatastoreUsage: [...bytesByDatastore(accountGrowth(vm, atMs))].map(([id, committed]) => ({
      datastore: new ManagedObjectReference('Datastore', id),
      committed,
      uncommitted: 0,
      unshared: committed,
    })),
    timestamp: dateTime(atMs),
  };
}

/** `summary.storage`. */
export function storageSummary(vm: VmState, viewer: Viewer): VirtualMachineStorageSummary {
  const { perDatastoreUsage, timestamp } = storageInfo(vm, viewer);
  const committed = perDatastoreUsage.reduce((sum, usage) => sum + usage.committed, 0);
  return { committed, uncommitted: 0, unshared: committed, timestamp };
}
