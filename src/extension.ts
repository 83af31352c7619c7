import type * as vscode from 'vscode';
import { type App, startApp } from './app';

// The one thing that has to be found again between two calls of the editor.
let app: App | undefined;

/** Called by VS Code when one of the extension's views, commands or links is used for the first time. */
export function activate(context: vscode.ExtensionContext): void {
  app = startApp(context);
  context.subscriptions.push(app);
}

/** Called by VS Code when it closes. It waits for the promise, though not for long. */
export async function deactivate(): Promise<void> {
  await app?.shutDown();
}
