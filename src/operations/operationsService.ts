import * as l10n from '@vscode/l10n';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorConnection } from '../hypervisor/connection';
import { HypervisorError } from '../hypervisor/errors';
import type { Operation } from '../hypervisor/model/operation';
import { comparePlans } from '../hypervisor/plan/comparePlans';
import type { Plan } from '../hypervisor/plan/plan';
import type { OperationDialogs } from './dialogs';
import type { OperationHistory } from './operationHistory';
import { OperationPlanner } from './operationPlanner';
import type { OperationRunner } from './operationRunner';
import { type Agreed, OperationSender, type Sent } from './operationSender';
import { confirmationNeed, type OperationPolicy, requireWritable } from './policy';
import { isOver, type TrackedOperation } from './trackedOperation';
import { noVmLocks, type VmLocks } from './vmLocks';

/** An operation on one VM. */
export interface OperationRequest {
  readonly connection: HypervisorConnection;
  readonly operation: Operation;
  /** Name of the snapshot that a confirmation with `snapshotFirst` takes of the VM before it restores. */
  readonly safetySnapshotName: (plan: Plan) => string;
}

/** What became of an operation. */
export interface OperationResult {
  /** For which it was sent. */
  readonly plan: Plan;
  readonly outcome: TrackedOperation;
}

/** How often a person is asked to review before the service says that the VM does not come to rest. */
const maxReviews = 20;

/**
 * The one way by which anything is changed on a server, whoever asks: reads the VM afresh, plans, has the person
 * confirm in proportion, reads and plans again, sends once and follows to the end.
 */
export class OperationsService {
  private readonly planner: OperationPlanner;
  private readonly sender: OperationSender;

  /** @param locks - default: this window is the only one */
  constructor(
    private readonly history: OperationHistory,
    runner: OperationRunner,
    private readonly policy: () => OperationPolicy,
    clock: Clock,
    logger: Logger,
    locks: VmLocks = noVmLocks,
  ) {
    this.planner = new OperationPlanner(history, policy, clock, logger);
    this.sender = new OperationSender(this.planner, runner, locks, clock, logger);
  }

  /**
   * What the operation would do to the VM as it is now. Changes nothing.
   *
   * @throws HypervisorError of kind `gone` when the VM no longer exists, or when the server cannot be asked
   */
  async plan(connection: HypervisorConnection, operation: Operation, signal?: AbortSignal): Promise<Plan> {
    return await this.planner.plan(connection, operation, signal);
  }

  /** Sends what a person has agreed to, if the VM is still what it was then. As {@link OperationSender.send}. */
  async send(agreed: Agreed): Promise<Sent> {
    return await this.sender.send(agreed);
  }

  /**
   * Carries out an operation on one VM from the first look to the end.
   *
   * @returns what became of it; undefined when the person gave up
   * @throws HypervisorError of kind `readOnlyServer`, or when the VM could not even be looked at. How the operation
   * itself went is in the result.
   */
  async perform(request: OperationRequest, dialogs: OperationDialogs): Promise<OperationResult | undefined> {
    const { connection, operation } = request;
    requireWritable(connection);
    let plan = await this.planner.plan(connection, operation);
    for (let round = 0; round < maxReviews; round++) {
      const agreed = await this.agree(request, plan, dialogs);
      if (agreed === undefined) {
        return undefined;
      }
      const sent = await this.sender.send(agreed);
      if (sent.kind === 'ran') {
        return sent;
      }
      const { now, differences } = sent;
      const isBlocked = differences.every((difference) => difference.kind === 'blocked');
      if (!isBlocked && (await dialogs.explainChange(connection, agreed.plan, now, differences)) === undefined) {
        return undefined;
      }
      plan = now;
    }
    throw new HypervisorError('wrongState', 'the VM kept changing while it was being reviewed', () =>
      l10n.t('The VM keeps changing. Try again when it has come to rest.'),
    );
  }

  /** Has the person deal with what is in the way and confirm the rest. @returns undefined when the person gave up */
  private async agree(
    { connection, safetySnapshotName }: OperationRequest,
    first: Plan,
    dialogs: OperationDialogs,
  ): Promise<Agreed | undefined> {
    const plan = await this.clearBlockers(connection, first, dialogs);
    if (plan === undefined) {
      return undefined;
    }
    const need = confirmationNeed(plan, connection, this.policy());
    if (need.dialog === 'none') {
      return { connection, plan, isForetold: false };
    }
    const confirmation = await dialogs.confirm(connection, plan, need);
    return (
      confirmation && {
        connection,
        plan,
        isForetold: true,
        safetySnapshotName: confirmation.snapshotFirst ? safetySnapshotName(plan) : undefined,
      }
    );
  }

  private async clearBlockers(
    connection: HypervisorConnection,
    first: Plan,
    dialogs: OperationDialogs,
  ): Promise<Plan | undefined> {
    let plan = first;
    for (;;) {
      const busy = plan.blockers.find((blocker) => blocker.kind === 'busy');
      const others = plan.blockers.filter((blocker) => blocker.kind !== 'busy');
      if (others.some((blocker) => !blocker.advisory) || (busy === undefined && others.length > 0)) {
        const answer = await dialogs.explainBlocked(connection, plan);
        return answer === 'proceed' && others.every((blocker) => blocker.advisory) ? plan : undefined;
      }
      if (busy === undefined) {
        return plan;
      }
      // An estimate, such as the one of the preview that the person has just agreed to, is over before anybody has answered.
      const waits =
        busy.task?.isEstimate === true || (await dialogs.askAboutBusy(connection, plan, busy.task)) === 'wait';
      if (!waits) {
        return undefined;
      }
      await this.waitUntilFree(connection, plan);
      const now = await this.planner.planAgain(connection, plan);
      const differences = comparePlans(plan, now).filter((difference) => difference.kind !== 'blocked');
      if (differences.length > 0 && (await dialogs.explainChange(connection, plan, now, differences)) === undefined) {
        return undefined;
      }
      plan = now;
    }
  }

  private async waitUntilFree(connection: HypervisorConnection, plan: Plan): Promise<void> {
    const own = this.history.ofVm(connection.id, plan.vm.id);
    const task = plan.blockers.find((blocker) => blocker.kind === 'busy')?.task;
    if (own !== undefined) {
      await this.whenOver(own.id);
    } else if (task !== undefined) {
      await connection.client().followTask(task.id, () => undefined);
    }
  }

  private whenOver(id: number): Promise<void> {
    return new Promise((resolve) => {
      const subscription = this.history.onDidChange((changed) => {
        // One that is taken back is told as `undefined`.
        const isWithdrawn = changed === undefined && !this.history.has(id);
        if (isWithdrawn || (changed?.id === id && (isOver(changed) || changed.state === 'unknown'))) {
          subscription.dispose();
          resolve();
        }
      });
    });
  }
}
