import type { Clock } from '../common/clock';
import { type Disposable, toDisposable } from '../common/disposable';
import { type QueuedTimer, TimerQueue } from './timerQueue';

interface Timer extends QueuedTimer {
  readonly callback: () => void;
}

/**
 * The server's own time: runs with another clock, and can be put forward on top of that.
 *
 * @remarks Putting it forward runs everything that comes due on the way, in order, at its own moment.
 */
export class SimulatorClock implements Clock, Disposable {
  private readonly timers = new TimerQueue<Timer>();
  private offsetMs = 0;
  private order = 0;
  private alarm: Disposable | undefined;
  private alarmMs = Infinity;
  /** Set while time is being put forward: what the time is meanwhile. */
  private steppingMs: number | undefined;
  /** Set while time stands still. */
  private frozenMs: number | undefined;

  constructor(private readonly base: Clock) {}

  now(): number {
    return this.steppingMs ?? this.frozenMs ?? this.base.now() + this.offsetMs;
  }

  get isFrozen(): boolean {
    return this.frozenMs !== undefined;
  }

  /** Lets time stand still, but for {@link advance}. */
  freeze(): void {
    this.frozenMs ??= this.now();
    this.alarm?.dispose();
    this.alarm = undefined;
  }

  /** Lets time go on from where it stands. */
  resume(): void {
    if (this.frozenMs !== undefined) {
      this.offsetMs = this.frozenMs - this.base.now();
      this.frozenMs = undefined;
      this.arm();
    }
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    const timer: Timer = { dueMs: this.now() + Math.max(0, delayMs), order: this.order++, callback };
    const cancel = this.timers.add(timer);
    this.arm();
    return toDisposable(cancel);
  }

  /** Puts the time forward by `ms`. */
  advance(ms: number): void {
    this.runUntil(this.now() + Math.max(0, ms));
  }

  dispose(): void {
    this.alarm?.dispose();
    this.timers.clear();
  }

  private runUntil(endMs: number): void {
    if (this.steppingMs !== undefined) {
      throw new Error('time is being put forward already');
    }
    try {
      for (let next = this.timers.first; next !== undefined && next.dueMs <= endMs; next = this.timers.first) {
        this.timers.shift();
        this.steppingMs = Math.max(next.dueMs, this.frozenMs ?? this.base.now() + this.offsetMs);
        next.callback();
      }
    } finally {
      this.steppingMs = undefined;
      if (this.frozenMs === undefined) {
        this.offsetMs = Math.max(this.offsetMs, endMs - this.base.now());
      } else {
        this.frozenMs = endMs;
      }
      this.arm();
    }
  }

  /** Lets the base clock wake this one when the next timer comes due. */
  private arm(): void {
    if (this.steppingMs !== undefined || this.frozenMs !== undefined) {
      return;
    }
    const next = this.timers.first;
    if (next === undefined || (this.alarm !== undefined && this.alarmMs <= next.dueMs)) {
      return;
    }
    this.alarm?.dispose();
    this.alarmMs = next.dueMs;
    this.alarm = this.base.schedule(next.dueMs - this.now(), () => {
      this.alarm = undefined;
      this.runUntil(this.now());
    });
  }
}
