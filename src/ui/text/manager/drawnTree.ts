import type { Snapshot, SnapshotTree } from '../../../hypervisor/model/snapshot';
import type { SnapshotId } from '../../../hypervisor/model/ids';
import { allSnapshots, findSnapshot, pathTo } from '../../../hypervisor/model/snapshotTree';
import type { Plan } from '../../../hypervisor/plan/plan';
import { newSnapshotId, predict, type VmState } from '../../../hypervisor/plan/predict';
import { formerPresentRowId } from '../../../webview/protocol/shapes';
import { SnapshotLayout, type SnapshotRow } from '../snapshotRows';

/** How a row of a preview differs from what is now. */
export type RowChange = 'none' | 'goes' | 'comes' | 'lost';

/** A row of the drawn tree: a snapshot, *You are here*, or where *You are here* is now while a preview shows it elsewhere. */
export type DrawnRow = {
  /** Nesting, from 1. */
  readonly level: number;
  /** As the mark of {@link SnapshotLayout}: based on what its list hangs under, not on the row above it. */
  readonly branches: boolean;
  readonly change: RowChange;
} & ({ readonly kind: 'snapshot'; readonly snapshot: Snapshot } | { readonly kind: 'present' | 'former' });

/**
 * The rows that tell a tree, in the order of their drawing: every row is followed by the branches that leave it.
 *
 * @remarks Read by the rules of {@link SnapshotLayout}, the rows give the tree again. *You are here* stands last, also
 * when there are no snapshots.
 */
export function drawTree(tree: SnapshotTree, changeOf: (id: SnapshotId) => RowChange = () => 'none'): DrawnRow[] {
  const layout = new SnapshotLayout(tree);
  const drawn: DrawnRow[] = [];
  const pending: { readonly row: SnapshotRow; readonly level: number }[] = [];
  const push = (rows: readonly SnapshotRow[], level: number): void => {
    for (let i = rows.length - 1; i >= 0; i--) {
      pending.push({ row: rows[i] as SnapshotRow, level });
    }
  };
  push(layout.rowsUnder(undefined), 1);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { snapshot, branch } = next.row;
    const place = { level: next.level, branches: branch !== undefined, change: changeOf(snapshot.id) };
    drawn.push(snapshot.id === former ? { kind: 'former', ...place } : { kind: 'snapshot', snapshot, ...place });
    push(layout.rowsUnder(snapshot.id), next.level + 1);
  }
  drawn.push({ kind: 'present', level: 1, branches: layout.presentBranch !== undefined, change: 'none' });
  return drawn;
}

/** A preview as rows, and the state that they show. */
export interface DrawnPreview {
  readonly rows: readonly DrawnRow[];
  readonly after: VmState;
}

/** What a snapshot taken before a restore is called, and when. */
export interface SafetySnapshot {
  readonly name: string;
  readonly atMs: number;
}

/**
 * The tree as an operation will leave it, with what goes left in its place.
 *
 * @param safety - the snapshot that is taken first; only a restore has one
 * @returns undefined when the operation cannot be carried out at all
 */
export function drawPreview(plan: Plan, safety?: SafetySnapshot): DrawnPreview | undefined {
  const { operation, after } = plan;
  if (after === undefined) {
    return undefined;
  }
  if (operation.kind === 'restore' || operation.kind === 'restoreLatest') {
    return safety === undefined ? drawRestore(plan, after) : drawSafeRestore(plan, safety);
  }
  const stays = new Set(allSnapshots(after.tree).map(({ id }) => id));
  return { after, rows: drawTree(plan.before.tree, (id) => (stays.has(id) ? 'none' : 'goes')) };
}

/** What is in no snapshot is drawn where it is now: it is lost. */
function drawRestore({ before }: Plan, after: VmState): DrawnPreview {
  const { tree } = before;
  const withFormer = addLeaf(tree, tree.currentId, formerPresent);
  const rows = drawTree({ roots: withFormer, currentId: after.tree.currentId }, (id) =>
    id === former ? 'lost' : 'none',
  );
  return { rows, after };
}

function drawSafeRestore(plan: Plan, { name, atMs }: SafetySnapshot): DrawnPreview | undefined {
  const { before, target, vm } = plan;
  const taken = predict(before, { kind: 'take', vmId: vm.id, name, description: '', contents: 'disks' }, atMs);
  const after = taken && target && predict(taken, { kind: 'restore', vmId: vm.id, snapshotId: target.id }, atMs);
  return after && { after, rows: drawTree(after.tree, (id) => (id === newSnapshotId ? 'comes' : 'none')) };
}

const former = formerPresentRowId as SnapshotId;

// Younger than everything, so that it stands behind its siblings.
const formerPresent: Snapshot = {
  id: former,
  number: Number.MAX_SAFE_INTEGER,
  name: '',
  description: '',
  createdAtMs: Number.MAX_SAFE_INTEGER,
  powerState: 'off',
  hasMemory: false,
  quiesced: false,
  children: [],
};

/** The roots of a tree with a leaf added under one of its snapshots, or beside its roots. */
function addLeaf(tree: SnapshotTree, parentId: SnapshotId | undefined, leaf: Snapshot): readonly Snapshot[] {
  const path = pathTo(tree, findSnapshot(tree, parentId)?.id);
  let replacement: Snapshot | undefined;
  for (let at = path.length - 1; at >= 0; at--) {
    const snapshot = path[at] as Snapshot;
    const changed = replacement;
    const children =
      changed === undefined
        ? [...snapshot.children, leaf]
        : snapshot.children.map((child) => (child.id === changed.id ? changed : child));
    replacement = { ...snapshot, children };
  }
  const top = replacement;
  return top === undefined ? [...tree.roots, leaf] : tree.roots.map((root) => (root.id === top.id ? top : root));
}
