import * as l10n from '@vscode/l10n';
import type { SnapshotTree } from '../../../hypervisor/model/snapshot';
import { allSnapshots } from '../../../hypervisor/model/snapshotTree';
import type { TrackedOperation } from '../../../operations/trackedOperation';
import { describeOperation } from '../operationRows';
import { nameInSentence } from '../names';
import type { ManagerContext } from './context';

/** What is said once of an operation that has ended, or whose end nobody knows; undefined while it goes on. */
export function endOfOperation(operation: TrackedOperation, context: ManagerContext): string | undefined {
  switch (operation.state) {
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'unknown':
      return describeOperation(operation, context).accessibilityLabel;
    case 'waiting':
    case 'sending':
    case 'running':
      return undefined;
  }
}

/** What is said once when the tree has become another one; undefined when only facts of its snapshots have changed. */
export function changeOfTree(before: SnapshotTree, after: SnapshotTree, context: ManagerContext): string | undefined {
  const old = allSnapshots(before);
  const now = allSnapshots(after);
  const known = new Set(old.map(({ id }) => id));
  const left = new Set(now.map(({ id }) => id));
  const added = now.filter(({ id }) => !known.has(id));
  const removed = old.filter(({ id }) => !left.has(id));
  const sentences = [
    added.length === 1 ? l10n.t("Snapshot '{0}' was added.", nameInSentence(added[0]?.name ?? '')) : undefined,
    added.length > 1 ? l10n.t('{0} snapshots were added.', context.formats.count(added.length)) : undefined,
    removed.length === 1 ? l10n.t("Snapshot '{0}' was deleted.", nameInSentence(removed[0]?.name ?? '')) : undefined,
    removed.length > 1 ? l10n.t('{0} snapshots were deleted.', context.formats.count(removed.length)) : undefined,
    before.currentId !== after.currentId && added.length + removed.length === 0
      ? l10n.t('You are here has moved.')
      : undefined,
  ].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
