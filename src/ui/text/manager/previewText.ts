import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../../common/text';
import type { HypervisorConnection } from '../../../hypervisor/connection';
import { countSnapshots, findSnapshot } from '../../../hypervisor/model/snapshotTree';
import type { PowerState } from '../../../hypervisor/model/snapshot';
import type { Plan } from '../../../hypervisor/plan/plan';
import type { VmState } from '../../../hypervisor/plan/predict';
import type { PreviewKind } from '../../../webview/protocol/shapes';
import type { Note, PageParts } from '../../../webview/protocol/toPage';
import { blockerReason } from '../blockedText';
import { backupLines, canTakeFirst, lostLines, safetySnapshotName, spaceLines, warningLines } from '../confirmations';
import { nameInSentence } from '../names';
import { powerInWords } from '../vmRows';
import type { ManagerContext } from './context';
import { drawPreview, type DrawnPreview, type SafetySnapshot } from './drawnTree';
import { describeRows } from './managerRows';
import { forecastMerge } from './mergedBytes';

type Preview = NonNullable<PageParts['preview']>;
type Field = Preview['facts'][number];

/** What a preview is shown with, beside its plan. */
export interface PreviewInput {
  readonly id: number;
  readonly kind: PreviewKind;
  readonly connection: HypervisorConnection;
  readonly plan: Plan;
  /** Whether the person wants a snapshot first. Only counts where one can be taken. */
  readonly wantsFirst: boolean;
  /** Whether a snapshot first is offered at all. */
  readonly offersFirst: boolean;
}

/** What stands while a preview is being computed. */
export function loadingPreview(id: number, kind: PreviewKind, name: string): Preview {
  return { ...emptyPreview, id, kind, title: titleOf(kind, name), isLoading: true };
}

/** An operation drawn before it is done, from its plan alone. */
export function previewText(input: PreviewInput, context: ManagerContext): Preview {
  const { id, kind, plan, connection } = input;
  const isBlocked = plan.blockers.some(({ advisory, kind: blocker }) => !advisory && blocker !== 'busy');
  const offersFirst = input.offersFirst && isRestore(kind) && canTakeFirst(plan);
  const isFirst = offersFirst && input.wantsFirst;
  const drawn = drawPreview(plan, isFirst ? safetySnapshotOf(plan, context) : undefined);
  const blockers = plan.blockers.map((blocker): Note => ({
    tone: blocker.advisory || blocker.kind === 'busy' ? 'warning' : 'error',
    text: blockerReason(blocker, connection, context),
  }));
  const title = titleOf(kind, plan.target?.name ?? plan.vm.name);
  return {
    id,
    kind,
    title,
    isLoading: false,
    rows:
      drawn === undefined
        ? []
        : describeRows(drawn.rows, { vmName: plan.vm.name, state: drawn.after, sizes: plan.detail.sizes }, context),
    facts: drawn === undefined ? [] : factsOf(plan, drawn, context),
    notes: [...blockers, ...notesOf(plan, isFirst, context)],
    first: offersFirst ? { isOn: isFirst, label: l10n.t('Take a snapshot first') } : null,
    go: isBlocked ? '' : goLabel(kind, plan, isFirst, context),
    spoken: drawn === undefined ? title : `${title}. ${spokenFacts(factsOf(plan, drawn, context))}`,
  };
}

function safetySnapshotOf(plan: Plan, { nowMs }: ManagerContext): SafetySnapshot {
  return { name: safetySnapshotName(plan), atMs: nowMs };
}

function isRestore(kind: PreviewKind): boolean {
  return kind === 'restore' || kind === 'restoreLatest';
}

const emptyPreview = {
  rows: [],
  facts: [],
  notes: [],
  first: null,
  go: '',
  spoken: '',
};

/** @param name - of the snapshot that it is about, else of the VM */
function titleOf(kind: PreviewKind, name: string): string {
  const shown = nameInSentence(name);
  switch (kind) {
    case 'restore':
      return l10n.t("Restore to '{0}'", shown);
    case 'restoreLatest':
      return l10n.t("Restore to latest snapshot '{0}'", shown);
    case 'delete':
      return l10n.t("Delete '{0}'", shown);
    case 'deleteWithChildren':
      return l10n.t("Delete '{0}' with children", shown);
    case 'deleteAll':
      return l10n.t("Delete all snapshots of '{0}'", shown);
    case 'consolidate':
      return l10n.t("Consolidate the disks of '{0}'", shown);
  }
}

/** The confirmation follows, which says the same once more: hence the dots. */
function goLabel(kind: PreviewKind, plan: Plan, isFirst: boolean, { formats }: ManagerContext): string {
  switch (kind) {
    case 'restore':
    case 'restoreLatest':
      return isFirst ? l10n.t('Take Snapshot, Then Restore...') : l10n.t('Restore...');
    case 'delete':
    case 'deleteWithChildren':
    case 'deleteAll':
      return plan.removed.length === 1
        ? l10n.t('Delete 1 Snapshot...')
        : l10n.t('Delete {0} Snapshots...', formats.count(plan.removed.length));
    case 'consolidate':
      return l10n.t('Consolidate...');
  }
}

