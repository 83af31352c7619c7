import * as vscode from 'vscode';
import { LinkedAbort } from '../../common/cancellation';
import { plain } from '../text/plain';
import { type Answer, askQuickInput, type QuestionFrame } from './quickInput';

/** What is to be said about a value while it is typed. Only an error keeps it from being accepted. */
export interface Validation {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
}

export interface TextQuestion extends QuestionFrame {
  readonly value: string;
  /** Asked for again after a button was pressed. */
  readonly prompt?: (() => string) | string | undefined;
  readonly placeholder?: string | undefined;
  readonly password?: boolean;
  /** Why the value was not good enough the last time; shown until the person types. */
  readonly problem?: string | undefined;
  /** Called with each change. */
  readonly validate?: (value: string) => Validation | undefined;
  /**
   * Does what the value was asked for, while the question stays open and shows that it is busy. A validation keeps the
   * question open and says what is wrong; a rejection ends the question with it. Aborted when the person gives up.
   */
  readonly submit?: (value: string, signal: AbortSignal) => Promise<Validation | undefined>;
}

/**
 * Asks for a line of text.
 *
 * @throws CancelledError when the person gives up.
 */
export async function askText(question: TextQuestion): Promise<Answer<string>> {
  const box = vscode.window.createInputBox();
  box.value = question.value;
  box.placeholder = question.placeholder;
  box.password = question.password ?? false;
  const abort = new LinkedAbort();
  const complain = (validation: Validation | undefined): void => {
    box.validationMessage =
      validation === undefined
        ? undefined
        : { message: plain(validation.message), severity: severities[validation.severity] };
  };
  const check = (): Validation | undefined => {
    const validation = question.validate?.(box.value);
    complain(validation);
    return validation;
  };
  const showPrompt = (): void => {
    const prompt = typeof question.prompt === 'function' ? question.prompt() : question.prompt;
    box.prompt = prompt === undefined ? undefined : plain(prompt);
  };
  showPrompt();
  return await askQuickInput(box, question, {
    value: () => box.value,
    refresh: () => {
      // A message hides the prompt, which may say something else now.
      complain(undefined);
      showPrompt();
    },
    wire: ({ settle, fail }, resources) => {
      resources.add(abort);
      if (question.problem === undefined) {
        const initial = question.validate?.(box.value);
        // An empty box is not wrong before anything was typed.
        complain(initial?.severity === 'error' && box.value === '' ? undefined : initial);
      } else {
        complain({ severity: 'error', message: question.problem });
      }
      resources.add(box.onDidChangeValue(check));
      const accept = (): void => {
        if (!box.enabled || check()?.severity === 'error') {
          return;
        }
        const { value } = box;
        if (question.submit === undefined) {
          settle({ went: 'next', value });
          return;
        }
        box.enabled = false;
        box.busy = true;
        question.submit(value, abort.signal).then((validation) => {
          if (validation === undefined) {
            settle({ went: 'next', value });
            return;
          }
          box.enabled = true;
          box.busy = false;
          complain(validation);
        }, fail);
      };
      resources.add(box.onDidAccept(accept));
    },
  });
}

const severities = {
  info: vscode.InputBoxValidationSeverity.Info,
  warning: vscode.InputBoxValidationSeverity.Warning,
  error: vscode.InputBoxValidationSeverity.Error,
} as const;
