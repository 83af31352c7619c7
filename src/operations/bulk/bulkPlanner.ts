import { throwIfCancelled } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import { HypervisorError } from '../../hypervisor/errors';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { Plan } from '../../hypervisor/plan/plan';
import { predict } from '../../hypervisor/plan/predict';
import type { OperationsService } from '../operationsService';
import type { OperationPolicy } from '../policy';
import { runQueued } from '../workQueue';
import type { ReadingProgress } from './bulkDialogs';
import type { BulkRow, BulkTarget, Outlook } from './bulkRequest';

// A vCenter answers a handful of small reads at a time about as fast as one; more only queue there.
const readsPerServer = 8;

/** Reads many VMs and says of each what would happen to it. Changes nothing. */
export class BulkPlanner {
  constructor(
    private readonly service: Pick<OperationsService, 'plan'>,
    private readonly policy: () => OperationPolicy,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns a row for each target, in their order; a VM that cannot be read keeps nobody from seeing the others
   * @throws CancelledError when `signal` is aborted, as soon as the few reads that are on their way have ended
   */
  async plan(targets: readonly BulkTarget[], onProgress: ReadingProgress, signal: AbortSignal): Promise<BulkRow[]> {
    const rows = new Map<BulkTarget, BulkRow>();
    const rules = {
      uses: ({ connection }: BulkTarget) => [{ key: connection.id, limit: readsPerServer }],
      isStopped: () => signal.aborted,
    };
    await runQueued(targets, rules, async (target) => {
      const outlook = await this.outlook(target);
      rows.set(target, { target, outlook, isProtected: this.isProtected(target) });
      onProgress(rows.size, targets.length);
    });
    throwIfCancelled(signal);
    return targets.flatMap((target) => rows.get(target) ?? []);
  }

  private isProtected({ connection, vmId }: BulkTarget): boolean {
    return this.policy().isProtected(connection, vmId);
  }

  private async outlook({ connection, operations }: BulkTarget): Promise<Outlook> {
    try {
      const plans: Plan[] = [];
      for (const operation of operations) {
        plans.push(await this.service.plan(connection, operation));
      }
      return { kind: 'planned', plans: inTurn(plans, this.clock.now()) };
    } catch (error) {
      if (!(error instanceof HypervisorError)) {
        throw error;
      }
      return { kind: 'unreadable', error };
    }
  }
}

/** Each further plan begins with what the one before it leaves. */
function inTurn([first, ...others]: readonly Plan[], nowMs: number): Plan[] {
  const chained = first === undefined ? [] : [first];
  for (const plan of others) {
    const before = chained.at(-1)?.after ?? plan.before;
    chained.push({ ...plan, before, after: predict(before, plan.operation, nowMs, plan.detail.toolsRunning) });
  }
  return chained;
}

/** Keeps sessions alive while many VMs of their servers are dealt with. */
export function holdAll(targets: readonly BulkTarget[]): { dispose(): void } {
  const connections = new Set<HypervisorConnection>(targets.map(({ connection }) => connection));
  const holds = [...connections].map((connection) => connection.hold());
  return {
    dispose: () => {
      for (const hold of holds) {
        hold.dispose();
      }
    },
  };
}
