import { once } from './once';

// Text from a server is hostile input: it may hold line breaks, control characters and marks that reverse the reading
// direction, and it may be any length. These functions make it fit to be shown; none is ever applied to what is sent.

// C0 and C1 controls, line and paragraph separators, and the Unicode bidirectional controls.
// eslint-disable-next-line no-control-regex -- they are what it is about
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const surrogatesAlone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

// What most names are made of.
const plain = /^[!-~](?:[ -~]*[!-~])?$/;

/** Text on one line without control and bidirectional characters. What is left of an empty result is shown as `fallback`. */
export function oneLine(text: string, fallback = ''): string {
  if (plain.test(text)) {
    return text;
  }
  const clean = text.replace(controls, ' ').replace(bidi, '').replace(surrogatesAlone, '\ufffd').trim();
  return clean === '' ? fallback : clean;
}

/** Text with its line breaks but without other control and bidirectional characters. */
export function multiLine(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replace(controls, ' ').replace(bidi, '').replace(surrogatesAlone, '\ufffd'))
    .join('\n');
}

/** At most `limit` characters, the middle left out with an ellipsis. Never cuts a character or an emoji in two. */
export function clipMiddle(text: string, limit: number): string {
  const head = Math.ceil((limit - 1) / 2);
  const tail = limit - 1 - head;
  return fits(text, limit) ? text : `${firstCharacters(text, head)}…${lastCharacters(text, tail)}`;
}

/** At most `limit` characters, the end left out with an ellipsis. */
export function clipEnd(text: string, limit: number): string {
  return fits(text, limit) ? text : `${firstCharacters(text, limit - 1)}…`;
}

/** What a person sees as one character each. The segmenter is made only for what may have to be cut: the first is dear. */
function characters(text: string): Intl.Segments {
  return new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
}

// Emoji made of several people take about 25 code units. Whoever piles up more marks on a letter may lose some.
const maxCharacterUnits = 64;

function fits(text: string, limit: number): boolean {
  if (text.length <= limit) {
    return true;
  }
  // A name of a megabyte is not read to its end.
  const start = text.slice(0, (limit + 1) * maxCharacterUnits);
  return start.length === text.length && [...characters(start)].length <= limit;
}

function firstCharacters(text: string, count: number): string {
  let end = 0;
  let taken = 0;
  for (const { index, segment } of characters(text.slice(0, count * maxCharacterUnits))) {
    if (taken === count) {
      break;
    }
    taken++;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

function lastCharacters(text: string, count: number): string {
  if (count === 0) {
    return '';
  }
  // One more than needed, as the cut may go through the first of them.
  const end = text.slice(-(count + 1) * maxCharacterUnits);
  return Array.from(characters(end), ({ segment }) => segment)
    .slice(-count)
    .join('');
}

// Made when it is needed: making it took longer than everything else that the extension's file does when it is loaded.
const collator = once(
  () => new Intl.Collator(undefined, { numeric: true, sensitivity: 'base', ignorePunctuation: false }),
);

/** Orders names as a person does: `VM2` before `VM10`, case ignored; equal names keep a fixed order. */
export function compareNatural(a: string, b: string): number {
  return compareNumbers(a, b) || collator().compare(a, b) || compareExact(a, b);
}

/** Orders texts by their code units: for what no person reads. */
export function compareExact(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// The collator takes longer numbers for several.
const maxDigits = 200;
const zero = 0x30;
const lastAscii = 0x7f;

/**
 * What the collator says of two names that are the same up to a number, as those of ten thousand VMs in a folder are, in
 * a quarter of the time. 0 when it has to be asked.
 */
function compareNumbers(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let same = 0;
  // Where the number begins in which they differ, if it is one.
  let start = 0;
  for (; same < shorter; same++) {
    const code = a.charCodeAt(same);
    if (code !== b.charCodeAt(same)) {
      break;
    }
    if (!isDigit(code)) {
      start = same + 1;
    }
  }
  const endA = endOfDigits(a, same);
  const endB = endOfDigits(b, same);
  if (endA === start || endB === start || endA - start > maxDigits || endB - start > maxDigits) {
    return 0;
  }
  // Digits of other scripts beside it would belong to it.
  if (!isAscii(a, start - 1) || !isAscii(a, endA) || !isAscii(b, endB)) {
    return 0;
  }
  if (endA === endB) {
    return endA === same ? 0 : a.charCodeAt(same) - b.charCodeAt(same);
  }
  const digitsA = withoutZeros(a.slice(start, endA));
  const digitsB = withoutZeros(b.slice(start, endB));
  return digitsA.length - digitsB.length || (digitsA < digitsB ? -1 : digitsA > digitsB ? 1 : 0);
}

function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9;
}

/** Whether nothing but ASCII stands there: also when nothing stands there at all. */
function isAscii(text: string, at: number): boolean {
  return at < 0 || at >= text.length || text.charCodeAt(at) <= lastAscii;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) {
    at++;
  }
  return at;
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes as the vSphere Client writes them: powers of 1024, at most one decimal (`12.4 GB`). */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 1023.95 and not 1024: what would round to "1024.0 KB" is "1 MB".
  while (value >= 1023.95 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  const text = value.toFixed(digits).replace(/\.0$/, '');
  return `${text} ${byteUnits[unit] ?? ''}`;
}

export const millisecondsPerDay = 86_400_000;

/** An age in its largest unit, for a narrow row: `41d`, `5h`, `12m`, `now`. A time in the future counts as now. */
export function formatAgeShort(ageMs: number): string {
  const minutes = Math.floor(Math.max(0, ageMs) / 60_000);
  if (minutes < 1) {
    return 'now';
  }
  if (minutes < 60) {
    return `${minutes}m`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
