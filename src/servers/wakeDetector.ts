import type { Clock } from '../common/clock';
import type { Disposable } from '../common/disposable';

const tickMs = 20_000;
/** More than a busy extension host is ever late by. */
const toleratedDelayMs = 40_000;

/** Notices that the clock has jumped: the machine slept, and whatever was connected before may be gone. */
export class WakeDetector {
  private timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onWake: () => void,
  ) {}

  start(): void {
    if (this.timer === undefined) {
      this.tick();
    }
  }

  stop(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private tick(): void {
    const expectedMs = this.clock.now() + tickMs;
    this.timer = this.clock.schedule(tickMs, () => {
      const hasJumped = this.clock.now() - expectedMs > toleratedDelayMs;
      this.tick();
      if (hasJumped) {
        this.onWake();
      }
    });
  }
}
