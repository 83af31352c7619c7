import { integerBetween, pick, type Random, seededRandom } from '../random/random';
import { RandomTexts } from '../random/randomTexts';
import type { BuiltDatacenter, InventoryBuilder } from './inventoryBuilder';
import { esxDatacenter, type InventorySource } from './smallInventory';
import type { SnapshotSpec } from './snapshotHistory';
import type { PlaceSpec } from './vmPlacement';
import type { VmSpec } from './vmSpec';

/** An inventory by its counts. */
export interface GeneratedSpec {
  readonly vms: number;
  /** Default: 1000. */
  readonly vmsPerCluster?: number;
  /** Default: 10. */
  readonly hostsPerCluster?: number;
  /** Default: 100. */
  readonly vmsPerFolder?: number;
  /** Default: 10. */
  readonly clustersPerDatacenter?: number;
  /** Each so many-th VM has snapshots; default: 5, and 0 for none. */
  readonly snapshotsEvery?: number;
  /** How long their chains are; default: 3. */
  readonly snapshotsEach?: number;
  /** Default: 1. */
  readonly seed?: number;
}

const gigabytesPerCluster = 262_144;

/**
 * An inventory of any size, with names that tell the place: `DC1`, `DC1-C01`, `esx-dc1-c01-01`, `VM-00001`. Snapshots are
 * called and described in all scripts, as people do.
 *
 * @remarks 50,000 VMs take a few seconds and some hundred megabytes.
 */
export function generatedInventory(spec: GeneratedSpec): InventorySource {
  return (builder) => {
    if (builder.server.isEsx) {
      const datacenter = esxDatacenter(builder);
      builder.vms(
        datacenter,
        vmSpecs(spec, seededRandom(spec.seed ?? 1)).map((vm) => [vm, {}] as const),
      );
    } else {
      generateVcenter(builder, spec);
    }
  };
}

function generateVcenter(builder: InventoryBuilder, spec: GeneratedSpec): void {
  const specs = vmSpecs(spec, seededRandom(spec.seed ?? 1));
  const perCluster = spec.vmsPerCluster ?? 1_000;
  const clusters = Math.max(1, Math.ceil(specs.length / perCluster));
  const perDatacenter = spec.clustersPerDatacenter ?? 10;
  let datacenter: BuiltDatacenter | undefined;
  for (let index = 0; index < clusters; index++) {
    if (datacenter === undefined || index % perDatacenter === 0) {
      datacenter = builder.datacenter(`DC${Math.floor(index / perDatacenter) + 1}`);
    }
    generateCluster(
      builder,
      datacenter,
      index % perDatacenter,
      spec,
      specs.slice(index * perCluster, (index + 1) * perCluster),
    );
  }
}

function generateCluster(
  builder: InventoryBuilder,
  datacenter: BuiltDatacenter,
  index: number,
  spec: GeneratedSpec,
  specs: readonly VmSpec[],
): void {
  const name = `${datacenter.object.state.name}-C${String(index + 1).padStart(2, '0')}`;
  const hosts = Array.from(
    { length: spec.hostsPerCluster ?? 10 },
    (_, number) => `esx-${name.toLowerCase()}-${String(number + 1).padStart(2, '0')}`,
  );
  const cluster = builder.cluster(datacenter, name, hosts);
  const datastore = builder.datastore(datacenter, `${name}-DS`, { capacityGb: gigabytesPerCluster });
  const network = builder.network(datacenter, `${name}-NET`);
  const pool = builder.rootPool(cluster);
  const folder = builder.folder(datacenter.vmFolder, name);
  const perFolder = spec.vmsPerFolder ?? 100;
  const hostObjects = builder.hostsIn(cluster);
  for (let at = 0; at < specs.length; at += perFolder) {
    const group = builder.folder(folder, `Group ${Math.floor(at / perFolder) + 1}`);
    const placed = specs.slice(at, at + perFolder).map((vm, number): [VmSpec, PlaceSpec] => {
      const host = hostObjects[(at + number) % hostObjects.length];
      return [vm, { folder: group, pool, datastore, network, ...(host !== undefined && { host }) }];
    });
    builder.vms(datacenter, placed);
  }
}

function vmSpecs(spec: GeneratedSpec, random: Random): VmSpec[] {
  const every = spec.snapshotsEvery ?? 5;
  const texts = new RandomTexts(random);
  const digits = Math.max(5, String(spec.vms).length);
  return Array.from({ length: spec.vms }, (_, index): VmSpec => {
    const hasSnapshots = every > 0 && index % every === 0;
    return {
      name: `VM-${String(index + 1).padStart(digits, '0')}`,
      guest: pick(random, ['windows2022', 'ubuntu', 'rhel8', 'debian12'] as const),
      power: random() < 0.85 ? 'poweredOn' : 'poweredOff',
      memoryMb: pick(random, [1_024, 2_048, 4_096, 8_192]),
      disks: [{ capacityGb: pick(random, [20, 40, 80]) }],
      ageDays: integerBetween(random, 100, 2_000),
      ...(hasSnapshots && { snapshots: [chain(random, texts, spec.snapshotsEach ?? 3)] }),
    };
  });
}

function chain(random: Random, texts: RandomTexts, length: number): SnapshotSpec {
  let below: SnapshotSpec | undefined;
  const ages = Array.from({ length }, () => integerBetween(random, 1, 90)).sort((a, b) => a - b);
  for (const [index, ageDays] of ages.entries()) {
    below = {
      name: `${texts.next(1, 3)} ${length - index}`,
      description: random() < 0.3 ? '' : texts.next(2, 12),
      ageDays,
      writtenGb: integerBetween(random, 1, 20) / 4,
      ...(random() < 0.2 && { state: 'poweredOn' as const }),
      ...(below !== undefined && { children: [below] }),
    };
  }
  return below as SnapshotSpec;
}
