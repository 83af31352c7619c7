import * as l10n from '@vscode/l10n';
import type { Plan } from '../../hypervisor/plan/plan';
import type { Formats } from './formats';
import { nameInSentence } from './names';

/** A confirmation that has to be typed, for what cannot be had back. */
export interface TypedConfirmation {
  readonly title: string;
  readonly prompt: string;
  /** What has to be typed. */
  readonly expected: string;
  /** Case and blanks do not count: it is about having read, not about typing. */
  readonly accepts: (typed: string) => boolean;
}

// What every keyboard can type in a few seconds.
const typeable = /^[A-Za-z0-9._-]{1,30}$/;

/**
 * What has to be typed before an operation on one VM.
 *
 * @param code - four digits, made for this question: asked for instead of a name that cannot be typed
 */
export function typedConfirmation(plan: Plan, code: string, formats: Formats): TypedConfirmation {
  const expected = typeable.test(plan.vm.name) ? plan.vm.name : code;
  return {
    title: title(plan, formats),
    prompt: l10n.t('Type {0} to confirm', expected),
    expected,
    accepts: (typed) => normal(typed) === normal(expected),
  };
}

function title({ operation, vm, target, removed }: Plan, formats: Formats): string {
  const name = nameInSentence(vm.name);
  switch (operation.kind) {
    case 'delete':
    case 'deleteWithChildren':
    case 'deleteAll':
      return removed.length === 1
        ? l10n.t("Delete 1 Snapshot of '{0}'", name)
        : l10n.t("Delete {0} Snapshots of '{1}'", formats.count(removed.length), name);
    case 'restore':
    case 'restoreLatest':
      return l10n.t("Restore '{0}' to '{1}'", name, nameInSentence(target?.name ?? ''));
    case 'consolidate':
      return l10n.t("Consolidate the Disks of '{0}'", name);
    case 'take':
      return l10n.t("Take a Snapshot of '{0}'", name);
    case 'edit':
      return l10n.t("Edit a Snapshot of '{0}'", name);
    case 'powerOn':
      return l10n.t("Power On '{0}'", name);
  }
}

function normal(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase();
}
