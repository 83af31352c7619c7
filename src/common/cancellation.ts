import type { Clock } from './clock';
import { type Disposable, toDisposable } from './disposable';

/** Says that the person, or the owner of an operation, gave it up. Never shown, never logged as an error. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';

  constructor(message = 'Cancelled') {
    super(message);
  }
}

/** Whether `error` or one of its causes says that something was given up. */
export function isCancelled(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof CancelledError) {
      return true;
    }
  }
  return false;
}

/** @throws {@link CancelledError} when `signal` has been aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new CancelledError();
  }
}

/** Calls `listener` once when `signal` is aborted, at once if it already is. Dispose to stop listening. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): Disposable {
  if (signal === undefined) {
    return toDisposable(() => undefined);
  }
  if (signal.aborted) {
    listener();
    return toDisposable(() => undefined);
  }
  signal.addEventListener('abort', listener, { once: true });
  return toDisposable(() => {
    signal.removeEventListener('abort', listener);
  });
}

/** Resolves after `ms`. @throws {@link CancelledError} as soon as `signal` is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new CancelledError());
      return;
    }
    const timer = clock.schedule(ms, () => {
      subscription.dispose();
      resolve();
    });
    const subscription = onAbort(signal, () => {
      timer.dispose();
      reject(new CancelledError());
    });
  });
}

/**
 * An abort controller that follows another signal and is a {@link Disposable}: disposing aborts it and stops following.
 */
export class LinkedAbort implements Disposable {
  private readonly controller = new AbortController();
  private readonly subscription: Disposable;

  constructor(parent?: AbortSignal) {
    this.subscription = onAbort(parent, () => {
      this.controller.abort();
    });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  dispose(): void {
    this.subscription.dispose();
    this.controller.abort();
  }
}
