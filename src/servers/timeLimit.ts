import type { Clock } from '../common/clock';

/** Something took longer than it was given. It may still go on. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/**
 * Settles as `work` does, but after `limitMs` at the latest.
 *
 * @param what - names the work in the error, as a subject: `The OS keychain`
 * @param onLate - called when `work` succeeds after it was given up, to undo what nobody counts on any more
 * @throws {@link TimeLimitError} when the time is over.
 */
export function withTimeLimit<T>(
  clock: Clock,
  limitMs: number,
  what: string,
  work: Promise<T>,
  onLate?: (result: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false;
    const timer = clock.schedule(limitMs, () => {
      over = true;
      reject(new TimeLimitError(`${what} did not answer within ${limitMs / 1_000} s`));
    });
    work.then(
      (result) => {
        timer.dispose();
        if (over) {
          onLate?.(result);
        } else {
          resolve(result);
        }
      },
      (error: unknown) => {
        timer.dispose();
        // Too late, this changes nothing: the caller has been told that it failed.
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
