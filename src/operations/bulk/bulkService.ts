import * as l10n from '@vscode/l10n';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import { HypervisorError } from '../../hypervisor/errors';
import type { Operation, OperationKind } from '../../hypervisor/model/operation';
import { comparePlans } from '../../hypervisor/plan/comparePlans';
import type { OperationHistory } from '../operationHistory';
import type { OperationRunner } from '../operationRunner';
import type { OperationsService } from '../operationsService';
import { type BulkPolicy, isTypedForMany, type OperationPolicy } from '../policy';
import type { OperationGroup, TrackedOperation } from '../trackedOperation';
import type { BulkDialogs } from './bulkDialogs';
import { BulkPlanner, holdAll } from './bulkPlanner';
import { type BulkRequest, type BulkRow, type BulkTarget, choosable } from './bulkRequest';
import { BulkRunner } from './bulkRunner';

/** Which VMs of a group are asked for again. */
export type Rest = 'failed' | 'notStarted';

/**
 * Operations on many VMs: reads and plans each, has the person review them in one list and confirm in proportion, and
 * sends what was agreed to through the {@link OperationsService}, VM by VM.
 */
export class BulkService {
  private readonly planner: BulkPlanner;
  private readonly bulkRunner: BulkRunner;

  constructor(
    service: OperationsService,
    private readonly runner: OperationRunner,
    private readonly history: OperationHistory,
    private readonly policy: () => OperationPolicy & BulkPolicy,
    clock: Clock,
    logger: Logger,
  ) {
    this.planner = new BulkPlanner(service, policy, clock);
    this.bulkRunner = new BulkRunner(service, runner, history, policy, clock, logger);
  }

  /**
   * Carries out a request from the first look to the end of the last VM.
   *
   * @returns the group of its operations; undefined when the person gave up
   * @throws HypervisorError of kind `invalidInput` when it is about more VMs than the person allows; CancelledError.
   */
  async perform({ kind, targets }: BulkRequest, dialogs: BulkDialogs): Promise<OperationGroup | undefined> {
    this.requireWithinLimit(targets.length);
    const hold = holdAll(targets);
    try {
      const chosen = await this.review(kind, await this.read(kind, targets, dialogs), dialogs);
      const operationsOf = chosen && (await dialogs.complete(kind, chosen));
      if (operationsOf === undefined) {
        return undefined;
      }
      const rows = chosen?.map((row) => withOperations(row, operationsOf(row))) ?? [];
      return (await this.isConfirmed(kind, rows, dialogs)) ? await this.bulkRunner.run(kind, rows) : undefined;
    } finally {
      hold.dispose();
    }
  }

  /**
   * Asks again for the VMs of a group that are not done. Each is read anew: what would still do just what was agreed to
   * runs without another question, everything else is reviewed again.
   *
   * @returns the new group; undefined when there is nothing to do or the person gave up
   */
  async again(groupId: number, rest: Rest, dialogs: BulkDialogs): Promise<OperationGroup | undefined> {
    const group = this.history.group(groupId);
    const open = this.openOf(groupId, rest);
    if (group === undefined || open.length === 0) {
      return undefined;
    }
    const { kind } = group;
    const targets = open.map(toTarget);
    const hold = holdAll(targets);
    try {
      const rows = await this.read(kind, targets, dialogs);
      const agreed = rest === 'failed' ? rows.filter((row, index) => this.isStillAgreed(row, open[index] ?? [])) : [];
      const others = rows.filter((row) => !agreed.includes(row));
      const reviewed = others.length === 0 ? [] : await this.review(kind, others, dialogs);
      if (reviewed === undefined || (reviewed.length > 0 && !(await this.isConfirmed(kind, reviewed, dialogs)))) {
        return undefined;
      }
      const chosen = new Set([...agreed, ...reviewed].map(({ target }) => target));
      this.dropLeftBehind(open.filter((_, index) => chosen.has(targets[index] as BulkTarget)).flat());
      return await this.bulkRunner.run(
        kind,
        rows.filter(({ target }) => chosen.has(target)),
      );
    } finally {
      hold.dispose();
    }
  }

