import * as l10n from '@vscode/l10n';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { Reachability } from '../../hypervisor/model/inventory';
import type { OperationKind } from '../../hypervisor/model/operation';
import type { ServerTask } from '../../hypervisor/model/task';
import type { Limitation } from '../../hypervisor/model/vmDetail';
import type { PlanDifference } from '../../hypervisor/plan/comparePlans';
import type { Blocker, Plan } from '../../hypervisor/plan/plan';
import type { Formats } from './formats';
import { maxDetailLines, type ModalText } from './modalText';
import { nameInSentence } from './names';

export interface BlockedContext {
  readonly formats: Formats;
  readonly nowMs: number;
  /** Name under which the person chose the snapshot, for when it is gone from the plan. */
  readonly snapshotName?: string | undefined;
}

/** `copy` puts the whole text on the clipboard, for whoever grants privileges. */
export type BlockedChoice = 'proceed' | 'copy';

/** Why an operation on one VM cannot work now, one reason a line. *Try Anyway* only where the server may think otherwise. */
export function blockedText(
  connection: HypervisorConnection,
  plan: Plan,
  context: BlockedContext,
): ModalText<BlockedChoice> {
  const reasons = plan.blockers.map((blocker) => blockerReason(blocker, connection, context));
  const [only] = plan.blockers;
  const whole =
    plan.blockers.length === 1 && only !== undefined ? wholeSentence(only, connection, plan, context) : undefined;
  const mayTry = plan.blockers.every((blocker) => blocker.advisory);
  const needsPrivilege = plan.blockers.some((blocker) => blocker.kind === 'noPrivilege');
  return {
    message: whole?.message ?? impossibleNow(plan),
    detail: whole?.detail ?? reasons.slice(0, maxDetailLines).join('\n'),
    buttons: [
      ...(needsPrivilege ? [{ title: l10n.t('Copy'), value: 'copy' } as const] : []),
      ...(mayTry ? [{ title: l10n.t('Try Anyway'), value: 'proceed' } as const] : []),
    ],
  };
}

/** Something else holds the VM. */
export function busyText(
  plan: Plan,
  task: ServerTask | undefined,
  context: BlockedContext,
): ModalText<'wait' | 'show'> {
  return {
    message:
      task === undefined
        ? l10n.t("'{0}' is busy with another task of this window.", vmName(plan))
        : l10n.t("'{0}' is busy: {1}.", vmName(plan), taskInWords(task, context)),
    detail: '',
    buttons: [
      { title: l10n.t('Run When Done'), value: 'wait' },
      { title: l10n.t('Show'), value: 'show' },
    ],
  };
}

/** What is different from what the person has just confirmed. */
export function changedText(
  connection: HypervisorConnection,
  now: Plan,
  differences: readonly PlanDifference[],
  context: BlockedContext,
): ModalText<'review'> {
  const what = differences.map((difference) => differenceText(difference, connection, now, context));
  const [only] = what;
  const one = what.length === 1 && only !== undefined && differences[0]?.kind !== 'blocked';
  return {
    message: one
      ? l10n.t("'{0}' changed while you were deciding: {1}.", vmName(now), only)
      : l10n.t("'{0}' changed while you were deciding.", vmName(now)),
    detail: one ? '' : what.slice(0, maxDetailLines).join('\n'),
    buttons: [{ title: l10n.t('Review Again'), value: 'review' }],
  };
}

/** A task as the reason why a VM is busy: `Remove snapshot, 43%, by CORP\veeam since 14:02`. */
export function taskInWords(task: ServerTask, { formats, nowMs }: Pick<BlockedContext, 'formats' | 'nowMs'>): string {
  const label = nameInSentence(task.label);
  const what = task.progressPercent === undefined ? label : l10n.t('{0}, {1}%', label, task.progressPercent);
  const since = formats.since(task.startedAtMs ?? task.queuedAtMs, nowMs);
  return task.startedBy === undefined
    ? l10n.t('{0}, since {1}', what, since)
    : l10n.t('{0}, by {1} since {2}', what, nameInSentence(task.startedBy), since);
}

