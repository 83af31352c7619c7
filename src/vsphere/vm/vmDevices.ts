import { clipMiddle, oneLine } from '../../common/text';
import type { DiskFact } from '../../hypervisor/model/vmDetail';
import { objectIdOf } from '../ids';
import { VirtualDeviceFileBackingInfo, VirtualDisk, type VirtualDevice } from '../vim/device';
import { findType } from '../vim/registry';
import { isA, type ManagedObjectReference, type ObjectType } from '../vim/schema';

// What the devices of a VM mean for its snapshots. API reference: VirtualDevice and what derives from it.

/** Devices that rule snapshots out whatever they are set to. */
const blockingTypes: ReadonlySet<string> = new Set(['VirtualPCIPassthrough', 'VirtualSriovEthernetCard']);

export function disksOf(devices: readonly VirtualDevice[]): DiskFact[] {
  const byKey = new Map(devices.map((device) => [device.key, device]));
  return devices
    .filter((device) => isOfType(device, VirtualDisk))
    .map((disk) => {
      const backing = fileBacking(disk);
      const controller = disk.controllerKey === undefined ? undefined : byKey.get(disk.controllerKey);
      return {
        label: labelOf(disk),
        independent: backing.diskMode?.startsWith('independent') === true,
        physicalRaw: backing.compatibilityMode === 'physicalMode',
        shared: backing.sharing === 'sharingMultiWriter' || isShared(controller),
        datastoreId: backing.datastore === undefined ? undefined : objectIdOf(backing.datastore),
      };
    });
}

/** Labels of devices other than disks with which a VM cannot have snapshots. */
export function blockingDevices(devices: readonly VirtualDevice[]): string[] {
  return devices.filter(({ $type }) => blockingTypes.has($type ?? '')).map(labelOf);
}

function labelOf({ deviceInfo, $type, key }: VirtualDevice): string {
  return clipMiddle(oneLine(deviceInfo?.label ?? '', `${$type ?? 'VirtualDevice'} ${key}`), 60);
}

interface FileBacking {
  readonly datastore?: ManagedObjectReference;
  readonly diskMode?: string;
  readonly compatibilityMode?: string;
  readonly sharing?: string;
}

function fileBacking({ backing }: VirtualDevice): FileBacking {
  return backing !== undefined && isOfType(backing, VirtualDeviceFileBackingInfo) ? (backing as FileBacking) : {};
}

function isShared(controller: VirtualDevice | undefined): boolean {
  const { sharedBus } = (controller ?? {}) as { readonly sharedBus?: string };
  return sharedBus !== undefined && sharedBus !== 'noSharing';
}

function isOfType({ $type }: { readonly $type?: string }, ancestor: ObjectType): boolean {
  const type = $type === undefined ? undefined : findType($type);
  return type?.kind === 'object' && isA(type, ancestor);
}
