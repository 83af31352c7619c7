import * as l10n from '@vscode/l10n';
import type { OperationKind } from '../../hypervisor/model/operation';
import { type BulkRow, removedBy } from '../../operations/bulk/bulkRequest';
import type { BulkTally } from '../../operations/bulk/bulkTally';
import { vmCount } from './counts';
import type { Formats } from './formats';
import type { TypedConfirmation } from './typedConfirmation';

/** What is about to happen to many VMs, as the title of a list: `Delete All Snapshots of 30 VMs`. */
export function bulkTitle(kind: OperationKind, vms: number, formats: Formats): string {
  const count = vmCount(vms, formats);
  switch (kind) {
    case 'take':
      return l10n.t('Take Snapshots of {0}', count);
    case 'edit':
      return l10n.t('Edit Snapshots of {0}', count);
    case 'restore':
      return l10n.t('Restore {0} to the Chosen Snapshots', count);
    case 'restoreLatest':
      return l10n.t('Restore {0} to the Latest Snapshot', count);
    case 'delete':
      return l10n.t('Delete Snapshots of {0}', count);
    case 'deleteWithChildren':
      return l10n.t('Delete Snapshots with Children of {0}', count);
    case 'deleteAll':
      return l10n.t('Delete All Snapshots of {0}', count);
    case 'consolidate':
      return l10n.t('Consolidate the Disks of {0}', count);
    case 'powerOn':
      return l10n.t('Power On {0}', count);
  }
}

/** What has to be typed before anything is done to many VMs: how many of what goes. */
export function bulkTyped(kind: OperationKind, rows: readonly BulkRow[], formats: Formats): TypedConfirmation {
  const gone = removedBy(rows).length;
  const isDelete = kind === 'delete' || kind === 'deleteWithChildren' || kind === 'deleteAll';
  const amount = isDelete ? gone : rows.length;
  const expected = String(amount);
  const guarded = rows.filter(({ isProtected }) => isProtected).length;
  return {
    title: isDelete
      ? l10n.t('Delete {0} on {1}', snapshotsInTitle(gone, formats), vmCount(rows.length, formats))
      : bulkTitle(kind, rows.length, formats),
    prompt:
      guarded === 0
        ? l10n.t('Type {0} to confirm', expected)
        : l10n.t('Type {0} to confirm. Protected: {1}.', expected, vmCount(guarded, formats)),
    expected,
    // Blanks and what groups digits do not count.
    accepts: (typed) => typed.replace(/[\s.,'’_]/g, '') === expected,
  };
}

function snapshotsInTitle(count: number, formats: Formats): string {
  return count === 1 ? l10n.t('1 Snapshot') : l10n.t('{0} Snapshots', formats.count(count));
}

/** What is going on, as the title of a progress notification: `Deleting snapshots`. */
export function bulkProgressTitle(kind: OperationKind): string {
  switch (kind) {
    case 'take':
      return l10n.t('Taking snapshots');
    case 'edit':
      return l10n.t('Editing snapshots');
    case 'restore':
    case 'restoreLatest':
      return l10n.t('Restoring VMs');
    case 'delete':
    case 'deleteWithChildren':
    case 'deleteAll':
      return l10n.t('Deleting snapshots');
    case 'consolidate':
      return l10n.t('Consolidating disks');
    case 'powerOn':
      return l10n.t('Powering on VMs');
  }
}

/** `3 of 12 VMs`: how many have come to an end, well or not. */
export function bulkProgress({ total, running, waiting }: BulkTally, formats: Formats): string {
  return l10n.t('{0} of {1}', formats.count(total - running - waiting), vmCount(total, formats));
}

/** What is shown while VMs are read. */
export function readingText(done: number, total: number, formats: Formats): string {
  return l10n.t('Reading {0} of {1}...', formats.count(done), vmCount(total, formats));
}

/** How it went when not everything went well: `10 of 12 VMs done, 2 failed`. */
export function bulkOutcome(tally: BulkTally, formats: Formats): string {
  return [
    l10n.t('{0} of {1} done', formats.count(tally.done), vmCount(tally.total, formats)),
    ...troubles(tally, formats),
  ].join(', ');
}

/** What of many did not go well, in words. */
export function troubles({ failed, unknown, stopped, notStarted }: BulkTally, formats: Formats): string[] {
  return [
    ...(failed > 0 ? [l10n.t('{0} failed', formats.count(failed))] : []),
    ...(unknown > 0 ? [l10n.t('{0} unknown', formats.count(unknown))] : []),
    ...(stopped > 0 ? [l10n.t('{0} stopped', formats.count(stopped))] : []),
    ...(notStarted > 0 ? [l10n.t('{0} not started', formats.count(notStarted))] : []),
  ];
}

/** Everything went well. */
export function bulkDone(kind: OperationKind, vms: number, formats: Formats): string {
  const count = vmCount(vms, formats);
  switch (kind) {
    case 'take':
      return l10n.t('Snapshots of {0} taken', count);
    case 'edit':
      return l10n.t('Snapshots of {0} edited', count);
    case 'restore':
    case 'restoreLatest':
      return l10n.t('{0} restored', count);
    case 'delete':
    case 'deleteWithChildren':
      return l10n.t('Snapshots of {0} deleted', count);
    case 'deleteAll':
      return l10n.t('All snapshots of {0} deleted', count);
    case 'consolidate':
      return l10n.t('Disks of {0} consolidated', count);
    case 'powerOn':
      return l10n.t('{0} powered on', count);
  }
}

/** After a restore that has stopped VMs. */
export function restoredAndOff(restored: number, off: number, formats: Formats): string {
  if (off === restored) {
    return l10n.t('{0} restored and powered off.', vmCount(restored, formats));
  }
  return off === 1
    ? l10n.t('{0} restored; one of them is powered off.', vmCount(restored, formats))
    : l10n.t('{0} restored; {1} of them are powered off.', vmCount(restored, formats), formats.count(off));
}

/** What a window that is gone has left unsent. */
export function leftBehindText(kinds: readonly string[], vms: number, formats: Formats): string {
  return l10n.t(
    'When a window closed, {0} had not been started: {1}. Nothing was sent for them.',
    vmCount(vms, formats),
    kinds.join(', '),
  );
}
