import type { HypervisorConnection } from '../hypervisor/connection';
import type { ServerTask } from '../hypervisor/model/task';
import type { PlanDifference } from '../hypervisor/plan/comparePlans';
import type { Plan } from '../hypervisor/plan/plan';
import type { ConfirmationNeed } from './policy';

/** What the person decided in a confirmation. */
export interface Confirmation {
  /** Take a snapshot of the present state before restoring. */
  readonly snapshotFirst: boolean;
}

/**
 * The questions about one VM that the operations service has to put to a person, whoever asks them. Every answer
 * `undefined` means that the person gave up, which ends the operation without a word.
 */
export interface OperationDialogs {
  /** The operation cannot work. `proceed` is offered only when every blocker is advisory. */
  explainBlocked(connection: HypervisorConnection, plan: Plan): Promise<'proceed' | undefined>;
  /** Something else holds the VM. `wait` runs the operation when that has ended. */
  askAboutBusy(connection: HypervisorConnection, plan: Plan, task: ServerTask | undefined): Promise<'wait' | undefined>;
  confirm(connection: HypervisorConnection, plan: Plan, need: ConfirmationNeed): Promise<Confirmation | undefined>;
  /** The VM changed between the confirmation and the call. */
  explainChange(
    connection: HypervisorConnection,
    confirmed: Plan,
    now: Plan,
    differences: readonly PlanDifference[],
  ): Promise<'review' | undefined>;
}
