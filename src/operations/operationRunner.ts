import * as l10n from '@vscode/l10n';
import { isCancelled, sleep } from '../common/cancellation';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorClient } from '../hypervisor/client';
import type { HypervisorConnection } from '../hypervisor/connection';
import { HypervisorError } from '../hypervisor/errors';
import type { ObjectId, TaskId } from '../hypervisor/model/ids';
import { isEnded, type ServerTask } from '../hypervisor/model/task';
import type { Plan } from '../hypervisor/plan/plan';
import { expectationOf } from './expectation';
import type { OpenEntry } from './journal/journalRecord';
import { noJournalStore } from './journal/journalStore';
import { OperationJournal } from './journal/operationJournal';
import type { OperationHistory } from './operationHistory';
import { OperationLedger } from './operationLedger';
import { isOutOfTouch } from './outOfTouch';
import { requireWritable } from './policy';
import { type Question, settle, type Verdict } from './settle';
import type { TrackedOperation } from './trackedOperation';

// A connection that is up again may break again at once; nobody needs to know more often than this.
const askAgainAfterMs = 1_000;

/**
 * Carries out operations that have been confirmed: sends each once, follows it to its real end, and tells the history.
 *
 * @remarks There is no time limit anywhere: a merge may take a day. A connection that breaks meanwhile changes nothing
 * for the operation; it is found again by its task. A request whose answer was lost is never sent again: its outcome is
 * unknown until the server's own state settles it.
 */
export class OperationRunner {
  private readonly openQuestions = new Map<number, Question>();
  private readonly ledger: OperationLedger;

  /** @param journal - default: nothing is written down */
  constructor(
    history: OperationHistory,
    private readonly clock: Clock,
    private readonly logger: Logger,
    journal = new OperationJournal(
      noJournalStore,
      () => undefined,
      () => clock.now(),
      logger,
    ),
  ) {
    this.ledger = new OperationLedger(history, journal, clock, logger);
  }

  /** Announces an operation that is about to run, so that views show it and the VM counts as taken. */
  announce(connection: HypervisorConnection, plan: Plan, groupId?: number): TrackedOperation {
    return this.ledger.announce(connection, plan, groupId);
  }

  /** Writes down announced operations that have to wait, so that a crash does not forget them. */
  async note(operations: readonly TrackedOperation[]): Promise<void> {
    await this.ledger.note(operations);
  }

  /** Ends an announced operation without sending anything: given up, or with an error because it must not be sent. */
  abandon(id: number, error?: HypervisorError): TrackedOperation {
    return this.ledger.abandon(id, error);
  }

  /** Takes back an announced operation, as if it had never been asked for. */
  withdraw(id: number): void {
    this.ledger.withdraw(id);
  }

  /**
   * Sends an announced operation and follows it to its end. Never rejects: how it went is in what it resolves with, and
   * in the history.
   */
  async run(id: number, plan: Plan): Promise<TrackedOperation> {
    const { connection } = this.ledger.get(id);
    const hold = connection.hold();
    try {
      await this.send(id, plan, connection);
      await this.refresh(connection, plan.vm.id);
    } catch (error) {
      this.ledger.fail(id, error);
    } finally {
      hold.dispose();
    }
    return this.ledger.get(id);
  }

  /**
   * Looks at the server's own state to find out what became of an operation of unknown outcome. Does nothing for others.
   *
   * @throws HypervisorError when the server cannot be asked; the outcome stays unknown.
   */
  async check(id: number): Promise<TrackedOperation> {
    const question = this.openQuestions.get(id);
    const { connection, operation, state } = this.ledger.get(id);
    if (question !== undefined && state === 'unknown') {
      await this.accept(id, question, await settle(connection.client(), question));
      await this.refresh(connection, operation.vmId);
    }
    return this.ledger.get(id);
  }

