import * as l10n from '@vscode/l10n';
import type { Formats } from './formats';

/** What an import has brought. */
export function importedText(count: number, formats: Formats): string {
  return count === 1 ? l10n.t('1 server was imported') : l10n.t('{0} servers were imported', formats.count(count));
}