/** Some reasons are the whole story, which is then told in one sentence of its own. */
function wholeSentence(
  blocker: Blocker,
  connection: HypervisorConnection,
  plan: Plan,
  context: BlockedContext,
): { readonly message: string; readonly detail: string } | undefined {
  const vm = vmName(plan);
  switch (blocker.kind) {
    case 'snapshotGone':
      return { message: blockerReason(blocker, connection, context), detail: '' };
    case 'noPrivilege':
      return { message: cannotDo(plan.operation.kind, vm), detail: blockerReason(blocker, connection, context) };
    case 'chainFull':
      return {
        message: l10n.t(
          "'{0}' has the maximum of {1} snapshots in a chain. Delete some first.",
          vm,
          context.formats.count(blocker.snapshots),
        ),
        detail: '',
      };
    case 'noSnapshots':
      return { message: l10n.t("'{0}' has no snapshots.", vm), detail: '' };
    case 'noCurrentSnapshot':
      return { message: l10n.t("'{0}' has no current snapshot.", vm), detail: '' };
    case 'alreadyOn':
      return { message: l10n.t("'{0}' is powered on already.", vm), detail: '' };
    default:
      return undefined;
  }
}

function impossibleNow({ operation, vm }: Plan): string {
  const name = nameInSentence(vm.name);
  switch (operation.kind) {
    case 'take':
      return l10n.t("A snapshot of '{0}' isn't possible now.", name);
    case 'edit':
      return l10n.t("Editing a snapshot of '{0}' isn't possible now.", name);
    case 'restore':
    case 'restoreLatest':
      return l10n.t("Restoring '{0}' isn't possible now.", name);
    case 'delete':
    case 'deleteWithChildren':
    case 'deleteAll':
      return l10n.t("Deleting snapshots of '{0}' isn't possible now.", name);
    case 'consolidate':
      return l10n.t("Consolidating the disks of '{0}' isn't possible now.", name);
    case 'powerOn':
      return l10n.t("Powering on '{0}' isn't possible now.", name);
  }
}

function cannotDo(kind: OperationKind, vm: string): string {
  switch (kind) {
    case 'take':
      return l10n.t("You can't take snapshots of '{0}'.", vm);
    case 'edit':
      return l10n.t("You can't edit snapshots of '{0}'.", vm);
    case 'restore':
    case 'restoreLatest':
      return l10n.t("You can't restore '{0}'.", vm);
    case 'delete':
    case 'deleteWithChildren':
    case 'deleteAll':
      return l10n.t("You can't delete snapshots of '{0}'.", vm);
    case 'consolidate':
      return l10n.t("You can't consolidate the disks of '{0}'.", vm);
    case 'powerOn':
      return l10n.t("You can't power on '{0}'.", vm);
  }
}

