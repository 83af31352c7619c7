import type {
  DeviceConfiguration,
  DiskConfiguration,
  NetworkConfiguration,
  VmConfiguration,
} from '../../hypervisor/model/vmConfiguration';
import { decodeName } from '../names';
import { VirtualDeviceDeviceBackingInfo, VirtualDisk, VirtualEthernetCard, type VirtualDevice } from '../vim/device';
import { findType } from '../vim/registry';
import { isA, type ObjectType } from '../vim/schema';
import type { VirtualMachineConfigInfo } from '../vim/virtualMachine';

/**
 * A configuration in the words of the domain.
 *
 * @remarks A file of a disk is that of its base: the delta on top is another one for each snapshot and says nothing about
 * the configuration.
 * @see VirtualMachineConfigInfo in the vSphere API reference
 */
export function toVmConfiguration(config: VirtualMachineConfigInfo): VmConfiguration {
  const { hardware } = config;
  const labels = new Map(hardware.device.map((device) => [device.key, labelOf(device)]));
  const disks: DiskConfiguration[] = [];
  const networks: NetworkConfiguration[] = [];
  const devices: DeviceConfiguration[] = [];
  for (const device of hardware.device) {
    if (isOfType(device, VirtualDisk)) {
      disks.push(toDisk(device, labels));
    } else if (isOfType(device, VirtualEthernetCard)) {
      networks.push(toNetwork(device));
    } else {
      devices.push({
        label: labelOf(device),
        type: device.$type ?? 'VirtualDevice',
        summary: device.deviceInfo?.summary ?? '',
      });
    }
  }
  return {
    name: decodeName(config.name),
    annotation: config.annotation ?? '',
    hardwareVersion: config.version,
    guestName: config.guestFullName,
    firmware: config.firmware,
    cpus: hardware.numCPU,
    coresPerSocket: hardware.numCoresPerSocket,
    memoryMb: hardware.memoryMB,
    cpuHotAdd: config.cpuHotAddEnabled,
    memoryHotAdd: config.memoryHotAddEnabled,
    changeTracking: config.changeTrackingEnabled,
    disks,
    networks,
    devices,
    options: new Map(config.extraConfig.map(({ key, value }) => [key, optionText(value)])),
  };
}

function toDisk(device: VirtualDevice, labels: ReadonlyMap<number, string>): DiskConfiguration {
  const disk = device as VirtualDevice & { readonly capacityInKB?: number; readonly capacityInBytes?: number };
  const backing = (device.backing ?? {}) as DiskBacking;
  const controller = device.controllerKey === undefined ? undefined : labels.get(device.controllerKey);
  return {
    label: labelOf(device),
    capacityBytes: disk.capacityInBytes ?? (disk.capacityInKB ?? 0) * 1024,
    mode: backing.diskMode,
    provisioning: provisioning(backing),
    controller:
      controller === undefined || device.unitNumber === undefined ? controller : `${controller}:${device.unitNumber}`,
    file: baseFile(backing),
  };
}

interface DiskBacking {
  readonly fileName?: string;
  readonly diskMode?: string;
  readonly thinProvisioned?: boolean;
  readonly compatibilityMode?: string;
  readonly parent?: DiskBacking;
}

function provisioning({ compatibilityMode, thinProvisioned }: DiskBacking): DiskConfiguration['provisioning'] {
  if (compatibilityMode !== undefined) {
    return 'raw';
  }
  return thinProvisioned === undefined ? undefined : thinProvisioned ? 'thin' : 'thick';
}

function baseFile(backing: DiskBacking): string | undefined {
  let at = backing;
  // As deep as the chain of snapshots; the decoder has seen to it that it ends.
  while (at.parent !== undefined) {
    at = at.parent;
  }
  return at.fileName === undefined ? undefined : decodeName(at.fileName);
}

function toNetwork(device: VirtualDevice): NetworkConfiguration {
  const card = device as VirtualDevice & { readonly macAddress?: string };
  const { backing } = device;
  const named =
    backing !== undefined && isOfType(backing, VirtualDeviceDeviceBackingInfo)
      ? (backing as { readonly deviceName?: string }).deviceName
      : // A distributed switch names its port group in the summary only.
        device.deviceInfo?.summary;
  return {
    label: labelOf(device),
    type: device.$type ?? 'VirtualEthernetCard',
    network: named === undefined ? undefined : decodeName(named),
    macAddress: card.macAddress,
    connectedAtStart: device.connectable?.startConnected,
  };
}

function labelOf({ deviceInfo, $type, key }: VirtualDevice): string {
  return deviceInfo?.label ?? `${$type ?? 'VirtualDevice'} ${key}`;
}

function optionText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function isOfType({ $type }: { readonly $type?: string }, ancestor: ObjectType): boolean {
  const type = $type === undefined ? undefined : findType($type);
  return type?.kind === 'object' && isA(type, ancestor);
}
