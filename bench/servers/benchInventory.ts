import type { BuiltDatacenter, InventoryBuilder } from '../../src/simulator/inventory/inventoryBuilder';
import type { InventorySource } from '../../src/simulator/inventory/smallInventory';
import type { SnapshotSpec } from '../../src/simulator/inventory/snapshotHistory';
import type { PlaceSpec } from '../../src/simulator/inventory/vmPlacement';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import { integerBetween, pick, type Random, seededRandom } from '../../src/simulator/random/random';

const vmsPerCluster = 1_000;
const hostsPerCluster = 10;
const vmsPerFolder = 100;
const clustersPerDatacenter = 10;
const snapshotsEvery = 5;
const gigabytesPerCluster = 262_144;

// Two, three and four bytes in UTF-8, and what XML has to escape. No `/`, `\` and `%`, which vSphere encodes in names:
// clients that do not decode them would print another checksum for no fault of their reading.
const letters = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789-_ äöüßéèñçøåłžабвгджзλμπ日本語データ測定中文字符한국어ğışİ',
  '&',
  '<',
  '>',
  '"',
  "'",
  '😀',
  '🚀',
];

/**
 * What the bench reads: as many VMs as asked for, 100 in a folder, each fifth with a chain of three snapshots, names and
 * descriptions of random letters. The same for the same number.
 */
export function benchInventory(vms: number): InventorySource {
  return (builder) => {
    const random = seededRandom(vms);
    const clusters = Math.ceil(vms / vmsPerCluster);
    let datacenter: BuiltDatacenter | undefined;
    for (let index = 0; index < clusters; index++) {
      if (datacenter === undefined || index % clustersPerDatacenter === 0) {
        datacenter = builder.datacenter(`DC${Math.floor(index / clustersPerDatacenter) + 1}`);
      }
      const count = Math.min(vmsPerCluster, vms - index * vmsPerCluster);
      addCluster(builder, datacenter, index, count, random);
    }
  };
}

function addCluster(
  builder: InventoryBuilder,
  datacenter: BuiltDatacenter,
  index: number,
  count: number,
  random: Random,
): void {
  const name = `C${index + 1}`;
  const hosts = Array.from({ length: hostsPerCluster }, (_, number) => `esx-${index + 1}-${number + 1}.bench`);
  const cluster = builder.cluster(datacenter, name, hosts);
  const datastore = builder.datastore(datacenter, `${name}-DS`, { capacityGb: gigabytesPerCluster });
  const network = builder.network(datacenter, `${name}-NET`);
  const pool = builder.rootPool(cluster);
  const folder = builder.folder(datacenter.vmFolder, name);
  const hostObjects = builder.hostsIn(cluster);
  for (let at = 0; at < count; at += vmsPerFolder) {
    const group = builder.folder(folder, `Group ${at / vmsPerFolder + 1}`);
    const placed = Array.from({ length: Math.min(vmsPerFolder, count - at) }, (_, number): [VmSpec, PlaceSpec] => {
      const host = hostObjects[(at + number) % hostObjects.length];
      const spec = vmSpec(index * vmsPerCluster + at + number, random);
      return [spec, { folder: group, pool, datastore, network, ...(host !== undefined && { host }) }];
    });
    builder.vms(datacenter, placed);
  }
}

function vmSpec(index: number, random: Random): VmSpec {
  return {
    name: `vm${index} ${text(random, 4, 24)}`,
    guest: pick(random, ['windows2022', 'ubuntu', 'rhel8', 'debian12'] as const),
    power: random() < 0.85 ? 'poweredOn' : 'poweredOff',
    isTemplate: random() < 0.02,
    memoryMb: pick(random, [1_024, 2_048, 4_096, 8_192]),
    disks: [{ capacityGb: 40 }],
    ageDays: integerBetween(random, 100, 2_000),
    ...(index % snapshotsEvery === 0 && { snapshots: [chain(random)] }),
  };
}

function chain(random: Random): SnapshotSpec {
  const link = (ageDays: number, children: SnapshotSpec[]): SnapshotSpec => ({
    name: text(random, 4, 32),
    description: random() < 0.5 ? text(random, 10, 80) : '',
    ageDays,
    state: random() < 0.3 ? 'poweredOn' : 'poweredOff',
    quiesced: random() < 0.2,
    children,
  });
  return link(60, [link(20, [link(3, [])])]);
}

/** Without blanks at its ends, which some parsers drop. */
function text(random: Random, min: number, max: number): string {
  let line = '';
  for (let left = integerBetween(random, min, max); left > 0; left--) {
    line += pick(random, letters);
  }
  return line.trim();
}
