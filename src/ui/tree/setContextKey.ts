import * as vscode from 'vscode';
import type { ContextKey, ContextKeyValues } from '../text/contextKeys';

/** Tells VS Code a value that `when` clauses of the manifest ask for. */
export async function setContextKey<Key extends ContextKey>(key: Key, value: ContextKeyValues[Key]): Promise<void> {
  await vscode.commands.executeCommand('setContext', key, value);
}
