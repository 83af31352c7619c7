import { isCancelled } from '../../common/cancellation';
import type { TypedConfirmation } from '../text/typedConfirmation';
import { askText } from './askText';

/** Has a confirmation typed. @returns whether it was */
export async function askTyped({ title, prompt, expected, accepts }: TypedConfirmation): Promise<boolean> {
  try {
    await askText({
      title,
      value: '',
      prompt,
      placeholder: expected,
      validate: (typed) => (accepts(typed) ? undefined : { severity: 'error', message: prompt }),
    });
    return true;
  } catch (error) {
    if (isCancelled(error)) {
      return false;
    }
    throw error;
  }
}
