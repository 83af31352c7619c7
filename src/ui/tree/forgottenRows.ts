import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';

// Children that were asked for longer ago have arrived, however busy the window was.
const onItsWayMs = 10_000;
// A window that draws a folder of ten thousand asks late for what is open in it.
const answerMs = 2_000;

/** In place of a row, for what stands at the top of the tree. */
const top = {};

/**
 * Notices rows that the window shows though the extension host has forgotten them, and has them drawn again.
 *
 * @remarks VS Code 1.139: when a row is refreshed while the answer with its children is on its way to the window, the
 * extension host forgets these children, and the window keeps them all the same: `$refresh` empties its cache before the
 * answer fills it. They look as ever, but commands chosen on them get nothing, and nothing comes when they are opened;
 * measured on a busy machine for one in thirty VMs that were opened with branches. It shows in this alone: a row that is
 * open was drawn anew, and its children were not asked for again.
 */
export class ForgottenRows<T extends object> implements Disposable {
  private readonly askedAtMs = new WeakMap<object, number>();
  private readonly checks = new Map<object, Disposable>();
  private lastMs = Number.NEGATIVE_INFINITY;

  /** @param redraw - has a row drawn anew with all that stands under it; undefined for the whole tree */
  constructor(
    private readonly clock: Clock,
    private readonly redraw: (row: T | undefined) => void,
  ) {}

  /** When VS Code asked last what stands under a row. */
  get lastAskedMs(): number {
    return this.lastMs;
  }

  /** VS Code asks what stands under a row; undefined for the top. */
  childrenAsked(row: T | undefined): void {
    const key = row ?? top;
    this.lastMs = this.clock.now();
    this.askedAtMs.set(key, this.lastMs);
    this.endCheck(key);
  }

  /** A row that is open is drawn anew; undefined for the whole tree. */
  openRowDrawn(row: T | undefined): void {
    const key = row ?? top;
    const askedAtMs = this.askedAtMs.get(key) ?? Number.NEGATIVE_INFINITY;
    if (this.clock.now() - askedAtMs > onItsWayMs) {
      return;
    }
    this.endCheck(key);
    this.checks.set(
      key,
      this.clock.schedule(answerMs, () => {
        this.checks.delete(key);
        // Once: it may also be out of sight, and is asked for then when it comes into sight.
        this.askedAtMs.delete(key);
        this.redraw(row);
      }),
    );
  }

  dispose(): void {
    for (const check of this.checks.values()) {
      check.dispose();
    }
    this.checks.clear();
  }

  private endCheck(key: object): void {
    this.checks.get(key)?.dispose();
    this.checks.delete(key);
  }
}
