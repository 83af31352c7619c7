import type { ManagedObject } from '../model/registry';
import type { DemoSite } from './demoInventory';
import type { SnapshotSpec } from './snapshotHistory';
import type { VmSpec } from './vmSpec';

type Pool = ManagedObject<'ResourcePool'>;
type Datastore = ManagedObject<'Datastore'>;
type Network = ManagedObject<'Network'>;

export interface ProductionPlaces {
  readonly main: Datastore;
  readonly fast: Datastore;
  readonly nearlyFull: Datastore;
  readonly vsan: Datastore;
  readonly servers: Network;
  readonly web: Network;
  readonly critical: Pool;
  readonly standard: Pool;
}

const veeam = 'VEEAM BACKUP TEMPORARY SNAPSHOT';
const veeamDescription =
  'Please do not delete this snapshot. It is being used by Veeam Backup.\n<RPData PointTime="5250112204123456789" ' +
  'WorkingSnapshotTime="5250112204001122334" PointSize="0" PointType="EImageSnapshot" DescriptorType="Default" ' +
  'Quiesced="true" BackupServer="backup-proxy01" JobName="Nightly &amp; Weekly">\n</RPData>';

/** What earns the company's money. */
export function demoProduction(site: DemoSite, places: ProductionPlaces): void {
  databases(site, places);
  web(site, places);
  files(site, places);
  infrastructure(site, places);
  applications(site, places);
}

function databases(site: DemoSite, { main, fast, servers, critical }: ProductionPlaces): void {
  const place = { folder: site.folder('Production', 'Databases'), pool: critical, datastore: fast, network: servers };
  const windows = { guest: 'windows2022', memoryMb: 16_384, cpus: 8, ageDays: 700 } as const;
  const twoDisks = [{ capacityGb: 120 }, { capacityGb: 500, usedGb: 310 }];
  site.vms(
    place,
    {
      ...windows,
      name: 'SQL01',
      // What it was given since then shows when its snapshots are compared.
      memoryMb: 8_192,
      cpus: 4,
      hostName: 'sql01.corp.example',
      ipAddress: '10.10.0.21',
      annotation: 'Order database. Owner: CORP\\jdoe. Patch window: Sunday 02:00.',
      disks: twoDisks,
      changeGbPerHour: 0.5,
      writtenGbSince: 11,
      snapshots: [
        {
          name: 'before KB5034',
          description: 'CHG-20391: cumulative update. Delete when the month end run has passed.',
          ageDays: 41,
          children: [
            {
              name: 'before index rebuild',
              description: 'CHG-20402: with more processors and memory, and a disk for tempdb',
              upgrade: { cpus: 8, memoryMb: 16_384, diskGb: 200 },
              ageDays: 12,
              writtenGb: 38,
              children: [{ name: 'nightly', description: 'by the scheduler', ageDays: 1, writtenGb: 9 }],
            },
          ],
        },
      ],
    },
    { ...windows, name: 'SQL02', hostName: 'sql02.corp.example', ipAddress: '10.10.0.22', disks: twoDisks },
    {
      name: 'ORA01',
      guest: 'rhel8',
      memoryMb: 65_536,
      cpus: 16,
      hostName: 'ora01.corp.example',
      annotation: 'Oracle. Data lies on raw LUNs of the storage system: no snapshots.',
      disks: [{ capacityGb: 100 }, { capacityGb: 2_000, kind: 'rawPhysical', mode: 'independent_persistent' }],
    },
    {
      name: 'PG01',
      guest: 'debian12',
      memoryMb: 8_192,
      hostName: 'pg01.corp.example',
      ipAddress: '10.10.0.31',
      writtenGbSince: 2,
      snapshots: [
        {
          name: 'before 16.4',
          description: 'with memory, for a quick way back',
          ageDays: 3,
          state: 'poweredOn',
          writtenGb: 1,
        },
      ],
    },
  );
  site.vms(
    { ...place, datastore: main },
    { ...windows, name: 'SQL-CL1', sharedBus: 'physicalSharing', annotation: 'Failover cluster, node 1' },
    { ...windows, name: 'SQL-CL2', sharedBus: 'physicalSharing', annotation: 'Failover cluster, node 2' },
  );
}

