import { digestOf } from '../common/digest';
import type { SnapshotId } from '../hypervisor/model/ids';
import type { Operation } from '../hypervisor/model/operation';
import type { PowerState, Snapshot, SnapshotTree } from '../hypervisor/model/snapshot';
import { allSnapshots, findSnapshot } from '../hypervisor/model/snapshotTree';
import type { VirtualMachine } from '../hypervisor/model/inventory';
import type { Plan } from '../hypervisor/plan/plan';
import { newSnapshotId, type VmState } from '../hypervisor/plan/predict';

/**
 * A state of a VM, small enough to be written down, by which the same state is recognised later.
 *
 * @remarks The order of siblings does not count, and of a snapshot that did not exist yet neither its identity nor its
 * time and number. Names and descriptions are in the digest only.
 */
export interface StateMark {
  /** Identities of the snapshots that it has, {@link newSnapshotId} for one that does not exist yet. */
  readonly ids: readonly SnapshotId[];
  readonly digest: string;
  readonly powerState: PowerState;
  readonly needsConsolidation: boolean;
}

/** What tells later, from nothing but the VM itself, whether an operation has taken effect. */
export interface Expectation {
  readonly operation: Operation;
  readonly before: StateMark;
  /** Unset when what comes of it cannot be told from nothing having happened. */
  readonly after: StateMark | undefined;
}

/** What the VM looks like before and after the operation of a plan. */
export function expectationOf({ operation, before, after }: Plan): Expectation {
  const beforeMark = markOf(before);
  const leavesTrace =
    after !== undefined &&
    (!hasTree(beforeMark, after.tree) ||
      before.powerState !== after.powerState ||
      before.needsConsolidation !== after.needsConsolidation);
  return { operation, before: beforeMark, after: leavesTrace ? markOf(after) : undefined };
}

/** What the VM says about an operation when no task is left to ask. */
export function judge({ before, after }: Expectation, vm: VirtualMachine): 'done' | 'notDone' | 'unknown' {
  if (after === undefined) {
    // A restore to the snapshot that is current already changes nothing that can be seen.
    return 'unknown';
  }
  if (hasTree(after, vm.snapshots) && hasSign(before, after, vm)) {
    return 'done';
  }
  const untouched =
    hasTree(before, vm.snapshots) &&
    before.powerState === vm.powerState &&
    before.needsConsolidation === vm.needsConsolidation;
  return untouched ? 'notDone' : 'unknown';
}

/**
 * Whether the VM has, beside its snapshots, what must have changed where those do not: nothing else tells that a restore
 * to the current snapshot, a consolidation or a power-on has happened. Where the snapshots tell, the VM may have been
 * powered on since by whoever likes.
 */
function hasSign(before: StateMark, after: StateMark, vm: VirtualMachine): boolean {
  if (before.digest !== after.digest) {
    return true;
  }
  return before.needsConsolidation === after.needsConsolidation
    ? vm.powerState === after.powerState
    : vm.needsConsolidation === after.needsConsolidation;
}

function markOf({ tree, powerState, needsConsolidation }: VmState): StateMark {
  const ids = allSnapshots(tree).map(({ id }) => id);
  return { ids, digest: shapeOf(tree, new Set(ids)), powerState, needsConsolidation };
}

function hasTree(mark: StateMark, tree: SnapshotTree): boolean {
  return mark.digest === shapeOf(tree, new Set(mark.ids));
}

/** @param known - snapshots that are told from each other; all others are new ones */
function shapeOf(tree: SnapshotTree, known: ReadonlySet<SnapshotId>): string {
  const identity = (id: SnapshotId): SnapshotId => (known.has(id) ? id : newSnapshotId);
  // Parents come before their children in the list, so from its end on every child has been written already.
  const written = new Map<Snapshot, string>();
  for (const snapshot of allSnapshots(tree).reverse()) {
    const children = snapshot.children.map((child) => written.get(child) ?? '').sort();
    const own = JSON.stringify([identity(snapshot.id), snapshot.name, snapshot.description, children]);
    // A digest of digests: a chain of thirty would be quoted thirty times over.
    written.set(snapshot, digestOf(own));
  }
  const current = findSnapshot(tree, tree.currentId);
  const roots = tree.roots.map((root) => written.get(root) ?? '').sort();
  return digestOf(JSON.stringify([roots, current === undefined ? null : identity(current.id)]));
}
