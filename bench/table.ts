import type { Ratio } from './goals';
import type { Row } from './rows';

/** Prints rows as a table in Markdown, which is also what docs/performance.md shows. */
export function printRows(rows: readonly Row[]): void {
  printTable(
    ['job', 'server', 'VMs', 'client', 'wall ms', 'CPU ms', 'RSS MB', 'checksum'],
    rows.map((row) => [
      ...[row.job, row.server, row.vms.toLocaleString('en'), row.client],
      ...[row.wallMs, row.cpuMs, row.rssMB].map((value) => Math.round(value).toLocaleString('en')),
      row.checksum ?? '–',
    ]),
  );
}

export function printRatios(ratios: readonly Ratio[]): void {
  printTable(
    ['figure', 'value', 'goal', 'holds'],
    ratios.map(({ name, value, goal, holds }) => [name, value, `≤ ${goal}`, holds ? 'yes' : '**no**']),
  );
}

function printTable(head: readonly string[], lines: readonly (readonly (string | number)[])[]): void {
  if (lines.length === 0) {
    return;
  }
  console.log('');
  for (const line of [head, head.map(() => '---'), ...lines]) {
    console.log(`| ${line.join(' | ')} |`);
  }
  console.log('');
}