function web(site: DemoSite, places: ProductionPlaces): void {
  const place = {
    folder: site.folder('Production', 'Web'),
    pool: places.standard,
    datastore: places.main,
    network: places.web,
  };
  const server = (number: number): VmSpec => ({
    name: `WEB0${number}`,
    guest: 'debian12',
    hostName: `web0${number}.corp.example`,
    ipAddress: `10.20.0.1${number}`,
    disks: [{ capacityGb: 40 }],
  });
  const releases: SnapshotSpec = {
    name: 'nightly',
    ageDays: 6,
    children: [
      { name: 'nightly', ageDays: 5, writtenGb: 0.4, children: [{ name: 'nightly', ageDays: 4, writtenGb: 0.6 }] },
      {
        name: 'release 7.2',
        description: 'branch kept until 7.3 is out',
        ageDays: 3,
        writtenGb: 2.4,
        isCurrent: true,
        children: [{ name: 'test of 7.3', ageDays: 2, writtenGb: 1.1 }],
      },
    ],
  };
  site.vms(
    place,
    { ...server(1), snapshots: [{ name: 'before OpenSSL', ageDays: 2, writtenGb: 1 }], writtenGbSince: 0.5 },
    server(2),
    { ...server(3), snapshots: [releases], writtenGbSince: 0.3 },
    { ...server(4), power: 'poweredOff' },
    { ...server(5), name: 'APP01', hostName: 'app01.corp.example', ipAddress: '10.20.0.41' },
    {
      ...server(6),
      name: 'FT-LB01',
      faultTolerance: true,
      annotation: 'Load balancer under Fault Tolerance: snapshots are not possible.',
    },
  );
}

function files(site: DemoSite, { main, nearlyFull, servers, standard }: ProductionPlaces): void {
  const place = { folder: site.folder('Production', 'Files'), pool: standard, datastore: main, network: servers };
  const server = {
    guest: 'windows2019',
    memoryMb: 8_192,
    ageDays: 1_100,
    disks: [{ capacityGb: 80 }, { capacityGb: 900 }],
  } as const;
  site.vms(
    place,
    { ...server, name: 'FILE01', hostName: 'file01.corp.example' },
    { ...server, name: 'FILE02', hostName: 'file02.corp.example', tools: 'broken' },
    {
      ...server,
      name: 'FILE03',
      hostName: 'file03.corp.example',
      annotation: 'A backup failed here last week; its disks were never merged.',
      leftoverLinks: 2,
      leftoverGb: 14,
    },
  );
  site.vms(
    { ...place, datastore: nearlyFull },
    {
      ...server,
      name: 'ARCHIVE01',
      disks: [{ capacityGb: 400, usedGb: 200 }],
      annotation: 'On a datastore with little room left.',
      snapshots: [{ name: 'before move', ageDays: 95, children: [{ name: 'half way', ageDays: 94, writtenGb: 60 }] }],
      writtenGbSince: 40,
    },
  );
}

function infrastructure(site: DemoSite, { main, vsan, servers, critical }: ProductionPlaces): void {
  const folder = site.folder('Infrastructure');
  const place = { folder, pool: critical, datastore: main, network: servers };
  site.vms(
    place,
    {
      name: 'DC01',
      guest: 'windows2022',
      hostName: 'dc01.corp.example',
      ipAddress: '10.10.0.11',
      annotation: 'Never restore a domain controller from a snapshot.',
    },
    { name: 'DC02', guest: 'windows2022', hostName: 'dc02.corp.example', ipAddress: '10.10.0.12' },
    { name: 'MON01', guest: 'debian12', hostName: 'mon01.corp.example', changeGbPerHour: 2 },
    { name: 'BACKUP-PROXY01', guest: 'windows2022', memoryMb: 16_384, hostName: 'backup-proxy01.corp.example' },
  );
  site.vms(
    { ...place, datastore: vsan },
    {
      name: 'SYSLOG01',
      guest: 'photon',
      changeGbPerHour: 3,
      disks: [{ capacityGb: 800, usedGb: 420 }],
      snapshots: [{ name: 'before upgrade', ageDays: 58 }],
      writtenGbSince: 190,
    },
  );
  for (const id of ['4c4c4544-0042', '4c4c4544-0057', '4c4c4544-0064']) {
    site.vms(
      { folder: site.folder('vCLS'), datastore: vsan },
      {
        name: `vCLS-${id}-3510-8052-b7c04f4e5932`,
        guest: 'photon',
        cpus: 1,
        memoryMb: 128,
        disks: [{ capacityGb: 2 }],
        managedBy: { extensionKey: 'VirtualCenter', type: 'cluster-agent' },
      },
    );
  }
}

