import { CancelledError, onAbort } from '../common/cancellation';
import type { Disposable } from '../common/disposable';

/**
 * Waits for something that others wait for too, or that cannot be called back, but no longer than until `signal` is
 * aborted. @throws CancelledError then; what is waited for goes on.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let stop: Disposable | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = onAbort(signal, () => {
      reject(new CancelledError());
    });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop?.dispose();
  }
}