/** Why an operation cannot work now, as one sentence. */
export function blockerReason(blocker: Blocker, connection: HypervisorConnection, context: BlockedContext): string {
  switch (blocker.kind) {
    case 'readOnlyServer':
      return l10n.t("'{0}' is marked as read-only here.", nameInSentence(connection.label));
    case 'unreachable':
      return unreachableReason(blocker.reachability);
    case 'template':
      return l10n.t('It is a template. Convert it to a virtual machine first.');
    case 'busy':
      return blocker.task === undefined
        ? l10n.t('It is busy with another task of this window.')
        : l10n.t('It is busy: {0}.', taskInWords(blocker.task, context));
    case 'question':
      return l10n.t("It waits for an answer in the vSphere Client: '{0}'", nameInSentence(blocker.text));
    case 'noPrivilege':
      return l10n.t('Missing: {0}.', blocker.missing.map(nameInSentence).join(', '));
    case 'physicalRawDisk':
      return l10n.t("'{0}' is a raw device in physical mode.", nameInSentence(blocker.disk));
    case 'sharedDisk':
      return l10n.t("'{0}' is shared with other VMs.", nameInSentence(blocker.disk));
    case 'device':
      return l10n.t("The device '{0}' rules snapshots out.", nameInSentence(blocker.device));
    case 'limitation':
      return limitationReason(blocker.limitation);
    case 'disabledByOther':
      return l10n.t('Another product has switched this off for the VM; a backup may be running.');
    case 'chainFull':
      return l10n.t(
        'It has the maximum of {0} snapshots in a chain. Delete some first.',
        context.formats.count(blocker.snapshots),
      );
    case 'memoryWithIndependentDisk':
      return l10n.t("'{0}' is independent: leave the memory out, or power off the VM.", nameInSentence(blocker.disk));
    case 'toolsNotRunning':
      return l10n.t("VMware Tools isn't running, so the guest can't write its file systems to disk first.");
    case 'snapshotGone':
      return context.snapshotName === undefined
        ? l10n.t('The snapshot no longer exists. Nothing was changed.')
        : l10n.t("'{0}' no longer exists. Nothing was changed.", nameInSentence(context.snapshotName));
    case 'noSnapshots':
      return l10n.t('It has no snapshots.');
    case 'noCurrentSnapshot':
      return l10n.t('It has no current snapshot.');
    case 'alreadyOn':
      return l10n.t('It is powered on already.');
  }
}

function unreachableReason(reachability: Exclude<Reachability, 'connected'>): string {
  switch (reachability) {
    case 'disconnected':
      return l10n.t("The server can't reach this VM's host.");
    case 'orphaned':
      return l10n.t("This VM's host no longer knows it.");
    case 'inaccessible':
      return l10n.t("The server can't reach this VM's files.");
    case 'invalid':
      return l10n.t("The server can't read this VM's configuration.");
  }
}

function limitationReason(limitation: Limitation): string {
  switch (limitation) {
    case 'snapshotsUnsupported':
      return l10n.t('The server says that this VM supports no snapshots.');
    case 'memoryUnsupported':
      return l10n.t('The server says that this VM supports no snapshots with memory.');
    case 'quiesceUnsupported':
      return l10n.t("The server says that this VM can't be quiesced.");
    case 'restoreUnsupported':
      return l10n.t("The server says that this VM can't be restored.");
    case 'multipleUnsupported':
      return l10n.t('The server says that this VM supports only one snapshot.');
    case 'faultTolerance':
      return l10n.t('It is protected by Fault Tolerance.');
  }
}

function differenceText(
  difference: PlanDifference,
  connection: HypervisorConnection,
  now: Plan,
  context: BlockedContext,
): string {
  switch (difference.kind) {
    case 'snapshotsAdded':
      return difference.count === 1
        ? l10n.t('1 snapshot was added')
        : l10n.t('{0} snapshots were added', context.formats.count(difference.count));
    case 'snapshotsRemoved':
      return difference.count === 1
        ? l10n.t('1 snapshot was deleted')
        : l10n.t('{0} snapshots were deleted', context.formats.count(difference.count));
    case 'snapshotsEdited':
      return l10n.t('a snapshot was edited');
    case 'currentMoved':
      return l10n.t('it was restored to another snapshot');
    case 'powerState':
      return powerChange(now);
    case 'consolidation':
      return now.before.needsConsolidation
        ? l10n.t('its disks need consolidation now')
        : l10n.t('its disks were consolidated');
    case 'blocked':
      return blockerReason(difference.blocker, connection, context);
  }
}

function powerChange({ before }: Plan): string {
  switch (before.powerState) {
    case 'on':
      return l10n.t('it was powered on');
    case 'off':
      return l10n.t('it was powered off');
    case 'suspended':
      return l10n.t('it was suspended');
  }
}

function vmName(plan: Plan): string {
  return nameInSentence(plan.vm.name);
}