function applications(site: DemoSite, { main, vsan, servers, standard }: ProductionPlaces): void {
  const folder = site.folder('Production', 'Applications');
  const place = { folder, pool: standard, datastore: main, network: servers };
  site.vms(
    place,
    {
      name: 'MAIL01',
      guest: 'windows2019',
      memoryMb: 32_768,
      hostName: 'mail01.corp.example',
      disabledMethods: [
        'RelocateVM_Task',
        'MigrateVM_Task',
        'RemoveAllSnapshots_Task',
        'RevertToCurrentSnapshot_Task',
      ].map((method) => ({ method, source: 'com.veeam.backup' })),
      snapshots: [{ name: veeam, description: veeamDescription, ageDays: 0.08, quiesced: true }],
      writtenGbSince: 3,
    },
    {
      name: 'REPL01',
      guest: 'rhel8',
      annotation: 'The backup of Sunday broke off: no snapshot is current.',
      hasNoCurrent: true,
      snapshots: [
        { name: '_VCB-BACKUP_', ageDays: 6, quiesced: true, children: [{ name: 'Consolidate Helper-0', ageDays: 6 }] },
      ],
    },
    {
      name: 'LEGACY-ERP',
      guest: 'windows2016',
      memoryMb: 24_576,
      ageDays: 2_600,
      disks: [{ capacityGb: 1_200, usedGb: 640 }],
      annotation: 'Nobody dares to touch it.',
      snapshots: [oldChain([912, 730, 611, 402, 388, 201, 130], [0, 96, 130, 71, 12, 160, 88])],
      writtenGbSince: 140,
    },
    {
      name: 'PRINT01',
      guest: 'windows2019',
      question: {
        id: '4711',
        text: 'msg.hbacommon.outofspace: There is no more space for virtual disk PRINT01_1.vmdk. You might be able to continue this session by freeing disk space on the relevant volume, and clicking Retry. Click Cancel to terminate this session.',
        choices: [
          { key: '0', label: 'Cancel' },
          { key: '1', label: 'Retry' },
        ],
        defaultIndex: 1,
      },
    },
    {
      name: 'CACHE01',
      guest: 'ubuntu',
      disks: [{ capacityGb: 30 }, { capacityGb: 200, mode: 'independent_persistent' }],
      annotation: 'Hard disk 2 is independent: no snapshot holds it.',
    },
    {
      name: 'PCI-DSS01',
      guest: 'rhel8',
      extraConfig: { 'snapshot.maxSnapshots': '2' },
      snapshots: [{ name: 'audit', ageDays: 20, children: [{ name: 'audit, second try', ageDays: 19 }] }],
    },
    { name: 'GHOST01', connection: 'orphaned', power: 'poweredOff' },
    { name: 'OLD-APP', connection: 'inaccessible', power: 'poweredOff' },
  );
  const app = site.builder.vApp(standard, folder, 'Intranet');
  site.vms(
    { pool: app, datastore: vsan, network: servers },
    { name: 'INTRA-WEB', guest: 'debian12', snapshots: [{ name: 'before theme', ageDays: 15 }] },
    { name: 'INTRA-DB', guest: 'debian12' },
  );
}

/** A chain from ages and from what was written before each snapshot. */
function oldChain(ages: readonly number[], gigabytes: readonly number[]): SnapshotSpec {
  const links = ages.map((ageDays, index) => ({
    name: `before update ${index + 1}`,
    description: index === 0 ? 'DO NOT DELETE!!' : '',
    ageDays,
    writtenGb: gigabytes[index] ?? 1,
  }));
  return links.reduceRight<SnapshotSpec | undefined>(
    (below, link) => ({ ...link, ...(below !== undefined && { children: [below] }) }),
    undefined,
  ) as SnapshotSpec;
}
