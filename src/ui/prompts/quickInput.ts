import * as vscode from 'vscode';
import { CancelledError, onAbort } from '../../common/cancellation';
import { DisposableStore } from '../../common/disposable';
import type { Position } from './multiStep';

/** A button in the title of a question. */
export interface QuestionButton {
  readonly icon: string;
  readonly tooltip: string;
  /** What pressing it does: `stay` only shows the buttons anew, `leave` ends the question as `left`. */
  press(): 'stay' | 'leave';
}

/** How a question ended. What had been typed or chosen comes along either way, to be there when it is asked again. */
export interface Answer<T> {
  readonly went: 'next' | 'back' | 'left';
  readonly value: T;
}

/** What all questions have in common. */
export interface QuestionFrame {
  readonly title: string;
  /** Unset for a question that is no part of a flow. */
  readonly position?: Position;
  /** Asked for again after a press, so that a button can show what it has done. */
  readonly buttons?: () => readonly QuestionButton[];
  /** Ends the question when it is aborted, as if the person had given up. */
  readonly signal?: AbortSignal;
}

type QuickInputWithButtons = vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>;

/** Ends a question. */
export interface Ending<T> {
  readonly settle: (answer: Answer<T>) => void;
  readonly fail: (error: unknown) => void;
}

/** How one kind of quick input works. */
export interface QuickInputKind<T> {
  /** What is typed or chosen at the moment. */
  readonly value: () => T;
  /** Connects the input with the answer. */
  readonly wire: (ending: Ending<T>, resources: DisposableStore) => void;
  /** Shows anew what a button may have changed. */
  readonly refresh?: () => void;
}

/**
 * Shows a quick input until it is answered, and disposes it however that ends.
 *
 * @throws CancelledError when the person closes it, or another quick input takes its place.
 */
export async function askQuickInput<T>(
  input: QuickInputWithButtons,
  frame: QuestionFrame,
  kind: QuickInputKind<T>,
): Promise<Answer<T>> {
  const resources = new DisposableStore();
  resources.add(input);
  try {
    return await new Promise<Answer<T>>((resolve, reject) => {
      input.title = frame.title;
      // A person looks up a ticket number or switches to a password manager in the middle of it.
      input.ignoreFocusOut = true;
      if (frame.position !== undefined && frame.position.totalSteps > 1) {
        input.step = frame.position.step;
        input.totalSteps = frame.position.totalSteps;
      }
      const giveUp = (): void => {
        // Without effect when it was answered before.
        reject(new CancelledError());
      };
      resources.add(input.onDidHide(giveUp));
      resources.add(onAbort(frame.signal, giveUp));
      const end = (went: 'back' | 'left'): void => {
        resolve({ went, value: kind.value() });
      };
      showButtons(input, frame, resources, end, kind.refresh);
      kind.wire({ settle: resolve, fail: reject }, resources);
      input.show();
    });
  } finally {
    resources.dispose();
  }
}

function showButtons(
  input: QuickInputWithButtons,
  frame: QuestionFrame,
  resources: DisposableStore,
  end: (went: 'back' | 'left') => void,
  refresh: (() => void) | undefined,
): void {
  const shown = new Map<vscode.QuickInputButton, QuestionButton>();
  const show = (): void => {
    shown.clear();
    for (const button of frame.buttons?.() ?? []) {
      shown.set({ iconPath: new vscode.ThemeIcon(button.icon), tooltip: button.tooltip }, button);
    }
    const backButton = frame.position?.canGoBack === true ? [vscode.QuickInputButtons.Back] : [];
    input.buttons = [...backButton, ...shown.keys()];
  };
  show();
  resources.add(
    input.onDidTriggerButton((pressed) => {
      if (pressed === vscode.QuickInputButtons.Back) {
        end('back');
        return;
      }
      if (shown.get(pressed)?.press() === 'leave') {
        end('left');
      } else {
        show();
        refresh?.();
      }
    }),
  );
}
