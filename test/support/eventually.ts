import timers from 'node:timers/promises';

// How long a condition may take before a test says that it never came: generous, for a loaded machine.
const defaultDeadlineMs = 20_000;

// Short enough that waiting adds nothing that a person would notice, long enough to leave the processor to others.
const pollIntervalMs = 25;

/**
 * Asks `condition` again and again until it gives something other than undefined or false, and returns that.
 *
 * @param what - what is waited for, for the message when it never comes
 * @throws Error after `deadlineMs`, with what the last attempt threw, if it threw, as its cause. An attempt that throws
 * counts as "not yet".
 */
export async function eventually<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs: number = defaultDeadlineMs,
): Promise<T> {
  const endsAt = performance.now() + deadlineMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) {
        return value;
      }
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= endsAt) {
      throw new Error(`Waited ${deadlineMs} ms in vain for: ${what}`, { cause: lastError });
    }
    await timers.setTimeout(pollIntervalMs);
  }
}

/** What `promise` gives, or an error that names `what` when it takes longer than `deadlineMs`. */
export async function within<T>(what: string, deadlineMs: number, promise: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = timers.setTimeout(deadlineMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`Took longer than ${deadlineMs} ms: ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
    // The abort rejects the loser of the race; nobody else listens to it.
    late.catch(() => undefined);
  }
}
