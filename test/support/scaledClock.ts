import type { Clock } from '../../src/common/clock';
import { toDisposable } from '../../src/common/disposable';

/** Time that passes so many times faster than it does: a wait of a minute takes seconds. */
export class ScaledClock implements Clock {
  private readonly startedMs = Date.now();

  constructor(private readonly factor: number) {}

  now(): number {
    return this.startedMs + (Date.now() - this.startedMs) * this.factor;
  }

  schedule(delayMs: number, callback: () => void): { dispose(): void } {
    const handle = setTimeout(callback, delayMs / this.factor);
    return toDisposable(() => {
      clearTimeout(handle);
    });
  }
}
