import * as vscode from 'vscode';
import type { Logger } from '../../common/logger';

export interface ModalButton<T> {
  readonly title: string;
  readonly value: T;
}

export interface ModalQuestion<T> {
  readonly message: string;
  /** Below the message, line by line. */
  readonly detail: string;
  /** The first one has the focus: Enter runs it. The editor adds Cancel. */
  readonly buttons: readonly ModalButton<T>[];
  readonly severity?: 'warning' | 'information';
}

/**
 * Asks a question that has to be answered before anything else.
 *
 * @returns what the chosen button stands for; undefined when the person cancels, or when the editor refuses to show a
 * dialog: what was not answered was not agreed to
 */
export async function askModal<T>(question: ModalQuestion<T>, logger: Logger): Promise<T | undefined> {
  const show =
    question.severity === 'information' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const items = question.buttons.map(({ title, value }) => ({ title, value }));
  try {
    return (await show(question.message, { modal: true, detail: question.detail }, ...items))?.value;
  } catch (error) {
    logger.error('The editor refused to show a dialog; that counts as cancelled', error);
    return undefined;
  }
}