  /** Sends nothing more of a group. What is under way goes on to its end. */
  stop(groupId: number): void {
    this.bulkRunner.stop(groupId);
  }

  /** Nobody wants what of a group was never started: it is not offered again after a restart. */
  discard(groupId: number): void {
    this.dropLeftBehind(this.openOf(groupId, 'notStarted').flat());
  }

  private requireWithinLimit(count: number): void {
    const { maxVms } = this.policy();
    if (count > maxVms) {
      throw new HypervisorError(
        'invalidInput',
        `${count} VMs are more than the limit of ${maxVms}`,
        () => l10n.t('{0} VMs are more than the limit of {1}.', count, maxVms),
        { nextStep: 'raiseBulkLimit' },
      );
    }
  }

  private async read(
    kind: OperationKind,
    targets: readonly BulkTarget[],
    dialogs: BulkDialogs,
  ): Promise<readonly BulkRow[]> {
    return await dialogs.whileReading(kind, targets.length, (onProgress, signal) =>
      this.planner.plan(targets, onProgress, signal),
    );
  }

  /** @returns undefined when nothing is left to be done */
  private async review(
    kind: OperationKind,
    rows: readonly BulkRow[],
    dialogs: BulkDialogs,
  ): Promise<readonly BulkRow[] | undefined> {
    // Whatever a list lets through: what cannot be is not sent.
    const chosen = (await dialogs.review(kind, rows))?.filter((row) => choosable(row) !== 'no') ?? [];
    return chosen.length === 0 ? undefined : chosen;
  }

  private async isConfirmed(kind: OperationKind, rows: readonly BulkRow[], dialogs: BulkDialogs): Promise<boolean> {
    return !isTypedForMany(kind) || (await dialogs.confirmTyped(kind, rows)) === true;
  }

  /** The operations that are not done, by VM, of the VMs of which something stands so. */
  private openOf(groupId: number, rest: Rest): (readonly TrackedOperation[])[] {
    const byVm = new Map<string, TrackedOperation[]>();
    for (const operation of this.history.ofGroup(groupId)) {
      const key = `${operation.connection.id}/${operation.operation.vmId}`;
      byVm.set(key, [...(byVm.get(key) ?? []), operation]);
    }
    return [...byVm.values()]
      .map((operations) => operations.filter(({ state }) => state !== 'succeeded'))
      .filter(
        (open) =>
          // Of unknown outcome or under way: it is not sent again.
          open.every(({ state }) => state === 'failed' || state === 'cancelled') &&
          open.some(({ state, startedAtMs }) =>
            rest === 'failed' ? state === 'failed' : state === 'cancelled' && startedAtMs === undefined,
          ),
      );
  }

  /** Whether everything on the VM would be just what the person agreed to before. */
  private isStillAgreed(row: BulkRow, before: readonly TrackedOperation[]): boolean {
    return (
      row.outlook.kind === 'planned' &&
      choosable(row) === 'yes' &&
      row.outlook.plans.every((plan, index) => {
        const agreed = this.bulkRunner.agreedPlan(before[index]?.id ?? 0);
        return agreed !== undefined && comparePlans(agreed, plan).length === 0;
      })
    );
  }

  private dropLeftBehind(operations: readonly TrackedOperation[]): void {
    for (const { id } of operations) {
      this.runner.drop(id);
    }
  }
}

function toTarget(operations: readonly TrackedOperation[]): BulkTarget {
  const [{ connection, operation, vmName }] = operations as readonly [TrackedOperation];
  return { connection, vmId: operation.vmId, vmName, operations: operations.map((each) => each.operation) };
}

/** The same row with other operations, of which the plans foretold nothing that depends on them. */
function withOperations(row: BulkRow, operations: readonly Operation[]): BulkRow {
  const { target, outlook } = row;
  if (outlook.kind === 'unreadable' || operations === target.operations) {
    return row;
  }
  const plans = outlook.plans.map((plan, index) => ({ ...plan, operation: operations[index] ?? plan.operation }));
  return { ...row, target: { ...target, operations }, outlook: { ...outlook, plans } };
}
