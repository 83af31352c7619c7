import * as l10n from '@vscode/l10n';
import type { OperationKind } from '../../hypervisor/model/operation';

/** An operation as the name of a task: `Delete snapshot`. */
export function operationName(kind: OperationKind): string {
  switch (kind) {
    case 'take':
      return l10n.t('Take snapshot');
    case 'edit':
      return l10n.t('Edit snapshot');
    case 'restore':
      return l10n.t('Restore snapshot');
    case 'restoreLatest':
      return l10n.t('Restore to latest snapshot');
    case 'delete':
      return l10n.t('Delete snapshot');
    case 'deleteWithChildren':
      return l10n.t('Delete snapshot with children');
    case 'deleteAll':
      return l10n.t('Delete all snapshots');
    case 'consolidate':
      return l10n.t('Consolidate');
    case 'powerOn':
      return l10n.t('Power on');
  }
}

/** An operation as what a VM is undergoing: `deleting snapshot`. */
export function operationInProgress(kind: OperationKind): string {
  switch (kind) {
    case 'take':
      return l10n.t('taking snapshot');
    case 'edit':
      return l10n.t('editing snapshot');
    case 'restore':
    case 'restoreLatest':
      return l10n.t('restoring');
    case 'delete':
      return l10n.t('deleting snapshot');
    case 'deleteWithChildren':
      return l10n.t('deleting snapshots');
    case 'deleteAll':
      return l10n.t('deleting all snapshots');
    case 'consolidate':
      return l10n.t('consolidating');
    case 'powerOn':
      return l10n.t('powering on');
  }
}

/** An operation as an infinitive without its object, for a sentence that goes on with the name of the VM. */
export function operationAttempt(kind: OperationKind): string {
  switch (kind) {
    case 'take':
      return l10n.t('take snapshots of');
    case 'edit':
      return l10n.t('edit snapshots of');
    case 'restore':
    case 'restoreLatest':
      return l10n.t('restore');
    case 'delete':
    case 'deleteWithChildren':
    case 'deleteAll':
      return l10n.t('delete snapshots of');
    case 'consolidate':
      return l10n.t('consolidate');
    case 'powerOn':
      return l10n.t('power on');
  }
}
