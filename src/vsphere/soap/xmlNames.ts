import { XmlError } from './xmlError';

// Names are met thousands of times in a reply and are few. They are recognised by their bytes, so that no string is made
// for a tag that has been seen before.

/** A qualified name as it stands in a document, before its prefix is resolved. */
export interface RawName {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly prefix: string;
  readonly local: string;
}

const tableSize = 16_384;

// More than all element names of the vSphere API together.
const maxNames = 8_000;
const maxNameBytes = 1_024;

// XML 1.0 (fifth edition) without the colon, which Namespaces in XML keeps for the prefix.
const nameStart =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c-\\u200d\\u2070-\\u218f' +
  '\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const ncName = `[${nameStart}][\\u0300-\\u036f${nameStart}\\-.0-9\\u00b7\\u203f-\\u2040]*`;
const qualifiedName = new RegExp(`^(?:(${ncName}):)?(${ncName})$`, 'u');

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** The hash under which bytes are looked up. The reader computes the same while it looks for the end of a token. */
export function hashBytes(bytes: Uint8Array): number {
  let hash = 0;
  for (const byte of bytes) {
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  return hash;
}

/** Interns names by their bytes. May be shared by any number of readers of one client. */
export class XmlNames {
  private readonly table = new Int32Array(tableSize).fill(-1);
  private readonly names: RawName[] = [];

  /**
   * The name in `bytes[from, to)`.
   *
   * @param hash - of the bytes, by {@link hashBytes}
   * @returns undefined when it is not a qualified name
   * @throws {@link XmlError} when it is too long, or one name too many
   */
  intern(bytes: Buffer, from: number, to: number, hash: number): RawName | undefined {
    const length = to - from;
    let slot = (hash ^ (hash >>> 15)) & (tableSize - 1);
    for (let found = this.table[slot] as number; found >= 0; found = this.table[slot] as number) {
      const name = this.names[found] as RawName;
      if (name.bytes.length === length && equalBytes(name.bytes, bytes, from)) {
        return name;
      }
      slot = (slot + 1) & (tableSize - 1);
    }
    return this.add(bytes, from, to, slot);
  }

  private add(bytes: Buffer, from: number, to: number, slot: number): RawName | undefined {
    if (to - from > maxNameBytes) {
      throw new XmlError('a name is too long');
    }
    if (this.names.length >= maxNames) {
      throw new XmlError('too many different names');
    }
    const own = Uint8Array.prototype.slice.call(bytes, from, to);
    const match = qualifiedName.exec(decoder.decode(own));
    if (match === null) {
      return undefined;
    }
    const name: RawName = { index: this.names.length, bytes: own, prefix: match[1] ?? '', local: match[2] ?? '' };
    this.names.push(name);
    this.table[slot] = name.index;
    return name;
  }
}

function equalBytes(name: Uint8Array, bytes: Buffer, from: number): boolean {
  for (let i = 0; i < name.length; i++) {
    if (name[i] !== bytes[from + i]) {
      return false;
    }
  }
  return true;
}
