import type { SnapshotId } from '../../../hypervisor/model/ids';
import type { Snapshot, SnapshotTree } from '../../../hypervisor/model/snapshot';
import { allSnapshots } from '../../../hypervisor/model/snapshotTree';
import type { SnapshotSizes } from '../../../hypervisor/model/vmDetail';

/** What becomes of the bytes of snapshots that are deleted. */
export interface MergeForecast {
  /** Disk changes that something still needs: they are copied into the disk below. */
  readonly mergedBytes: number;
  /** Files that nothing needs any more: memory, and the changes of branches that go as a whole. */
  readonly droppedBytes: number;
}

/**
 * How many bytes a delete copies and how many it drops, from what the server measured last.
 *
 * @remarks A snapshot freezes its disks; what is written afterwards goes into a delta above it, which the next snapshot
 * freezes in turn. When a snapshot goes, the deltas above it are merged into its own disk, as far as they lead to
 * something that stays: to another snapshot or to the present state.
 */
export function forecastMerge(tree: SnapshotTree, removed: readonly Snapshot[], sizes: SnapshotSizes): MergeForecast {
  const gone = new Set(removed.map(({ id }) => id));
  const needed = new Set<SnapshotId>();
  // Children come after their parents, so that from the end every answer about what is below is known.
  for (const snapshot of allSnapshots(tree).reverse()) {
    const isNeeded = !gone.has(snapshot.id) || snapshot.id === tree.currentId || snapshot.children.some(isIn(needed));
    if (isNeeded) {
      needed.add(snapshot.id);
    }
  }
  let mergedBytes = 0;
  let droppedBytes = 0;
  for (const { id, children } of removed) {
    const size = sizes.bySnapshot.get(id);
    droppedBytes += (size?.memoryBytes ?? 0) + (needed.has(id) ? 0 : (size?.diskBytes ?? 0));
    mergedBytes += id === tree.currentId ? (size?.liveBytes ?? 0) : 0;
    for (const child of children.filter(isIn(needed))) {
      mergedBytes += sizes.bySnapshot.get(child.id)?.diskBytes ?? 0;
    }
  }
  return { mergedBytes, droppedBytes };
}

function isIn(ids: ReadonlySet<SnapshotId>): (snapshot: Snapshot) => boolean {
  return ({ id }) => ids.has(id);
}
