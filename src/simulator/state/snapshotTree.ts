import type { SnapshotState, VmState } from './vmState';

/** The snapshot of that id. */
export function findSnapshot(vm: VmState, id: string | undefined): SnapshotState | undefined {
  return id === undefined ? undefined : vm.snapshots.find((snapshot) => snapshot.id === id);
}

export function childrenOf(vm: VmState, id: string | undefined): SnapshotState[] {
  return vm.snapshots.filter((snapshot) => snapshot.parentId === id);
}

/** Snapshots from a root down to and including `id`. */
export function depthOf(vm: VmState, id: string | undefined): number {
  let depth = 0;
  for (let at = findSnapshot(vm, id); at !== undefined; at = findSnapshot(vm, at.parentId)) {
    depth++;
  }
  return depth;
}

/** Ids of the snapshot and of everything below it. */
export function withDescendants(vm: VmState, id: string): Set<string> {
  const ids = new Set([id]);
  // A snapshot is always younger than its parent, and the list is in the order of creation.
  for (const snapshot of vm.snapshots) {
    if (snapshot.parentId !== undefined && ids.has(snapshot.parentId)) {
      ids.add(snapshot.id);
    }
  }
  return ids;
}
