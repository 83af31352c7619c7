import * as l10n from '@vscode/l10n';
import { clipEnd, oneLine } from '../../common/text';
import type { OperationKind } from '../../hypervisor/model/operation';

export interface TaskKind {
  /** Which of our operations it is; unset for everything else. */
  readonly operation: OperationKind | undefined;
  readonly label: string;
  /** Whether it changes nothing, and only estimates the space that a merge needs. */
  readonly isEstimate: boolean;
}

type Entry = readonly [suffix: string, operation: OperationKind | undefined, label: () => string];

// By the end of the id, without regard to case: vCenter, ESXi and vcsim put different things in front of it. Longer ends
// come before shorter ones that they contain. With children or without is the same task to a server.
const entries: readonly Entry[] = [
  ['createsnapshotex', 'take', () => l10n.t('Create snapshot')],
  ['createsnapshot', 'take', () => l10n.t('Create snapshot')],
  ['reverttocurrentsnapshot', 'restoreLatest', () => l10n.t('Revert to current snapshot')],
  ['virtualmachine.revertsnapshot', 'restoreLatest', () => l10n.t('Revert to current snapshot')],
  ['reverttosnapshot', 'restore', () => l10n.t('Revert to snapshot')],
  ['snapshot.revert', 'restore', () => l10n.t('Revert to snapshot')],
  ['removeallsnapshots', 'deleteAll', () => l10n.t('Remove all snapshots')],
  ['removesnapshot', 'delete', () => l10n.t('Remove snapshot')],
  ['snapshot.remove', 'delete', () => l10n.t('Remove snapshot')],
  ['renamesnapshot', 'edit', () => l10n.t('Rename snapshot')],
  ['snapshot.rename', 'edit', () => l10n.t('Rename snapshot')],
  ['consolidatedisks', 'consolidate', () => l10n.t('Consolidate disks')],
  ['consolidatevmdisks', 'consolidate', () => l10n.t('Consolidate disks')],
  ['estimatestoragerequirementforconsolidate', undefined, () => l10n.t('Estimate space for consolidation')],
  ['estimatestorageforconsolidatesnapshots', undefined, () => l10n.t('Estimate space for consolidation')],
  ['virtualmachine.poweron', 'powerOn', () => l10n.t('Power on')],
  ['poweronvm', 'powerOn', () => l10n.t('Power on')],
  ['powerondrs', 'powerOn', () => l10n.t('Power on')],
  ['poweronmultivm', undefined, () => l10n.t('Power on several VMs')],
  ['virtualmachine.poweroff', undefined, () => l10n.t('Power off')],
  ['poweroffvm', undefined, () => l10n.t('Power off')],
  ['virtualmachine.suspend', undefined, () => l10n.t('Suspend')],
  ['suspendvm', undefined, () => l10n.t('Suspend')],
  ['virtualmachine.reset', undefined, () => l10n.t('Reset')],
  ['resetvm', undefined, () => l10n.t('Reset')],
  ['virtualmachine.shutdownguest', undefined, () => l10n.t('Shut down guest')],
  ['virtualmachine.rebootguest', undefined, () => l10n.t('Restart guest')],
  ['virtualmachine.reconfigure', undefined, () => l10n.t('Reconfigure VM')],
  ['reconfigvm', undefined, () => l10n.t('Reconfigure VM')],
  ['virtualmachine.clone', undefined, () => l10n.t('Clone VM')],
  ['clonevm', undefined, () => l10n.t('Clone VM')],
  ['instantclone', undefined, () => l10n.t('Instant clone VM')],
  ['virtualmachine.migrate', undefined, () => l10n.t('Migrate VM')],
  ['migratevm', undefined, () => l10n.t('Migrate VM')],
  ['virtualmachine.relocate', undefined, () => l10n.t('Relocate VM')],
  ['relocatevm', undefined, () => l10n.t('Relocate VM')],
  ['applystoragedrsrecommendation', undefined, () => l10n.t('Move for storage load')],
  ['virtualmachine.markastemplate', undefined, () => l10n.t('Convert to template')],
  ['virtualmachine.markasvirtualmachine', undefined, () => l10n.t('Convert to VM')],
  ['virtualmachine.upgradetools', undefined, () => l10n.t('Upgrade VMware Tools')],
  ['virtualmachine.mounttoolsinstaller', undefined, () => l10n.t('Mount VMware Tools installer')],
  ['virtualmachine.upgradevirtualhardware', undefined, () => l10n.t('Upgrade virtual hardware')],
  ['virtualmachine.unregister', undefined, () => l10n.t('Unregister VM')],
  ['unregistervm', undefined, () => l10n.t('Unregister VM')],
  ['virtualmachine.export', undefined, () => l10n.t('Export VM')],
  ['virtualmachine.answer', undefined, () => l10n.t('Answer question')],
  ['registervm', undefined, () => l10n.t('Register VM')],
  ['createvm', undefined, () => l10n.t('Create VM')],
  ['folder.createvm', undefined, () => l10n.t('Create VM')],
  ['entity.destroy', undefined, () => l10n.t('Delete from disk')],
  ['.destroy', undefined, () => l10n.t('Delete from disk')],
  ['.rename', undefined, () => l10n.t('Rename')],
];

/** What a task does, from the id by which the server describes it. */
export function taskKind(descriptionId: string): TaskKind {
  const id = descriptionId.toLowerCase();
  const entry = entries.find(([suffix]) => id.endsWith(suffix));
  return entry === undefined
    ? { operation: undefined, label: readableId(descriptionId), isEstimate: false }
    : { operation: entry[1], label: entry[2](), isEstimate: entry[0].startsWith('estimatestorage') };
}

/** An id that nobody here knows, as words: `com.vmware.vcIntegrity.ScanTask` is "Scan task". */
function readableId(descriptionId: string): string {
  const last = oneLine(descriptionId).split('.').filter(Boolean).at(-1) ?? '';
  const words = last
    .replace(/_Task$/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? l10n.t('Task') : clipEnd(words.charAt(0).toUpperCase() + words.slice(1), 60);
}
