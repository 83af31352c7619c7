const wordBytes = 4;

/** Bytes that are looked for again and again; compared four at a time. */
export class BytePattern {
  readonly length: number;
  private readonly words: Int32Array;
  /** The last four bytes, which need not be a word of their own. */
  private readonly lastWord: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    // Not by slice(): that of a Buffer shares the memory.
    this.bytes = new Uint8Array(bytes);
    this.length = bytes.length;
    const view = new DataView(this.bytes.buffer);
    this.words = Int32Array.from({ length: Math.floor(bytes.length / wordBytes) }, (_, i) =>
      view.getInt32(i * wordBytes, true),
    );
    this.lastWord = bytes.length < wordBytes ? 0 : view.getInt32(bytes.length - wordBytes, true);
  }

  /** Whether these bytes stand at `at`. */
  standsAt(view: DataView, at: number): boolean {
    const { length, words } = this;
    if (at + length > view.byteLength) {
      return false;
    }
    if (length < wordBytes) {
      return this.shortStandsAt(view, at);
    }
    for (let i = 0, from = at; i < words.length; i++, from += wordBytes) {
      if (view.getInt32(from, true) !== words[i]) {
        return false;
      }
    }
    return view.getInt32(at + length - wordBytes, true) === this.lastWord;
  }

  private shortStandsAt(view: DataView, at: number): boolean {
    for (let i = 0; i < this.length; i++) {
      if (view.getUint8(at + i) !== this.bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
