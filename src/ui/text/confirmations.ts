import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../common/text';
import { currentDepth, withDescendants } from '../../hypervisor/model/snapshotTree';
import type { Snapshot } from '../../hypervisor/model/snapshot';
import { findBlockers, maxChainLength } from '../../hypervisor/plan/blockers';
import type { Plan, Warning } from '../../hypervisor/plan/plan';
import type { Formats } from './formats';
import { detailWithNames, fewNames, type ModalText } from './modalText';
import { nameInSentence } from './names';
import { sizeOf } from './snapshotSize';

/** What any sentence about a plan is worded with. */
export interface WordingContext {
  readonly formats: Formats;
  readonly nowMs: number;
}

export interface ConfirmationContext extends WordingContext {
  /** Whether the person wants to be offered a snapshot before a restore. */
  readonly offerSnapshotFirst: boolean;
  /** What the person has chosen before: the dialog then asks for that alone. */
  readonly chosen?: ConfirmationChoice | undefined;
}

/** `snapshotFirst` takes a snapshot of the present state and restores only when that has succeeded. */
export type ConfirmationChoice = 'snapshotFirst' | 'go';

/** What a person reads before an operation on one VM: by name what goes, what is lost and what stays. */
export function confirmationText(plan: Plan, context: ConfirmationContext): ModalText<ConfirmationChoice> {
  switch (plan.operation.kind) {
    case 'restore':
    case 'restoreLatest':
      return restoreText(plan, context);
    case 'delete':
      return deleteText(plan, context);
    case 'deleteWithChildren':
      return plan.removed.length > 1 ? deleteWithChildrenText(plan, context) : deleteText(plan, context);
    case 'deleteAll':
      return deleteAllText(plan, context);
    case 'consolidate':
      return consolidateText(plan);
    case 'edit':
      return editText(plan);
    case 'take':
      return plainText(l10n.t("Take a snapshot of '{0}'?", vmName(plan)), plan, l10n.t('Take Snapshot'));
    case 'powerOn':
      return plainText(l10n.t("Power on '{0}'?", vmName(plan)), plan, l10n.t('Power On'));
  }
}

function restoreText(plan: Plan, context: ConfirmationContext): ModalText<ConfirmationChoice> {
  const { target } = plan;
  const detail = [
    ...backupLines(plan),
    ...(target === undefined
      ? []
      : [takenAt(target, context), ...lostLines(plan, context), thenLine(plan, target, context)]),
    keptLine(plan, context),
    ...warningLines(plan, context),
  ];
  return {
    message: l10n.t("Restore '{0}' to '{1}'?", vmName(plan), nameInSentence(target?.name ?? '')),
    detail: detail.join('\n'),
    buttons: restoreButtons(plan, context),
  };
}

function restoreButtons(
  plan: Plan,
  { offerSnapshotFirst, chosen }: ConfirmationContext,
): ModalText<ConfirmationChoice>['buttons'] {
  const restore = { title: l10n.t('Restore'), value: 'go' } as const;
  const first = { title: l10n.t('Take Snapshot, Then Restore'), value: 'snapshotFirst' } as const;
  if (!offerSnapshotFirst || chosen === 'go' || !canTakeFirst(plan)) {
    return [restore];
  }
  return chosen === 'snapshotFirst' ? [first] : [first, restore];
}

function takenAt(target: Snapshot, { formats, nowMs }: ConfirmationContext): string {
  const when = formats.dateTime(target.createdAtMs);
  const ago = formats.ago(nowMs - target.createdAtMs);
  if (target.hasMemory) {
    return l10n.t('Taken {0} ({1}), with memory.', when, ago);
  }
  return target.quiesced
    ? l10n.t('Taken {0} ({1}), disks only, quiesced.', when, ago)
    : l10n.t('Taken {0} ({1}), disks only.', when, ago);
}

/** What a restore loses: what is in no snapshot. */
export function lostLines({ current }: Plan, { formats, nowMs }: WordingContext): string[] {
  return current === undefined
    ? [l10n.t('Lost: the present state; it is in no snapshot.')]
    : [
        l10n.t(
          "Lost: all changes made after the current snapshot '{0}' ({1}). They are in no snapshot.",
          nameInSentence(current.name),
          formats.dayTime(current.createdAtMs, nowMs),
        ),
      ];
}

