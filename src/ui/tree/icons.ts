import * as vscode from 'vscode';
import type { RowDescription } from '../text/rowContext';

/** The icon of a row in the colours of the theme. */
export function themeIcon({ iconId, iconColor }: Pick<RowDescription, 'iconId' | 'iconColor'>): vscode.ThemeIcon {
  return new vscode.ThemeIcon(iconId, iconColor === undefined ? undefined : new vscode.ThemeColor(iconColor));
}
