import fs from 'node:fs';

import Mocha from 'mocha';

import {
  addCounts,
  countsFileVariable,
  failuresFileVariable,
  suiteSeparator,
  type TestCounts,
  writeCounts,
} from './testCounts';

/** How long a process may need to end after its last test. */
const patienceMs = 10_000;

/**
 * Shows tests as Mocha does, with a dot each when asked to, and leaves their numbers in the file that the environment
 * names. A run that crashes leaves no file, and so cannot be taken for one that passed.
 *
 * @remarks A hook that failed counts as one failed test. So does a pending test: all runs forbid them.
 */
class CountingReporter extends Mocha.reporters.Base {
  private readonly suites = new Map<string, TestCounts>();

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const wantsDots = (options.reporterOptions as { display?: string } | undefined)?.display === 'dot';
    new (wantsDots ? Mocha.reporters.Dot : Mocha.reporters.Spec)(runner, options);
    runner.on('pass', (test) => {
      this.count(test, { passed: 1, failed: 0 });
    });
    runner.on('fail', (test, error: unknown) => {
      this.count(test, { passed: 0, failed: 1 });
      noteFailure(test, error instanceof Error ? error.message : String(error));
    });
    runner.on('pending', (test) => {
      this.count(test, { passed: 0, failed: 1 });
      noteFailure(test, 'was not run');
    });
    runner.once('end', () => {
      const file = process.env[countsFileVariable];
      if (file !== undefined) {
        writeCounts(file, { ...addCounts([...this.suites.values()]), suites: Object.fromEntries(this.suites) });
      }
      // Keeps nothing alive itself: it only speaks if something else does.
      setTimeout(() => {
        console.error(`Still open after the tests: ${process.getActiveResourcesInfo().join(', ')}`);
      }, patienceMs).unref();
    });
  }

  private count(test: Mocha.Runnable, counts: TestCounts): void {
    const suite = test.titlePath().slice(0, -1).join(suiteSeparator);
    this.suites.set(suite, addCounts([this.suites.get(suite) ?? { passed: 0, failed: 0 }, counts]));
  }
}

/** Written at once: a run that crashes afterwards has still told of it. */
function noteFailure(test: Mocha.Runnable, message: string): void {
  const file = process.env[failuresFileVariable];
  if (file !== undefined) {
    fs.appendFileSync(file, `${test.titlePath().join(suiteSeparator)}: ${message.split('\n', 1).join('')}\n`);
  }
}

// Mocha takes the default export of a module that it is given as a reporter.
export { CountingReporter as default, CountingReporter };