function thenLine({ before }: Plan, target: Snapshot, { formats, nowMs }: ConfirmationContext): string {
  const at = formats.dayTime(target.createdAtMs, nowMs);
  if (target.powerState === 'on') {
    return l10n.t('Then: running as at {0}, without a reboot.', at);
  }
  const isRunning = before.powerState === 'on';
  if (target.powerState === 'suspended') {
    return isRunning
      ? l10n.t('Then: suspended as at {0}. The VM is running now and stops at once, without a guest shutdown.', at)
      : l10n.t('Then: suspended as at {0}.', at);
  }
  if (isRunning) {
    return l10n.t('Then: powered off. The VM is running now and stops at once, without a guest shutdown.');
  }
  return before.powerState === 'suspended'
    ? l10n.t('Then: powered off. The VM is suspended now; what it had in memory is lost.')
    : l10n.t('Then: powered off, as it is now.');
}

function keptLine({ before }: Plan, { formats }: ConfirmationContext): string {
  const count = withDescendants(...before.tree.roots).length;
  return count === 1 ? l10n.t('Kept: the snapshot.') : l10n.t('Kept: all {0} snapshots.', formats.count(count));
}

/** Whether the present state can be saved before it is lost. */
export function canTakeFirst(plan: Plan): boolean {
  const operation = { kind: 'take', vmId: plan.vm.id, name: '', description: '', contents: 'disks' } as const;
  const inTheWay = findBlockers({ detail: plan.detail, operation, missingPrivileges: [], isReadOnlyServer: false });
  // Storage vendors call 31 the real limit, and whoever is that near needs fewer snapshots, not one more.
  return inTheWay.length === 0 && currentDepth(plan.before.tree) + 1 < maxChainLength;
}

function deleteText(plan: Plan, context: ConfirmationContext): ModalText<ConfirmationChoice> {
  const { target } = plan;
  const below = target === undefined ? 0 : withDescendants(target).length - 1;
  const losesData = plan.warnings.some((warning) => warning.kind === 'dataOnNoOtherBranch');
  const detail = [
    ...backupLines(plan),
    ...(target === undefined ? [] : [deletedAt(plan, target, context)]),
    losesData
      ? l10n.t('Its data is on no other branch and is lost.')
      : l10n.t('The VM keeps its present state; you can no longer return to this point.'),
    ...(below === 0 ? [] : [staysLine(below, context)]),
    l10n.t("Merging can take long and slow the VM. This can't be undone."),
    ...warningLines(plan, context),
  ];
  return {
    message: l10n.t("Delete snapshot '{0}' of '{1}'?", nameInSentence(target?.name ?? ''), vmName(plan)),
    detail: detail.join('\n'),
    buttons: [{ title: l10n.t('Delete'), value: 'go' }],
  };
}

function deletedAt({ detail }: Plan, target: Snapshot, { formats, nowMs }: ConfirmationContext): string {
  const when = formats.date(target.createdAtMs);
  const ago = formats.ago(nowMs - target.createdAtMs);
  const bytes = sizeOf(detail.sizes, target.id);
  return bytes === undefined
    ? l10n.t('Taken {0} ({1}).', when, ago)
    : l10n.t('Taken {0} ({1}), {2}.', when, ago, formatBytes(bytes));
}

function staysLine(below: number, { formats }: ConfirmationContext): string {
  return below === 1
    ? l10n.t('1 snapshot below it stays.')
    : l10n.t('{0} snapshots below it stay.', formats.count(below));
}

function deleteWithChildrenText(plan: Plan, context: ConfirmationContext): ModalText<ConfirmationChoice> {
  const below = plan.removed.length - 1;
  const name = nameInSentence(plan.target?.name ?? '');
  return {
    message:
      below === 1
        ? l10n.t("Delete '{0}' and the snapshot below it?", name)
        : l10n.t("Delete '{0}' and the {1} snapshots below it?", name, context.formats.count(below)),
    detail: detailWithNames(
      [...backupLines(plan), l10n.t("Of '{0}':", vmName(plan))],
      namesWithAge(plan.removed, context),
      [l10n.t('The VM keeps its present state.'), ...warningLines(plan, context)],
    ),
    buttons: [{ title: deleteButton(plan.removed.length, context), value: 'go' }],
  };
}

function deleteAllText(plan: Plan, context: ConfirmationContext): ModalText<ConfirmationChoice> {
  const count = plan.removed.length;
  return {
    message:
      count === 1
        ? l10n.t("Delete the only snapshot of '{0}'?", vmName(plan))
        : l10n.t("Delete all {0} snapshots of '{1}'?", context.formats.count(count), vmName(plan)),
    detail: detailWithNames(backupLines(plan), namesWithAge(plan.removed, context), [
      ...warningLines(plan, context),
      ...spaceLines(plan),
      l10n.t('The VM keeps its present state.'),
    ]),
    buttons: [{ title: deleteButton(count, context), value: 'go' }],
  };
}

function deleteButton(count: number, { formats }: ConfirmationContext): string {
  return count === 1 ? l10n.t('Delete 1 Snapshot') : l10n.t('Delete {0} Snapshots', formats.count(count));
}

