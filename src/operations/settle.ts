import type { HypervisorClient } from '../hypervisor/client';
import type { TaskId } from '../hypervisor/model/ids';
import type { Operation, OperationKind } from '../hypervisor/model/operation';
import { isEnded, type ServerTask } from '../hypervisor/model/task';
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
  /** When the request went out, by the clock of the machine that sent it. */
  readonly sentAtMs: number;
  /** The task that the server started for it, if its answer arrived. */
  readonly taskId: TaskId | undefined;
}

/** A task that is known by its id is looked for from before: the clock of this machine may have been put right since. */
const clockErrorMs = 86_400_000;

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
  question: Question,
  signal: AbortSignal | undefined,
): Promise<ServerTask | undefined> {
  const { expectation, knownTaskIds, taskId } = question;
  const { operation } = expectation;
  if (taskId !== undefined) {
    const known = await client.readTask(taskId, signal);
    if (known !== undefined) {
      return known;
    }
  }
  const tasks = await client.recentTasks(operation.vmId, signal);
  const recent =
    taskId === undefined
      ? tasks.find((each) => each.operation === taskKind(operation) && !knownTaskIds.has(each.id))
      : tasks.find((each) => each.id === taskId);
  return recent ?? (await findInHistory(client, question, signal));
}

/**
 * The task where the server has written it down: ten minutes after its end, or when the server was started anew, it is
 * there alone. One that the history has as running is no use: nobody could follow it.
 */
async function findInHistory(
  client: HypervisorClient,
  { expectation: { operation }, knownTaskIds, sentAtMs, taskId }: Question,
  signal: AbortSignal | undefined,
): Promise<ServerTask | undefined> {
  if (taskId !== undefined) {
    const past = await client.pastTasks(operation.vmId, sentAtMs - clockErrorMs, signal);
    return past.find((each) => each.id === taskId && isEnded(each));
  }
  const past = (await client.pastTasks(operation.vmId, sentAtMs, signal)).filter(
    (each) =>
      each.operation === taskKind(operation) && !knownTaskIds.has(each.id) && mayBeBy(each, client.identity.userName),
  );
  const [only] = past;
  // Of several nobody can say which one it was.
  return past.length === 1 && only !== undefined && isEnded(only) ? only : undefined;
}

/** Whether the account may have started the task; long names of accounts come shortened. */
function mayBeBy({ startedBy }: ServerTask, account: string): boolean {
  return startedBy === undefined || startedBy.includes('…') || startedBy.toLowerCase() === account.toLowerCase();
}

/** As which operation a server reports the task: deleting with and without children is one method to it. */
function taskKind({ kind }: Operation): OperationKind {
  return kind === 'deleteWithChildren' ? 'delete' : kind;
}
