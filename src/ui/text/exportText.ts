import * as l10n from '@vscode/l10n';
import type { Formats } from './formats';
import { nameInSentence } from './names';

/** What is said when an export is done. */
export function exportedText(snapshots: number, formats: Formats): string {
  return snapshots === 1
    ? l10n.t('1 snapshot was exported.')
    : l10n.t('{0} snapshots were exported.', formats.count(snapshots));
}

/** What is missing because a server stopped answering. */
export function gapText(serverLabel: string, vmCount: number, formats: Formats): string {
  return l10n.t(
    "'{0}' stopped answering: sizes, files and notes are missing for some of its VMs ({1}).",
    nameInSentence(serverLabel),
    formats.count(vmCount),
  );
}

/** `vsphere-snapshots-2026-11-22`, without its ending. */
export function exportFileName(nowMs: number): string {
  return `vsphere-snapshots-${new Date(nowMs).toISOString().slice(0, 10)}`;
}
