import { codes } from './xmlCodes';
import { XmlError } from './xmlError';

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The longest reference is `&#x10FFFF;`; leading zeros are allowed up to this length. */
export const maxReferenceLength = 32;

// Of what a decoder of UTF-8 can give: it never gives half a surrogate pair.
const forbidden = /[^\t\n\r\u0020-\ufffd]/;

/** Text of bytes, with U+FFFD where they are not UTF-8. @throws {@link XmlError} for characters that XML forbids. */
export function decodeUtf8(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, to);
  if (forbidden.test(text)) {
    throw new XmlError('a character that XML forbids');
  }
  return text;
}

// What stands between a text and being decoded at once.
const firstNotAscii = 0x80;
// U+FFFE and U+FFFF, which XML forbids, begin with it.
const leadOfForbidden = 0xef;

/**
 * Text directly inside of an element, which holds none of the control characters that XML forbids.
 *
 * @remarks References are replaced in the bytes, so that one string is made, and one that keeps nothing else alive.
 * @throws {@link XmlError} for characters that XML forbids and for references to what is not there.
 */
export function decodeText(bytes: Buffer, from: number, to: number): string {
  let hasMarks = false;
  let isAscii = true;
  let mayBeForbidden = false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte >= firstNotAscii) {
      isAscii = false;
      mayBeForbidden ||= byte === leadOfForbidden;
    } else if (byte === codes.ampersand || byte === codes.carriageReturn) {
      hasMarks = true;
    }
  }
  if (mayBeForbidden) {
    decodeUtf8(bytes, from, to);
  }
  if (!hasMarks) {
    return bytes.toString(isAscii ? 'latin1' : 'utf8', from, to);
  }
  // A reference is never shorter than what it stands for.
  const decoded = Buffer.allocUnsafe(to - from);
  return decoded.toString('utf8', 0, replaceMarks(bytes, from, to, decoded));
}

/** Copies text, with references replaced and line ends as XML has them. Gives the length of the copy. */
function replaceMarks(bytes: Buffer, from: number, to: number, into: Buffer): number {
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte === codes.ampersand) {
      const end = bytes.indexOf(codes.semicolon, at);
      if (end < 0 || end >= to) {
        throw new XmlError('"&" without a reference');
      }
      const character = decodeReference(bytes.toString('utf8', at + 1, end));
      const code = character.charCodeAt(0);
      if (code < firstNotAscii) {
        into[length++] = code;
      } else {
        length += into.write(character, length, 'utf8');
      }
      at = end;
    } else if (byte === codes.carriageReturn) {
      into[length++] = codes.lineFeed;
      if (at + 1 < to && bytes[at + 1] === codes.lineFeed) {
        at++;
      }
    } else {
      into[length++] = byte;
    }
  }
  return length;
}

/** Replaces entity and character references. Only the five predefined entities exist. */
function decodeReferences(text: string): string {
  return text.replace(/&([^;&]*)(;?)/g, (_, name: string, end: string) => {
    if (end === '') {
      throw new XmlError('"&" without a reference');
    }
    return decodeReference(name);
  });
}

function decodeReference(name: string): string {
  return name.startsWith('#') ? decodeCharacter(name) : decodeEntity(name);
}

function decodeEntity(name: string): string {
  const value = entities.get(name);
  if (value === undefined) {
    throw new XmlError(`undefined entity "${name.slice(0, 20)}"`);
  }
  return value;
}

function decodeCharacter(name: string): string {
  const match = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
  if (match === null) {
    throw new XmlError(`malformed character reference "${name.slice(0, 20)}"`);
  }
  const codePoint = match[1] !== undefined ? parseInt(match[1], 16) : parseInt(match[2] ?? '', 10);
  if (!isXmlCharacter(codePoint)) {
    throw new XmlError(`character reference to ${name.slice(0, 20)}, which XML forbids`);
  }
  return String.fromCodePoint(codePoint);
}

/** Whether XML 1.0 allows the character at all. */
function isXmlCharacter(codePoint: number): boolean {
  return (
    (codePoint >= 0x20 && codePoint <= 0xd7ff) ||
    codePoint === 0x9 ||
    codePoint === 0xa ||
    codePoint === 0xd ||
    (codePoint >= 0xe000 && codePoint <= 0xfffd) ||
    (codePoint >= 0x10000 && codePoint <= 0x10ffff)
  );
}

/** Line ends as XML has them: CR LF and lone CR become LF. */
export function normalizeLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** The value of an attribute from what stands between its quotes. */
export function decodeAttributeValue(raw: string): string {
  return decodeReferences(normalizeLineEnds(raw).replace(/[\t\n]/g, ' '));
}
