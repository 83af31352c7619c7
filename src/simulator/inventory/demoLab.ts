import type { ManagedObject } from '../model/registry';
import type { DemoSite } from './demoInventory';
import type { SnapshotSpec } from './snapshotHistory';

type Datastore = ManagedObject<'Datastore'>;
type Network = ManagedObject<'Network'>;

export interface LabPlaces {
  readonly main: Datastore;
  readonly nearlyFull: Datastore;
  readonly vsan: Datastore;
  readonly build: Network;
  readonly builders: ManagedObject<'ResourcePool'>;
}

/** Where things are tried out. */
export function demoLab(site: DemoSite, { main, nearlyFull, vsan, build, builders }: LabPlaces): void {
  const place = { folder: site.folder('Development', 'Build'), pool: builders, datastore: vsan, network: build };
  for (const number of [1, 2, 3, 4, 5, 6]) {
    const isOdd = number % 2 === 1;
    site.vms(place, {
      name: `BUILD${number}`,
      guest: isOdd ? 'windows2022' : 'ubuntu',
      memoryMb: 16_384,
      cpus: 8,
      hostName: `build${number}.dev.example`,
      ...(isOdd && { snapshots: [{ name: 'clean', description: 'Restored before each run', ageDays: 30 - number }] }),
      writtenGbSince: isOdd ? number * 2 : 0,
    });
  }
  site.vms(place, {
    name: 'BUILD7',
    guest: 'ubuntu',
    power: 'poweredOff',
    memoryMb: 16_384,
    snapshots: [{ name: 'clean', description: 'Restored before each run', ageDays: 2 }],
    writtenGbSince: 1,
  });
  const test = { ...place, folder: site.folder('Development', 'Test'), datastore: main };
  site.vms(
    test,
    { name: 'APP01', guest: 'debian12', hostName: 'app01.dev.example', snapshots: [{ name: 'seeded', ageDays: 8 }] },
    {
      name: 'TEST-WIN11',
      guest: 'windows11',
      memoryMb: 8_192,
      power: 'suspended',
      snapshots: [{ name: 'logged in', ageDays: 4, state: 'poweredOn' }],
    },
    {
      name: 'RENDER01',
      guest: 'windows2022',
      memoryMb: 65_536,
      passthrough: ['NVIDIA A40'],
      annotation: 'The graphics card is passed through: no snapshots.',
    },
    { name: 'CI-AGENT', guest: 'ubuntu', trouble: { quiesceFails: 'filesystem' } },
    {
      name: 'LOCKED01',
      guest: 'ubuntu',
      annotation: 'A backup proxy holds a disk of it: deleting a snapshot leaves disks behind.',
      trouble: { lockedFile: '[DS-01] LOCKED01/LOCKED01-000001.vmdk' },
      snapshots: [{ name: 'before agent', ageDays: 1 }],
      writtenGbSince: 1,
    },
  );
  const deep = site.folder('Development', 'Test', 'Team Blue', 'Sprint 42', 'Experiments');
  site.vms(
    { ...test, folder: deep },
    { name: 'KERNEL-LAB', guest: 'debian12', memoryMb: 2_048, snapshots: [chain(30)] },
    { name: 'TREE-LAB', guest: 'debian12', snapshots: [bush(3, 3, 'option')] },
  );
  site.vms(
    { ...test, folder: site.folder('Development', 'Golden Images'), datastore: nearlyFull },
    {
      name: 'GOLD-IMAGE',
      guest: 'windows11',
      power: 'poweredOff',
      annotation: 'Its first snapshot was deleted long ago; the others are roots now.',
      snapshots: [
        { name: 'Office 2019', ageDays: 300, writtenGb: 6 },
        {
          name: 'Office 2021',
          ageDays: 150,
          writtenGb: 7,
          children: [{ name: 'Office 2021, patched', ageDays: 90, writtenGb: 2 }],
        },
        { name: 'Office 365', ageDays: 40, writtenGb: 8 },
      ],
    },
  );
  site.vms(
    { folder: site.folder('Templates'), datastore: main, network: build },
    { name: 'tpl-windows-2022', guest: 'windows2022', isTemplate: true, power: 'poweredOff' },
    { name: 'tpl-debian-12', guest: 'debian12', isTemplate: true, power: 'poweredOff' },
  );
}

/** A straight chain of so many snapshots, one a day. */
function chain(length: number): SnapshotSpec {
  let below: SnapshotSpec | undefined;
  for (let number = length; number >= 1; number--) {
    below = {
      name: `patch ${number}`,
      ageDays: length - number + 1,
      writtenGb: 0.2,
      ...(below !== undefined && { children: [below] }),
    };
  }
  return below as SnapshotSpec;
}

/** A tree in which everything branches. */
function bush(levels: number, width: number, name: string): SnapshotSpec {
  return {
    name,
    ageDays: levels * 3,
    writtenGb: 0.3,
    children:
      levels === 1 ? [] : Array.from({ length: width }, (_, index) => bush(levels - 1, width, `${name}.${index + 1}`)),
  };
}

const longName =
  'Migration of the accounting department to the new branch office, second attempt after the power cut of March';

/** Names that people really give, and some that only an attacker would. */
export function demoOddNames(
  site: DemoSite,
  place: { readonly datastore: Datastore; readonly network: Network },
): void {
  const folder = site.folder('R&D <lab>', '50% off / archive\\old');
  const names = [
    'centos/7',
    'C:\\scratch',
    '100% done',
    'already%2fescaped',
    'a & b < c > "d" \'e\'',
    '$(trash) $(sync~spin)',
    '**bold** [link](command:workbench.action.quit) `code`',
    '007',
    'true',
    ' blanks around ',
    'ünïcødé 🚀 данные 資料',
    'שרת גיבוי',
    'invoice\u202egpj.exe',
    'tab\tand\u0085next line',
    longName,
  ];
  for (const [index, name] of names.entries()) {
    site.vms(
      { ...place, folder },
      {
        name,
        guest: 'ubuntu',
        power: index % 3 === 0 ? 'poweredOff' : 'poweredOn',
        memoryMb: 1_024,
        disks: [{ capacityGb: 8 }],
        ...(index % 4 === 0 && { snapshots: [{ name, description: `Snapshot of ${name}`, ageDays: index + 1 }] }),
      },
    );
  }
  site.vms(
    { ...place, folder },
    {
      name: 'NAMES',
      guest: 'ubuntu',
      memoryMb: 1_024,
      disks: [{ capacityGb: 8 }],
      snapshots: [
        names.reduceRight<SnapshotSpec | undefined>(
          (below, name, index) => ({
            name,
            description: index === 0 ? 'First line\r\nSecond line\n\n' + 'A long story. '.repeat(200) : name,
            ageDays: names.length - index,
            writtenGb: 0.05,
            ...(below !== undefined && { children: [below] }),
          }),
          undefined,
        ) as SnapshotSpec,
      ],
    },
  );
}
