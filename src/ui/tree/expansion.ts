import type { Clock } from '../../common/clock';
import { type Disposable, toDisposable } from '../../common/disposable';
import type { RowDescription } from '../text/rowContext';

/** Rows that the person has unfolded or folded against how they are at first. */
export interface SavedExpansion {
  readonly expanded: readonly string[];
  readonly collapsed: readonly string[];
}

// More rows than anybody unfolds in a day; what was unfolded longest ago is forgotten first.
const maxRows = 500;
// All that is folded at once is saved at once; and whoever reloads the window finds what he has unfolded just before.
const saveAfterMs = 100;
// A question that was on its way when the row was folded has arrived by then.
const askedLateMs = 1_000;

/**
 * Remembers which rows are unfolded, which the editor does not do across reloads.
 *
 * @remarks VS Code 1.139 says so of a row that the extension host knows. While rows are drawn anew it knows none of them
 * for up to some hundred milliseconds, and what is unfolded then is never told; but the children of a row are asked for
 * only when it is unfolded.
 */
export class Expansion implements Disposable {
  private readonly expanded: Set<string>;
  private readonly collapsed: Set<string>;
  private readonly foldedAtMs = new Map<string, number>();
  private timer: Disposable | undefined;

  constructor(
    saved: SavedExpansion,
    private readonly clock: Clock,
    private readonly save: (expansion: SavedExpansion) => void,
  ) {
    this.expanded = new Set(saved.expanded.slice(-maxRows));
    this.collapsed = new Set(saved.collapsed.slice(-maxRows));
  }

  /** How a row is to be shown that is as `initially` unless the person has changed that. */
  stateOf(rowId: string, initially: RowDescription['collapsible']): RowDescription['collapsible'] {
    if (initially === 'collapsed' && this.expanded.has(rowId)) {
      return 'expanded';
    }
    return initially === 'expanded' && this.collapsed.has(rowId) ? 'collapsed' : initially;
  }

  /** The person has unfolded or folded a row that is as `initially` at first. */
  note(rowId: string, isExpanded: boolean, initially: RowDescription['collapsible']): void {
    this.expanded.delete(rowId);
    this.collapsed.delete(rowId);
    if (!isExpanded) {
      this.foldedAtMs.set(rowId, this.clock.now());
    }
    if (isExpanded !== (initially === 'expanded')) {
      const rows = isExpanded ? this.expanded : this.collapsed;
      rows.add(rowId);
      for (const oldest of rows) {
        if (rows.size <= maxRows) {
          break;
        }
        rows.delete(oldest);
      }
    }
    if (this.timer === undefined) {
      const timer = this.clock.schedule(saveAfterMs, () => {
        this.flush();
      });
      this.timer = toDisposable(() => {
        timer.dispose();
      });
    }
  }

  /** The children of a row that is as `initially` at first are asked for. */
  childrenAsked(rowId: string, initially: RowDescription['collapsible']): void {
    const foldedAtMs = this.foldedAtMs.get(rowId) ?? Number.NEGATIVE_INFINITY;
    if (this.stateOf(rowId, initially) === 'collapsed' && this.clock.now() - foldedAtMs > askedLateMs) {
      this.note(rowId, true, initially);
    }
  }

  dispose(): void {
    if (this.timer !== undefined) {
      this.flush();
    }
  }

  private flush(): void {
    this.timer?.dispose();
    this.timer = undefined;
    for (const [rowId, atMs] of this.foldedAtMs) {
      if (this.clock.now() - atMs > askedLateMs) {
        this.foldedAtMs.delete(rowId);
      }
    }
    this.save({ expanded: [...this.expanded], collapsed: [...this.collapsed] });
  }
}
