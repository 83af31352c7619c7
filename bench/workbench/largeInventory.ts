import type { InventorySource } from '../../src/simulator/inventory/smallInventory';
import type { SnapshotSpec } from '../../src/simulator/inventory/snapshotHistory';
import type { PlaceSpec } from '../../src/simulator/inventory/vmPlacement';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';

// Stands before the others.
export const largeFolder = 'All in One';
const largeFolderVms = 10_000;

/** The folders beside it: `Group 1` and so on. */
const smallFolderVms = 100;

const hosts = 40;
const snapshotsEvery = 5;
const gigabytes = 16_777_216;

/** As many VMs as asked for in one datacenter, 10,000 of them in one folder and the others 100 in a folder. */
export function largeInventory(vms: number): InventorySource {
  return (builder) => {
    const datacenter = builder.datacenter('DC1');
    const names = Array.from({ length: hosts }, (_, index) => `esx${index + 1}.bench`);
    const cluster = builder.cluster(datacenter, 'Cluster 1', names);
    const datastore = builder.datastore(datacenter, 'DS1', { capacityGb: gigabytes });
    const network = builder.network(datacenter, 'NET1');
    const place = { pool: builder.rootPool(cluster), datastore, network };
    const hostObjects = builder.hostsIn(cluster);
    let number = 0;
    const fill = (name: string, count: number): void => {
      const folder = builder.folder(datacenter.vmFolder, name);
      const placed = Array.from({ length: count }, (): [VmSpec, PlaceSpec] => {
        const host = hostObjects[number % hosts];
        number++;
        return [vmSpec(number), { ...place, folder, ...(host !== undefined && { host }) }];
      });
      builder.vms(datacenter, placed);
    };
    fill(largeFolder, Math.min(largeFolderVms, vms));
    for (let group = 1; number < vms; group++) {
      fill(`Group ${group}`, Math.min(smallFolderVms, vms - number));
    }
  };
}

/** Name of a VM by its number, from 1. */
export function vmName(number: number): string {
  return `VM-${String(number).padStart(5, '0')}`;
}

function vmSpec(number: number): VmSpec {
  return {
    name: vmName(number),
    guest: 'debian12',
    power: number % 7 === 0 ? 'poweredOff' : 'poweredOn',
    memoryMb: 4_096,
    disks: [{ capacityGb: 40 }],
    ageDays: 500,
    ...(number % snapshotsEvery === 0 && { snapshots: [chain(number)] }),
  };
}

function chain(number: number): SnapshotSpec {
  const link = (ageDays: number, children: SnapshotSpec[]): SnapshotSpec => ({
    name: `before update ${ageDays}`,
    description: number % 2 === 0 ? 'monthly round' : '',
    ageDays,
    state: 'poweredOff',
    children,
  });
  return link(60, [link(20, [link(3, [])])]);
}
