import * as vscode from 'vscode';
import type { Snapshot, SnapshotTree } from '../../hypervisor/model/snapshot';
import type { Formats } from '../text/formats';
import { nameInSentence } from '../text/names';
import { fromOneLine, judgeRename, lineBreakSign, toOneLine } from '../text/takeQuestions';
import { askText } from './askText';
import { runPages } from './multiStep';

/** Name and description of a snapshot, as the person wants them. */
export interface SnapshotTexts {
  readonly name: string;
  readonly description: string;
}

/**
 * Asks for another name and description of a snapshot.
 *
 * @throws CancelledError when the person gives up.
 */
export async function askSnapshotTexts(
  vmName: string,
  target: Snapshot,
  tree: SnapshotTree,
  formats: Formats,
): Promise<SnapshotTexts> {
  let { name, description } = target;
  const title = vscode.l10n.t("Edit Snapshot '{0}' of '{1}'", nameInSentence(target.name), nameInSentence(vmName));
  await runPages([
    async (position) => {
      const { went, value } = await askText({
        title,
        position,
        value: name,
        placeholder: vscode.l10n.t('Name of the snapshot'),
        validate: (text) => judgeRename(text, vmName, target, tree, formats),
      });
      name = value;
      return went === 'back' ? 'back' : 'next';
    },
    async (position) => {
      const { went, value } = await askText({
        title,
        position,
        value: toOneLine(description),
        placeholder: vscode.l10n.t('Reason or ticket (optional)'),
        prompt: description.includes('\n') ? vscode.l10n.t('{0} stands for a line break.', lineBreakSign) : undefined,
      });
      description = fromOneLine(value);
      return went === 'back' ? 'back' : 'next';
    },
  ]);
  return { name: name.trim(), description };
}
