// Puts what the product does through everything that can go wrong, and has somebody else judge what the person was told.
//   node laboratory.js [--quick] [--only=TEXT] [--chapters=operations,reading,trust,vcsim] [--cells=FILE]
// Writes one line of JSON for each cell to FILE.
import fs from 'node:fs';
import { parseArgs } from 'node:util';

import { exitOnSignals } from '../support/processes';
import type { Cell } from './judgement';
import { operationCells } from './operationCells';
import { readingCells } from './readingCells';
import { trustCells } from './trustCells';
import { vcsimCells } from './vcsimCells';

/** What a chapter is to do, and whom to tell. */
export interface Chapter {
  /** A sample of the cells in place of all of them. */
  readonly isQuick: boolean;
  /** Whether a cell is wanted, by `operation: fault where`. */
  readonly isWanted: (title: string) => boolean;
  readonly report: (cell: Cell) => void;
}

const chapters: Readonly<Record<string, (chapter: Chapter) => Promise<void>>> = {
  operations: operationCells,
  reading: readingCells,
  trust: trustCells,
  vcsim: vcsimCells,
};

async function main(): Promise<void> {
  exitOnSignals();
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      chapters: { type: 'string' },
      cells: { type: 'string' },
    },
  });
  const out = fs.openSync(values.cells ?? '/dev/stdout', 'w');
  const wanted = new RegExp(values.only ?? '');
  for (const name of values.chapters?.split(',') ?? Object.keys(chapters)) {
    const chapter = chapters[name];
    if (chapter === undefined) {
      throw new Error(`There is no chapter ${name}, but ${Object.keys(chapters).join(', ')}.`);
    }
    await chapter({
      isQuick: values.quick === true,
      isWanted: (title) => wanted.test(title),
      report: (cell) => {
        fs.writeSync(out, `${JSON.stringify(cell)}\n`);
      },
    });
  }
  fs.closeSync(out);
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => {
    // By itself Node.js 20 waits now and then for ever for a request of a connection that has been cut (measured: it turns
    // in Environment::CleanupHandles, with nothing left in its loop).
    process.exit();
  });
