import type { Ratio } from './goals';
import type { Row } from './rows';

/** Prints rows as a table in Markdown, which is also what docs/performance.md shows. */
export function printRows(rows: readonly Row[]): void {
  printTable(
    ['server', 'VMs', 'client', 'wall ms', 'CPU ms', 'RSS MB', 'checksum'],
    rows.map((row) => [row.server, row.vms, row.client, row.wallMs, row.cpuMs, row.rssMB, row.checksum ?? '–']),
  );
}

export function printRatios(ratios: readonly Ratio[]): void {
  printTable(
    ['figure', 'value', 'goal', 'holds'],
    ratios.map(({ name, value, goal, holds }) => [name, value, `≤ ${goal}`, holds ? 'yes' : 'NO']),
  );
}

function printTable(head: readonly string[], lines: readonly (readonly (string | number)[])[]): void {
  console.log('');
  for (const line of [head, head.map(() => '---'), ...lines]) {
    console.log(`| ${line.join(' | ')} |`);
  }
  console.log('');
}
