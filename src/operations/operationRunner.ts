import * as l10n from '@vscode/l10n';
import { isCancelled, sleep } from '../common/cancellation';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorClient } from '../hypervisor/client';
import type { HypervisorConnection } from '../hypervisor/connection';
import { HypervisorError } from '../hypervisor/errors';
import type { TaskId } from '../hypervisor/model/ids';
import { isEnded, type ServerTask } from '../hypervisor/model/task';
import type { Plan } from '../hypervisor/plan/plan';
import type { OperationHistory } from './operationHistory';
import { requireWritable } from './policy';
import { settle, type Verdict } from './settle';
import { isOver, type TrackedOperation } from './trackedOperation';

// A connection that is up again may break again at once; nobody needs to know more often than this.
const askAgainAfterMs = 1_000;

/** A request whose answer was lost, and what is needed to find out. */
interface OpenQuestion {
  readonly plan: Plan;
  readonly connection: HypervisorConnection;
  readonly knownTaskIds: ReadonlySet<TaskId>;
}

/**
 * Carries out operations that have been confirmed: sends each once, follows it to its real end, and tells the history.
 *
 * @remarks There is no time limit anywhere: a merge may take a day. A connection that breaks meanwhile changes nothing
 * for the operation; it is found again by its task. A request whose answer was lost is never sent again: its outcome is
 * unknown until the server's own state settles it.
 */
export class OperationRunner {
  private readonly openQuestions = new Map<number, OpenQuestion>();

