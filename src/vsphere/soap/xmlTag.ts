import { codes } from './xmlCodes';
import { XmlError } from './xmlError';
import { hashBytes, type RawName, type XmlNames } from './xmlNames';
import { decodeAttributeValue, decodeUtf8 } from './xmlText';

const attribute = /[ \t\r\n]+([^\s=<>"'/]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y;
const blankEnd = /[ \t\r\n]*$/y;

// vSphere never writes more than five. Attributes are compared with each other, so their number must be bounded.
const maxAttributes = 64;

/** Takes apart what stands in a start tag between the name and the closing `>` or `/>`. */
export function parseAttributes(
  bytes: Buffer,
  from: number,
  to: number,
  names: XmlNames,
): { readonly name: RawName; readonly value: string }[] {
  const text = decodeUtf8(bytes, from, to);
  const found: { readonly name: RawName; readonly value: string }[] = [];
  let at = 0;
  for (;;) {
    attribute.lastIndex = at;
    const match = attribute.exec(text);
    if (match === null) {
      break;
    }
    at = attribute.lastIndex;
    if (found.length >= maxAttributes) {
      throw new XmlError('too many attributes in a tag');
    }
    const raw = Buffer.from(match[1] ?? '', 'utf8');
    const name = names.intern(raw, 0, raw.length, hashBytes(raw));
    if (name === undefined) {
      throw new XmlError('malformed attribute name');
    }
    found.push({ name, value: decodeAttributeValue(match[2] ?? match[3] ?? '') });
  }
  blankEnd.lastIndex = at;
  if (!blankEnd.test(text)) {
    throw new XmlError('malformed attributes');
  }
  return found;
}

const declaration =
  /^xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*$/;

/** Checks a processing instruction, given without its `<?` and `?>`. Only the XML declaration has a meaning here. */
export function checkInstruction(text: string, isFirst: boolean, names: XmlNames): void {
  const target = /^[^\s]*/.exec(text)?.[0] ?? '';
  if (target.toLowerCase() === 'xml') {
    const match = declaration.exec(text);
    if (!isFirst || match === null) {
      throw new XmlError('misplaced or malformed XML declaration');
    }
    const encoding = (match[1] ?? match[2] ?? 'utf-8').toLowerCase();
    if (encoding !== 'utf-8' && encoding !== 'us-ascii') {
      throw new XmlError(`encoding ${encoding}; only UTF-8 is read`);
    }
    return;
  }
  const raw = Buffer.from(target, 'utf8');
  const name = names.intern(raw, 0, raw.length, hashBytes(raw));
  if (name === undefined || name.prefix !== '') {
    throw new XmlError('malformed processing instruction');
  }
}

/** Where the start tag ends whose name begins at `from`; negative when that has not arrived yet. */
export function tagEnd(bytes: Buffer, from: number): number {
  let quote = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === codes.gt && quote === 0) {
      return at;
    }
    if (byte === codes.lt) {
      throw new XmlError('"<" inside of a tag');
    }
    if (byte === codes.quote || byte === codes.apostrophe) {
      quote = quote === 0 ? byte : quote === byte ? 0 : quote;
    }
  }
  return -1;
}

/** Whether the byte cannot be a part of an element's name. */
export function endsName(byte: number): boolean {
  return byte === codes.gt || byte === codes.slash || byte <= codes.blank;
}
