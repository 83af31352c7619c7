import { BytePattern } from './bytePattern';
import type { MarkupRun } from './markupRuns';

// A power of two. Most values of an inventory repeat; what does not pushes others out.
const slots = 4_096;
export const maxInternedText = 40;
const usesOfFrequent = 8;

/** A short text of ASCII characters, made once for all its occurrences. */
export class InternedText {
  /** The markup that stood behind it last: nearly always what stands behind it the next time. */
  next: MarkupRun | undefined;
  /** The text that stood behind that markup last. */
  nextText: InternedText | undefined;
  /** Undefined for a text that has not been met often: most of them never come again. */
  pattern: BytePattern | undefined;
  uses = 0;

  constructor(readonly text: string) {}
}

/** Short texts by their bytes. */
export class InternedTexts {
  private readonly texts: (InternedText | undefined)[] = new Array<InternedText | undefined>(slots).fill(undefined);

  /**
   * The text of ASCII bytes.
   *
   * @param hash - of the bytes, by `hashBytes`
   */
  of(bytes: Buffer, from: number, to: number, hash: number): InternedText {
    const slot = (hash ^ (hash >>> 11)) & (slots - 1);
    const known = this.texts[slot];
    if (known !== undefined && isText(known.text, bytes, from, to)) {
      if (++known.uses === usesOfFrequent) {
        known.pattern = new BytePattern(bytes.subarray(from, to));
      }
      return known;
    }
    const made = new InternedText(bytes.toString('latin1', from, to));
    this.texts[slot] = made;
    return made;
  }
}

function isText(text: string, bytes: Buffer, from: number, to: number): boolean {
  const { length } = text;
  if (length !== to - from) {
    return false;
  }
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(i) !== bytes[from + i]) {
      return false;
    }
  }
  return true;
}
