import { CancelledError, onAbort } from '../common/cancellation';
import type { Event } from '../common/event';

/**
 * Waits until `look` gives something: at once if it can, otherwise at one of the `changes`.
 *
 * @param look - gives undefined for "not yet"; what it throws ends the waiting
 * @throws CancelledError when `signal` is aborted.
 */
export function waitFor<T>(changes: Event<unknown>, look: () => T | undefined, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new CancelledError());
      return;
    }
    const isSettled = (): boolean => {
      try {
        const found = look();
        if (found !== undefined) {
          resolve(found);
        }
        return found !== undefined;
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return true;
      }
    };
    if (isSettled()) {
      return;
    }
    const subscription = changes(() => {
      if (isSettled()) {
        subscription.dispose();
        abortion.dispose();
      }
    });
    const abortion = onAbort(signal, () => {
      subscription.dispose();
      reject(new CancelledError());
    });
  });
}
