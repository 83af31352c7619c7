import { XmlError } from './xmlError';
import { type RawName, XmlNames } from './xmlNames';
import { type TagMeaning, type XmlAttributes, XmlScope } from './xmlScope';
import { checkInstruction, decodeUtf8, parseAttributes } from './xmlTag';
import { decodeReferences, maxReferenceLength, normalizeLineEnds } from './xmlText';

/** Receives a document while it is read. */
export interface XmlSink {
  /**
   * An element starts.
   *
   * @param scope - resolves prefixes inside attribute values, as in `xsi:type`
   * @returns whether {@link text} shall be called for the text directly inside it
   */
  open(uri: string, local: string, attributes: XmlAttributes, scope: XmlScope): boolean;
  /** A piece of text: one call for most elements, several when comments or the network cut it in pieces. */
  text(text: string): void;
  /** The element that was opened last ends. */
  close(): void;
}

export interface XmlLimits {
  readonly maxDepth: number;
  /** Bytes of one start tag with its attributes, or of one processing instruction. */
  readonly maxTagBytes: number;
  /** Bytes of text directly inside one element. */
  readonly maxTextBytes: number;
}

export const defaultXmlLimits: XmlLimits = {
  // 32 snapshots deep need about 45; nothing honest comes near.
  maxDepth: 512,
  maxTagBytes: 16_384,
  maxTextBytes: 16_777_216,
};

// What a byte of text means. A byte behind the end is undefined and equals none of them.
const plain = 0;
const lessThan = 1;
const ampersand = 2;
const greaterThan = 3;
const carriageReturn = 4;
const notAscii = 5;
const illegal = 6;

const textClass = new Uint8Array(256);
textClass.fill(illegal, 0, 0x20);
textClass.fill(notAscii, 0x80, 0x100);
textClass[0x09] = textClass[0x0a] = plain;
textClass[0x0d] = carriageReturn;
textClass[0x26] = ampersand;
textClass[0x3c] = lessThan;
textClass[0x3e] = greaterThan;

const codes = {
  bang: 0x21,
  quote: 0x22,
  apostrophe: 0x27,
  dash: 0x2d,
  slash: 0x2f,
  lt: 0x3c,
  gt: 0x3e,
  question: 0x3f,
};
const closingBracket = 0x5d;

const noAttributes: XmlAttributes = [];
const cdataStart = Buffer.from('<![CDATA[');
const commentStart = Buffer.from('<!--');
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads XML 1.0 in UTF-8 as it arrives, in pieces of any size, and tells a sink what is in it.
 *
 * @remarks Strict: namespaces are resolved; mismatched tags, undefined entities, a DOCTYPE and truncation are errors;
 * text is neither trimmed nor interpreted. Bytes that are not UTF-8 read as U+FFFD, so that one damaged name does not
 * hide an inventory. Memory is bounded by the limits whatever arrives. After an error the reader must not be used.
 */
export class XmlReader {
  private rest: Buffer | undefined;
  private mode: 'start' | 'content' | 'comment' | 'cdata' = 'start';
  private hasRoot = false;
  private isFirst = true;
  private scope = XmlScope.root();
  private depth = 0;
  // One entry for each open element; what lies above `depth` is left over. Never emptied: that would cost more than all
  // that is done with them.
  private readonly names: RawName[] = [];
  private readonly scopes: XmlScope[] = [];
  private readonly wants: boolean[] = [];
  private readonly textBytes: number[] = [];

  constructor(
    private readonly sink: XmlSink,
    private readonly interned: XmlNames = new XmlNames(),
    private readonly limits: XmlLimits = defaultXmlLimits,
  ) {}

