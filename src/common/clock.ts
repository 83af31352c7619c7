import { type Disposable, toDisposable } from './disposable';

/** Time as a dependency, so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Runs `callback` once, `delayMs` from now, unless the returned disposable is disposed first. */
  schedule(delayMs: number, callback: () => void): Disposable;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, callback) => {
    const handle = setTimeout(callback, delayMs);
    return toDisposable(() => {
      clearTimeout(handle);
    });
  },
};

/**
 * A clock that stands still until it is told to move. Timers run in order of their due time, at that time.
 *
 * @remarks Part of the product, not only of its tests: the embedded vCenter runs on it when a caller steps time.
 */
export class ManualClock implements Clock {
  private readonly timers = new Set<{
    readonly dueMs: number;
    readonly order: number;
    readonly callback: () => void;
  }>();
  private order = 0;

  constructor(private nowMs = Date.UTC(2026, 10, 22, 14, 5)) {}

  now(): number {
    return this.nowMs;
  }

  /** How many timers wait to run. */
  get pending(): number {
    return this.timers.size;
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    const timer = { dueMs: this.nowMs + Math.max(0, delayMs), order: this.order++, callback };
    this.timers.add(timer);
    return toDisposable(() => this.timers.delete(timer));
  }

  /** Moves time on by `ms` and runs, in order, every timer that comes due on the way, new ones included. */
  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const next = [...this.timers]
        .filter((timer) => timer.dueMs <= endMs)
        .sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
      if (next === undefined) {
        break;
      }
      this.timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.callback();
    }
    this.nowMs = endMs;
  }
}
