import type { ManagedObject } from '../model/registry';
import { demoLab, demoOddNames } from './demoLab';
import { demoProduction } from './demoProduction';
import type { BuiltDatacenter, InventoryBuilder } from './inventoryBuilder';
import { esxDatacenter } from './smallInventory';
import type { PlaceSpec } from './vmPlacement';
import type { VmSpec } from './vmSpec';

// The vCenter of a company that does not exist: two sites, a history of many hands, and one VM for everything that a
// person who looks after snapshots meets sooner or later. Times are ages, so that it never grows old.

/** Instance of the demo's vCenter: the same in every start, because clients tell servers apart by it. */
export const demoInstanceUuid = '5f0e8d2c-7a41-4c9e-9b1f-0d3c6a52e8b7';

/** The places of the demo that VMs go to. */
export interface DemoSite {
  readonly builder: InventoryBuilder;
  readonly datacenter: BuiltDatacenter;
  folder(...path: readonly string[]): ManagedObject<'Folder'>;
  /** Adds VMs, all to the same place. */
  vms(place: PlaceSpec, ...specs: readonly VmSpec[]): void;
}

function site(builder: InventoryBuilder, datacenter: BuiltDatacenter): DemoSite {
  const folders = new Map<string, ManagedObject<'Folder'>>();
  return {
    builder,
    datacenter,
    folder: (...path) => {
      let at = datacenter.vmFolder;
      let key = '';
      for (const name of path) {
        key += `/${name}`;
        const known = folders.get(key) ?? builder.folder(at, name);
        folders.set(key, known);
        at = known;
      }
      return at;
    },
    vms: (place, ...specs) => {
      for (const spec of specs) {
        builder.vm(datacenter, spec, place);
      }
    },
  };
}

/** Fills a server with the demo's inventory. On a standalone ESXi it fits into one host. */
export function demoInventory(builder: InventoryBuilder): void {
  if (builder.server.isEsx) {
    branchOffice(builder);
  } else {
    paris(builder);
    roubaix(builder);
  }
}

/** One host in a branch office. */
function branchOffice(builder: InventoryBuilder): void {
  const office = site(builder, esxDatacenter(builder));
  office.vms(
    {},
    { name: 'DC-LYON', guest: 'windows2022', hostName: 'dc-lyon.corp.example', ipAddress: '10.60.0.11' },
    {
      name: 'FILES-LYON',
      guest: 'windows2019',
      memoryMb: 8_192,
      disks: [{ capacityGb: 80 }, { capacityGb: 600 }],
      snapshots: [
        { name: 'before KB5034', ageDays: 33, children: [{ name: 'before move', ageDays: 5, writtenGb: 12 }] },
      ],
      writtenGbSince: 6,
    },
    { name: 'PRINT-LYON', guest: 'windows2019', power: 'poweredOff', snapshots: [{ name: 'clean', ageDays: 2 }] },
    { name: 'ROUTER-LYON', guest: 'freebsd', memoryMb: 1_024, disks: [{ capacityGb: 8 }], leftoverLinks: 1 },
    {
      name: 'PHONE-LYON',
      guest: 'debian12',
      memoryMb: 2_048,
      snapshots: [{ name: 'running', ageDays: 1, state: 'poweredOn' }],
    },
  );
}

function paris(builder: InventoryBuilder): void {
  const datacenter = builder.datacenter('Paris');
  const main = builder.datastore(datacenter, 'DS-01', { capacityGb: 12_288, otherGb: 3_100 });
  const fast = builder.datastore(datacenter, 'DS-02-SSD', { capacityGb: 6_144, otherGb: 1_450 });
  const nearlyFull = builder.datastore(datacenter, 'DS-03', { capacityGb: 2_048, otherGb: 1_330 });
  const vsan = builder.datastore(datacenter, 'vsanDatastore-PAR', { capacityGb: 20_480, otherGb: 6_000, type: 'vsan' });
  const servers = builder.network(datacenter, 'VLAN 10 - Servers');
  const web = builder.network(datacenter, 'VLAN 20 - DMZ');
  const build = builder.network(datacenter, 'VLAN 30 - Development');
  const production = builder.cluster(datacenter, 'PAR-PROD', hostNames('esx-0', 4, 'paris.example'));
  const development = builder.cluster(datacenter, 'PAR-DEV', hostNames('esx-1', 2, 'paris.example'), {
    memoryBytes: 274_877_906_944,
    cpuCores: 32,
  });
  const critical = builder.pool(builder.rootPool(production), 'Critical');
  const standard = builder.pool(builder.rootPool(production), 'Standard');
  const builders = builder.pool(builder.rootPool(development), 'Build Farm');
  const paris = site(builder, datacenter);
  demoProduction(paris, { main, fast, nearlyFull, vsan, servers, web, critical, standard });
  demoLab(paris, { main, nearlyFull, vsan, build, builders });
}

function roubaix(builder: InventoryBuilder): void {
  const datacenter = builder.datacenter('Roubaix');
  const main = builder.datastore(datacenter, 'RBX-NFS-01', { capacityGb: 8_192, otherGb: 2_200, type: 'NFS' });
  const local = builder.datastore(datacenter, 'RBX-LOCAL', { capacityGb: 1_024, otherGb: 200 });
  const network = builder.network(datacenter, 'VLAN 110 - Servers');
  builder.cluster(datacenter, 'RBX-01', hostNames('esx-2', 2, 'roubaix.example'));
  const resting = builder.standaloneHost(datacenter, 'rbx-lab.roubaix.example', { inMaintenance: true });
  const lost = builder.standaloneHost(datacenter, 'rbx-old.roubaix.example', { connection: 'disconnected' });
  const roubaix = site(builder, datacenter);
  const [labHost] = builder.hostsIn(resting);
  const [lostHost] = builder.hostsIn(lost);
  roubaix.vms(
    { folder: roubaix.folder('Disaster Recovery'), datastore: main, network },
    {
      name: 'SQL01',
      guest: 'windows2022',
      power: 'poweredOff',
      memoryMb: 16_384,
      annotation: 'Replica of Paris/SQL01',
    },
    {
      name: 'DC03',
      guest: 'windows2022',
      hostName: 'dc03.corp.example',
      ipAddress: '10.110.0.13',
      snapshots: [{ name: 'before schema update', description: 'CHG-20417', ageDays: 9, writtenGb: 2 }],
      writtenGbSince: 4,
    },
  );
  if (labHost !== undefined) {
    roubaix.vms(
      { folder: roubaix.folder('Lab'), host: labHost, datastore: local },
      { name: 'LAB-ESX-NESTED', power: 'poweredOff' },
    );
  }
  if (lostHost !== undefined) {
    roubaix.vms(
      { folder: roubaix.folder('Lab'), host: lostHost, datastore: local },
      {
        name: 'OLD-SCAN01',
        connection: 'disconnected',
        guest: 'windows2016',
        snapshots: [{ name: 'before driver', ageDays: 212, writtenGb: 3 }],
      },
    );
  }
  demoOddNames(roubaix, { datastore: main, network });
}

function hostNames(prefix: string, count: number, domain: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}.${domain}`);
}
