import type { SnapshotId } from '../../hypervisor/model/ids';
import type { Snapshot, SnapshotTree } from '../../hypervisor/model/snapshot';
import { allSnapshots } from '../../hypervisor/model/snapshotTree';
import type { SnapshotSize, SnapshotSizes } from '../../hypervisor/model/vmDetail';
import { parseDateTime } from '../dateTime';
import { snapshotIdOf } from '../ids';
import type { VirtualMachineFileLayoutEx } from '../vim/layout';

type Layout = VirtualMachineFileLayoutEx;
type DiskLayout = Layout['disk'][number];
type Unit = DiskLayout['chain'][number];
type SnapshotLayout = Layout['snapshot'][number];

const noFile = -1;

/**
 * What a VM's snapshots occupy, from the list of its files.
 *
 * @remarks Arithmetic of sets of files, because the order of a chain is not documented. A disk counts with everything
 * that its unit of the chain lists: on vSAN and vVols there is no extent, and the descriptor bears the whole size. A file
 * counts as a delta when the chain below it belongs to what it is compared with; for a disk that was added later, whose
 * chain begins anew, only its name can tell.
 * @see VirtualMachineFileLayoutEx in the vSphere API reference (since 4.0)
 */
export function measureSnapshots(layout: Layout, tree: SnapshotTree): SnapshotSizes {
  const files = new Files(layout);
  const layouts = new Map(layout.snapshot.map((each) => [snapshotIdOf(each.key), each]));
  const bySnapshot = new Map<SnapshotId, { -readonly [K in keyof SnapshotSize]: SnapshotSize[K] }>();
  const parents = parentsOf(tree);
  const counted = new Set<number>();
  for (const snapshot of allSnapshots(tree)) {
    const own = layouts.get(snapshot.id);
    if (own === undefined) {
      continue;
    }
    const parent = layouts.get(parents.get(snapshot.id) ?? snapshot.id);
    const deltas = parent === own || parent === undefined ? [] : files.deltasAbove(own.disk, keysOf([parent]));
    bySnapshot.set(snapshot.id, {
      diskBytes: files.sum(deltas, counted),
      memoryBytes: files.sum([own.dataKey, own.memoryKey ?? noFile], counted),
      liveBytes: 0,
    });
  }
  const known = [...bySnapshot.keys()].map((id) => layouts.get(id) as SnapshotLayout);
  const current = tree.currentId === undefined ? undefined : layouts.get(tree.currentId);
  const { live, leftover } = files.running(layout.disk, keysOf(known), current);
  const ofCurrent = tree.currentId === undefined ? undefined : bySnapshot.get(tree.currentId);
  const liveBytes = files.sum(live, counted);
  if (ofCurrent !== undefined) {
    ofCurrent.liveBytes = liveBytes;
  }
  const leftoverBytes = files.sum(leftover, counted);
  return {
    bySnapshot,
    totalBytes: files.sum([...counted], new Set()),
    leftoverBytes,
    measuredAtMs: parseDateTime(layout.timestamp) ?? 0,
  };
}

/** Keys of all disk files of some snapshots. */
function keysOf(layouts: readonly SnapshotLayout[]): Set<number> {
  return new Set(layouts.flatMap(({ disk }) => disk.flatMap(({ chain }) => chain.flatMap(({ fileKey }) => fileKey))));
}

function parentsOf(tree: SnapshotTree): ReadonlyMap<SnapshotId, SnapshotId> {
  return new Map(
    allSnapshots(tree).flatMap((parent: Snapshot) => parent.children.map((child) => [child.id, parent.id] as const)),
  );
}

// `VM-000002.vmdk` and its extents `VM-000002-delta.vmdk`, `-sesparse`, `-flat`.
const deltaName = /-(\d{6})(?:-(?:delta|sesparse|flat))?\.vmdk$/i;

class Files {
  private readonly byKey: ReadonlyMap<number, Layout['file'][number]>;

  constructor(layout: Layout) {
    this.byKey = new Map(layout.file.map((file) => [file.key, file]));
  }

  /** Bytes of files, each once, and remembers which they were. */
  sum(keys: readonly number[], counted: Set<number>): number {
    let bytes = 0;
    for (const key of new Set(keys)) {
      const file = this.byKey.get(key);
      if (file !== undefined) {
        counted.add(key);
        // What the host cannot reach has no meaningful size.
        bytes += file.accessible === false ? 0 : Math.max(0, file.size);
      }
    }
    return bytes;
  }

  /** Files of deltas in the chains that are not among `below`. */
  deltasAbove(disks: readonly DiskLayout[], below: ReadonlySet<number>): number[] {
    return disks.flatMap((disk) => this.deltaUnits(disk, below).flatMap(({ fileKey }) => fileKey));
  }

  /**
   * What the VM runs on and is in no snapshot: of each disk of the current snapshot the latest delta, which grows, and
   * whatever else there is, which was left behind.
   */
  running(
    disks: readonly DiskLayout[],
    inSnapshots: ReadonlySet<number>,
    current: SnapshotLayout | undefined,
  ): { readonly live: readonly number[]; readonly leftover: readonly number[] } {
    const frozen = new Set(current?.disk.map(({ key }) => key));
    const live: number[] = [];
    const leftover: number[] = [];
    for (const disk of disks) {
      const units = this.deltaUnits(disk, inSnapshots).sort((a, b) => this.deltaNumber(b) - this.deltaNumber(a));
      for (const [i, { fileKey }] of units.entries()) {
        (i === 0 && frozen.has(disk.key) ? live : leftover).push(...fileKey);
      }
    }
    return { live, leftover };
  }

  private deltaUnits({ chain }: DiskLayout, below: ReadonlySet<number>): Unit[] {
    const isBelow = (unit: Unit): boolean => unit.fileKey.some((key) => below.has(key));
    const continues = chain.some(isBelow);
    return chain.filter((unit) => !isBelow(unit) && (continues || this.deltaNumber(unit) > 0));
  }

  /** The number in the names of a delta's files; 0 for a base disk. */
  private deltaNumber({ fileKey }: Unit): number {
    const numbers = fileKey.map((key) => Number(deltaName.exec(this.byKey.get(key)?.name ?? '')?.[1] ?? '0'));
    return Math.max(0, ...numbers);
  }
}
