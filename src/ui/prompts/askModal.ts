import * as vscode from 'vscode';
import type { Logger } from '../../common/logger';
import type { ModalText } from '../text/modalText';

/**
 * Asks a question that has to be answered before anything else.
 *
 * @returns what the chosen button stands for; undefined when the person cancels, or when the editor refuses to show a
 * dialog: what was not answered was not agreed to
 */
export async function askModal<Choice extends string>(
  text: ModalText<Choice>,
  logger: Logger,
): Promise<Choice | undefined> {
  const { message, detail } = text;
  try {
    const items = text.buttons.map(({ title, value }) => ({ title, value }));
    return (await vscode.window.showWarningMessage(message, { modal: true, detail }, ...items))?.value;
  } catch (error) {
    logger.error('The editor refused to show a dialog; that counts as cancelled', error);
    return undefined;
  }
}
