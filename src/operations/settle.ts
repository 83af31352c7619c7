import type { HypervisorClient } from '../hypervisor/client';
import type { Operation, OperationKind } from '../hypervisor/model/operation';
import type { TaskId } from '../hypervisor/model/ids';
import type { Snapshot, SnapshotTree } from '../hypervisor/model/snapshot';
import { allSnapshots, findSnapshot, sameTreeInAnyOrder } from '../hypervisor/model/snapshotTree';
import type { ServerTask } from '../hypervisor/model/task';
import type { VmDetail } from '../hypervisor/model/vmDetail';
import { newSnapshotId } from '../hypervisor/plan/predict';
import type { Plan } from '../hypervisor/plan/plan';

/** What the server's own state says of a request whose answer was lost. */
export type Verdict =
  /** The server has a task for it: follow that. */
  | { readonly kind: 'task'; readonly task: ServerTask }
  /** No task is left, but the VM is as the operation leaves it. */
  | { readonly kind: 'done' }
  /** No task, and the VM is as before: the request never took effect. */
  | { readonly kind: 'notDone' }
  | { readonly kind: 'unknown' };

/**
 * Decides from what the server knows whether a request took effect. Only reads.
 *
 * @param knownTaskIds - tasks of the VM that existed before the request was sent
 */
export async function settle(
  client: HypervisorClient,
  plan: Plan,
  knownTaskIds: ReadonlySet<TaskId>,
  signal?: AbortSignal,
): Promise<Verdict> {
  const { operation } = plan;
  const tasks = await client.recentTasks(operation.vmId, signal);
  const task = tasks.find((each) => each.operation === taskKind(operation) && !knownTaskIds.has(each.id));
  if (task !== undefined) {
    return { kind: 'task', task };
  }
  const now = await client.readVm(operation.vmId, signal);
  if (now.activeTasks.length > 0) {
    // Something runs that is not known to be ours: the tree may be half way to anywhere.
    return { kind: 'unknown' };
  }
  return judge(plan, now);
}

/** As which operation a server reports the task: deleting with and without children is one method to it. */
function taskKind({ kind }: Operation): OperationKind {
  return kind === 'deleteWithChildren' ? 'delete' : kind;
}

function judge(plan: Plan, now: VmDetail): Verdict {
  const { vm } = now;
  if (leavesTrace(plan) && plan.after !== undefined && equivalent(plan.after.tree, vm.snapshots)) {
    const samePower = plan.operation.kind === 'powerOn' ? vm.powerState === 'on' : true;
    const sameDisks = plan.operation.kind === 'consolidate' ? !vm.needsConsolidation : true;
    return samePower && sameDisks ? { kind: 'done' } : { kind: 'unknown' };
  }
  const untouched =
    sameTreeInAnyOrder(plan.before.tree, vm.snapshots) &&
    plan.before.powerState === vm.powerState &&
    plan.before.needsConsolidation === vm.needsConsolidation;
  // A restore to the snapshot that is current already changes nothing that can be seen: nobody can tell.
  return untouched && leavesTrace(plan) ? { kind: 'notDone' } : { kind: 'unknown' };
}

/** Whether a success can be told from nothing having happened. */
function leavesTrace(plan: Plan): boolean {
  const { before, after } = plan;
  return (
    after !== undefined &&
    (!equivalent(before.tree, after.tree) ||
      before.powerState !== after.powerState ||
      before.needsConsolidation !== after.needsConsolidation)
  );
}

/** The same tree but for the order of siblings and the identity, time and number of a snapshot that is new in `expected`. */
function equivalent(expected: SnapshotTree, actual: SnapshotTree): boolean {
  const known = new Set(allSnapshots(expected).map((snapshot) => snapshot.id));
  const shapes = (snapshots: readonly Snapshot[]): string[] => snapshots.map(shape).sort();
  const shape = (snapshot: Snapshot): string => {
    const id = known.has(snapshot.id) ? snapshot.id : newSnapshotId;
    return JSON.stringify([id, snapshot.name, snapshot.description, shapes(snapshot.children)]);
  };
  const whole = (tree: SnapshotTree): string => {
    const current = findSnapshot(tree, tree.currentId);
    const currentId = current === undefined ? undefined : known.has(current.id) ? current.id : newSnapshotId;
    return JSON.stringify([shapes(tree.roots), currentId]);
  };
  return whole(expected) === whole(actual);
}
