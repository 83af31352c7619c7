import * as l10n from '@vscode/l10n';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorConnection } from '../hypervisor/connection';
import { HypervisorError } from '../hypervisor/errors';
import type { TaskId } from '../hypervisor/model/ids';
import type { ServerTask } from '../hypervisor/model/task';
import type { Plan } from '../hypervisor/plan/plan';
import type { OpenEntry } from './journal/journalRecord';
import type { OperationJournal } from './journal/operationJournal';
import type { OperationHistory } from './operationHistory';
import type { Question } from './settle';
import { isOver, type TrackedOperation } from './trackedOperation';

// What every operation begins with, and what it no longer has when it has ended.
const nothingYet = {
  taskId: undefined,
  progressPercent: undefined,
  phase: undefined,
  cancelable: false,
  outOfTouch: false,
  startedAtMs: undefined,
  endedAtMs: undefined,
  error: undefined,
  snapshotId: undefined,
} as const satisfies Partial<TrackedOperation>;

/** Every change of an operation's state goes through here: the history, the journal and the log hear of it together. */
export class OperationLedger {
  constructor(
    private readonly history: OperationHistory,
    private readonly journal: OperationJournal,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  get(id: number): TrackedOperation {
    return this.history.get(id);
  }

  /** An operation that waits for its turn. */
  announce(connection: HypervisorConnection, plan: Plan, groupId: number | undefined): TrackedOperation {
    return this.history.add({
      ...nothingYet,
      groupId,
      connection,
      operation: plan.operation,
      vmName: plan.vm.name,
      snapshotName: plan.operation.kind === 'take' ? plan.operation.name : plan.target?.name,
      state: 'waiting',
      createdAtMs: this.clock.now(),
    });
  }

  /** Writes down operations that wait, so that a crash does not forget them. */
  async note(operations: readonly TrackedOperation[]): Promise<void> {
    await this.journal.requested(operations);
  }

  /** An operation that a window has left behind: of unknown outcome if it was sent, else over. */
  async adopt(
    connection: HypervisorConnection,
    entry: OpenEntry,
    groupId: number | undefined,
  ): Promise<TrackedOperation> {
    const { requested, sent, taskId } = entry;
    const { operation, vmName, snapshotName, atMs } = requested;
    const known = { ...nothingYet, groupId, connection, operation, vmName, snapshotName, createdAtMs: atMs };
    const adopted = this.history.add(
      sent === undefined
        ? { ...known, state: 'cancelled', endedAtMs: this.clock.now() }
        : { ...known, state: 'unknown', taskId, startedAtMs: sent.atMs, error: leftBehind(vmName) },
    );
    await this.journal.adopts(adopted, entry);
    this.audit(`has taken over from a window that is gone (${entry.key})`, adopted.id);
    return adopted;
  }

  /** Nothing was sent for it and nothing will be: given up, or with an error because it must not be sent. */
  abandon(id: number, error?: HypervisorError): TrackedOperation {
    const state = error === undefined ? 'cancelled' : 'failed';
    const abandoned = this.history.update(id, { state, endedAtMs: this.clock.now(), error });
    this.journal.ended(abandoned, 'notSent');
    this.audit(error === undefined ? 'gives up' : `does not send (${error.message})`, id);
    return abandoned;
  }

  /** An operation that was taken over unsent is asked for anew, or nobody wants it any more. */
  drop(id: number): void {
    this.journal.ended(this.history.get(id), 'notSent');
  }

  /** Takes back an announced operation, as if it had never been asked for. */
  withdraw(id: number): void {
    this.journal.ended(this.history.get(id), 'notSent');
    this.history.withdraw(id);
  }

  /** The request goes out as soon as this resolves: what is not in the journal has certainly not been sent. */
  async sends(id: number, question: Question): Promise<void> {
    await this.journal.sends(this.history.get(id), question);
    this.history.update(id, { state: 'sending', startedAtMs: this.clock.now() });
    this.audit('sends', id);
  }

  /** The server has a task for it. */
  started(id: number, taskId: TaskId): void {
    this.journal.started(this.history.update(id, { state: 'running', taskId, error: undefined }), taskId);
  }

  report(id: number, task: ServerTask): void {
    this.history.update(id, {
      state: 'running',
      progressPercent: task.progressPercent,
      phase: task.phase,
      cancelable: task.cancelable,
    });
  }

  outOfTouch(id: number, outOfTouch: boolean): void {
    if (this.history.get(id).outOfTouch !== outOfTouch) {
      this.history.update(id, { outOfTouch });
    }
    if (outOfTouch) {
      this.logger.warn(`${this.describe(id)}: out of touch with the server, the task goes on there`);
    }
  }

  unknown(id: number, error: HypervisorError): void {
    this.history.update(id, { state: 'unknown', error, outOfTouch: false, cancelable: false });
    this.audit('has lost the answer to', id);
  }

  staysUnknown(id: number): void {
    this.logger.warn(`${this.describe(id)}: the outcome stays unknown, the server cannot be asked`);
  }

  /** The task has ended, one way or another. */
  conclude(id: number, task: ServerTask): void {
    if (task.state === 'succeeded') {
      this.succeed(id, task);
    } else if (task.state === 'cancelled') {
      this.end(id, 'cancelled', { error: undefined });
      this.audit('was cancelled:', id);
    } else {
      this.fail(id, task.error ?? new HypervisorError('server', 'a task failed without a reason', noReason));
    }
  }

  succeed(id: number, task: ServerTask | undefined): void {
    const snapshotId = task?.snapshotId;
    this.end(id, 'succeeded', { progressPercent: undefined, phase: undefined, error: undefined, snapshotId });
    this.audit('has done', id);
  }

  fail(id: number, error: unknown): void {
    if (isOver(this.history.get(id))) {
      // It ended well; only the reading afterwards failed, which the connection itself reports.
      this.logger.warn(`${this.describe(id)}: ended, but the VM could not be read again`);
      return;
    }
    const known = error instanceof HypervisorError ? error : undefined;
    if (known?.kind === 'outcomeUnknown') {
      this.history.update(id, { state: 'unknown', error: known, outOfTouch: false, cancelable: false });
    } else {
      const told = known ?? new HypervisorError('server', 'an unexpected error', unexpected, { cause: error });
      this.end(id, 'failed', { error: told });
    }
    this.logger.error(`${this.describe(id)} failed`, error);
  }

  describe(id: number): string {
    const { connection, operation, vmName, taskId } = this.history.get(id);
    const snapshot = 'snapshotId' in operation ? ` ${operation.snapshotId}` : '';
    const task = taskId === undefined ? '' : ` task ${taskId}`;
    return `${operation.kind}${snapshot} on ${operation.vmId} "${vmName}" of ${connection.label} as ${connection.userName}${task}`;
  }

  private end(
    id: number,
    state: 'succeeded' | 'failed' | 'cancelled',
    facts: Partial<Omit<TrackedOperation, 'id' | 'groupId'>>,
  ): void {
    const endedAtMs = this.clock.now();
    const ended = this.history.update(id, { cancelable: false, outOfTouch: false, ...facts, state, endedAtMs });
    this.journal.ended(ended, state);
  }

  /** One line in the log for every write: who asked for what, on what, and how it went. */
  private audit(what: string, id: number): void {
    this.logger.info(`${what} ${this.describe(id)}`);
  }
}

function leftBehind(vmName: string): HypervisorError {
  return new HypervisorError(
    'outcomeUnknown',
    'the window that had sent it is gone',
    (context) =>
      l10n.t(
        "The window closed before the end of this on '{0}' was known. It will not be sent again.",
        context.vmName ?? vmName,
      ),
    { nextStep: 'checkNow' },
  );
}

function noReason(): string {
  return l10n.t('The server gave no reason.');
}

function unexpected(): string {
  return l10n.t('Something unexpected happened. The log has the details.');
}