  /** Reads on. @throws {@link XmlError} where the document is not well-formed. */
  write(chunk: Uint8Array): void {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.rest !== undefined) {
      bytes = Buffer.concat([this.rest, bytes]);
      this.rest = undefined;
    }
    let at = 0;
    while (at < bytes.length) {
      const next = this.step(bytes, at);
      if (next < 0) {
        at = -next - 1;
        break;
      }
      at = next;
    }
    if (at < bytes.length) {
      // A copy, so that a few bytes do not keep the whole chunk alive.
      this.rest = Buffer.from(bytes.subarray(at));
    }
  }

  /** The document is over. @throws {@link XmlError} when something is missing. */
  end(): void {
    const isOver = this.mode === 'content' && this.hasRoot && this.depth === 0;
    if (!isOver || (this.rest !== undefined && !isBlank(this.rest, 0, this.rest.length))) {
      throw new XmlError('the document is cut off');
    }
  }

  /** Uses some bytes. Gives where to go on, or `-1 - at` when nothing more can be said before more bytes arrive. */
  private step(bytes: Buffer, at: number): number {
    switch (this.mode) {
      case 'start':
        if (startsWith(bytes, at, byteOrderMark, 1)) {
          if (bytes.length - at < byteOrderMark.length) {
            return -1 - at;
          }
          this.mode = 'content';
          return at + byteOrderMark.length;
        }
        this.mode = 'content';
        return at;
      case 'content':
        return this.content(bytes, at);
      case 'comment':
        return this.comment(bytes, at);
      case 'cdata':
        return this.cdata(bytes, at);
    }
  }

  /** Text and tags, as far as nothing else comes between them. */
  private content(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let at = from;
    while (at < length) {
      const textFrom = at;
      // Of the bytes, for a text that may have been met before: they are looked at here in any case.
      let hash = 0;
      let isPlain = true;
      for (; at < length; at++) {
        const byte = bytes[at] as number;
        const kind = textClass[byte];
        if (kind !== plain) {
          if (kind === lessThan) {
            break;
          }
          isPlain = false;
          if (kind === illegal) {
            throw new XmlError(`byte ${byte}, which XML forbids`);
          }
          if (kind === greaterThan) {
            refuseSectionEnd(bytes, textFrom, at);
          }
        }
        hash = (Math.imul(hash, 31) + byte) | 0;
      }
      if (at >= length) {
        return this.cutText(bytes, textFrom);
      }
      if (at > textFrom) {
        if (isPlain && this.depth > 0) {
          this.plainText(bytes, textFrom, at, hash);
        } else {
          this.emitText(bytes, textFrom, at);
        }
      }
      const next = bytes[at + 1];
      if (next === codes.slash) {
        at = this.endTag(bytes, at);
      } else if (next === codes.bang) {
        return this.declaration(bytes, at);
      } else if (next === codes.question) {
        at = this.instruction(bytes, at);
      } else if (next === undefined) {
        return -1 - at;
      } else {
        at = this.startTag(bytes, at);
      }
      if (at < 0) {
        return at;
      }
    }
    return at;
  }

  /** Text up to the end of the bytes, of which more may follow. */
  private cutText(bytes: Buffer, from: number): number {
    const end = safeTextEnd(bytes, from);
    if (end > from) {
      this.emitText(bytes, from, end);
    }
    return -1 - end;
  }

  private startTag(bytes: Buffer, at: number): number {
    const { length } = bytes;
    let end = at + 1;
    let nameHash = 0;
    for (; end < length; end++) {
      const byte = bytes[end] as number;
      if (endsName(byte)) {
        break;
      }
      nameHash = (Math.imul(nameHash, 31) + byte) | 0;
    }
    const nameEnd = end;
    let hash = 0;
    for (let quote = 0; ; end++) {
      if (end >= length) {
        return this.incompleteTag(bytes, at);
      }
      const byte = bytes[end] as number;
      if (byte === codes.gt && quote === 0) {
        break;
      }
      if (byte === codes.lt) {
        throw new XmlError('"<" inside of a tag');
      }
      if (byte === codes.quote || byte === codes.apostrophe) {
        quote = quote === 0 ? byte : quote === byte ? 0 : quote;
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (end - at > this.limits.maxTagBytes) {
      throw new XmlError('a tag is too long');
    }
    const isEmpty = bytes[end - 1] === codes.slash;
    const name = this.interned.intern(bytes, at + 1, nameEnd, nameHash);
    if (name === undefined) {
      throw new XmlError('malformed element name');
    }
    const attributesEnd = isEmpty ? end - 1 : end;
    // The slash of an empty tag is in the hash, so that such a tag is remembered apart.
    this.open(name, attributesEnd > nameEnd ? this.meaningOf(bytes, nameEnd, attributesEnd, hash) : undefined);
    if (isEmpty) {
      this.close();
    }
    return end + 1;
  }

  private meaningOf(bytes: Buffer, from: number, to: number, hash: number): TagMeaning {
    return (
      this.scope.recall(bytes, from, to, hash) ??
      this.scope.resolve(parseAttributes(bytes, from, to, this.interned), bytes.subarray(from, to), hash)
    );
  }

  private open(name: RawName, meaning: TagMeaning | undefined): void {
    const { depth } = this;
    if (depth === 0) {
      if (this.hasRoot) {
        throw new XmlError('a second root element');
      }
      this.hasRoot = true;
      this.isFirst = false;
    }
    if (depth >= this.limits.maxDepth) {
      throw new XmlError('elements are nested too deep');
    }
    this.names[depth] = name;
    this.scopes[depth] = this.scope;
    this.textBytes[depth] = 0;
    if (meaning !== undefined) {
      this.scope = meaning.scope;
    }
    const { scope } = this;
    const attributes = meaning === undefined ? noAttributes : meaning.attributes;
    this.depth = depth + 1;
    this.wants[depth] = this.sink.open(scope.elementUri(name), name.local, attributes, scope);
  }

  private close(): void {
    this.scope = this.scopes[--this.depth] as XmlScope;
    this.sink.close();
  }

  private endTag(bytes: Buffer, at: number): number {
    if (this.depth === 0) {
      throw new XmlError('an end tag without a start tag');
    }
    const open = this.names[this.depth - 1] as RawName;
    const expected = open.bytes;
    const nameAt = at + 2;
    for (let i = 0; i < expected.length; i++) {
      const byte = bytes[nameAt + i];
      if (byte !== expected[i]) {
        if (byte === undefined) {
          return -1 - at;
        }
        throw new XmlError(`the end tag of "${open.local}" is missing`);
      }
    }
    let end = nameAt + expected.length;
    while (isWhiteSpace(bytes[end])) {
      end++;
    }
    if (end >= bytes.length) {
      return this.incompleteTag(bytes, at);
    }
    if (bytes[end] !== codes.gt) {
      throw new XmlError(`the end tag of "${open.local}" is missing`);
    }
    this.close();
    return end + 1;
  }

  private declaration(bytes: Buffer, at: number): number {
    const start = bytes[at + 2] === codes.dash ? commentStart : cdataStart;
    if (!startsWith(bytes, at, start, 2)) {
      throw new XmlError('a DOCTYPE or another declaration, which is refused');
    }
    if (bytes.length - at < start.length) {
      return -1 - at;
    }
    this.isFirst = false;
    if (start === cdataStart && this.depth === 0) {
      throw new XmlError('a CDATA section outside of the root element');
    }
    this.mode = start === commentStart ? 'comment' : 'cdata';
    return at + start.length;
  }

  private instruction(bytes: Buffer, at: number): number {
    const end = bytes.indexOf('?>', at + 2, 'latin1');
    if (end < 0 || end - at > this.limits.maxTagBytes) {
      return this.incompleteTag(bytes, at);
    }
    checkInstruction(decodeUtf8(bytes, at + 2, end), this.isFirst, this.interned);
    this.isFirst = false;
    return end + 2;
  }

  private comment(bytes: Buffer, from: number): number {
    const dashes = bytes.indexOf('--', from, 'latin1');
    const end = dashes < 0 ? safeTextEnd(bytes, from, codes.dash) : dashes;
    decodeUtf8(bytes, from, end);
    if (dashes < 0 || bytes[dashes + 2] === undefined) {
      return -1 - end;
    }
    if (bytes[dashes + 2] !== codes.gt) {
      throw new XmlError('"--" inside of a comment');
    }
    this.mode = 'content';
    return dashes + 3;
  }

  private cdata(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(']]>', from, 'latin1');
    const textEnd = end < 0 ? safeTextEnd(bytes, from) : end;
    if (textEnd > from) {
      this.countText(textEnd - from);
      const text = normalizeLineEnds(decodeUtf8(bytes, from, textEnd));
      if (this.wants[this.depth - 1] === true) {
        this.sink.text(text);
      }
    }
    if (end < 0) {
      return -1 - textEnd;
    }
    this.mode = 'content';
    return end + 3;
  }

  /** Text of ASCII characters that stand for themselves, inside of an element. */
  private plainText(bytes: Buffer, from: number, to: number, hash: number): void {
    this.countText(to - from);
    if (this.wants[this.depth - 1] === true) {
      this.sink.text(this.interned.asciiText(bytes, from, to, hash));
    }
  }

  private emitText(bytes: Buffer, from: number, to: number): void {
    this.isFirst = false;
    if (this.depth === 0) {
      if (!isBlank(bytes, from, to)) {
        throw new XmlError('text outside of the root element');
      }
      return;
    }
    this.countText(to - from);
    // Decoded even when nobody wants it: an undefined entity is an error wherever it stands.
    const text = decodeReferences(normalizeLineEnds(decodeUtf8(bytes, from, to)));
    if (this.wants[this.depth - 1] === true) {
      this.sink.text(text);
    }
  }

  private countText(bytes: number): void {
    const at = this.depth - 1;
    const total = (this.textBytes[at] as number) + bytes;
    if (total > this.limits.maxTextBytes) {
      throw new XmlError('a text is too long');
    }
    this.textBytes[at] = total;
  }

  private incompleteTag(bytes: Buffer, at: number): number {
    if (bytes.length - at > this.limits.maxTagBytes) {
      throw new XmlError('a tag is too long');
    }
    return -1 - at;
  }
}

function endsName(byte: number): boolean {
  return byte === codes.gt || byte === codes.slash || byte <= 0x20;
}

function refuseSectionEnd(bytes: Buffer, from: number, at: number): void {
  if (at - from >= 2 && bytes[at - 1] === closingBracket && bytes[at - 2] === closingBracket) {
    throw new XmlError('"]]>" outside of a CDATA section');
  }
}

function isWhiteSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (!isWhiteSpace(bytes[i])) {
      return false;
    }
  }
  return true;
}

/** Whether the bytes at `at` are a beginning of `expected`, cut off by the end of `bytes` at the earliest after `least`. */
function startsWith(bytes: Buffer, at: number, expected: Buffer, least: number): boolean {
  const length = Math.min(expected.length, bytes.length - at);
  return length >= least && bytes.compare(expected, 0, length, at, at + length) === 0;
}

/**
 * Up to where text can be used although more of it may follow: not into a character, a reference, a line end or one of
 * the marks that end a section.
 */
function safeTextEnd(bytes: Buffer, from: number, mark = closingBracket): number {
  let end = bytes.length;
  for (let back = 1; back <= 3 && end - back >= from; back++) {
    const byte = bytes[end - back] as number;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      end -= needed > back ? back : 0;
      break;
    }
    if (byte < 0x80) {
      break;
    }
  }
  const reference = bytes.lastIndexOf('&', end - 1, 'latin1');
  if (reference >= from && end - reference < maxReferenceLength && bytes.indexOf(';', reference, 'latin1') < 0) {
    return reference;
  }
  for (let kept = 0; kept < 2 && end > from && (bytes[end - 1] === mark || bytes[end - 1] === 0x0d); kept++) {
    end--;
  }
  return end;
}
