import Mocha from 'mocha';

import { addCounts, countsFileVariable, type TestCounts, writeCounts } from './testCounts';

/**
 * Shows tests as Mocha does, with a dot each when asked to, and leaves their numbers in the file that the environment
 * names. A run that crashes leaves no file, and so cannot be taken for one that passed.
 *
 * @remarks A hook that failed counts as one failed test. So does a pending test: all runs forbid them.
 */
class CountingReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const wantsDots = (options.reporterOptions as { display?: string } | undefined)?.display === 'dot';
    new (wantsDots ? Mocha.reporters.Dot : Mocha.reporters.Spec)(runner, options);
    const count = (passed: number, failed: number): void => {
      this.counts = addCounts([this.counts, { passed, failed }]);
    };
    runner.on('pass', () => {
      count(1, 0);
    });
    runner.on('fail', () => {
      count(0, 1);
    });
    runner.on('pending', () => {
      count(0, 1);
    });
    runner.once('end', () => {
      const file = process.env[countsFileVariable];
      if (file !== undefined) {
        writeCounts(file, this.counts);
      }
    });
  }

  private counts: TestCounts = { passed: 0, failed: 0 };
}

// Mocha takes the default export of a module that it is given as a reporter.
export { CountingReporter as default, CountingReporter };
