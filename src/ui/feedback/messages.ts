import * as vscode from 'vscode';
import type { Logger } from '../../common/logger';
import { plain } from '../text/plain';

export type MessageSeverity = 'information' | 'warning' | 'error';

/** Something that helps, offered as a button of a message. */
export interface MessageAction {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Gives short news to the person. Nothing here waits for the person: a message may stay for hours. */
export class Messages {
  constructor(private readonly logger: Logger) {}

  /** Shows a message. `run` of the chosen action has to deal with its own failures; one that escapes it is logged. */
  show(severity: MessageSeverity, text: string, actions: readonly MessageAction[] = []): void {
    const show = {
      information: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[severity];
    const items = actions.map((action) => ({ title: action.title, action }));
    const run = async (): Promise<void> => {
      const chosen = await show(plain(text), ...items);
      await chosen?.action.run();
    };
    run().catch((error: unknown) => {
      this.logger.error('A message or what its button does failed', error);
    });
  }

  /** Says something in the status bar for a moment. */
  flash(text: string): void {
    vscode.window.setStatusBarMessage(plain(text), flashMs);
  }
}

/** Long enough to be read, short enough not to be taken for a state. */
const flashMs = 5_000;
