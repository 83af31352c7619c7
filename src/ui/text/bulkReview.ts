import * as l10n from '@vscode/l10n';
import { formatAgeShort, formatBytes } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { VmDetail } from '../../hypervisor/model/vmDetail';
import type { Plan, Warning } from '../../hypervisor/plan/plan';
import { type BulkRow, choosable, removedBy } from '../../operations/bulk/bulkRequest';
import { blockerReason } from './blockedText';
import { snapshotCount } from './counts';
import type { Formats } from './formats';
import { fewNames } from './modalText';
import { nameInRow, nameInSentence } from './names';
import { joinFacts } from './rowContext';
import { operationErrorNames } from './operationRows';

/** A VM in the list that a person reviews before anything is sent. */
export interface ReviewRow {
  /** Tells the row from all others. */
  readonly id: string;
  readonly row: BulkRow;
  readonly label: string;
  readonly description: string;
  readonly isTicked: boolean;
  /** Cannot be ticked at all. */
  readonly isBlocked: boolean;
}

/** Rows under a heading. */
export interface ReviewSection {
  readonly heading: string;
  readonly rows: readonly ReviewRow[];
}

/** What was found besides rows while names were looked up. */
export interface NameNotes {
  /** Names that no VM bears. */
  readonly notFound: readonly string[];
  /** Names that several VMs bear, by the identity of each of their rows. */
  readonly ambiguous: ReadonlyMap<string, string>;
}

export const noNotes: NameNotes = { notFound: [], ambiguous: new Map() };

export interface ReviewContext {
  readonly formats: Formats;
  readonly nowMs: number;
}

// More names than this, and the heading is as wide as the list.
const maxNamesInHeading = 5;

/** Identity of the row of a VM. */
export function reviewId({ connection, vmId }: BulkRow['target']): string {
  return `${connection.id}/${vmId}`;
}

/**
 * The list: what will be done first, then what is left out unless somebody wants it, then what cannot be. VMs that share
 * a name that was asked for stand together, and none of them is ticked.
 */
export function reviewSections(rows: readonly BulkRow[], notes: NameNotes, context: ReviewContext): ReviewSection[] {
  const described = rows.map((row) => describe(row, notes, context));
  const sections: ReviewSection[] = [];
  for (const name of new Set(notes.ambiguous.values())) {
    const same = described.filter(({ id }) => notes.ambiguous.get(id) === name);
    if (same.length > 0) {
      sections.push({ heading: ambiguousHeading(same.length, name, context.formats), rows: same });
    }
  }
  const single = described.filter(({ id }) => !notes.ambiguous.has(id));
  const ready = single.filter(({ isTicked }) => isTicked);
  const leftOut = single.filter(({ isTicked, isBlocked }) => !isTicked && !isBlocked);
  const blocked = single.filter(({ isBlocked }) => isBlocked);
  const all: ReviewSection[] = [
    { heading: l10n.t('Ready'), rows: ready },
    ...sections,
    { heading: l10n.t('Left out unless you tick them'), rows: leftOut },
    { heading: l10n.t('Blocked'), rows: blocked },
  ];
  const shown = all.filter((section) => section.rows.length > 0);
  const [first, ...others] = shown;
  // The editor draws no heading without a row below it, so what was not found is said in the first one.
  return notes.notFound.length === 0 || first === undefined
    ? shown
    : [{ ...first, heading: joinFacts(notFoundHeading(notes.notFound), first.heading) }, ...others];
}

export function notFoundHeading(names: readonly string[]): string {
  return l10n.t('Not found: {0}', fewNames(names.map(nameInSentence), maxNamesInHeading));
}

function ambiguousHeading(count: number, name: string, formats: Formats): string {
  return l10n.t('{0} VMs are named {1}', formats.count(count), nameInSentence(name));
}

function describe(row: BulkRow, notes: NameNotes, context: ReviewContext): ReviewRow {
  const id = reviewId(row.target);
  const can = choosable(row);
  return {
    id,
    row,
    label: nameInRow(row.target.vmName),
    description: joinFacts(...facts(row, context), placeOf(row.target.connection, row)),
    isTicked: can === 'yes' && !notes.ambiguous.has(id),
    isBlocked: can === 'no',
  };
}