function namesWithAge(snapshots: readonly Snapshot[], { formats, nowMs }: ConfirmationContext): string[] {
  return snapshots.map((snapshot) =>
    l10n.t("'{0}' ({1})", nameInSentence(snapshot.name), formats.age(nowMs - snapshot.createdAtMs)),
  );
}

function consolidateText(plan: Plan): ModalText<ConfirmationChoice> {
  const notNeeded = plan.warnings.some((warning) => warning.kind === 'consolidationNotNeeded');
  if (notNeeded) {
    return {
      message: l10n.t("'{0}' doesn't need consolidation.", vmName(plan)),
      detail: spaceLines(plan).join('\n'),
      buttons: [{ title: l10n.t('Consolidate Anyway'), value: 'go' }],
    };
  }
  const what = l10n.t(
    'Leftover disks are merged; no snapshot is lost. It may take hours, slow the VM and pause it briefly at the end.',
  );
  return {
    message: l10n.t("Consolidate the disks of '{0}'?", vmName(plan)),
    detail: [what, ...spaceLines(plan)].join('\n'),
    buttons: [{ title: l10n.t('Consolidate'), value: 'go' }],
  };
}

function editText(plan: Plan): ModalText<ConfirmationChoice> {
  const name = nameInSentence(plan.target?.name ?? '');
  return plainText(l10n.t("Edit snapshot '{0}' of '{1}'?", name, vmName(plan)), plan, l10n.t('Edit'));
}

function plainText(message: string, plan: Plan, button: string): ModalText<ConfirmationChoice> {
  return { message, detail: backupLines(plan).join('\n'), buttons: [{ title: button, value: 'go' }] };
}

/** How much room the server asks for while it merges; never what would be freed, which nobody can foretell. */
export function spaceLines({ space }: Plan): string[] {
  return space.slice(0, 3).map(({ datastore, neededBytes }) => {
    const names = [formatBytes(neededBytes), nameInSentence(datastore.name), formatBytes(datastore.freeBytes)] as const;
    return neededBytes <= datastore.freeBytes
      ? l10n.t('Needs up to {0} on {1}; {2} free.', ...names)
      : l10n.t('Needs up to {0} on {1}; only {2} free.', ...names);
  });
}

/** That a snapshot belongs to a backup product. */
export function backupLines({ warnings, removed }: Plan): string[] {
  return warnings.flatMap((warning) => {
    if (warning.kind !== 'backupProduct') {
      return [];
    }
    const pattern = nameInSentence(warning.pattern);
    return removed.length > 1
      ? l10n.t(
          "'{0}' belongs to a backup product (name matches '{1}'). A backup may be running.",
          nameInSentence(warning.snapshot.name),
          pattern,
        )
      : l10n.t("This snapshot belongs to a backup product (name matches '{0}'). A backup may be running.", pattern);
  });
}

/** What should be known before deciding and has no other place. */
export function warningLines({ warnings }: Plan, context: WordingContext): string[] {
  return warnings.flatMap((warning) => warningLine(warning, context) ?? []);
}

function warningLine(warning: Warning, { formats, nowMs }: WordingContext): string | undefined {
  switch (warning.kind) {
    case 'newerOnOtherBranch':
      return l10n.t(
        "A newer snapshot exists on another branch: '{0}' ({1}).",
        nameInSentence(warning.snapshot.name),
        formats.dayTime(warning.snapshot.createdAtMs, nowMs),
      );
    case 'domainTrust':
      return l10n.t('Domain trust may be broken.');
    case 'disksNotRestored':
      return l10n.t('Not restored: {0} (independent).', fewNames(warning.disks.map(nameInSentence)));
    case 'sideBranchesLost': {
      const tips = warning.tips.map((tip) => `'${nameInSentence(tip.name)}'`);
      return tips.length === 1
        ? l10n.t('A side branch is lost: {0}.', fewNames(tips))
        : l10n.t('Side branches are lost: {0}.', fewNames(tips));
    }
    case 'managedByVCenter':
      return l10n.t(
        "The vCenter '{0}' manages this ESXi and may interfere: connect to it instead.",
        nameInSentence(warning.address),
      );
    // These have their place in the text already.
    case 'backupProduct':
    case 'dataOnNoOtherBranch':
    case 'consolidationNotNeeded':
      return undefined;
  }
}

function vmName(plan: Plan): string {
  return nameInSentence(plan.vm.name);
}

/** Name of the snapshot that keeps the present state before a restore. Sent to the server as it is. */
export function safetySnapshotName(plan: Plan): string {
  return l10n.t("Before restore to '{0}'", nameInSentence(plan.target?.name ?? ''));
}
