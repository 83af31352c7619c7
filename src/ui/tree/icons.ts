import * as vscode from 'vscode';
import type { RowDescription } from '../text/rowContext';

/** The icon of a row in the colours of the theme. */
export function themeIcon({ iconId, iconColor }: Pick<RowDescription, 'iconId' | 'iconColor'>): vscode.ThemeIcon {
  // On a row with an address, as a badge needs one, VS Code takes `folder` for "as the theme of file icons says", which
  // may be nothing. The other one is the same picture.
  const id = iconId === 'folder' ? 'symbol-folder' : iconId;
  return new vscode.ThemeIcon(id, iconColor === undefined ? undefined : new vscode.ThemeColor(iconColor));
}
