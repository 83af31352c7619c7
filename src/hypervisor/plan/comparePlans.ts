import type { SnapshotId } from '../model/ids';
import { allSnapshots, sameTreeInAnyOrder } from '../model/snapshotTree';
import type { Blocker, Plan } from './plan';

/** How a VM has changed between two plans for the same operation, as far as it changes what was confirmed. */
export type PlanDifference =
  | { readonly kind: 'snapshotsAdded'; readonly count: number }
  | { readonly kind: 'snapshotsRemoved'; readonly count: number }
  | { readonly kind: 'snapshotsEdited' }
  | { readonly kind: 'currentMoved' }
  | { readonly kind: 'powerState' }
  | { readonly kind: 'consolidation' }
  | { readonly kind: 'blocked'; readonly blocker: Blocker };

/**
 * What is different now from what the person confirmed; empty when the operation does just what was said.
 *
 * @remarks Deliberately strict about the snapshot tree: a snapshot that somebody added meanwhile may be the reason not
 * to go on. Figures that always move, such as sizes and free space, do not count.
 */
export function comparePlans(confirmed: Plan, now: Plan): PlanDifference[] {
  const differences: PlanDifference[] = [];
  if (!sameTreeInAnyOrder(confirmed.before.tree, now.before.tree)) {
    differences.push(...compareTrees(confirmed, now));
  }
  if (confirmed.before.powerState !== now.before.powerState) {
    differences.push({ kind: 'powerState' });
  }
  if (confirmed.before.needsConsolidation !== now.before.needsConsolidation) {
    differences.push({ kind: 'consolidation' });
  }
  const known = new Set(confirmed.blockers.map((blocker) => blocker.kind));
  for (const blocker of now.blockers) {
    if (!known.has(blocker.kind)) {
      differences.push({ kind: 'blocked', blocker });
    }
  }
  return differences;
}

function compareTrees(confirmed: Plan, now: Plan): PlanDifference[] {
  const before = idsOf(confirmed);
  const after = idsOf(now);
  const added = [...after].filter((id) => !before.has(id)).length;
  const removed = [...before].filter((id) => !after.has(id)).length;
  const found: PlanDifference[] = [];
  if (added > 0) {
    found.push({ kind: 'snapshotsAdded', count: added });
  }
  if (removed > 0) {
    found.push({ kind: 'snapshotsRemoved', count: removed });
  }
  if (found.length === 0) {
    const moved = confirmed.before.tree.currentId !== now.before.tree.currentId;
    found.push(moved ? { kind: 'currentMoved' } : { kind: 'snapshotsEdited' });
  }
  return found;
}

function idsOf(plan: Plan): Set<SnapshotId> {
  return new Set(allSnapshots(plan.before.tree).map((snapshot) => snapshot.id));
}
