import type { RawName } from './xmlNames';
import { standsAt } from './xmlBytes';
import { XmlError } from './xmlError';

const xmlUri = 'http://www.w3.org/XML/1998/namespace';
const xmlnsUri = 'http://www.w3.org/2000/xmlns/';

/** An attribute with its namespace resolved; attributes without a prefix are in none (`''`). */
export interface XmlAttribute {
  readonly uri: string;
  readonly local: string;
  readonly value: string;
}

export type XmlAttributes = readonly XmlAttribute[];

/** What the reader of the elements has found out about a tag. */
export interface ElementNote {
  /** In what: the same tag may mean something else in something else. */
  readonly within: object;
}

/** A start tag as it was met in one scope, with everything that it says worked out. */
export class StartTag {
  readonly local: string;
  note: ElementNote | undefined;

  constructor(
    /** What stands between its `<` and `>`. */
    readonly bytes: Uint8Array,
    readonly name: RawName,
    readonly uri: string,
    readonly attributes: XmlAttributes,
    /** In force inside of the element. */
    readonly scope: XmlScope,
    /** Whether the element ends with it. */
    readonly isEmpty: boolean,
    /** Another one with the same hash. */
    readonly next: StartTag | undefined,
  ) {
    this.local = name.local;
  }
}

// What documents may make us remember, all their scopes together: real replies have some hundred different tags. Beyond
// that every tag is resolved anew, which is slower and nothing else.
const maxRemembered = 2_048;
const maxRememberedBytes = 512;

// Declarations in force at one place. Every scope is a copy of its parent's, so this bounds what nesting can cost.
const maxBindings = 64;

interface Budget {
  remaining: number;
}

/**
 * The namespace declarations in force at some point of a document. Immutable; declarations lead to a child scope, and
 * the same declarations on the same scope always to the same child, because vcsim repeats them on every value.
 */
export class XmlScope {
  private readonly children = new Map<string, XmlScope>();
  private readonly tags = new Map<number, StartTag>();

  private constructor(
    private readonly bindings: ReadonlyMap<string, string>,
    private readonly budget: Budget,
  ) {}

  static root(): XmlScope {
    return new XmlScope(
      new Map([
        ['', ''],
        ['xml', xmlUri],
        ['xmlns', xmlnsUri],
      ]),
      { remaining: maxRemembered },
    );
  }

  /** Whether nothing more is remembered. */
  get isFull(): boolean {
    return this.budget.remaining === 0;
  }

  /** Namespace that a prefix stands for, if it is declared. */
  findPrefixUri(prefix: string): string | undefined {
    return this.bindings.get(prefix);
  }

  /** Namespace that a prefix stands for, also for the value of `xsi:type`. */
  prefixUri(prefix: string): string {
    const uri = this.bindings.get(prefix);
    if (uri === undefined) {
      throw new XmlError(`undeclared namespace prefix "${prefix}"`);
    }
    return uri;
  }

  /** The start tag of these bytes, when it was met before in this scope. */
  recall(bytes: Uint8Array, from: number, to: number, hash: number): StartTag | undefined {
    for (let tag = this.tags.get(hash); tag !== undefined; tag = tag.next) {
      if (tag.bytes.length === to - from && standsAt(tag.bytes, bytes, from)) {
        return tag;
      }
    }
    return undefined;
  }

  /**
   * Works out what a start tag says, and remembers it.
   *
   * @param bytes - what stands between its `<` and `>`
   * @throws {@link XmlError} for a prefix that is not declared, and for an attribute that is given twice.
   */
  resolve(
    name: RawName,
    attributes: readonly { readonly name: RawName; readonly value: string }[],
    bytes: Uint8Array,
    isEmpty: boolean,
    hash: number,
  ): StartTag {
    const declarations = attributes.filter(({ name }) => isDeclaration(name));
    const scope = declarations.length === 0 ? this : this.child(declarations);
    const resolved: XmlAttribute[] = [];
    const seenRaw = new Set<RawName>();
    for (const { name, value } of attributes) {
      if (seenRaw.has(name)) {
        throw new XmlError(`attribute "${name.local}" given twice`);
      }
      seenRaw.add(name);
      if (isDeclaration(name)) {
        continue;
      }
      const uri = name.prefix === '' ? '' : scope.prefixUri(name.prefix);
      if (resolved.some((other) => other.local === name.local && other.uri === uri)) {
        throw new XmlError(`attribute "${name.local}" given twice`);
      }
      resolved.push({ uri, local: name.local, value });
    }
    if (name.prefix === 'xmlns') {
      throw new XmlError('an element with the prefix "xmlns"');
    }
    const uri = scope.prefixUri(name.prefix);
    const own = Uint8Array.prototype.slice.call(bytes);
    const tag = new StartTag(own, name, uri, resolved, scope, isEmpty, this.tags.get(hash));
    if (this.budget.remaining > 0 && own.length <= maxRememberedBytes) {
      this.budget.remaining--;
      this.tags.set(hash, tag);
    }
    return tag;
  }

  private child(declarations: readonly { readonly name: RawName; readonly value: string }[]): XmlScope {
    const key = JSON.stringify(declarations.map(({ name, value }) => [name.prefix, name.local, value]));
    const known = this.children.get(key);
    if (known !== undefined) {
      return known;
    }
    const bindings = new Map(this.bindings);
    for (const { name, value } of declarations) {
      const prefix = name.prefix === '' ? '' : name.local;
      refuseReserved(prefix, value);
      bindings.set(prefix, value);
    }
    if (bindings.size > maxBindings) {
      throw new XmlError('too many namespace declarations');
    }
    const scope = new XmlScope(bindings, this.budget);
    if (this.budget.remaining > 0) {
      this.budget.remaining--;
      this.children.set(key, scope);
    }
    return scope;
  }
}

function isDeclaration(name: RawName): boolean {
  return name.prefix === 'xmlns' || (name.prefix === '' && name.local === 'xmlns');
}

function refuseReserved(prefix: string, uri: string): void {
  if (
    prefix === 'xmlns' ||
    uri === xmlnsUri ||
    (prefix === 'xml') !== (uri === xmlUri) ||
    (prefix !== '' && uri === '')
  ) {
    throw new XmlError(`illegal namespace declaration for "${prefix}"`);
  }
}
