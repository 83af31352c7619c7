import { codes } from './xmlCodes';
import { maxReferenceLength } from './xmlText';

// Where things begin and end in bytes of which more may follow.

export function isWhiteSpace(byte: number): boolean {
  return byte === codes.blank || byte === codes.lineFeed || byte === codes.carriageReturn || byte === codes.tab;
}

export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (!isWhiteSpace(bytes[i] as number)) {
      return false;
    }
  }
  return true;
}

/** Whether `known` stands at `at`. */
export function standsAt(known: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const { length } = known;
  if (at + length > bytes.length) {
    return false;
  }
  for (let i = 0; i < length; i++) {
    if (known[i] !== bytes[at + i]) {
      return false;
    }
  }
  return true;
}

/** Whether the bytes at `at` are a beginning of `expected`, cut off by the end of `bytes` at the earliest after `least`. */
export function startsWith(bytes: Buffer, at: number, expected: Buffer, least: number): boolean {
  const length = Math.min(expected.length, bytes.length - at);
  return length >= least && bytes.compare(expected, 0, length, at, at + length) === 0;
}

/**
 * Up to where text can be used although more of it may follow: not into a character, a reference, a line end or one of
 * the marks that end a section.
 */
export function safeTextEnd(bytes: Buffer, from: number, mark: number = codes.closingBracket): number {
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
  for (
    let kept = 0;
    kept < 2 && end > from && (bytes[end - 1] === mark || bytes[end - 1] === codes.carriageReturn);
    kept++
  ) {
    end--;
  }
  return end;
}
