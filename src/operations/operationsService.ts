import * as l10n from '@vscode/l10n';
import { CancelledError } from '../common/cancellation';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorConnection } from '../hypervisor/connection';
import { HypervisorError } from '../hypervisor/errors';
import { backupNameMatcher } from '../hypervisor/health/backupProduct';
import type { Operation } from '../hypervisor/model/operation';
import type { SpaceNeed } from '../hypervisor/model/vmDetail';
import { buildPlan } from '../hypervisor/plan/buildPlan';
import { comparePlans } from '../hypervisor/plan/comparePlans';
import type { Plan } from '../hypervisor/plan/plan';
import type { Confirmation, OperationDialogs } from './dialogs';
import type { OperationHistory } from './operationHistory';
import type { OperationRunner } from './operationRunner';
import { confirmationNeed, type OperationPolicy, requireWritable } from './policy';
import { runQueued } from './queue';
import { isOver, type TrackedOperation } from './trackedOperation';

/** Operations of one kind on one or many VMs of one server. */
export interface OperationRequest {
  readonly connection: HypervisorConnection;
  /** At least one; at most one for a VM. */
  readonly operations: readonly Operation[];
  /** Name of the snapshot that {@link Confirmation.snapshotFirst} takes of a VM before it restores `target`. */
  readonly safetySnapshotName: (plan: Plan) => string;
}