function facts(row: BulkRow, context: ReviewContext): (string | undefined)[] {
  const { target, outlook, isProtected } = row;
  if (outlook.kind === 'unreadable') {
    return [l10n.t('blocked: {0}', outlook.error.say(operationErrorNames(target.connection, target.vmName)))];
  }
  const [plan] = outlook.plans;
  if (plan === undefined) {
    return [];
  }
  const blockers = outlook.plans.flatMap((each) => each.blockers);
  const [blocker] = [...blockers.filter(({ advisory }) => !advisory), ...blockers];
  const reason = blocker && blockerReason(blocker, target.connection, context);
  return [
    ...consequences(row, plan, context),
    isProtected ? l10n.t('protected') : undefined,
    reason === undefined
      ? undefined
      : blocker?.advisory === true
        ? l10n.t('advised against: {0}', reason)
        : l10n.t('blocked: {0}', reason),
    ...outlook.plans.flatMap(({ warnings }) => warnings.flatMap((warning) => warningFact(warning) ?? [])),
  ];
}

/** What will happen, in a few words. */
function consequences(row: BulkRow, plan: Plan, { formats, nowMs }: ReviewContext): string[] {
  const { operation, target, detail } = plan;
  switch (operation.kind) {
    case 'take':
      return takeFacts(plan.vm, detail);
    case 'restore':
    case 'restoreLatest':
      return target === undefined
        ? []
        : [
            l10n.t("to '{0}' ({1})", nameInSentence(target.name), formatAgeShort(nowMs - target.createdAtMs)),
            afterRestore(plan),
          ];
    case 'delete':
    case 'deleteWithChildren':
    case 'deleteAll': {
      const gone = removedBy([row]);
      const names = gone.length <= 2 ? gone.map(({ name }) => `'${nameInSentence(name)}'`).join(', ') : undefined;
      return gone.length === 0 ? [] : [names ?? snapshotCount(gone.length, formats), ...spaceFacts(plan)];
    }
    case 'consolidate':
      return spaceFacts(plan);
    case 'edit':
    case 'powerOn':
      return [];
  }
}

function takeFacts(vm: VirtualMachine, { disks, datastores }: VmDetail): string[] {
  const ids = new Set(disks.map(({ datastoreId }) => datastoreId));
  const names = datastores.filter(({ id }) => ids.has(id)).map(({ name }) => nameInSentence(name));
  return [
    ...(vm.powerState === 'off' ? [l10n.t('off')] : vm.memoryBytes === undefined ? [] : [formatBytes(vm.memoryBytes)]),
    ...(names.length === 0 ? [] : [fewNames(names, 2)]),
  ];
}

function afterRestore({ before, target }: Plan): string {
  switch (target?.powerState) {
    case 'on':
      return l10n.t('then running');
    case 'suspended':
      return l10n.t('then suspended');
    default:
      return before.powerState === 'on' ? l10n.t('is stopped') : l10n.t('stays off');
  }
}

function spaceFacts({ space }: Plan): string[] {
  return space.slice(0, 2).map(({ datastore, neededBytes }) => {
    const parts = [formatBytes(neededBytes), nameInSentence(datastore.name), formatBytes(datastore.freeBytes)] as const;
    return neededBytes <= datastore.freeBytes
      ? l10n.t('up to {0} on {1}', parts[0], parts[1])
      : l10n.t('needs up to {0} on {1}, only {2} free', ...parts);
  });
}

function warningFact(warning: Warning): string | undefined {
  switch (warning.kind) {
    case 'backupProduct':
      return l10n.t("'{0}' belongs to a backup product", nameInSentence(warning.snapshot.name));
    case 'newerOnOtherBranch':
      return l10n.t("newer on another branch: '{0}'", nameInSentence(warning.snapshot.name));
    case 'sideBranchesLost':
      return l10n.t(
        'side branches are lost: {0}',
        fewNames(
          warning.tips.map((tip) => `'${nameInSentence(tip.name)}'`),
          2,
        ),
      );
    case 'dataOnNoOtherBranch':
      return l10n.t('its data is on no other branch');
    case 'disksNotRestored':
      return l10n.t('not restored: {0}', fewNames(warning.disks.map(nameInSentence), 2));
    case 'domainTrust':
      return l10n.t('domain trust may be broken');
    case 'consolidationNotNeeded':
      return l10n.t("doesn't need consolidation");
    case 'managedByVCenter':
      return l10n.t('managed by a vCenter');
  }
}

/** `vc-paris / DC1 / Prod` */
function placeOf(connection: HypervisorConnection, { target }: BulkRow): string {
  return [connection.label, ...connection.inventory.path('folders', target.vmId)].map(nameInRow).join(' / ');
}
