/** Reads CSV as RFC 4180 has it, on its own terms. @throws Error for a text that is none. */
export function readCsv(text: string): string[][] {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < body.length) {
    let cell = '';
    if (body.charAt(at) === '"') {
      for (at++; body.charAt(at) !== '"' || body.charAt(at + 1) === '"'; at++) {
        if (at >= body.length) {
          throw new Error('a quote is not closed');
        }
        if (body.charAt(at) === '"') {
          at++;
        }
        cell += body.charAt(at);
      }
      at++;
    } else {
      const end = body.slice(at).search(/[,\r]/);
      cell = body.slice(at, at + end);
      at += end;
    }
    row.push(cell);
    if (body.charAt(at) === ',') {
      at++;
    } else if (body.slice(at, at + 2) === '\r\n') {
      at += 2;
      rows.push(row);
      row = [];
    } else {
      throw new Error(`neither a comma nor the end of a line at ${at}`);
    }
  }
  return rows;
}
