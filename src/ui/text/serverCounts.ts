import * as l10n from '@vscode/l10n';
import type { Formats } from './formats';
import { nameInSentence } from './names';

/** What an import has brought. */
export function importedText(count: number, formats: Formats): string {
  return count === 1 ? l10n.t('1 server was imported') : l10n.t('{0} servers were imported', formats.count(count));
}

/** Asks about the other servers on which the account of a changed password is used. */
export function useForOthersText(count: number, userName: string, formats: Formats): string {
  const user = nameInSentence(userName);
  return count === 1
    ? l10n.t('Use it for the other server of {0}, too?', user)
    : l10n.t('Use it for the {0} other servers of {1}, too?', formats.count(count), user);
}

export function passwordUsedText(count: number, formats: Formats): string {
  return count === 1
    ? l10n.t('The new password is used for 1 other server')
    : l10n.t('The new password is used for {0} other servers', formats.count(count));
}
