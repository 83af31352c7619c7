import { XmlError } from './xmlError';
import { hashBytes, type RawName, type XmlNames } from './xmlNames';
import { decodeAttributeValue } from './xmlText';

// Of what a decoder of UTF-8 can give: it never gives half a surrogate pair.
const forbidden = /[^\t\n\r\u0020-\ufffd]/;
const attribute = /[ \t\r\n]+([^\s=<>"'/]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y;
const blankEnd = /[ \t\r\n]*$/y;

// vSphere never writes more than five. Attributes are compared with each other, so their number must be bounded.
const maxAttributes = 64;

/** Text of bytes, with U+FFFD where they are not UTF-8. @throws {@link XmlError} for characters that XML forbids. */
export function decodeUtf8(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, to);
  if (forbidden.test(text)) {
    throw new XmlError('a character that XML forbids');
  }
  return text;
}

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
