import { codes } from './xmlCodes';
import type { InternedText } from './internedTexts';
import type { MarkupRun } from './markupRuns';

/** Where a reader was before it came to some markup. */
export interface Before {
  readonly text: InternedText | undefined;
  readonly run: MarkupRun | undefined;
}

/**
 * What a reader expects to come next: what came the last time after the same. A guess that is always compared with what
 * is there.
 */
export class Expectation {
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** The text before the markup that comes next, if it is a short one. */
  private lastText: InternedText | undefined;
  private lastRun: MarkupRun | undefined;
  /** The text before that run. */
  private textBefore: InternedText | undefined;

  /** The bytes of which the following calls speak. */
  lookAt(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The text that stands at `at` up to the next markup, if it was to be expected there. */
  textAt(at: number): InternedText | undefined {
    const text = this.textBefore === undefined ? this.lastRun?.nextText : this.textBefore.nextText;
    const pattern = text?.pattern;
    if (pattern === undefined) {
      return undefined;
    }
    const end = at + pattern.length;
    const isThere = end < this.bytes.length && this.bytes[end] === codes.lt && pattern.standsAt(this.view, at);
    return isThere ? text : undefined;
  }

  /** The run of tags that stands at `at`, if it was to be expected there. */
  runAt(at: number): MarkupRun | undefined {
    const { lastText } = this;
    const next = lastText?.next;
    if (next?.pattern.standsAt(this.view, at) === true) {
      return next;
    }
    const run = this.lastRun?.followerAt(this.view, at);
    if (run !== undefined && lastText !== undefined) {
      lastText.next = run;
    }
    return run;
  }

  /** A text was read that had been expected. */
  afterKnownText(text: InternedText): void {
    this.lastText = text;
  }

  /** A text was read that had not been expected. */
  afterText(text: InternedText): void {
    this.lastText = text;
    if (text.pattern === undefined) {
      return;
    }
    if (this.textBefore !== undefined) {
      this.textBefore.nextText = text;
    } else if (this.lastRun !== undefined) {
      this.lastRun.nextText = text;
    }
  }

  /** A run was read that had been expected. */
  afterRun(run: MarkupRun): void {
    this.textBefore = this.lastText;
    this.lastText = undefined;
    this.lastRun = run;
  }

  /** Something comes that has not been met here. Gives where it was met. */
  take(): Before {
    const before = { text: this.lastText, run: this.lastRun };
    this.nothing();
    return before;
  }

  /** What came was a run, too. */
  learn(run: MarkupRun, before: Before): void {
    before.run?.addFollower(run);
    if (before.text !== undefined) {
      before.text.next = run;
    }
    this.lastRun = run;
  }

  nothing(): void {
    this.lastText = this.lastRun = this.textBefore = undefined;
  }
}
