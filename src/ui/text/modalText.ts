import * as l10n from '@vscode/l10n';

/** A modal dialog. VS Code adds *Cancel* and gives the focus to the first button, so that Enter runs it. */
export interface ModalText<Choice extends string> {
  readonly message: string;
  /** At most {@link maxDetailLines} lines. */
  readonly detail: string;
  readonly buttons: readonly { readonly title: string; readonly value: Choice }[];
}

/** More than this, and the buttons of a dialog leave a small screen. */
export const maxDetailLines = 12;

// Who has to read more names than this reads none.
const maxNames = 10;

/**
 * The detail of a dialog with a list of names in it, of which as many are shown as the lines around it leave room for;
 * the rest is counted.
 */
export function detailWithNames(before: readonly string[], names: readonly string[], after: readonly string[]): string {
  const room = Math.min(maxNames + 1, maxDetailLines - before.length - after.length);
  const fits = names.length <= Math.min(room, maxNames);
  const shown = fits ? names : names.slice(0, Math.max(0, room - 1));
  const rest = fits ? [] : [l10n.t('and {0} more', names.length - shown.length)];
  return [...before, ...shown, ...rest, ...after].join('\n');
}

/** Names in one line, of which the first few are shown and the rest is counted: `'a', 'b' and 3 more`. */
export function fewNames(names: readonly string[], limit = 3): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length <= limit ? shown : l10n.t('{0} and {1} more', shown, names.length - limit);
}
