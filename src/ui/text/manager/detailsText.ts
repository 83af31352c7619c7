import * as l10n from '@vscode/l10n';
import { clipMiddle, formatBytes } from '../../../common/text';
import type { VirtualMachine } from '../../../hypervisor/model/inventory';
import type { Snapshot } from '../../../hypervisor/model/snapshot';
import { allSnapshots, findSnapshot, pathTo, withDescendants } from '../../../hypervisor/model/snapshotTree';
import type { SnapshotSizes } from '../../../hypervisor/model/vmDetail';
import { maxFullText } from '../../../webview/protocol/limits';
import { presentRowId } from '../../../webview/protocol/shapes';
import type { PageParts } from '../../../webview/protocol/toPage';
import { nameInRow, nameInSentence } from '../names';
import { snapshotChoices } from '../snapshotChoices';
import { joinFacts } from '../rowContext';
import { powerInWords } from '../vmRows';
import type { ManagerContext } from './context';
import { keptFacts } from './keptFacts';
import { sizeParts } from './sizeParts';

type Details = NonNullable<PageParts['details']>;
type Field = Details['fields'][number];

// A path of more names than this is shown by its ends.
const maxPath = 6;

/** Everything that is known of the selected row; null when there is no such row. */
export function detailsText(
  vm: VirtualMachine,
  id: string,
  sizes: SnapshotSizes | undefined,
  revision: number,
  context: ManagerContext,
): PageParts['details'] {
  if (id === presentRowId) {
    return presentDetails(vm, sizes, revision, context);
  }
  const snapshot = allSnapshots(vm.snapshots).find((each) => each.id === id);
  return snapshot === undefined ? null : snapshotDetails(vm, snapshot, sizes, revision, context);
}

function snapshotDetails(
  vm: VirtualMachine,
  snapshot: Snapshot,
  sizes: SnapshotSizes | undefined,
  revision: number,
  context: ManagerContext,
): Details {
  const { name, description } = snapshot;
  const isClipped = name.length > maxFullText || description.length > maxFullText;
  return {
    id: snapshot.id,
    kind: 'snapshot',
    title: nameInRow(name),
    fields: snapshotFields(vm, snapshot, sizes, context),
    kept: keptFacts(description),
    name: name.slice(0, maxFullText),
    description: description.slice(0, maxFullText),
    isClipped,
    revision,
    hasChildren: snapshot.children.length > 0,
    isBackup: context.backupPattern(name) !== undefined,
    compareWith: [
      { id: presentRowId, label: l10n.t('Present state') },
      ...snapshotChoices(vm.snapshots, context.formats, context.nowMs)
        .filter((choice) => choice.snapshot.id !== snapshot.id)
        .map((choice) => ({ id: choice.snapshot.id, label: joinFacts(choice.label, choice.description) })),
    ],
  };
}

function snapshotFields(
  vm: VirtualMachine,
  snapshot: Snapshot,
  sizes: SnapshotSizes | undefined,
  context: ManagerContext,
): Field[] {
  const { formats, nowMs, creators } = context;
  const size = sizes?.bySnapshot.get(snapshot.id);
  const creator = creators.get(snapshot.id);
  const below = withDescendants(snapshot).length - 1;
  const isCurrent = vm.snapshots.currentId === snapshot.id;
  const pattern = context.backupPattern(snapshot.name);
  const fields: (Field | undefined)[] = [
    {
      label: l10n.t('Taken'),
      value: `${formats.dateTimeUtc(snapshot.createdAtMs)}, ${formats.ago(nowMs - snapshot.createdAtMs)}`,
    },
    creator === undefined ? undefined : { label: l10n.t('Taken by'), value: creator },
    { label: l10n.t('Holds'), value: contentsInWords(snapshot) },
    { label: l10n.t('After a restore'), value: powerInWords(snapshot.powerState) },
    size === undefined
      ? undefined
      : {
          label: l10n.t('Size'),
          value: joinFacts(formatBytes(size.diskBytes + size.memoryBytes + size.liveBytes), sizeParts(size, snapshot)),
        },
    { label: l10n.t('Position'), value: positionText(vm, snapshot) },
    { label: l10n.t('Below it'), value: below === 0 ? l10n.t('nothing') : belowText(below, context) },
    isCurrent ? { label: l10n.t('Current'), value: l10n.t('Yes, the present state is based on it.') } : undefined,
    pattern === undefined
      ? undefined
      : { label: l10n.t('Backup'), value: l10n.t('Belongs to a backup product; left out of bulk actions.') },
    { label: l10n.t('Number'), value: formats.count(snapshot.number) },
    { label: l10n.t('Object ID'), value: clipMiddle(snapshot.id, 100) },
  ];
  return fields.filter((field) => field !== undefined);
}

function contentsInWords({ hasMemory, quiesced }: Snapshot): string {
  if (hasMemory) {
    return l10n.t('Disks and memory');
  }
  return quiesced ? l10n.t('Disks, quiesced by VMware Tools') : l10n.t('Disks only');
}

function belowText(count: number, { formats }: ManagerContext): string {
  return count === 1 ? l10n.t('1 snapshot') : l10n.t('{0} snapshots', formats.count(count));
}

/** `base › before KB5034`: what a snapshot is based on, which also tells snapshots of one name apart. */
function positionText(vm: VirtualMachine, { id }: Snapshot): string {
  const names = pathTo(vm.snapshots, id)
    .slice(0, -1)
    .map(({ name }) => nameInSentence(name));
  if (names.length === 0) {
    return l10n.t('first of its chain');
  }
  const shown = names.length <= maxPath ? names : [...names.slice(0, maxPath / 2), '…', ...names.slice(-maxPath / 2)];
  return l10n.t('after {0}', shown.join(' › '));
}

function presentDetails(
  vm: VirtualMachine,
  sizes: SnapshotSizes | undefined,
  revision: number,
  { formats }: ManagerContext,
): Details {
  const { currentId } = vm.snapshots;
  const current = findSnapshot(vm.snapshots, currentId);
  const live = currentId === undefined ? undefined : sizes?.bySnapshot.get(currentId)?.liveBytes;
  const fields: (Field | undefined)[] = [
    { label: l10n.t('Power state'), value: powerInWords(vm.powerState) },
    {
      label: l10n.t('Based on'),
      value: current === undefined ? l10n.t('no snapshot') : nameInSentence(current.name),
    },
    live === undefined || current === undefined
      ? undefined
      : {
          label: l10n.t('Changes since then'),
          value: l10n.t('{0} of disk changes, in no snapshot', formatBytes(live)),
        },
    vm.memoryBytes === undefined ? undefined : { label: l10n.t('Memory'), value: formatBytes(vm.memoryBytes) },
    vm.guestName === undefined ? undefined : { label: l10n.t('Guest'), value: nameInRow(vm.guestName) },
    vm.needsConsolidation
      ? {
          label: l10n.t('Leftover disks'),
          value:
            sizes === undefined
              ? l10n.t('need consolidation')
              : l10n.t('{0}, need consolidation', formatBytes(sizes.leftoverBytes)),
        }
      : undefined,
    { label: l10n.t('Snapshots'), value: formats.count(allSnapshots(vm.snapshots).length) },
  ];
  return {
    id: presentRowId,
    kind: 'present',
    title: l10n.t('You are here'),
    fields: fields.filter((field) => field !== undefined),
    kept: [],
    name: '',
    description: '',
    isClipped: false,
    revision,
    hasChildren: false,
    isBackup: false,
    compareWith: [],
  };
}
