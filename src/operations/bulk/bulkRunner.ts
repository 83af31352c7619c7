import * as l10n from '@vscode/l10n';
import { isCancelled, sleep } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import { HypervisorError } from '../../hypervisor/errors';
import type { OperationKind } from '../../hypervisor/model/operation';
import type { PlanDifference } from '../../hypervisor/plan/comparePlans';
import type { Plan } from '../../hypervisor/plan/plan';
import type { OperationHistory } from '../operationHistory';
import type { OperationRunner } from '../operationRunner';
import type { OperationsService } from '../operationsService';
import { isOutOfTouch } from '../outOfTouch';
import { type BulkPolicy, isTypedForMany } from '../policy';
import type { OperationGroup, TrackedOperation } from '../trackedOperation';
import { runQueued } from '../workQueue';
import { holdAll } from './bulkPlanner';
import type { BulkRow, BulkTarget } from './bulkRequest';
import { ChangedError } from './changedError';

// What is asked of one server at a time, however many datastores it has: vCenter itself runs hundreds of tasks, but each
// makes its host busy, and somebody else may be working there, too.
const parallelPerServer = 16;

// A connection that is up again may break again at once.
const askAgainAfterMs = 1_000;

/** An operation that was agreed to and has its place in the history. */
interface Step {
  readonly id: number;
  readonly plan: Plan;
}

/** One VM with what is to be done on it, one after the other. */
interface Work {
  readonly target: BulkTarget;
  readonly steps: readonly Step[];
}

/** Carries out what was agreed to on many VMs. Nothing that happens to one of them keeps the others from their turn. */
export class BulkRunner {
  /** Operations that are with the sender: these go on when the rest is stopped. */
  private readonly begun = new Set<number>();
  /** What was agreed to, by operation. */
  private readonly agreed = new Map<number, Plan>();

  constructor(
    private readonly service: Pick<OperationsService, 'send'>,
    private readonly runner: OperationRunner,
    private readonly history: OperationHistory,
    private readonly policy: () => BulkPolicy,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** @returns the group, when nothing of it runs any more. How it went is in its operations. */
  async run(kind: OperationKind, rows: readonly BulkRow[]): Promise<OperationGroup> {
    this.forgetOld();
    const group = this.history.addGroup({ kind, vmCount: rows.length, createdAtMs: this.clock.now() });
    const work = rows.map((row) => this.announce(row, group.id));
    const hold = holdAll(work.map(({ target }) => target));
    try {
      await this.runner.note(this.history.ofGroup(group.id));
      await runQueued(work, { uses: (each) => this.uses(each), isStopped: () => this.isStopping(group.id) }, (each) =>
        this.runOne(each, isTypedForMany(kind)),
      );
    } finally {
      hold.dispose();
      this.history.updateGroup(group.id, { endedAtMs: this.clock.now() });
    }
    return this.history.group(group.id) ?? group;
  }

  /** Sends nothing more of a group. What is under way goes on to its end. */
  stop(groupId: number): void {
    const group = this.history.group(groupId);
    if (group === undefined || group.endedAtMs !== undefined || group.isStopping) {
      return;
    }
    this.logger.info(`group ${groupId}: stopped, nothing more is sent`);
    this.history.updateGroup(groupId, { isStopping: true });
    for (const { id, state } of this.history.ofGroup(groupId)) {
      if (state === 'waiting' && !this.begun.has(id)) {
        this.runner.abandon(id);
      }
    }
  }

  /** What the person agreed to for an operation of this window; undefined when it has been forgotten. */
  agreedPlan(id: number): Plan | undefined {
    return this.agreed.get(id);
  }

  private announce({ target, outlook }: BulkRow, groupId: number): Work {
    const plans = outlook.kind === 'planned' ? outlook.plans : [];
    const steps = plans.map((plan) => {
      const { id } = this.runner.announce(target.connection, plan, groupId);
      this.agreed.set(id, plan);
      return { id, plan };
    });
    return { target, steps };
  }

  private uses({ target, steps }: Work): readonly { readonly key: string; readonly limit: number }[] {
    const { id } = target.connection;
    const disks = steps[0]?.plan.detail.disks ?? [];
    const datastores = new Set(disks.flatMap(({ datastoreId }) => datastoreId ?? []));
    const limit = this.policy().parallelPerDatastore;
    return [
      { key: id, limit: parallelPerServer },
      ...[...datastores].map((datastore) => ({ key: `${id}/${datastore}`, limit })),
    ];
  }

  private isStopping(groupId: number): boolean {
    return this.history.group(groupId)?.isStopping ?? true;
  }

  private async runOne({ target, steps }: Work, isForetold: boolean): Promise<void> {
    for (const [index, step] of steps.entries()) {
      if (this.history.get(step.id).state !== 'waiting') {
        // It was stopped before its turn came.
        return;
      }
      this.begun.add(step.id);
      const outcome = await this.sendOnce(target, step, isForetold, index > 0);
      this.begun.delete(step.id);
      if (outcome.state !== 'succeeded') {
        for (const { id } of steps.slice(index + 1)) {
          if (this.history.get(id).state === 'waiting') {
            this.runner.abandon(id, notReached());
          }
        }
        return;
      }
    }
  }

  /** Sends a step as soon as its server can be asked. Never rejects. */
  private async sendOnce(
    { connection }: BulkTarget,
    { id, plan }: Step,
    isForetold: boolean,
    isFurther: boolean,
  ): Promise<TrackedOperation> {
    for (;;) {
      try {
        await connection.whenConnected();
      } catch (error) {
        return this.runner.abandon(id, this.understood(error));
      }
      try {
        const sent = await this.service.send({
          connection,
          plan,
          isForetold,
          announcedId: id,
          ...(isFurther && { isExpected: leavesDisks }),
        });
        return sent.kind === 'ran'
          ? sent.outcome
          : this.runner.abandon(id, new ChangedError(sent.now, sent.differences));
      } catch (error) {
        // Nothing was sent: it was being read.
        if (!isOutOfTouch(error)) {
          return this.runner.abandon(id, this.understood(error));
        }
        this.logger.warn(`operation ${id} waits: the server cannot be asked`);
        await sleep(this.clock, askAgainAfterMs);
      }
    }
  }

  private understood(error: unknown): HypervisorError {
    if (error instanceof HypervisorError) {
      return error;
    }
    if (!isCancelled(error)) {
      this.logger.error('An operation of many could not be sent', error);
    }
    return new HypervisorError(
      'server',
      'an unexpected error before anything was sent',
      () => l10n.t('Something unexpected happened before anything was sent. The log has the details.'),
      { cause: error },
    );
  }

  private forgetOld(): void {
    for (const id of this.agreed.keys()) {
      if (!this.history.has(id)) {
        this.agreed.delete(id);
      }
    }
  }
}

/** A delete may leave disks behind that belong to no snapshot, or take such along. */
function leavesDisks(difference: PlanDifference): boolean {
  return difference.kind === 'consolidation';
}

function notReached(): HypervisorError {
  return new HypervisorError('wrongState', 'the one before it did not end well', () =>
    l10n.t('Not sent, because what came before it on this VM did not end well.'),
  );
}
