import type { SnapshotId } from './ids';
import type { Snapshot, SnapshotTree } from './snapshot';

// All of these walk with an own stack: a chain may be as deep as a hostile server likes.

/** Every snapshot, parents before their children, siblings in the server's order. */
export function allSnapshots(tree: SnapshotTree): Snapshot[] {
  // Asked for every row of a folder, most of which have none.
  return tree.roots.length === 0 ? [] : withDescendants(...tree.roots);
}

/** The given snapshots, each followed by everything below it. */
export function withDescendants(...from: readonly Snapshot[]): Snapshot[] {
  const found: Snapshot[] = [];
  const pending = [...from].reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    found.push(next);
    for (let i = next.children.length - 1; i >= 0; i--) {
      pending.push(next.children[i] as Snapshot);
    }
  }
  return found;
}

export function countSnapshots(tree: SnapshotTree): number {
  return allSnapshots(tree).length;
}

export function findSnapshot(tree: SnapshotTree, id: SnapshotId | undefined): Snapshot | undefined {
  return id === undefined ? undefined : allSnapshots(tree).find((snapshot) => snapshot.id === id);
}

/** The snapshots from a root down to and including `id`; empty when it is not in the tree. */
export function pathTo(tree: SnapshotTree, id: SnapshotId | undefined): Snapshot[] {
  if (id === undefined) {
    return [];
  }
  const parents = new Map<SnapshotId, Snapshot>();
  let target: Snapshot | undefined;
  for (const snapshot of allSnapshots(tree)) {
    for (const child of snapshot.children) {
      parents.set(child.id, snapshot);
    }
    if (snapshot.id === id) {
      target = snapshot;
    }
  }
  const path: Snapshot[] = [];
  // A server that gives an identity twice could lead in a circle.
  const seen = new Set<SnapshotId>();
  for (let at = target; at !== undefined && !seen.has(at.id); at = parents.get(at.id)) {
    seen.add(at.id);
    path.push(at);
  }
  return path.reverse();
}

/** Snapshots from a root to the deepest leaf; 0 without snapshots. vSphere allows 32. */
export function treeDepth(tree: SnapshotTree): number {
  let depth = 0;
  let level: readonly Snapshot[] = tree.roots;
  while (level.length > 0) {
    depth++;
    level = level.flatMap((snapshot) => snapshot.children);
  }
  return depth;
}

/** Snapshots between a root and the VM's present state: what the running disks hang on. */
export function currentDepth(tree: SnapshotTree): number {
  return pathTo(tree, tree.currentId).length;
}

/** The most recent snapshot of the whole tree by creation time; of equals, the one with the higher number. */
export function newestSnapshot(tree: SnapshotTree): Snapshot | undefined {
  return allSnapshots(tree).reduce<Snapshot | undefined>(
    (best, snapshot) =>
      best === undefined ||
      snapshot.createdAtMs > best.createdAtMs ||
      (snapshot.createdAtMs === best.createdAtMs && snapshot.number > best.number)
        ? snapshot
        : best,
    undefined,
  );
}

/** The oldest snapshot of the whole tree by creation time. */
export function oldestSnapshot(tree: SnapshotTree): Snapshot | undefined {
  return allSnapshots(tree).reduce<Snapshot | undefined>(
    (best, snapshot) => (best === undefined || snapshot.createdAtMs < best.createdAtMs ? snapshot : best),
    undefined,
  );
}

/** Whether two trees say the same in every field, order included. */
export function sameTree(a: SnapshotTree, b: SnapshotTree): boolean {
  if (a === b) {
    return true;
  }
  if (a.currentId !== b.currentId) {
    return false;
  }
  const pending: (readonly [readonly Snapshot[], readonly Snapshot[]])[] = [[a.roots, b.roots]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [left, right] = pair;
    if (left.length !== right.length) {
      return false;
    }
    for (let i = 0; i < left.length; i++) {
      const x = left[i] as Snapshot;
      const y = right[i] as Snapshot;
      if (!sameSnapshot(x, y)) {
        return false;
      }
      pending.push([x.children, y.children]);
    }
  }
  return true;
}

/**
 * Whether two trees say the same but for the order of siblings, which servers do not promise: the same snapshots with
 * the same facts under the same parents, and the same current one.
 */
export function sameTreeInAnyOrder(a: SnapshotTree, b: SnapshotTree): boolean {
  const left = withParents(a);
  const right = withParents(b);
  return (
    a.currentId === b.currentId &&
    left.size === right.size &&
    [...left].every(([id, { snapshot, parentId }]) => {
      const other = right.get(id);
      return other !== undefined && other.parentId === parentId && sameSnapshot(snapshot, other.snapshot);
    })
  );
}

/** Every snapshot with the identity of its parent, undefined for a root. */
function withParents(
  tree: SnapshotTree,
): ReadonlyMap<SnapshotId, { readonly snapshot: Snapshot; readonly parentId: SnapshotId | undefined }> {
  const found = new Map<SnapshotId, { readonly snapshot: Snapshot; readonly parentId: SnapshotId | undefined }>();
  for (const root of tree.roots) {
    found.set(root.id, { snapshot: root, parentId: undefined });
  }
  for (const snapshot of allSnapshots(tree)) {
    for (const child of snapshot.children) {
      found.set(child.id, { snapshot: child, parentId: snapshot.id });
    }
  }
  return found;
}

function sameSnapshot(a: Snapshot, b: Snapshot): boolean {
  return (
    a.id === b.id &&
    a.number === b.number &&
    a.name === b.name &&
    a.description === b.description &&
    a.createdAtMs === b.createdAtMs &&
    a.powerState === b.powerState &&
    a.hasMemory === b.hasMemory &&
    a.quiesced === b.quiesced
  );
}
