import * as l10n from '@vscode/l10n';
import { clipMiddle, oneLine } from '../../common/text';

// What fits beside the rest of a sentence in a dialog.
const sentenceLimit = 60;
// Wider than any side bar; it only keeps a hostile megabyte out of the editor.
const rowLimit = 200;

/** A name as it stands in a sentence or dialog: on one line, at most 60 characters, cut in the middle. */
export function nameInSentence(name: string): string {
  return clipMiddle(oneLine(name) || l10n.t('(unnamed)'), sentenceLimit);
}

/** A name as the label of a row: on one line. The row itself cuts off what does not fit. */
export function nameInRow(name: string): string {
  return clipMiddle(oneLine(name) || l10n.t('(unnamed)'), rowLimit);
}
