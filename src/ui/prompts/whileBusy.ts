import * as vscode from 'vscode';
import { LinkedAbort } from '../../common/cancellation';
import { askQuickInput, type QuestionFrame } from './quickInput';

/**
 * Shows that something is going on, in the place of the question that would come next.
 *
 * @param work - its signal is aborted when the person gives up; it may say how far it is
 * @throws CancelledError when the person gives up, and whatever `work` rejects with.
 */
export async function whileBusy<T>(
  frame: QuestionFrame,
  prompt: string,
  work: (signal: AbortSignal, say: (prompt: string) => void) => Promise<T>,
): Promise<T> {
  const box = vscode.window.createInputBox();
  box.prompt = prompt;
  box.enabled = false;
  box.busy = true;
  const abort = new LinkedAbort();
  const answer = await askQuickInput<T | undefined>(box, frame, {
    value: () => undefined,
    wire: ({ settle, fail }, resources) => {
      resources.add(abort);
      const say = (text: string): void => {
        box.prompt = text;
      };
      work(abort.signal, say).then((value) => {
        settle({ went: 'next', value });
      }, fail);
    },
  });
  return answer.value as T;
}
