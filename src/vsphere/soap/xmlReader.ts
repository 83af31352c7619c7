import { isBlank, isWhiteSpace, safeTextEnd, startsWith } from './xmlBytes';
import { codes } from './xmlCodes';
import { Expectation } from './expectation';
import { type InternedText, maxInternedText } from './internedTexts';
import type { MarkupRun, MarkupRuns, Step } from './markupRuns';
import { XmlError } from './xmlError';
import { type Learned, XmlMemory } from './xmlMemory';
import { hashBytes, type RawName, type XmlNames } from './xmlNames';
import type { StartTag, XmlScope } from './xmlScope';
import { defaultXmlLimits, type XmlLimits } from './xmlLimits';
import { XmlInterest, type XmlSink } from './xmlSink';
import { checkInstruction, endsName, parseAttributes, tagEnd } from './xmlTag';
import { decodeText, decodeUtf8, normalizeLineEnds } from './xmlText';
import { greaterThan, illegal, lessThan, plain, textClass } from './xmlTextClass';

const cdataStart = Buffer.from('<![CDATA[');
const commentStart = Buffer.from('<!--');
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** An element that is open, and what was in force around it. */
class Level {
  outerInterest: XmlInterest = XmlInterest.elements;
  textBytes = 0;

  constructor(
    public name: RawName,
    public outerScope: XmlScope,
    public outerSink: XmlSink,
  ) {}
}

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
  private depth = 0;
  private scope: XmlScope;
  /** What is wanted of the element that is open. */
  private interest: XmlInterest = XmlInterest.elements;
  /** One for each open element; what lies above `depth` is left over and used again. */
  private readonly levels: Level[] = [];
  private readonly interned: XmlNames;
  private readonly learned: Learned;
  private readonly runs: MarkupRuns;
  private readonly expected = new Expectation();
  private readonly steps: Step[] = [];

  constructor(
    private sink: XmlSink,
    memory = new XmlMemory(),
    private readonly limits: XmlLimits = defaultXmlLimits,
  ) {
    this.interned = memory.names;
    this.learned = memory.learned();
    this.runs = this.learned.runs;
    this.scope = this.learned.root;
  }

  /** Reads on. @throws {@link XmlError} where the document is not well-formed. */
  write(chunk: Uint8Array): void {
    let bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.rest !== undefined) {
      bytes = Buffer.concat([this.rest, bytes]);
      this.rest = undefined;
    }
    this.expected.lookAt(bytes);
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
    while (at >= 0 && at < length && this.mode === 'content') {
      if (bytes[at] !== codes.lt) {
        const text = this.interest === XmlInterest.text ? this.expected.textAt(at) : undefined;
        at = text === undefined ? this.characters(bytes, at) : this.knownText(text, at);
      } else {
        const run = this.expected.runAt(at);
        at = run === undefined ? this.markup(bytes, at) : this.follow(run, at);
      }
    }
    return at;
  }

  /** Text up to the next markup. */
  private characters(bytes: Buffer, from: number): number {
    const { length } = bytes;
    // Of the bytes, for a text that may have been met before: they are looked at here in any case.
    let hash = 0;
    let isPlain = true;
    let at = from;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      const kind = textClass[byte] as number;
      if (kind !== plain) {
        if (kind === lessThan) {
          break;
        }
        isPlain = false;
        if (kind === illegal) {
          throw new XmlError(`byte ${byte}, which XML forbids`);
        }
        if (kind === greaterThan) {
          refuseSectionEnd(bytes, from, at);
        }
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (at >= length) {
      return this.cutText(bytes, from);
    }
    if (isPlain && this.depth > 0) {
      this.plainText(bytes, from, at, hash);
    } else {
      this.emitText(bytes, from, at);
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

  private knownText(interned: InternedText, at: number): number {
    const { text } = interned;
    this.countText(text.length);
    this.expected.afterKnownText(interned);
    this.sink.text(text);
    return at + text.length;
  }

  /** Does what a run of tags does. Where it does not fit in, its tags are read one by one from there on. */
  private follow(run: MarkupRun, at: number): number {
    const { steps } = run;
    this.expected.afterRun(run);
    for (let i = 0; i < steps.length; i++) {
      const { tag, name, scope, offset } = steps[i] as Step;
      if (tag !== undefined) {
        if (this.scope !== scope) {
          this.expected.nothing();
          return at + offset;
        }
        this.open(tag);
        if (tag.isEmpty) {
          this.close();
        }
      } else {
        if (this.depth === 0 || (this.levels[this.depth - 1] as Level).name !== name) {
          this.expected.nothing();
          return at + offset;
        }
        this.close();
      }
    }
    return at + run.pattern.length;
  }

  /** Reads tags up to the next text, and remembers them as a run. */
  private markup(bytes: Buffer, from: number): number {
    const { length } = bytes;
    const { expected, steps } = this;
    const before = expected.take();
    steps.length = 0;
    let at = from;
    while (bytes[at] === codes.lt) {
      if (at + 1 >= length) {
        return -1 - at;
      }
      const next = bytes[at + 1];
      if (next === codes.slash) {
        at = this.endTag(bytes, at, at - from);
      } else if (next === codes.bang) {
        return this.declaration(bytes, at);
      } else if (next === codes.question) {
        return this.instruction(bytes, at);
      } else {
        at = this.startTag(bytes, at, at - from);
      }
      if (at < 0 || at >= length) {
        return at;
      }
    }
    const run = this.runs.of(bytes, from, at, steps);
    if (run !== undefined) {
      expected.learn(run, before);
    }
    return at;
  }

  private startTag(bytes: Buffer, at: number, offset: number): number {
    const { scope } = this;
    const { length } = bytes;
    const from = at + 1;
    let hash = 0;
    let end = from;
    for (; end < length; end++) {
      const byte = bytes[end] as number;
      if (byte === codes.gt) {
        break;
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (end >= length) {
      return this.incompleteTag(bytes, at);
    }
    // A tag that is known is known as a whole: a `>` between quotes does not lead to one.
    let tag = scope.recall(bytes, from, end, hash);
    if (tag === undefined) {
      end = tagEnd(bytes, from);
      if (end < 0) {
        return this.incompleteTag(bytes, at);
      }
      tag = this.newTag(bytes, from, end);
    }
    this.steps.push({ offset, name: tag.name, tag, scope });
    this.open(tag);
    if (tag.isEmpty) {
      this.close();
    }
    return end + 1;
  }

  private newTag(bytes: Buffer, from: number, end: number): StartTag {
    if (end - from >= this.limits.maxTagBytes) {
      throw new XmlError('a tag is too long');
    }
    const isEmpty = bytes[end - 1] === codes.slash;
    let nameEnd = from;
    while (nameEnd < end && !endsName(bytes[nameEnd] as number)) {
      nameEnd++;
    }
    const name = this.interned.intern(bytes, from, nameEnd, hashBytes(bytes.subarray(from, nameEnd)));
    if (name === undefined) {
      throw new XmlError('malformed element name');
    }
    const attributes = parseAttributes(bytes, nameEnd, isEmpty ? end - 1 : end, this.interned);
    const own = bytes.subarray(from, end);
    return this.scope.resolve(name, attributes, own, isEmpty, hashBytes(own));
  }

  private open(tag: StartTag): void {
    const { depth, interest } = this;
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
    const level = (this.levels[depth] ??= new Level(tag.name, this.scope, this.sink));
    level.name = tag.name;
    level.outerScope = this.scope;
    level.outerInterest = interest;
    level.outerSink = this.sink;
    level.textBytes = 0;
    this.scope = tag.scope;
    this.depth = depth + 1;
    if (interest === XmlInterest.none || interest === XmlInterest.silence) {
      this.interest = XmlInterest.silence;
      return;
    }
    const wanted = this.sink.open(tag);
    if (typeof wanted === 'object') {
      this.sink = wanted;
      this.interest = XmlInterest.elements;
    } else {
      this.interest = wanted;
    }
  }

  private close(): void {
    const depth = this.depth - 1;
    const { interest } = this;
    this.depth = depth;
    const level = this.levels[depth] as Level;
    this.scope = level.outerScope;
    this.interest = level.outerInterest;
    if (interest !== XmlInterest.silence) {
      this.sink.close();
      this.sink = level.outerSink;
    }
  }

  private endTag(bytes: Buffer, at: number, offset: number): number {
    if (this.depth === 0) {
      throw new XmlError('an end tag without a start tag');
    }
    const { scope } = this;
    const open = (this.levels[this.depth - 1] as Level).name;
    const expected = open.bytes;
    const { length } = bytes;
    let end = at + 2;
    for (let i = 0; i < expected.length; i++, end++) {
      if (end >= length) {
        return -1 - at;
      }
      if (bytes[end] !== expected[i]) {
        throw new XmlError(`the end tag of "${open.local}" is missing`);
      }
    }
    while (end < length && isWhiteSpace(bytes[end] as number)) {
      end++;
    }
    if (end >= length) {
      return this.incompleteTag(bytes, at);
    }
    if (bytes[end] !== codes.gt) {
      throw new XmlError(`the end tag of "${open.local}" is missing`);
    }
    this.steps.push({ offset, name: open, tag: undefined, scope });
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
      if (this.interest === XmlInterest.text) {
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
    if (this.interest !== XmlInterest.text) {
      return;
    }
    if (to - from > maxInternedText) {
      this.sink.text(bytes.toString('latin1', from, to));
      return;
    }
    const interned = this.learned.texts.of(bytes, from, to, hash);
    this.expected.afterText(interned);
    this.sink.text(interned.text);
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
    const text = decodeText(bytes, from, to);
    if (this.interest === XmlInterest.text) {
      this.sink.text(text);
    }
  }

  private countText(bytes: number): void {
    const level = this.levels[this.depth - 1] as Level;
    const total = level.textBytes + bytes;
    if (total > this.limits.maxTextBytes) {
      throw new XmlError('a text is too long');
    }
    level.textBytes = total;
  }

  private incompleteTag(bytes: Buffer, at: number): number {
    if (bytes.length - at > this.limits.maxTagBytes) {
      throw new XmlError('a tag is too long');
    }
    return -1 - at;
  }
}

function refuseSectionEnd(bytes: Buffer, from: number, at: number): void {
  if (at - from >= 2 && bytes[at - 1] === codes.closingBracket && bytes[at - 2] === codes.closingBracket) {
    throw new XmlError('"]]>" outside of a CDATA section');
  }
}
