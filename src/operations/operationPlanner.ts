import { CancelledError } from '../common/cancellation';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorConnection } from '../hypervisor/connection';
import { HypervisorError } from '../hypervisor/errors';
import { backupNameMatcher } from '../hypervisor/health/backupProduct';
import type { Operation } from '../hypervisor/model/operation';
import type { SpaceNeed } from '../hypervisor/model/vmDetail';
import { buildPlan } from '../hypervisor/plan/buildPlan';
import type { Plan } from '../hypervisor/plan/plan';
import type { OperationHistory } from './operationHistory';
import type { OperationPolicy } from './policy';

/** Reads a VM from its server and says what an operation would do to it now. Changes nothing. */
export class OperationPlanner {
  constructor(
    private readonly history: OperationHistory,
    private readonly policy: () => OperationPolicy,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** @throws HypervisorError of kind `gone` when the VM no longer exists, or when the server cannot be asked */
  async plan(connection: HypervisorConnection, operation: Operation, signal?: AbortSignal): Promise<Plan> {
    // First, because it is a task on the VM while it lasts.
    const space = await this.space(connection, operation, signal);
    return this.withOwnOperation(connection, await this.planWith(connection, operation, space, signal));
  }

  /** The plan for what the VM is now; the estimate of space stays the one that was shown. */
  async planAgain(connection: HypervisorConnection, plan: Plan): Promise<Plan> {
    return this.withOwnOperation(connection, await this.planToSend(connection, plan));
  }

  /**
   * As {@link planAgain}, for the one that sends it: operations of this window that wait for their turn are not in its
   * way.
   */
  async planToSend(connection: HypervisorConnection, plan: Plan): Promise<Plan> {
    const space = plan.space.map(({ datastore, neededBytes }) => ({ datastoreId: datastore.id, bytes: neededBytes }));
    return await this.planWith(connection, plan.operation, space);
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
    return buildPlan({
      detail,
      operation,
      missingPrivileges,
      isReadOnlyServer: connection.isReadOnly,
      space,
      backupPattern: backupNameMatcher(this.policy().backupNamePatterns),
      nowMs: this.clock.now(),
    });
  }

  /** An operation of this window may hold the VM before the server lists a task for it. */
  private withOwnOperation(connection: HypervisorConnection, plan: Plan): Plan {
    const own = this.history.ofVm(connection.id, plan.vm.id);
    return own === undefined ? plan : withBusyWindow(plan);
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

/** The plan for a VM that something in this window holds. */
export function withBusyWindow(plan: Plan): Plan {
  const isKnown = plan.blockers.some((blocker) => blocker.kind === 'busy');
  return isKnown ? plan : { ...plan, blockers: [{ kind: 'busy', task: undefined, advisory: false }, ...plan.blockers] };
}
