import type { Clock } from '../../common/clock';
import { type Disposable, toDisposable } from '../../common/disposable';

/**
 * How soon a row has to show a change:
 * - `soon`: it says something else now
 * - `progress`: only a figure has moved
 * - `rarely`: a figure that nobody decides anything by, on a row whose refresh is dear
 */
export type Urgency = 'soon' | 'progress' | 'rarely';

// VS Code 1.139 gathers refreshes until 200 ms have passed without another one: closer together, and as long as changes
// go on, nothing at all is drawn, and no row can be revealed.
const minGapMs = 250;
// A folder of ten thousand takes VS Code and us half a second, and is drawn as a whole: while thousands come into it, the
// thread has better things to do than to draw it again and again.
const gapPerRowMs = 0.1;
const maxGapMs = 2_000;
// A percentage that a person can still read.
const progressGapMs = 2_000;
// A server's row brings all its rows along.
const rareGapMs = 30_000;

const gapMs: Readonly<Record<Urgency, number>> = { soon: 0, progress: progressGapMs, rarely: rareGapMs };

/** What VS Code has asked for in order to draw. */
export interface RowRequests {
  /** How many rows it has ever asked for, those below a row that was drawn included. */
  readonly rows: number;
  /** When it asked last what stands under a row. */
  readonly lastMs: number;
}

/** Gathers rows that have changed and has them drawn anew together: at once after a quiet time, else in intervals. */
export class RefreshScheduler implements Disposable {
  private readonly due = new Map<string, { readonly atMs: number; readonly pace: string }>();
  private readonly drawnAtMs = new Map<string, number>();
  private all = false;
  private lastAtMs = Number.NEGATIVE_INFINITY;
  private timer: Disposable = toDisposable(() => undefined);
  private timerAtMs = Number.POSITIVE_INFINITY;
  /** When the first of the marked rows is due. */
  private firstDueMs = Number.POSITIVE_INFINITY;
  private paused = false;
  /** Rows that had been asked for when the last drawing began. */
  private rowsBefore = 0;

  /**
   * @param draw - gets the identities of the rows; undefined for all of them
   * @param requests - what VS Code has asked for so far
   */
  constructor(
    private readonly clock: Clock,
    private readonly draw: (ids: ReadonlySet<string> | undefined) => void,
    private readonly requests: () => RowRequests = () => ({ rows: 0, lastMs: Number.NEGATIVE_INFINITY }),
  ) {}

  /**
   * @param together - a name that rows share which have to be drawn at the same time, such as two between which a row
   * moves: VS Code refuses to know it under both. Such rows are always marked with the same urgency
   */
  mark(ids: Iterable<string>, urgency: Urgency, together?: string): void {
    const nowMs = this.clock.now();
    for (const id of ids) {
      const pace = together ?? id;
      const lastMs = this.drawnAtMs.get(pace) ?? Number.NEGATIVE_INFINITY;
      const markedMs = this.due.get(id)?.atMs ?? Number.POSITIVE_INFINITY;
      const atMs = Math.min(markedMs, Math.max(nowMs, lastMs + gapMs[urgency]));
      this.due.set(id, { atMs, pace });
      this.firstDueMs = Math.min(this.firstDueMs, atMs);
    }
    this.plan();
  }

  /** Marks a row to be drawn soon; everything when none is given. */
  markRow(row: { readonly id: string } | undefined): void {
    if (row === undefined) {
      this.markAll();
    } else {
      this.mark([row.id], 'soon');
    }
  }

  markAll(): void {
    this.all = true;
    this.plan();
  }

  /** Nothing is drawn while paused; what was marked meanwhile is drawn afterwards. For a view that nobody sees. */
  setPaused(paused: boolean): void {
    this.paused = paused;
    this.plan();
  }

  /** Draws what is due now, without waiting for the interval to end. */
  flush(): void {
    this.timer.dispose();
    this.timerAtMs = Number.POSITIVE_INFINITY;
    const nowMs = this.clock.now();
    const ids = this.all ? undefined : this.takeDue(nowMs);
    if (this.all) {
      this.due.clear();
      this.firstDueMs = Number.POSITIVE_INFINITY;
      this.all = false;
    }
    this.forgetOld(nowMs);
    if (ids === undefined || ids.size > 0) {
      this.lastAtMs = nowMs;
      this.rowsBefore = this.requests().rows;
      this.draw(ids);
    }
    this.plan();
  }

  dispose(): void {
    this.paused = true;
    this.timer.dispose();
    this.due.clear();
  }

  private plan(): void {
    if (this.paused) {
      this.timer.dispose();
      this.timerAtMs = Number.POSITIVE_INFINITY;
      return;
    }
    const firstMs = this.all ? this.clock.now() : this.firstDueMs;
    if (firstMs === Number.POSITIVE_INFINITY) {
      return;
    }
    const atMs = Math.max(firstMs, this.notBeforeMs());
    if (atMs < this.timerAtMs) {
      this.timer.dispose();
      this.timerAtMs = atMs;
      // Never within the call: what happens together is drawn together.
      this.timer = this.clock.schedule(atMs - this.clock.now(), () => {
        this.timerAtMs = Number.POSITIVE_INFINITY;
        // More rows may have been asked for meanwhile than it was planned for.
        if (this.clock.now() < this.notBeforeMs()) {
          this.plan();
        } else {
          this.flush();
        }
      });
    }
  }

  /**
   * What somebody has asked for, such as another layout, does not wait for what was dear before. But nothing is drawn
   * while an answer may be on its way to the window, which would then show rows that are forgotten: `ForgottenRows`.
   */
  private notBeforeMs(): number {
    const { rows, lastMs } = this.requests();
    const dearMs = this.all ? 0 : (rows - this.rowsBefore) * gapPerRowMs;
    return Math.max(this.lastAtMs + Math.min(minGapMs + dearMs, maxGapMs), lastMs + minGapMs);
  }

  private takeDue(nowMs: number): ReadonlySet<string> {
    const ready = new Set<string>();
    this.firstDueMs = Number.POSITIVE_INFINITY;
    for (const [id, { atMs, pace }] of this.due) {
      if (atMs <= nowMs) {
        ready.add(id);
        this.drawnAtMs.set(pace, nowMs);
      } else {
        this.firstDueMs = Math.min(this.firstDueMs, atMs);
      }
    }
    for (const id of ready) {
      this.due.delete(id);
    }
    return ready;
  }

  private forgetOld(nowMs: number): void {
    for (const [id, atMs] of this.drawnAtMs) {
      if (nowMs - atMs > rareGapMs) {
        this.drawnAtMs.delete(id);
      }
    }
  }
}
