import * as l10n from '@vscode/l10n';
import { nameInSentence } from '../names';

/** Somebody else has edited the snapshot while it was being edited here. */
export function editConflict(theirName: string): string {
  return l10n.t(
    "Somebody has changed this snapshot meanwhile; it is called '{0}' now. Overwrite it, or take theirs?",
    nameInSentence(theirName),
  );
}
