/** A value of a table: text is foreign, numbers and flags are ours. */
export type CsvValue = string | number | boolean | undefined;

// A spreadsheet takes what begins so for a formula, with blanks before it and in the wide forms of East Asia, too.
const formulaStart = /^[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/u;
// What cannot be drawn, or turns the reading direction, and is no line break.
const unprintable =
  // eslint-disable-next-line no-control-regex -- they are what it is about
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A table as CSV, as RFC 4180 has it: CRLF, every text quoted.
 *
 * @remarks With a byte order mark, without which Excel takes UTF-8 for the code page of the machine; LibreOffice,
 * PowerShell and Python's `utf-8-sig` know it. A text that a spreadsheet would compute gets an apostrophe in front.
 */
export function toCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [header.map(cell).join(',')];
  for (const row of rows) {
    lines.push(row.map(cell).join(','));
  }
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

function cell(value: CsvValue): string {
  if (typeof value === 'string') {
    return `"${harmless(value).replaceAll('"', '""')}"`;
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  return value === undefined ? '' : String(value);
}

function harmless(text: string): string {
  const clean = text.replace(/\r\n?/g, '\n').replace(unprintable, '');
  return formulaStart.test(clean) ? `'${clean}` : clean;
}