/** What became of one VM of a request. */
export interface OperationResult {
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
  constructor(
    private readonly history: OperationHistory,
    private readonly runner: OperationRunner,
    private readonly policy: () => OperationPolicy,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * What the operation would do to the VM as it is now. Changes nothing.
   *
   * @throws HypervisorError of kind `gone` when the VM no longer exists, or when the server cannot be asked
   */
  async plan(connection: HypervisorConnection, operation: Operation, signal?: AbortSignal): Promise<Plan> {
    // First, because it is a task on the VM while it lasts.
    const space = await this.space(connection, operation, signal);
    return await this.planWith(connection, operation, space, signal);
  }

  private async planWith(
    connection: HypervisorConnection,
    operation: Operation,
    space: readonly SpaceNeed[],
    signal?: AbortSignal,
  ): Promise<Plan> {
    const client = connection.client();
    const [detail, missingPrivileges] = await Promise.all([
      client.readVm(operation.vmId, signal),
      client.missingPrivileges(operation.vmId, operation.kind, signal),
    ]);
    const plan = buildPlan({
      detail,
      operation,
      missingPrivileges,
      isReadOnlyServer: connection.isReadOnly,
      space,
      backupPattern: backupNameMatcher(this.policy().backupNamePatterns),
      nowMs: this.clock.now(),
    });
    return this.withOwnOperation(connection, plan);
  }

  /**
   * Carries out a request from the first look to the end.
   *
   * @returns what became of each VM, in the order of the request; empty when the person gave up
   * @throws HypervisorError of kind `readOnlyServer`, or when the VMs could not even be looked at. How an operation itself went is in the results.
   */
  async perform(request: OperationRequest, dialogs: OperationDialogs): Promise<readonly OperationResult[]> {
    requireWritable(request.connection);
    const confirmation = await this.prepare(request, dialogs);
    if (confirmation === undefined) {
      return [];
    }
    const { connection } = request;
    const announced = confirmation.plans.map((plan) => ({ plan, id: this.runner.announce(connection, plan).id }));
    return await runQueued(announced, datastoreOf, this.policy().parallelPerDatastore, async ({ plan, id }) => {
      const outcome = confirmation.snapshotFirst
        ? await this.runAfterSnapshot(request, plan, id)
        : await this.runner.run(id, plan);
      return { plan, outcome };
    });
  }

  /** Plans and confirms until what the person has confirmed is what would happen now. */
  private async prepare(request: OperationRequest, dialogs: OperationDialogs): Promise<Confirmation | undefined> {
    const { connection } = request;
    let plans = await this.planAll(request);
    for (let round = 0; round < maxReviews; round++) {
      const open = await this.clearBlockers(connection, plans, dialogs);
      if (open === undefined) {
        return undefined;
      }
      const need = confirmationNeed(open, connection, this.policy());
      const confirmation =
        need.dialog === 'none' ? { plans: open, snapshotFirst: false } : await dialogs.confirm(connection, open, need);
      if (confirmation === undefined || confirmation.plans.length === 0) {
        return undefined;
      }
      const now = await Promise.all(confirmation.plans.map((plan) => this.planAgain(connection, plan)));
      const isSame = await this.sameAsConfirmed(connection, confirmation.plans, now, dialogs, need.dialog === 'none');
      if (isSame === undefined) {
        return undefined;
      }
      if (isSame) {
        return { ...confirmation, plans: now };
      }
      plans = now;
    }
    throw new HypervisorError('wrongState', 'the VM kept changing while it was being reviewed', () =>
      l10n.t('The VM keeps changing. Try again when it has come to rest.'),
    );
  }

  /** The plan for what the VM is now; the estimate of space stays the one that was shown. */
  private async planAgain(connection: HypervisorConnection, plan: Plan): Promise<Plan> {
    const space = plan.space.map(({ datastore, neededBytes }) => ({ datastoreId: datastore.id, bytes: neededBytes }));
    return await this.planWith(connection, plan.operation, space);
  }

  private async planAll({ connection, operations }: OperationRequest): Promise<Plan[]> {
    return await Promise.all(operations.map((operation) => this.plan(connection, operation)));
  }

  /**
   * Has the person deal with what is in the way.
   *
   * @returns the plans that may go on; undefined when the person gave up. With many VMs the list shows what is blocked.
   */
  private async clearBlockers(
    connection: HypervisorConnection,
    plans: readonly Plan[],
    dialogs: OperationDialogs,
  ): Promise<readonly Plan[] | undefined> {
    const [first] = plans;
    if (plans.length !== 1 || first === undefined) {
      return plans;
    }
    let plan = first;
    for (;;) {
      const busy = plan.blockers.find((blocker) => blocker.kind === 'busy');
      const others = plan.blockers.filter((blocker) => blocker.kind !== 'busy');
      if (others.some((blocker) => !blocker.advisory) || (busy === undefined && others.length > 0)) {
        const answer = await dialogs.explainBlocked(connection, plan);
        return answer === 'proceed' && others.every((blocker) => blocker.advisory) ? [plan] : undefined;
      }
      if (busy === undefined) {
        return [plan];
      }
      if ((await dialogs.askAboutBusy(connection, plan, busy.task)) === undefined) {
        return undefined;
      }
      await this.waitUntilFree(connection, plan);
      const now = await this.planAgain(connection, plan);
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
        if (changed?.id === id && (isOver(changed) || changed.state === 'unknown')) {
          subscription.dispose();
          resolve();
        }
      });
    });
  }

  /** @returns whether to go on; false to review again; undefined when the person gave up. */
  private async sameAsConfirmed(
    connection: HypervisorConnection,
    confirmed: readonly Plan[],
    now: readonly Plan[],
    dialogs: OperationDialogs,
    nothingWasConfirmed: boolean,
  ): Promise<boolean | undefined> {
    for (const [index, plan] of confirmed.entries()) {
      const latest = now[index] as Plan;
      const differences = comparePlans(plan, latest).filter(
        // Where nothing was foretold, only what makes it impossible counts.
        (difference) => !nothingWasConfirmed || difference.kind === 'blocked',
      );
      if (differences.length === 0) {
        continue;
      }
      const isBlocked = differences.every((difference) => difference.kind === 'blocked');
      if (isBlocked || (await dialogs.explainChange(connection, plan, latest, differences)) === 'review') {
        return false;
      }
      return undefined;
    }
    return true;
  }

  /** Takes a snapshot of the present state and restores only when that has succeeded. */
  private async runAfterSnapshot(request: OperationRequest, plan: Plan, id: number): Promise<TrackedOperation> {
    const { connection } = request;
    const take: Operation = {
      kind: 'take',
      vmId: plan.vm.id,
      name: request.safetySnapshotName(plan),
      description: '',
      contents: 'disks',
    };
    const takePlan = buildPlan({
      detail: plan.detail,
      operation: take,
      missingPrivileges: [],
      isReadOnlyServer: connection.isReadOnly,
      space: [],
      backupPattern: () => undefined,
      nowMs: this.clock.now(),
    });
    const taken = await this.runner.run(this.runner.announce(connection, takePlan).id, takePlan);
    if (taken.state !== 'succeeded') {
      this.logger.warn(`the snapshot before a restore of ${plan.vm.id} ended as ${taken.state}: nothing was restored`);
      return this.history.update(id, {
        state: 'failed',
        endedAtMs: this.clock.now(),
        error: new HypervisorError(
          'wrongState',
          'the safety snapshot failed',
          (context) =>
            l10n
              .t(
                'Nothing was restored, because the snapshot before it could not be taken. {0}',
                taken.error?.say(context) ?? '',
              )
              .trim(),
          { cause: taken.error },
        ),
      });
    }
    return await this.runner.run(id, this.restoreByIdentity(plan));
  }

  /**
   * After the safety snapshot the current snapshot is another one: a restore to the latest has to name the snapshot
   * that was confirmed, or it would restore what was just taken.
   */
  private restoreByIdentity(plan: Plan): Plan {
    if (plan.operation.kind !== 'restoreLatest' || plan.target === undefined) {
      return plan;
    }
    return { ...plan, operation: { kind: 'restore', vmId: plan.vm.id, snapshotId: plan.target.id } };
  }

  /** An operation of this window may hold the VM before the server lists a task for it. */
  private withOwnOperation(connection: HypervisorConnection, plan: Plan): Plan {
    const own = this.history.ofVm(connection.id, plan.vm.id);
    const isKnown = plan.blockers.some((blocker) => blocker.kind === 'busy');
    return own === undefined || isKnown
      ? plan
      : { ...plan, blockers: [{ kind: 'busy', task: undefined, advisory: false }, ...plan.blockers] };
  }

  /** The server's estimate where it is worth its cost: for operations that merge everything. */
  private async space(
    connection: HypervisorConnection,
    { kind, vmId }: Operation,
    signal: AbortSignal | undefined,
  ): Promise<readonly SpaceNeed[]> {
    if (kind !== 'deleteAll' && kind !== 'consolidate') {
      return [];
    }
    try {
      return await connection.client().estimateSpace(vmId, signal);
    } catch (error) {
      if (error instanceof CancelledError || !(error instanceof HypervisorError)) {
        throw error;
      }
      // A figure in a dialog: whoever may not have it, or asks at a bad moment, decides without.
      this.logger.debug(`no estimate for ${vmId}: ${error.message}`);
      return [];
    }
  }
}

function datastoreOf({ plan }: { readonly plan: Plan }): string {
  return plan.detail.disks.find((disk) => disk.datastoreId !== undefined)?.datastoreId ?? '';
}
