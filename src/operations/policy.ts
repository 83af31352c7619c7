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
  /** Whether the VM is marked so that losing data on it takes a typed confirmation. */
  isProtected(connection: HypervisorConnection, vmId: ObjectId): boolean;
}

/** What the person has set about many VMs at once. */
export interface BulkPolicy {
  /** VMs at most, 1 to 500. */
  readonly maxVms: number;
  /** Operations that run at the same time on VMs of one datastore, 1 to 8. */
  readonly parallelPerDatastore: number;
}

/** How much has to be confirmed before an operation on one VM runs. */
export interface ConfirmationNeed {
  readonly dialog: 'none' | 'modal';
  readonly typed: boolean;
}

const losesData: ReadonlySet<OperationKind> = new Set(['restore', 'restoreLatest', 'deleteWithChildren', 'deleteAll']);
const needsNothing: ReadonlySet<OperationKind> = new Set(['take', 'edit', 'powerOn']);

/** The confirmation in proportion: a restore loses data, a delete merges. */
export function confirmationNeed(
  plan: Plan,
  connection: HypervisorConnection,
  policy: OperationPolicy,
): ConfirmationNeed {
  const { kind } = plan.operation;
  if (needsNothing.has(kind)) {
    // A take may touch a snapshot of nobody; editing one of a backup product may break that product's clean-up.
    const touchesBackup = plan.warnings.some((warning) => warning.kind === 'backupProduct');
    return { dialog: touchesBackup ? 'modal' : 'none', typed: false };
  }
  const isProtected = policy.isProtected(connection, plan.vm.id);
  return { dialog: 'modal', typed: losesData.has(kind) && (isProtected || policy.typeToConfirm === 'always') };
}

/** Whether an operation on many VMs has to be confirmed by typing after their list: whatever merges or loses data. */
export function isTypedForMany(kind: OperationKind): boolean {
  return !needsNothing.has(kind);
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
