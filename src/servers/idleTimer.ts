import type { Clock } from '../common/clock';
import { type Disposable, toDisposable } from '../common/disposable';

const millisecondsPerMinute = 60_000;

/** Tells when nobody has looked at a server, and no operation has needed it, for the time that the person has set. */
export class IdleTimer {
  private timer: Disposable | undefined;
  private isActive = false;
  private holds = 0;
  private visible = false;

  /** @param minutes - gives the setting; 0 never ends */
  constructor(
    private readonly clock: Clock,
    private readonly minutes: () => number,
    private readonly onIdle: () => void,
  ) {}

  get isVisible(): boolean {
    return this.visible;
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.reschedule();
  }

  /** Keeps the time from running until the returned object is disposed. The time then runs anew. */
  hold(): Disposable {
    this.holds++;
    this.reschedule();
    return toDisposable(() => {
      this.holds--;
      this.reschedule();
    });
  }

  /** There is something to end from now on. Without effect when it runs already. */
  start(): void {
    if (!this.isActive) {
      this.isActive = true;
      this.reschedule();
    }
  }

  /** There is nothing to end any more. */
  stop(): void {
    this.isActive = false;
    this.reschedule();
  }

  private reschedule(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const limitMs = this.minutes() * millisecondsPerMinute;
    if (this.isActive && !this.visible && this.holds === 0 && limitMs > 0) {
      this.timer = this.clock.schedule(limitMs, this.onIdle);
    }
  }
}
