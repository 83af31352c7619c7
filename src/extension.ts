import type * as vscode from 'vscode';

import { startApp } from './app';

/** Called by VS Code when one of the extension's views, commands or links is used for the first time. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(startApp());
}
