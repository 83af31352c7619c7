import * as l10n from '@vscode/l10n';
import type { HypervisorConnection } from '../hypervisor/connection';
import { HypervisorError } from '../hypervisor/errors';
import type { Operation, OperationKind } from '../hypervisor/model/operation';
import type { ObjectId } from '../hypervisor/model/ids';
import type { Plan } from '../hypervisor/plan/plan';

/** What the person has set about operations; asked for anew each time, so that a change counts at once. */
export interface OperationPolicy {
  /** When a typed confirmation is asked for on top of the dialog. */
  readonly typeToConfirm: 'bulkAndProtected' | 'always';
  /** Names by which snapshots of backup products are recognised. */
  readonly backupNamePatterns: readonly string[];
  /** Operations that run at the same time on VMs of one datastore, 1 to 8. */
  readonly parallelPerDatastore: number;
  /** Whether the VM is marked so that losing data on it takes a typed confirmation. */
  isProtected(connection: HypervisorConnection, vmId: ObjectId): boolean;
}

/** How much has to be confirmed before an operation runs. */
export interface ConfirmationNeed {
  /** `review` is a list of all VMs of which the person can untick some. */
  readonly dialog: 'none' | 'modal' | 'review';
  readonly typed: boolean;
}

const losesData: ReadonlySet<OperationKind> = new Set(['restore', 'restoreLatest', 'deleteWithChildren', 'deleteAll']);
const needsNothing: ReadonlySet<OperationKind> = new Set(['take', 'edit', 'powerOn']);

/**
 * The confirmation in proportion: a restore loses data, a delete merges. Many VMs at once always get a list.
 *
 * @param plans - at least one, all of the same kind of operation
 */
export function confirmationNeed(
  plans: readonly Plan[],
  connection: HypervisorConnection,
  policy: OperationPolicy,
): ConfirmationNeed {
  const kind = (plans[0] as Plan).operation.kind;
  const many = plans.length > 1;
  if (needsNothing.has(kind)) {
    // A take may touch a snapshot of nobody; editing one of a backup product may break that product's clean-up.
    const touchesBackup = plans.some((plan) => plan.warnings.some((warning) => warning.kind === 'backupProduct'));
    return { dialog: many ? 'review' : touchesBackup ? 'modal' : 'none', typed: false };
  }
  const isProtected = plans.some((plan) => policy.isProtected(connection, plan.vm.id));
  const typedForOne = losesData.has(kind) && (isProtected || policy.typeToConfirm === 'always');
  return { dialog: many ? 'review' : 'modal', typed: many || typedForOne };
}

/**
 * Refuses any change of a server on which the person wants none.
 *
 * @throws HypervisorError of kind `readOnlyServer`.
 */
export function requireWritable(connection: HypervisorConnection): void {
  if (connection.isReadOnly) {
    throw new HypervisorError(
      'readOnlyServer',
      `nothing may be changed on ${connection.id}`,
      ({ serverLabel }) =>
        l10n.t("'{0}' is read-only here: nothing is changed on it.", serverLabel ?? connection.label),
      { nextStep: 'allowChanges' },
    );
  }
}

/** The VM of an operation and what is asked for it: the key under which only one may be under way. */
export function lockKey(connection: HypervisorConnection, operation: Operation): string {
  return `${connection.id}\n${operation.vmId}`;
}
