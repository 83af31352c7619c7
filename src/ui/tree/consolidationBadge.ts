import type { Clock } from '../../common/clock';
import { type Disposable, toDisposable } from '../../common/disposable';

// It counts over everything, and nobody watches it that closely.
const countAfterMs = 1_000;

/** Counts the VMs that need consolidation, some time after something has changed. */
export class ConsolidationBadge implements Disposable {
  private timer: Disposable | undefined;
  private isDisposed = false;

  /**
   * @param count - of VMs that need it now
   * @param show - gets the count when it has become another one
   */
  constructor(
    private readonly clock: Clock,
    private readonly count: () => number,
    private readonly show: (count: number) => void,
    private shown = 0,
  ) {}

  /** Something has changed that may change the count. */
  invalidate(): void {
    if (this.isDisposed || this.timer !== undefined) {
      return;
    }
    const timer = this.clock.schedule(countAfterMs, () => {
      this.timer = undefined;
      const count = this.count();
      if (count !== this.shown) {
        this.shown = count;
        this.show(count);
      }
    });
    this.timer = toDisposable(() => {
      timer.dispose();
    });
  }

  dispose(): void {
    this.isDisposed = true;
    this.timer?.dispose();
  }
}
