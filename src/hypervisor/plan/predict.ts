import { countSnapshots, findSnapshot, pathTo, withDescendants } from '../model/snapshotTree';
import type { Operation } from '../model/operation';
import type { PowerState, Snapshot, SnapshotTree } from '../model/snapshot';
import type { SnapshotId } from '../model/ids';

/** The part of a VM's state that snapshot operations change. */
export interface VmState {
  readonly tree: SnapshotTree;
  readonly powerState: PowerState;
  readonly needsConsolidation: boolean;
}

/** Identity of a snapshot that does not exist yet. The server gives it another one. */
export const newSnapshotId = '' as SnapshotId;

/**
 * The state that an operation leaves when it succeeds.
 *
 * @remarks Semantics of vSphere: a restore without memory leaves the VM powered off, one with memory in the power state
 * that was captured; a deleted snapshot's children move up to its parent; the present state is never lost by a delete.
 * @param atMs - creation time that a new snapshot gets
 * @param canQuiesce - whether VMware Tools runs in the guest; without it servers drop a request to quiesce silently
 * @returns undefined when the operation names a snapshot that is not in the tree, or needs a current one and there is none
 * @see VirtualMachine and VirtualMachineSnapshot in the vSphere API reference
 */
export function predict(state: VmState, operation: Operation, atMs: number, canQuiesce = true): VmState | undefined {
  switch (operation.kind) {
    case 'take':
      return { ...state, tree: addSnapshot(state, takenSnapshot(state, operation, atMs, canQuiesce)) };
    case 'edit':
      return has(state.tree, operation.snapshotId) ? { ...state, tree: edited(state.tree, operation) } : undefined;
    case 'restore':
      return restored(state, operation.snapshotId);
    case 'restoreLatest':
      return restored(state, state.tree.currentId);
    case 'delete':
      return has(state.tree, operation.snapshotId)
        ? { ...state, tree: without(state.tree, operation.snapshotId, false) }
        : undefined;
    case 'deleteWithChildren':
      return has(state.tree, operation.snapshotId)
        ? { ...state, tree: without(state.tree, operation.snapshotId, true) }
        : undefined;
    case 'deleteAll':
      // Whatever had been left behind is merged with the rest.
      return { ...state, tree: { roots: [], currentId: undefined }, needsConsolidation: false };
    case 'consolidate':
      return { ...state, needsConsolidation: false };
    case 'powerOn':
      return { ...state, powerState: 'on' };
  }
}

/** The snapshots that exist before the operation and not after it, parents before children. */
export function removedBy(tree: SnapshotTree, operation: Operation): Snapshot[] {
  switch (operation.kind) {
    case 'delete':
    case 'deleteWithChildren': {
      const target = findSnapshot(tree, operation.snapshotId);
      if (target === undefined) {
        return [];
      }
      return operation.kind === 'delete' ? [target] : withDescendants(target);
    }
    case 'deleteAll':
      return withDescendants(...tree.roots);
    case 'take':
    case 'edit':
    case 'restore':
    case 'restoreLatest':
    case 'consolidate':
    case 'powerOn':
      return [];
  }
}

function has(tree: SnapshotTree, id: SnapshotId): boolean {
  return findSnapshot(tree, id) !== undefined;
}

function restored(state: VmState, id: SnapshotId | undefined): VmState | undefined {
  const target = findSnapshot(state.tree, id);
  return target && { ...state, tree: { ...state.tree, currentId: target.id }, powerState: target.powerState };
}

function takenSnapshot(
  state: VmState,
  take: Extract<Operation, { kind: 'take' }>,
  atMs: number,
  canQuiesce: boolean,
): Snapshot {
  // A powered-off VM has no memory to capture.
  const powerState = take.contents === 'memory' ? state.powerState : 'off';
  return {
    id: newSnapshotId,
    number: countSnapshots(state.tree) + 1,
    name: take.name,
    description: take.description,
    createdAtMs: atMs,
    powerState,
    hasMemory: powerState === 'on',
    quiesced: canQuiesce && state.powerState === 'on' && take.contents === 'quiesced',
    children: [],
  };
}

function addSnapshot({ tree }: VmState, added: Snapshot): SnapshotTree {
  const path = pathTo(tree, tree.currentId);
  const roots =
    path.length === 0
      ? [...tree.roots, added]
      : rebuild(tree.roots, path, (current) => [{ ...current, children: [...current.children, added] }]);
  return { roots, currentId: added.id };
}

function edited(tree: SnapshotTree, edit: Extract<Operation, { kind: 'edit' }>): SnapshotTree {
  const path = pathTo(tree, edit.snapshotId);
  const roots = rebuild(tree.roots, path, (target) => [
    { ...target, name: edit.name ?? target.name, description: edit.description ?? target.description },
  ]);
  return { ...tree, roots };
}

function without(tree: SnapshotTree, id: SnapshotId, withChildren: boolean): SnapshotTree {
  const path = pathTo(tree, id);
  const target = path[path.length - 1] as Snapshot;
  const parentId = path[path.length - 2]?.id;
  const gone = new Set((withChildren ? withDescendants(target) : [target]).map((snapshot) => snapshot.id));
  const roots = rebuild(tree.roots, path, (removed) => (withChildren ? [] : removed.children));
  const losesCurrent = tree.currentId !== undefined && gone.has(tree.currentId);
  return { roots, currentId: losesCurrent ? parentId : tree.currentId };
}

/** Puts what `replace` gives in the place of the last snapshot of `path`, and copies only what lies above it. */
function rebuild(
  roots: readonly Snapshot[],
  path: readonly Snapshot[],
  replace: (target: Snapshot) => readonly Snapshot[],
): readonly Snapshot[] {
  let replacement: readonly Snapshot[] = replace(path[path.length - 1] as Snapshot);
  for (let level = path.length - 1; level >= 0; level--) {
    const target = path[level] as Snapshot;
    const parent = path[level - 1];
    const siblings = parent === undefined ? roots : parent.children;
    const changed = siblings.flatMap((sibling) => (sibling.id === target.id ? replacement : [sibling]));
    replacement = parent === undefined ? changed : [{ ...parent, children: changed }];
  }
  return replacement;
}
