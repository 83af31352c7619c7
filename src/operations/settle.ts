import type { HypervisorClient } from '../hypervisor/client';
import type { TaskId } from '../hypervisor/model/ids';
import type { Operation, OperationKind } from '../hypervisor/model/operation';
import type { ServerTask } from '../hypervisor/model/task';
import { type Expectation, judge } from './expectation';

/** What the server's own state says of a request whose answer was lost. */
export type Verdict =
  /** The server has a task for it: follow that. */
  | { readonly kind: 'task'; readonly task: ServerTask }
  /** No task is left, but the VM is as the operation leaves it. */
  | { readonly kind: 'done' }
  /** No task, and the VM is as before: the request never took effect. */
  | { readonly kind: 'notDone' }
  | { readonly kind: 'unknown' };

/** A request of which nobody knows whether it took effect, and everything that helps to find out. */
export interface Question {
  readonly expectation: Expectation;
  /** Tasks of the VM that existed before the request was sent. */
  readonly knownTaskIds: ReadonlySet<TaskId>;
  /** The task that the server started for it, if its answer arrived. */
  readonly taskId: TaskId | undefined;
}

/** Decides from what the server knows whether a request took effect. Only reads. */
export async function settle(client: HypervisorClient, question: Question, signal?: AbortSignal): Promise<Verdict> {
  const { expectation } = question;
  const task = await findTask(client, question, signal);
  if (task !== undefined) {
    return { kind: 'task', task };
  }
  const now = await client.readVm(expectation.operation.vmId, signal);
  if (now.activeTasks.length > 0) {
    // Something runs that is not known to be ours: the tree may be half way to anywhere.
    return { kind: 'unknown' };
  }
  return { kind: judge(expectation, now.vm) };
}

async function findTask(
  client: HypervisorClient,
  { expectation, knownTaskIds, taskId }: Question,
  signal: AbortSignal | undefined,
): Promise<ServerTask | undefined> {
  const { operation } = expectation;
  if (taskId !== undefined) {
    const known = await client.readTask(taskId, signal);
    if (known !== undefined) {
      return known;
    }
  }
  const tasks = await client.recentTasks(operation.vmId, signal);
  return taskId === undefined
    ? tasks.find((each) => each.operation === taskKind(operation) && !knownTaskIds.has(each.id))
    : tasks.find((each) => each.id === taskId);
}

/** As which operation a server reports the task: deleting with and without children is one method to it. */
function taskKind({ kind }: Operation): OperationKind {
  return kind === 'deleteWithChildren' ? 'delete' : kind;
}
