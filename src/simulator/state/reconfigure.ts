import type { VirtualDeviceConfigSpec, VirtualMachineConfigSpec } from '../../vsphere/vim/lifecycle';
import { plainName } from './names';
import { fault, type FaultValue } from './faultValues';
import { homePath } from './snapshotOperations';
import { bytesPerMb, type DiskMode, type DiskState, type VmConfig, type VmState } from './vmState';

// What reconfiguring a VM does: processors, memory, name, notes, extra settings, and disks.

interface DiskDevice {
  readonly key: number;
  readonly controllerKey?: number;
  readonly unitNumber?: number;
  readonly capacityInKB?: number;
  readonly capacityInBytes?: number;
  readonly backing?: { readonly fileName?: string; readonly diskMode?: string; readonly thinProvisioned?: boolean };
}

/** Why the change is refused; undefined when it is not. */
export function checkReconfigure(vm: VmState, spec: VirtualMachineConfigSpec): FaultValue | undefined {
  const changesHardware = spec.numCPUs !== undefined || spec.memoryMB !== undefined;
  if (changesHardware && vm.power !== 'poweredOff') {
    return fault('InvalidPowerState', { requestedState: 'poweredOff', existingState: vm.power });
  }
  if (spec.name !== undefined && spec.name === '') {
    return fault('InvalidName', { name: spec.name });
  }
  if ((spec.numCPUs ?? 1) < 1 || (spec.memoryMB ?? 4) < 4) {
    return fault('InvalidArgument', { invalidProperty: 'spec' });
  }
  for (const change of spec.deviceChange) {
    const refused = checkDevice(vm, change);
    if (refused !== undefined) {
      return refused;
    }
  }
  return undefined;
}

function checkDevice(vm: VmState, { operation, device }: VirtualDeviceConfigSpec): FaultValue | undefined {
  if (device.$type !== 'VirtualDisk') {
    return fault('NotSupported');
  }
  const disk = device as DiskDevice;
  const known = vm.config.disks.find(({ key }) => key === disk.key);
  if (operation === 'add') {
    return capacityBytes(disk) === undefined
      ? fault('InvalidArgument', { invalidProperty: 'capacityInKB' })
      : undefined;
  }
  if (known === undefined) {
    return fault('InvalidArgument', { invalidProperty: 'deviceChange.device.key' });
  }
  const newCapacity = capacityBytes(disk);
  if (operation === 'edit' && newCapacity !== undefined && newCapacity !== known.capacityBytes) {
    if (newCapacity < known.capacityBytes) {
      return fault('GenericVmConfigFault', { reason: `The size of ${known.label} cannot be reduced.` });
    }
    if (vm.snapshots.length > 0) {
      return fault('GenericVmConfigFault', {
        reason: `${known.label} cannot be resized: the virtual machine has snapshots.`,
      });
    }
  }
  return undefined;
}

function capacityBytes(disk: DiskDevice): number | undefined {
  return disk.capacityInBytes ?? (disk.capacityInKB === undefined ? undefined : disk.capacityInKB * 1_024);
}

/** Applies a change that has been checked. */
export function reconfigure(vm: VmState, spec: VirtualMachineConfigSpec, nowMs: number, uuid: string): VmState {
  const extraConfig = new Map(vm.config.extraConfig);
  for (const { key, value } of spec.extraConfig) {
    const text = typeof value === 'string' ? value : String(value);
    if (text === '') {
      extraConfig.delete(key);
    } else {
      extraConfig.set(key, text);
    }
  }
  const config: VmConfig = {
    ...vm.config,
    cpus: spec.numCPUs ?? vm.config.cpus,
    coresPerSocket: spec.numCoresPerSocket ?? vm.config.coresPerSocket,
    memoryMb: spec.memoryMB ?? vm.config.memoryMb,
    annotation: spec.annotation ?? vm.config.annotation,
    guestId: spec.guestId ?? vm.config.guestId,
    changeTracking: spec.changeTrackingEnabled ?? vm.config.changeTracking,
    snapshotsDisabled: spec.flags?.snapshotDisabled ?? vm.config.snapshotsDisabled,
    snapshotsLocked: spec.flags?.snapshotLocked ?? vm.config.snapshotsLocked,
    extraConfig,
  };
  const changed: VmState = {
    ...vm,
    name: spec.name === undefined ? vm.name : plainName(spec.name),
    config,
    managedBy: spec.managedBy ?? vm.managedBy,
    changeVersion: vm.changeVersion + 1,
    configModifiedAtMs: nowMs,
  };
  return spec.deviceChange.reduce((state, change) => changeDisk(state, change, uuid), changed);
}

