import * as l10n from '@vscode/l10n';
import { formatAgeShort } from '../../common/text';
import type { Snapshot, SnapshotTree } from '../../hypervisor/model/snapshot';
import { allSnapshots, pathTo } from '../../hypervisor/model/snapshotTree';
import type { Formats } from './formats';
import { nameInRow, nameInSentence } from './names';
import { joinFacts } from './rowContext';

/** A snapshot in a list without a tree around it. */
export interface SnapshotChoice {
  readonly snapshot: Snapshot;
  readonly label: string;
  /** Age and content, where it stands if that is not on the way to the present, and its time if its name repeats. */
  readonly description: string;
}

/** The snapshots of a VM as a list to choose from, the newest first. */
export function snapshotChoices(tree: SnapshotTree, formats: Formats, nowMs: number): SnapshotChoice[] {
  const snapshots = allSnapshots(tree);
  const onCurrentPath = new Set(pathTo(tree, tree.currentId));
  const names = new Map<string, number>();
  const parents = new Map<Snapshot, Snapshot>();
  for (const snapshot of snapshots) {
    names.set(snapshot.name, (names.get(snapshot.name) ?? 0) + 1);
    for (const child of snapshot.children) {
      parents.set(child, snapshot);
    }
  }
  return snapshots
    .sort((a, b) => b.createdAtMs - a.createdAtMs || b.number - a.number)
    .map((snapshot) => ({
      snapshot,
      label: nameInRow(snapshot.name),
      description: joinFacts(
        formatAgeShort(nowMs - snapshot.createdAtMs),
        (names.get(snapshot.name) ?? 0) > 1 ? formats.dateTime(snapshot.createdAtMs) : undefined,
        snapshot.hasMemory ? l10n.t('memory') : undefined,
        snapshot.id === tree.currentId ? l10n.t('current') : undefined,
        onCurrentPath.has(snapshot) ? undefined : branchOf(parents.get(snapshot)),
      ),
    }));
}

function branchOf(parent: Snapshot | undefined): string {
  return parent === undefined
    ? l10n.t('other branch')
    : l10n.t("other branch, after '{0}'", nameInSentence(parent.name));
}
