import * as l10n from '@vscode/l10n';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { OperationHistory } from '../../operations/operationHistory';
import type { TrackedOperation } from '../../operations/trackedOperation';
import type { Formats } from './formats';
import { nameInRow, nameInSentence } from './names';
import { operationInProgress, operationName } from './operationNames';

/** What a VM is undergoing, whoever started it. */
export interface VmActivity {
  /** `deleting snapshot` */
  readonly what: string;
  readonly progressPercent: number | undefined;
  /** As the name of a task: `Remove snapshot`. */
  readonly label: string;
  readonly startedBy: string | undefined;
  readonly sinceMs: number;
}

/** What holds the VM: the server's task, else an operation of this window that the server has not listed yet. */
export function activityOf(
  connection: HypervisorConnection,
  vmId: ObjectId,
  history: Pick<OperationHistory, 'ofVm'>,
): VmActivity | undefined {
  const task = connection.runningTasks.ofVm(vmId);
  if (task !== undefined) {
    return {
      what: task.operation === undefined ? nameInRow(task.label) : operationInProgress(task.operation),
      progressPercent: task.progressPercent,
      label: nameInSentence(task.label),
      startedBy: task.startedBy,
      sinceMs: task.startedAtMs ?? task.queuedAtMs,
    };
  }
  const own = history.ofVm(connection.id, vmId);
  return own && ownActivity(own);
}

/** `deleting snapshot 43%` */
export function activityInRow({ what, progressPercent }: VmActivity): string {
  return progressPercent === undefined ? what : l10n.t('{0} {1}%', what, progressPercent);
}

/** A description as it is at any progress, to tell whether only the figure has moved. */
export function withoutPercent(description: string): string {
  return description.replace(/\d+%/g, '%');
}

/** `Remove snapshot, started 14:02 by CORP\jdoe` */
export function activityInTooltip({ label, sinceMs, startedBy }: VmActivity, formats: Formats, nowMs: number): string {
  const since = formats.since(sinceMs, nowMs);
  return startedBy === undefined
    ? l10n.t('{0}, started {1}', label, since)
    : l10n.t('{0}, started {1} by {2}', label, since, nameInSentence(startedBy));
}

function ownActivity({ operation, state, progressPercent, startedAtMs, createdAtMs }: TrackedOperation): VmActivity {
  return {
    what: state === 'waiting' ? l10n.t('waiting') : operationInProgress(operation.kind),
    progressPercent,
    label: operationName(operation.kind),
    startedBy: undefined,
    sinceMs: startedAtMs ?? createdAtMs,
  };
}