  /**
   * Takes over an operation that a window has left behind: one that was sent is of unknown outcome until {@link resume},
   * one that was not is over. Resolves when it is in this window's journal.
   */
  async adopt(connection: HypervisorConnection, entry: OpenEntry, groupId?: number): Promise<TrackedOperation> {
    const adopted = await this.ledger.adopt(connection, entry, groupId);
    const { requested, sent, taskId } = entry;
    if (sent !== undefined) {
      const expectation = { operation: requested.operation, before: sent.before, after: sent.after };
      const knownTaskIds = new Set(sent.knownTaskIds);
      this.openQuestions.set(adopted.id, { expectation, knownTaskIds, sentAtMs: sent.atMs, taskId });
    }
    return adopted;
  }

  /** An operation that was taken over unsent is asked for anew, or nobody wants it any more. */
  drop(id: number): void {
    this.ledger.drop(id);
  }

  /**
   * Finds an operation that was taken over again on its server, and follows it to its end. Never rejects.
   *
   * @remarks The connection has to lead to the server that it was sent to.
   */
  async resume(id: number): Promise<TrackedOperation> {
    const { connection, operation } = this.ledger.get(id);
    const hold = connection.hold();
    try {
      await this.settleOpen(id);
      await this.refresh(connection, operation.vmId);
    } catch (error) {
      this.ledger.fail(id, error);
    } finally {
      hold.dispose();
    }
    return this.ledger.get(id);
  }

  private async send(id: number, plan: Plan, connection: HypervisorConnection): Promise<void> {
    const client = connection.client();
    const tasks = await client.recentTasks(plan.vm.id);
    // Here at the latest, and whoever asks: the server may have been made read-only while this one waited for its turn.
    requireWritable(connection);
    const question: Question = {
      expectation: expectationOf(plan),
      knownTaskIds: new Set(tasks.map((task) => task.id)),
      sentAtMs: this.clock.now(),
      taskId: undefined,
    };
    await this.ledger.sends(id, question);
    try {
      const { taskId } = await client.start(plan.operation);
      if (taskId === undefined) {
        this.ledger.succeed(id, undefined);
        return;
      }
      this.ledger.started(id, taskId);
      await this.follow(id, taskId);
    } catch (error) {
      await this.settleIfLost(id, question, error);
    }
  }

  /** Follows a task through as many sessions as it takes. */
  private async follow(id: number, taskId: TaskId): Promise<void> {
    const { connection, operation } = this.ledger.get(id);
    for (;;) {
      const client = await this.nextClient(id, connection);
      const stray = new AbortController();
      const isStray = ({ vmId }: ServerTask): boolean => vmId !== undefined && vmId !== operation.vmId;
      try {
        const task = await client.followTask(
          taskId,
          (progress) => {
            if (isStray(progress)) {
              stray.abort();
            } else {
              this.ledger.report(id, progress);
              connection.runningTasks.update([progress]);
            }
          },
          stray.signal,
        );
        if (isStray(task)) {
          throw new StrayTaskError(taskId, connection.label);
        }
        connection.runningTasks.update([task]);
        this.ledger.conclude(id, task);
        return;
      } catch (error) {
        if (stray.signal.aborted) {
          throw new StrayTaskError(taskId, connection.label);
        }
        if (!isOutOfTouch(error)) {
          throw error instanceof StrayTaskError ? error : this.lostTrack(id, 'its task cannot be followed', error);
        }
        this.ledger.outOfTouch(id, true);
        await sleep(this.clock, askAgainAfterMs);
      }
    }
  }

  private async nextClient(id: number, connection: HypervisorConnection): Promise<HypervisorClient> {
    try {
      const client = await connection.whenConnected();
      this.ledger.outOfTouch(id, false);
      return client;
    } catch (error) {
      // Nobody will connect by itself any more.
      throw this.lostTrack(id, 'the connection was given up', error);
    }
  }

  /** Why nobody knows how an operation ends that the server has begun: only its own task says that it has failed. */
  private lostTrack(id: number, what: string, cause: unknown): HypervisorError {
    const { label } = this.ledger.get(id).connection;
    return new HypervisorError(
      'outcomeUnknown',
      `${this.ledger.describe(id)}: ${what}`,
      (context) => lostSentence(context.serverLabel ?? label),
      { cause, nextStep: 'checkNow' },
    );
  }

