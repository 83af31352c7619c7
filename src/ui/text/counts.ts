import * as l10n from '@vscode/l10n';
import type { Formats } from './formats';

// Each number has its own pair of sentences: what a language needs beyond one and many, its translator cannot say by
// gluing words together, but can by wording both without the number's grammar.

export function snapshotCount(count: number, formats: Formats): string {
  return count === 1 ? l10n.t('1 snapshot') : l10n.t('{0} snapshots', formats.count(count));
}

export function vmCount(count: number, formats: Formats): string {
  return count === 1 ? l10n.t('1 VM') : l10n.t('{0} VMs', formats.count(count));
}

export function taskCount(count: number, formats: Formats): string {
  return count === 1 ? l10n.t('1 task') : l10n.t('{0} tasks', formats.count(count));
}

/** What the badge of the inventory counts, in words. */
export function badgeText(count: number, formats: Formats): string {
  return count === 1 ? l10n.t('1 VM needs consolidation') : l10n.t('{0} VMs need consolidation', formats.count(count));
}

/** What the status bar says while operations run: `vSphere: 3 tasks`. */
export function statusText(count: number, formats: Formats): string {
  return l10n.t('vSphere: {0}', taskCount(count, formats));
}
