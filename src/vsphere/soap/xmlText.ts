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

/** Replaces entity and character references. Only the five predefined entities exist. */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) {
    return text;
  }
  return text.replace(/&([^;&]*)(;?)/g, (_, name: string, end: string) => {
    if (end === '') {
      throw new XmlError('"&" without a reference');
    }
    return name.startsWith('#') ? decodeCharacter(name) : decodeEntity(name);
  });
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