  /** Asks the server what became of a request whose answer was lost. @throws any other error as it is. */
  private async settleIfLost(id: number, question: Question, error: unknown): Promise<void> {
    const lost = HypervisorError.find(error, 'outcomeUnknown');
    if (lost === undefined) {
      throw error;
    }
    const taskId = error instanceof StrayTaskError ? undefined : this.ledger.get(id).taskId;
    this.openQuestions.set(id, { ...question, taskId });
    this.ledger.unknown(id, lost);
    await this.settleOpen(id);
  }

  /** Asks the server as soon as it can be asked; leaves the outcome unknown when that is not to be expected. */
  private async settleOpen(id: number): Promise<void> {
    let verdict: Verdict | undefined;
    try {
      verdict = await this.askUntilAnswered(id);
    } catch (error) {
      if (!isCancelled(error) && !(error instanceof HypervisorError)) {
        throw error;
      }
      this.ledger.staysUnknown(id);
      return;
    }
    // A person's check may have settled it meanwhile.
    const question = this.openQuestions.get(id);
    // What has not happened yet may still be on its way through a proxy: only the person's own check, later, says so.
    if (verdict !== undefined && question !== undefined && verdict.kind !== 'notDone') {
      await this.accept(id, question, verdict);
    }
  }

  /**
   * Asks in as many sessions as it takes: what lost the answer breaks the session too, and a client that has just died
   * may be handed out until the connection has noticed.
   *
   * @returns undefined when somebody else has settled it meanwhile
   */
  private async askUntilAnswered(id: number): Promise<Verdict | undefined> {
    const { connection } = this.ledger.get(id);
    for (let question = this.openQuestions.get(id); question !== undefined; question = this.openQuestions.get(id)) {
      const client = await connection.whenConnected();
      try {
        return await settle(client, question);
      } catch (error) {
        if (!isOutOfTouch(error)) {
          throw error;
        }
        await sleep(this.clock, askAgainAfterMs);
      }
    }
    return undefined;
  }

  private async accept(id: number, question: Question, verdict: Verdict): Promise<void> {
    switch (verdict.kind) {
      case 'task':
        this.openQuestions.delete(id);
        this.ledger.started(id, verdict.task.id);
        await this.carryOn(id, question, verdict.task);
        return;
      case 'done':
        this.openQuestions.delete(id);
        this.ledger.succeed(id, undefined);
        return;
      case 'notDone':
        this.openQuestions.delete(id);
        this.ledger.fail(id, noTrace());
        return;
      case 'unknown':
        return;
    }
  }

  /** Follows a task that was found on the server. */
  private async carryOn(id: number, question: Question, task: ServerTask): Promise<void> {
    if (isEnded(task)) {
      this.ledger.conclude(id, task);
      return;
    }
    try {
      await this.follow(id, task.id);
    } catch (error) {
      await this.settleIfLost(id, question, error);
    }
  }

  /** Reads the VM once more, so that the tree shows the result even when the live feed is late. */
  private async refresh(connection: HypervisorConnection, vmId: ObjectId): Promise<void> {
    if (connection.state.kind !== 'live') {
      return;
    }
    try {
      const { vm } = await connection.client().readVm(vmId);
      connection.inventory.put([vm]);
    } catch (error) {
      if (!(error instanceof HypervisorError)) {
        throw error;
      }
      this.logger.debug(`could not read ${vmId} after an operation: ${error.message}`);
    }
  }
}

/** The answer to a request named a task of another VM: something between has mixed up answers. */
class StrayTaskError extends HypervisorError {
  override readonly name = 'StrayTaskError';

  constructor(taskId: TaskId, label: string) {
    super(
      'outcomeUnknown',
      `the answer names ${taskId}, which is about another VM`,
      (context) => lostSentence(context.serverLabel ?? label),
      { nextStep: 'checkNow' },
    );
  }
}

function noTrace(): HypervisorError {
  return new HypervisorError('nothingToDo', 'the server shows no trace of the request', () =>
    l10n.t('The server shows no trace of it: nothing was changed.'),
  );
}

function lostSentence(server: string): string {
  return l10n.t(
    "The connection to '{0}' broke while the server was at work. It may go on there, and will not be sent again.",
    server,
  );
}