  constructor(
    private readonly history: OperationHistory,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Announces an operation that is about to run, so that views show it and the VM counts as taken. */
  announce(connection: HypervisorConnection, plan: Plan): TrackedOperation {
    return this.history.add({
      connection,
      operation: plan.operation,
      vmName: plan.vm.name,
      snapshotName: plan.operation.kind === 'take' ? plan.operation.name : plan.target?.name,
      state: 'waiting',
      taskId: undefined,
      progressPercent: undefined,
      phase: undefined,
      cancelable: false,
      outOfTouch: false,
      createdAtMs: this.clock.now(),
      startedAtMs: undefined,
      endedAtMs: undefined,
      error: undefined,
      snapshotId: undefined,
    });
  }

  /** Ends an announced operation without sending anything. */
  abandon(id: number): void {
    this.history.update(id, { state: 'cancelled', endedAtMs: this.clock.now() });
  }

  /**
   * Sends an announced operation and follows it to its end. Never rejects: how it went is in what it resolves with, and
   * in the history.
   */
  async run(id: number, plan: Plan): Promise<TrackedOperation> {
    const { connection } = this.history.get(id);
    const hold = connection.hold();
    try {
      await this.send(id, plan, connection);
      await this.refresh(connection, plan);
    } catch (error) {
      this.fail(id, error);
    } finally {
      hold.dispose();
    }
    return this.history.get(id);
  }

  /**
   * Looks at the server's own state to find out what became of an operation of unknown outcome. Does nothing for others.
   *
   * @throws HypervisorError when the server cannot be asked; the outcome stays unknown.
   */
  async check(id: number): Promise<TrackedOperation> {
    const question = this.openQuestions.get(id);
    if (question !== undefined && this.history.get(id).state === 'unknown') {
      const { connection, plan, knownTaskIds } = question;
      const verdict = await settle(connection.client(), plan, knownTaskIds);
      await this.accept(id, question, verdict);
      await this.refresh(connection, plan);
    }
    return this.history.get(id);
  }

  private async send(id: number, plan: Plan, connection: HypervisorConnection): Promise<void> {
    const client = connection.client();
    const known = new Set((await client.recentTasks(plan.vm.id)).map((task) => task.id));
    // Here at the latest, and whoever asks: the server may have been made read-only while this one waited for its turn.
    requireWritable(connection);
    this.history.update(id, { state: 'sending', startedAtMs: this.clock.now() });
    this.audit('sends', id);
    try {
      const { taskId } = await client.start(plan.operation);
      if (taskId === undefined) {
        this.succeed(id, undefined);
        return;
      }
      this.history.update(id, { state: 'running', taskId });
      await this.follow(id, taskId, { connection, plan, knownTaskIds: known });
    } catch (error) {
      const lost = HypervisorError.find(error, 'outcomeUnknown');
      if (lost === undefined) {
        throw error;
      }
      await this.settleSoon(id, { connection, plan, knownTaskIds: known }, lost);
    }
  }

  /** Follows a task through as many sessions as it takes. */
  private async follow(id: number, taskId: TaskId, question: OpenQuestion): Promise<void> {
    const { connection } = question;
    for (;;) {
      const client = await this.nextClient(id, connection);
      try {
        const task = await client.followTask(taskId, (progress) => {
          this.report(id, progress);
          connection.runningTasks.update([progress]);
        });
        connection.runningTasks.update([task]);
        this.conclude(id, task);
        return;
      } catch (error) {
        if (!isOutOfTouch(error)) {
          throw error;
        }
        this.logger.warn(`${this.describe(id)}: out of touch with the server, the task goes on there`);
        this.history.update(id, { outOfTouch: true });
        await sleep(this.clock, askAgainAfterMs);
      }
    }
  }

  private async nextClient(id: number, connection: HypervisorConnection): Promise<HypervisorClient> {
    try {
      const client = await connection.whenConnected();
      this.history.update(id, { outOfTouch: false });
      return client;
    } catch (error) {
      // Nobody will connect by itself any more. The task may be running for all we know.
      throw new HypervisorError(
        'outcomeUnknown',
        `${this.describe(id)}: the connection was given up`,
        (context) => lostSentence(context.serverLabel ?? connection.label),
        { cause: error, nextStep: 'checkNow' },
      );
    }
  }

  /** Asks the server as soon as it can be asked; leaves the outcome unknown when that is not to be expected. */
  private async settleSoon(id: number, question: OpenQuestion, lost: HypervisorError): Promise<void> {
    this.openQuestions.set(id, question);
    this.history.update(id, { state: 'unknown', error: lost, outOfTouch: false });
    this.audit('has lost the answer to', id);
    let verdict: Verdict | undefined;
    try {
      verdict = await this.askUntilAnswered(id, question);
    } catch (error) {
      if (!isCancelled(error) && !(error instanceof HypervisorError)) {
        throw error;
      }
      this.logger.warn(`${this.describe(id)}: the outcome stays unknown, the server cannot be asked`);
      return;
    }
    // A person's check may have settled it meanwhile.
    if (verdict !== undefined && this.openQuestions.has(id)) {
      // What has not happened yet may still be on its way through a proxy: only the person's own check, later, says so.
      await this.accept(id, question, verdict.kind === 'notDone' ? { kind: 'unknown' } : verdict);
    }
  }

  /**
   * Asks in as many sessions as it takes: what lost the answer breaks the session too, and a client that has just died
   * may be handed out until the connection has noticed.
   *
   * @returns undefined when somebody else has settled it meanwhile
   */
  private async askUntilAnswered(id: number, question: OpenQuestion): Promise<Verdict | undefined> {
    while (this.openQuestions.has(id)) {
      const client = await question.connection.whenConnected();
      try {
        return await settle(client, question.plan, question.knownTaskIds);
      } catch (error) {
        if (!isOutOfTouch(error)) {
          throw error;
        }
        await sleep(this.clock, askAgainAfterMs);
      }
    }
    return undefined;
  }

  private async accept(id: number, question: OpenQuestion, verdict: Verdict): Promise<void> {
    switch (verdict.kind) {
      case 'task':
        this.openQuestions.delete(id);
        this.history.update(id, { state: 'running', taskId: verdict.task.id, error: undefined });
        if (isEnded(verdict.task)) {
          this.conclude(id, verdict.task);
        } else {
          await this.follow(id, verdict.task.id, question);
        }
        return;
      case 'done':
        this.openQuestions.delete(id);
        this.succeed(id, undefined);
        return;
      case 'notDone':
        this.openQuestions.delete(id);
        this.fail(
          id,
          new HypervisorError('nothingToDo', 'the server shows no trace of the request', () =>
            l10n.t('The server shows no trace of it: nothing was changed.'),
          ),
        );
        return;
      case 'unknown':
        return;
    }
  }

  private report(id: number, task: ServerTask): void {
    this.history.update(id, {
      state: 'running',
      progressPercent: task.progressPercent,
      phase: task.phase,
      cancelable: task.cancelable,
    });
  }

  private conclude(id: number, task: ServerTask): void {
    if (task.state === 'succeeded') {
      this.succeed(id, task);
    } else if (task.state === 'cancelled') {
      this.history.update(id, { state: 'cancelled', endedAtMs: this.clock.now(), cancelable: false });
      this.audit('was cancelled:', id);
    } else {
      this.fail(id, task.error ?? new HypervisorError('server', 'a task failed without a reason', noReason));
    }
  }

  private succeed(id: number, task: ServerTask | undefined): void {
    this.history.update(id, {
      state: 'succeeded',
      progressPercent: undefined,
      phase: undefined,
      cancelable: false,
      outOfTouch: false,
      endedAtMs: this.clock.now(),
      error: undefined,
      snapshotId: task?.snapshotId,
    });
    this.audit('has done', id);
  }

  private fail(id: number, error: unknown): void {
    if (isOver(this.history.get(id))) {
      // It ended well; only the reading afterwards failed, which the connection itself reports.
      this.logger.warn(`${this.describe(id)}: ended, but the VM could not be read again`);
      return;
    }
    const known = error instanceof HypervisorError ? error : undefined;
    this.history.update(id, {
      state: known?.kind === 'outcomeUnknown' ? 'unknown' : 'failed',
      cancelable: false,
      outOfTouch: false,
      endedAtMs: known?.kind === 'outcomeUnknown' ? undefined : this.clock.now(),
      error: known ?? new HypervisorError('server', 'an unexpected error', unexpected, { cause: error }),
    });
    this.logger.error(`${this.describe(id)} failed`, error);
  }

  /** Reads the VM once more, so that the tree shows the result even when the live feed is late. */
  private async refresh(connection: HypervisorConnection, plan: Plan): Promise<void> {
    if (connection.state.kind !== 'live') {
      return;
    }
    try {
      const { vm } = await connection.client().readVm(plan.vm.id);
      connection.inventory.put([vm]);
    } catch (error) {
      if (!(error instanceof HypervisorError)) {
        throw error;
      }
      this.logger.debug(`could not read ${plan.vm.id} after an operation: ${error.message}`);
    }
  }

  /** One line in the log for every write: who asked for what, on what, and how it went. */
  private audit(what: string, id: number): void {
    this.logger.info(`${what} ${this.describe(id)}`);
  }

  private describe(id: number): string {
    const { connection, operation, vmName, taskId } = this.history.get(id);
    const snapshot = 'snapshotId' in operation ? ` ${operation.snapshotId}` : '';
    const task = taskId === undefined ? '' : ` task ${taskId}`;
    return `${operation.kind}${snapshot} on ${operation.vmId} "${vmName}" of ${connection.label} as ${connection.userName}${task}`;
  }
}

function isOutOfTouch(error: unknown): boolean {
  return (
    HypervisorError.find(error, 'connectionLost') !== undefined ||
    HypervisorError.find(error, 'notConnected') !== undefined ||
    HypervisorError.find(error, 'noAnswer') !== undefined ||
    HypervisorError.find(error, 'serverUnavailable') !== undefined
  );
}

function lostSentence(server: string): string {
  return l10n.t(
    "The connection to '{0}' broke while the server was at work. It may go on there, and will not be sent again.",
    server,
  );
}

function noReason(): string {
  return l10n.t('The server gave no reason.');
}

function unexpected(): string {
  return l10n.t('Something unexpected happened. The log has the details.');
}
