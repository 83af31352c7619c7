// Runs the fault laboratory, prints its table, and makes sure that it finds what it is there to find.
//   node out/js/test/faults/run.js [--quick] [--json FILE] [--allow-missing=NAME]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { provideGoPeers } from '../support/peers/goPeers';
import { exitOnSignals, ProcessGroup } from '../support/processes';
import { repositoryRoot } from '../support/repositoryRoot';
import { countsFileVariable, writeCounts } from '../support/run/testCounts';
import { TemporaryFolder } from '../support/temporaryFolder';
import type { Cell } from './judgement';
import { makeMutant, mutants } from './mutants';

const compiled = path.join(__dirname, '..', '..');

async function runLaboratory(root: string, cellsFile: string, args: readonly string[]): Promise<readonly Cell[]> {
  const group = await ProcessGroup.start(
    process.execPath,
    ['--enable-source-maps', path.join(root, 'test', 'faults', 'laboratory.js'), `--cells=${cellsFile}`, ...args],
    { stdio: 'inherit' },
  );
  const { code } = await group.ended;
  if (code !== 0) {
    throw new Error(`The laboratory ended with ${code}.`);
  }
  return fs
    .readFileSync(cellsFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Cell);
}

/** Faults down, operations across: how many cells, and how many of them are wrong. */
function printTable(cells: readonly Cell[]): void {
  const operations = [...new Set(cells.map(({ operation }) => operation))];
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const faultWidth = Math.max(...faults.map((name) => name.length)) + 2;
  const columns = operations.map((name) => Math.max(7, name.length + 2));
  const row = (title: string, values: readonly string[]): string =>
    title.padEnd(faultWidth) + values.map((value, index) => value.padStart(columns[index] ?? 0)).join('');
  console.log(`\n${row('survived (or WRONG)', operations)}`);
  for (const fault of faults) {
    const values = operations.map((operation) => {
      const here = cells.filter((cell) => cell.fault === fault && cell.operation === operation);
      const wrong = here.filter(({ outcome }) => outcome === 'wrong').length;
      return here.length === 0 ? '–' : wrong === 0 ? String(here.length) : `${wrong} WRONG`;
    });
    console.log(row(fault, values));
  }
}

async function main(): Promise<void> {
  exitOnSignals();
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      json: { type: 'string' },
      'allow-missing': { type: 'string', multiple: true },
    },
  });
  if (values['allow-missing'] !== undefined) {
    process.env['ALLOW_MISSING'] = values['allow-missing'].join(',');
  }
  const go = await provideGoPeers(false, console.log);
  if (go !== undefined) {
    Object.assign(process.env, { PEER_VCSIM: go.vcsim, PEER_GOVC: go.govc });
  }
  const folder = new TemporaryFolder('faults');
  const quick = values.quick === true ? ['--quick'] : [];
  const cells = await runLaboratory(compiled, folder.resolve('cells.jsonl'), quick);
  printTable(cells);
  const wrong = cells.filter(({ outcome }) => outcome === 'wrong');
  for (const { operation, fault, where, note } of wrong) {
    console.log(`\nWRONG ${operation}: ${fault} ${where}\n  ${note}`);
  }

  let passed = cells.length - wrong.length;
  let failed = wrong.length;
  console.log('');
  for (const [index, mutant] of mutants.entries()) {
    const root = path.join(repositoryRoot(), 'out', 'mutants', String(index));
    makeMutant(mutant, compiled, root);
    const own = await runLaboratory(root, folder.resolve(`mutant-${index}.jsonl`), [
      '--quick',
      '--chapters=operations',
      `--only=${mutant.only}`,
    ]);
    const found = own.filter(({ outcome }) => outcome === 'wrong').length;
    console.log(
      `A product that ${mutant.name}: ${found} of ${own.length} cells wrong${found === 0 ? ', NOT FOUND' : ''}`,
    );
    if (found > 0) {
      passed++;
    } else {
      failed++;
    }
  }
  fs.rmSync(path.join(repositoryRoot(), 'out', 'mutants'), { recursive: true, force: true });
  if (values.json !== undefined) {
    fs.writeFileSync(values.json, `${JSON.stringify({ cells }, undefined, 1)}\n`);
  }
  const countsFile = process.env[countsFileVariable];
  if (countsFile !== undefined) {
    writeCounts(countsFile, { passed, failed, suites: {} });
  }
  const kinds = new Set(cells.map(({ fault }) => fault)).size;
  console.log(
    `\n${cells.length} cells of ${kinds} kinds of faults: ${cells.length - wrong.length} survived, ${wrong.length} wrong`,
  );
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