function changeDisk(vm: VmState, { operation, device }: VirtualDeviceConfigSpec, uuid: string): VmState {
  const disk = device as DiskDevice;
  switch (operation) {
    case 'add':
      return addDisk(vm, disk, uuid);
    case 'remove':
      return removeDisk(vm, disk.key);
    default:
      return editDisk(vm, disk);
  }
}

function addDisk(vm: VmState, device: DiskDevice, uuid: string): VmState {
  const { disks } = vm.config;
  const key = Math.max(1_999, ...disks.map((disk) => disk.key)) + 1;
  const capacity = capacityBytes(device) ?? bytesPerMb;
  const thin = device.backing?.thinProvisioned ?? true;
  const numbers = disks.map((disk) => Number(/\d+$/.exec(disk.label)?.[0] ?? 0));
  const added: DiskState = {
    key,
    label: `Hard disk ${Math.max(0, ...numbers) + 1}`,
    controllerKey: device.controllerKey ?? vm.config.controllers[0]?.key ?? 1_000,
    unitNumber: device.unitNumber ?? disks.length,
    capacityBytes: capacity,
    mode: diskMode(device.backing?.diskMode) ?? 'persistent',
    kind: 'flat',
    thin,
    isShared: false,
    uuid,
  };
  const file = {
    key: vm.nextFileKey,
    name: `${homePath(vm)}_${key - 2_000}.vmdk`,
    datastore: vm.home.datastore,
    diskKey: key,
    parentKey: undefined,
    sizeBytes: thin ? 0 : capacity,
  };
  return {
    ...vm,
    config: { ...vm.config, disks: [...disks, added] },
    files: [...vm.files, file],
    leaves: new Map([...vm.leaves, [key, file.key]]),
    nextFileKey: vm.nextFileKey + 2,
  };
}

/**
 * Files that a snapshot holds stay the VM's. Others are its business no more, whether the request deletes them or not.
 */
function removeDisk(vm: VmState, key: number): VmState {
  const leaf = vm.leaves.get(key);
  const leaves = new Map(vm.leaves);
  leaves.delete(key);
  const held = new Set(vm.snapshots.flatMap((snapshot) => [...snapshot.disks.values()]));
  const goes = (fileKey: number): boolean => fileKey === leaf && !held.has(fileKey);
  return {
    ...vm,
    config: { ...vm.config, disks: vm.config.disks.filter((disk) => disk.key !== key) },
    files: vm.files.filter((file) => !goes(file.key)),
    leaves,
  };
}

function editDisk(vm: VmState, device: DiskDevice): VmState {
  const edited = (disk: DiskState): DiskState => ({
    ...disk,
    capacityBytes: capacityBytes(device) ?? disk.capacityBytes,
    mode: diskMode(device.backing?.diskMode) ?? disk.mode,
  });
  return {
    ...vm,
    config: { ...vm.config, disks: vm.config.disks.map((disk) => (disk.key === device.key ? edited(disk) : disk)) },
  };
}

function diskMode(text: string | undefined): DiskMode | undefined {
  return text === 'persistent' || text === 'independent_persistent' || text === 'independent_nonpersistent'
    ? text
    : undefined;
}
