import type { RawName } from './xmlNames';
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

/** What a start tag means beyond its name. */
export interface TagMeaning {
  readonly scope: XmlScope;
  readonly attributes: XmlAttributes;
}

// What a document may make us remember, all its scopes together: real replies have a few dozen different tags. Beyond
// that every tag is resolved anew, which is slower and nothing else.
const maxRemembered = 1_024;

// Declarations in force at one place. Every scope is a copy of its parent's, so this bounds what nesting can cost.
const maxBindings = 64;

/** Tags with the same hash are few: a list. */
interface Remembered {
  readonly bytes: Uint8Array;
  readonly meaning: TagMeaning;
  readonly next: Remembered | undefined;
}

interface Budget {
  remaining: number;
}

/**
 * The namespace declarations in force at some point of a document. Immutable; declarations lead to a child scope, and
 * the same declarations on the same scope always to the same child, because vcsim repeats them on every value.
 */
export class XmlScope {
  private readonly uris: (string | undefined)[] = [];
  private readonly children = new Map<string, XmlScope>();
  private readonly remembered = new Map<number, Remembered>();

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

  /** Namespace of an element of that name. @throws {@link XmlError} for a prefix that is not declared. */
  elementUri(name: RawName): string {
    const known = this.uris[name.index];
    if (known !== undefined) {
      return known;
    }
    if (name.prefix === 'xmlns') {
      throw new XmlError('an element with the prefix "xmlns"');
    }
    const uri = this.prefixUri(name.prefix);
    this.uris[name.index] = uri;
    return uri;
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

  /** What the bytes between a tag's name and its end mean, when they were met before in this scope. */
  recall(bytes: Uint8Array, from: number, to: number, hash: number): TagMeaning | undefined {
    for (let at = this.remembered.get(hash); at !== undefined; at = at.next) {
      if (equalBytes(at.bytes, bytes, from, to)) {
        return at.meaning;
      }
    }
    return undefined;
  }

  /** Resolves the attributes of a start tag and remembers the result under the tag's `bytes`. */
  resolve(
    attributes: readonly { readonly name: RawName; readonly value: string }[],
    bytes: Uint8Array,
    hash: number,
  ): TagMeaning {
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
    const meaning: TagMeaning = { scope, attributes: resolved };
    if (this.budget.remaining > 0) {
      this.budget.remaining--;
      const own = Uint8Array.prototype.slice.call(bytes);
      this.remembered.set(hash, { bytes: own, meaning, next: this.remembered.get(hash) });
    }
    return meaning;
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

function equalBytes(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const { length } = known;
  if (length !== to - from) {
    return false;
  }
  for (let i = 0; i < length; i++) {
    if (known[i] !== bytes[from + i]) {
      return false;
    }
  }
  return true;
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
