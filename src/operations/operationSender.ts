import * as l10n from '@vscode/l10n';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorConnection } from '../hypervisor/connection';
import { BusyError, HypervisorError } from '../hypervisor/errors';
import type { Operation } from '../hypervisor/model/operation';
import { buildPlan } from '../hypervisor/plan/buildPlan';
import { comparePlans, type PlanDifference } from '../hypervisor/plan/comparePlans';
import type { Plan } from '../hypervisor/plan/plan';
import { predict } from '../hypervisor/plan/predict';
import { type OperationPlanner, withBusyWindow } from './operationPlanner';
import type { OperationRunner } from './operationRunner';
import { lockKey, requireWritable } from './policy';
import type { TrackedOperation } from './trackedOperation';
import type { VmLock, VmLocks } from './vmLocks';

/** An operation on one VM to which the person has agreed. */
export interface Agreed {
  readonly connection: HypervisorConnection;
  /** What the person has agreed to. */
  readonly plan: Plan;
  /** Nothing was foretold, so that only what makes it impossible counts as a change. */
  readonly isForetold: boolean;
  /** Differences that the person's own earlier request explains. */
  readonly isExpected?: (difference: PlanDifference) => boolean;
  /** Take a snapshot of this name first, and restore only when that has succeeded. */
  readonly safetySnapshotName?: string | undefined;
  /** The operation, where it was announced before its turn came. */
  readonly announcedId?: number;
}

/** What came of the attempt to send an operation. */
export type Sent =
  | { readonly kind: 'ran'; readonly plan: Plan; readonly outcome: TrackedOperation }
  /** The VM is not what was agreed to, so nothing was sent. */
  | { readonly kind: 'changed'; readonly now: Plan; readonly differences: readonly PlanDifference[] };

/**
 * The last step of every operation, whoever asks: reads and plans again while nobody else can get at the VM, and sends
 * only what was agreed to.
 */
export class OperationSender {
  /** VMs of which one operation is on its way in this window. */
  private readonly claimed = new Set<string>();

  constructor(
    private readonly planner: OperationPlanner,
    private readonly runner: OperationRunner,
    private readonly locks: VmLocks,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * @throws HypervisorError when the VM cannot be read, must not be changed, or is another window's at the moment:
   * nothing was sent then. An operation that was announced before stays; what becomes of it is the caller's business.
   */
  async send(agreed: Agreed): Promise<Sent> {
    const { connection, plan } = agreed;
    requireWritable(connection);
    const key = lockKey(connection, plan.operation);
    if (this.claimed.has(key)) {
      const now = withBusyWindow(plan);
      return { kind: 'changed', now, differences: comparePlans(plan, now) };
    }
    this.claimed.add(key);
    const id = agreed.announcedId ?? this.runner.announce(connection, plan).id;
    let hasRun = false;
    let lock: VmLock | undefined;
    try {
      lock = await this.lock(connection, plan);
      const now = await this.planner.planToSend(connection, plan);
      const differences = changes(agreed, now);
      if (differences.length > 0) {
        return { kind: 'changed', now, differences };
      }
      hasRun = true;
      return { kind: 'ran', plan: now, outcome: await this.run(agreed, now, id) };
    } finally {
      if (!hasRun && agreed.announcedId === undefined) {
        this.runner.withdraw(id);
      }
      this.claimed.delete(key);
      await lock?.release();
    }
  }

  private async lock(connection: HypervisorConnection, { vm }: Plan): Promise<VmLock | undefined> {
    let lock: VmLock | undefined;
    try {
      lock = await this.locks.acquire(connection, vm.id);
    } catch (error) {
      // The server itself still refuses a second task; nobody is kept from work because a disk is full.
      this.logger.error('Nobody can tell whether another window is at work on the VM', error);
      return undefined;
    }
    if (lock === undefined) {
      throw new BusyError(
        undefined,
        `another window has ${vm.id} of ${connection.id}`,
        ({ vmName }) => l10n.t("Another window is changing '{0}'. Nothing was sent.", vmName ?? vm.name),
        { nextStep: 'retry' },
      );
    }
    return lock;
  }

  private async run({ connection, safetySnapshotName }: Agreed, plan: Plan, id: number): Promise<TrackedOperation> {
    return safetySnapshotName === undefined
      ? await this.runner.run(id, plan)
      : await this.runAfterSnapshot(connection, plan, id, safetySnapshotName);
  }

  /** Takes a snapshot of the present state and restores only when that has succeeded. */
  private async runAfterSnapshot(
    connection: HypervisorConnection,
    plan: Plan,
    id: number,
    name: string,
  ): Promise<TrackedOperation> {
    const take: Operation = { kind: 'take', vmId: plan.vm.id, name, description: '', contents: 'disks' };
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
      return this.runner.abandon(id, nothingRestored(taken.error));
    }
    return await this.runner.run(id, afterSnapshot(plan, takePlan));
  }
}

function changes({ plan, isForetold, isExpected = () => false }: Agreed, now: Plan): PlanDifference[] {
  const found = comparePlans(plan, now).filter(
    (difference) => (isForetold || difference.kind === 'blocked') && !isExpected(difference),
  );
  // Nobody can agree to what cannot be; whoever asks for it all the same is told why.
  const impossible = now.blockers.filter(
    (blocker) => !blocker.advisory && !found.some((each) => each.kind === 'blocked' && each.blocker === blocker),
  );
  return [...found, ...impossible.map((blocker) => ({ kind: 'blocked', blocker }) as const)];
}

/**
 * After the safety snapshot the current snapshot is another one: a restore to the latest has to name the snapshot that
 * was confirmed, or it would restore what was just taken. It starts from what the VM is then.
 */
function afterSnapshot(plan: Plan, { after: before }: Plan): Plan {
  const operation: Operation =
    plan.operation.kind === 'restoreLatest' && plan.target !== undefined
      ? { kind: 'restore', vmId: plan.vm.id, snapshotId: plan.target.id }
      : plan.operation;
  return before === undefined
    ? { ...plan, operation }
    : { ...plan, operation, before, after: predict(before, operation, 0) };
}

function nothingRestored(cause: HypervisorError | undefined): HypervisorError {
  return new HypervisorError(
    'wrongState',
    'the safety snapshot failed',
    (context) =>
      l10n
        .t('Nothing was restored, because the snapshot before it could not be taken. {0}', cause?.say(context) ?? '')
        .trim(),
    { cause },
  );
}
