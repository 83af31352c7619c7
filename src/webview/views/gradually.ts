import { AsyncDirective } from 'lit/async-directive.js';
import { type DirectiveResult, directive } from 'lit/directive.js';
import { repeat } from 'lit/directives/repeat.js';

// What a screen holds; the others come while the person reads these.
const rowsAtFirst = 40;
// About as much as fits between two frames.
const rowsAtOnce = 40;
const waitAtMostMs = 200;

/** Rows that are drawn once each. */
export interface GradualRows<T> {
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly draw: (row: T) => unknown;
  /** So many have to be there at once, because the keyboard may be asked to go to one of them. */
  readonly atLeast: number;
}

/**
 * Draws the first rows at once, and the others a few at a time, so that hundreds of them keep nobody from using the
 * first. A row that has been drawn is kept; what changes in it is drawn with the page.
 */
class GradualDirective<T> extends AsyncDirective {
  private drawn = rowsAtFirst;
  private input: GradualRows<T> | undefined;
  private pending: number | undefined;

  override render(input: GradualRows<T>): unknown {
    this.input = input;
    this.drawn = Math.max(this.drawn, input.atLeast);
    this.goOn();
    return this.repeated(input);
  }

  protected override disconnected(): void {
    if (this.pending !== undefined) {
      cancelIdleCallback(this.pending);
      this.pending = undefined;
    }
  }

  protected override reconnected(): void {
    this.goOn();
  }

  private repeated({ rows, keyOf, draw }: GradualRows<T>): unknown {
    return repeat(rows.slice(0, this.drawn), keyOf, draw);
  }

  private goOn(): void {
    const { input } = this;
    if (input === undefined || this.drawn >= input.rows.length) {
      return;
    }
    // Behind keys and clicks that are waiting, and behind frames; a page that is never idle gets its rows all the same.
    const options = { timeout: waitAtMostMs };
    this.pending ??= requestIdleCallback(() => {
      this.pending = undefined;
      const latest = this.input ?? input;
      this.drawn += rowsAtOnce;
      this.setValue(this.repeated(latest));
      this.goOn();
    }, options);
  }
}

/** @see GradualDirective */
export const gradually = directive(GradualDirective) as <T>(input: GradualRows<T>) => DirectiveResult;