function factsOf(plan: Plan, { after }: DrawnPreview, context: ManagerContext): Field[] {
  const { formats } = context;
  const kept = countSnapshots(after.tree);
  return [
    ...(plan.removed.length > 0
      ? [{ label: l10n.t('Deleted'), value: deletedText(plan, context) }]
      : [{ label: l10n.t('Deleted'), value: l10n.t('no snapshot') }]),
    { label: l10n.t('Kept'), value: kept === 0 ? l10n.t('no snapshot') : keptText(kept, context) },
    { label: l10n.t('You are here'), value: hereText(plan, after) },
    { label: l10n.t('Power state after'), value: powerText(plan.before.powerState, after.powerState) },
    ...mergeFacts(plan),
    ...freeFacts(plan),
  ].map(({ label, value }) => ({ label, value: value === '' ? formats.count(0) : value }));
}

function deletedText({ removed, before }: Plan, { formats }: ManagerContext): string {
  const all = countSnapshots(before.tree);
  return l10n.t('{0} of {1} snapshots', formats.count(removed.length), formats.count(all));
}

function keptText(kept: number, { formats }: ManagerContext): string {
  return kept === 1 ? l10n.t('1 snapshot') : l10n.t('{0} snapshots', formats.count(kept));
}

function hereText({ before, operation }: Plan, after: VmState): string {
  const from = before.tree.currentId;
  const to = findSnapshot(after.tree, after.tree.currentId);
  const isRestored = operation.kind === 'restore' || operation.kind === 'restoreLatest';
  if (to === undefined) {
    return from === undefined
      ? l10n.t('stays as it is, on no snapshot')
      : l10n.t('stays as it is, then on no snapshot');
  }
  const name = nameInSentence(to.name);
  if (isRestored) {
    return l10n.t("goes back to '{0}'", name);
  }
  return to.id === from ? l10n.t("stays after '{0}'", name) : l10n.t("stays as it is, then after '{0}'", name);
}

function powerText(before: PowerState, after: PowerState): string {
  return before === after
    ? l10n.t('{0}, as it is now', powerInWords(after))
    : l10n.t('{0} ({1} now)', powerInWords(after), powerInWords(before));
}

/** What is merged; never what would be freed, which nobody can foretell. */
function mergeFacts({ operation, removed, before, detail }: Plan): Field[] {
  const { sizes } = detail;
  if (sizes === undefined) {
    return [];
  }
  const merged = { label: l10n.t('Merged'), value: '' };
  if (operation.kind === 'consolidate') {
    return [{ ...merged, value: l10n.t('about {0} of leftover disks', formatBytes(sizes.leftoverBytes)) }];
  }
  if (removed.length === 0) {
    return [];
  }
  const { mergedBytes, droppedBytes } = forecastMerge(before.tree, removed, sizes);
  const leftover = operation.kind === 'deleteAll' ? sizes.leftoverBytes : 0;
  return [
    {
      ...merged,
      value:
        mergedBytes + leftover === 0
          ? l10n.t('nothing')
          : l10n.t('about {0} of disk changes', formatBytes(mergedBytes + leftover)),
    },
    ...(droppedBytes === 0
      ? []
      : [
          {
            label: l10n.t('Dropped'),
            value: l10n.t('about {0} of files that nothing needs', formatBytes(droppedBytes)),
          },
        ]),
  ];
}

function freeFacts(plan: Plan): Field[] {
  if (plan.removed.length === 0 && plan.operation.kind !== 'consolidate') {
    return [];
  }
  const needs = spaceLines(plan);
  return needs.length > 0
    ? needs.map((value) => ({ label: l10n.t('Space'), value }))
    : plan.detail.datastores.slice(0, 3).map(({ name, freeBytes }) => ({
        label: l10n.t('Free now'),
        value: l10n.t('{0} on {1}', formatBytes(freeBytes), nameInSentence(name)),
      }));
}

function notesOf(plan: Plan, isFirst: boolean, context: ManagerContext): Note[] {
  const warn = (text: string): Note => ({ tone: 'warning', text });
  const info = (text: string): Note => ({ tone: 'info', text });
  const lost = isRestore(plan.operation.kind as PreviewKind) && !isFirst ? lostLines(plan, context) : [];
  return [
    ...backupLines(plan).map(warn),
    ...lost.map(warn),
    ...(plan.warnings.some(({ kind }) => kind === 'dataOnNoOtherBranch')
      ? [warn(l10n.t('Its data is on no other branch and is lost.'))]
      : []),
    ...(plan.warnings.some(({ kind }) => kind === 'consolidationNotNeeded')
      ? [info(l10n.t("'{0}' doesn't need consolidation.", nameInSentence(plan.vm.name)))]
      : []),
    ...warningLines(plan, context).map(warn),
    ...(plan.removed.length > 0 || plan.operation.kind === 'consolidate'
      ? [info(l10n.t("Merging can take long and slow the VM. This can't be undone."))]
      : []),
  ];
}

function spokenFacts(facts: readonly Field[]): string {
  return facts.map(({ label, value }) => `${label}: ${value}.`).join(' ');
}
