import * as l10n from '@vscode/l10n';
import type { TrackedOperation } from '../../operations/trackedOperation';
import { nameInSentence } from './names';
import { operationName } from './operationNames';

/** What has been done, in a few words: `Snapshot of 'SQL01' taken`. */
export function doneText({ operation, vmName, snapshotName }: TrackedOperation): string {
  const vm = nameInSentence(vmName);
  const snapshot = nameInSentence(snapshotName ?? '');
  switch (operation.kind) {
    case 'take':
      return l10n.t("Snapshot of '{0}' taken", vm);
    case 'edit':
      return l10n.t("Snapshot '{0}' of '{1}' edited", snapshot, vm);
    case 'restore':
    case 'restoreLatest':
      return l10n.t("'{0}' restored to '{1}'", vm, snapshot);
    case 'delete':
      return l10n.t("Snapshot '{0}' of '{1}' deleted", snapshot, vm);
    case 'deleteWithChildren':
      return l10n.t("Snapshot '{0}' of '{1}' and those below it deleted", snapshot, vm);
    case 'deleteAll':
      return l10n.t("All snapshots of '{0}' deleted", vm);
    case 'consolidate':
      return l10n.t("Disks of '{0}' consolidated", vm);
    case 'powerOn':
      return l10n.t("'{0}' powered on", vm);
  }
}

/** Somebody has stopped it. */
export function stoppedText({ operation, vmName }: TrackedOperation): string {
  return l10n.t("{0} on '{1}' was stopped", operationName(operation.kind), nameInSentence(vmName));
}

/** What is going on, as the title of a progress notification: `Delete snapshot 'before KB5034' of 'SQL01'`. */
export function runningText({ operation, vmName, snapshotName }: TrackedOperation): string {
  const name = operationName(operation.kind);
  const vm = nameInSentence(vmName);
  return snapshotName === undefined
    ? l10n.t("{0} of '{1}'", name, vm)
    : l10n.t("{0} '{1}' of '{2}'", name, nameInSentence(snapshotName), vm);
}

/** After a restore that has stopped the VM. */
export function restoredAndOffText(vmName: string): string {
  return l10n.t("'{0}' was restored and is powered off.", nameInSentence(vmName));
}

/** A success that nobody was looking at, as a sentence for a notification. */
export function doneSentence(operation: TrackedOperation): string {
  return l10n.t('{0}.', doneText(operation));
}

/** The server could be asked, but does not settle it. */
export function stillUnknownText({ vmName }: TrackedOperation): string {
  return l10n.t(
    "The server's state doesn't tell yet what became of it on '{0}'. It will not be sent again.",
    nameInSentence(vmName),
  );
}
