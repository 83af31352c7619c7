import Mocha from 'mocha';

import { countsFileVariable, writeCounts } from './testCounts';

/**
 * Shows tests as Mocha does, with a dot each when asked to, and leaves their numbers in the file that the environment
 * names. A run that crashes leaves no file, and so cannot be taken for one that passed.
 *
 * @remarks A hook that failed counts as one failed test. So does a pending test: all runs forbid them.
 */
class CountingReporter {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions & { reporterOption?: { display?: string } }) {
    const Display = options.reporterOption?.display === 'dot' ? Mocha.reporters.Dot : Mocha.reporters.Spec;
    new Display(runner, options);
    let passed = 0;
    let failed = 0;
    runner.on('pass', () => {
      passed++;
    });
    runner.on('fail', () => {
      failed++;
    });
    runner.on('pending', () => {
      failed++;
    });
    runner.once('end', () => {
      const file = process.env[countsFileVariable];
      if (file !== undefined) {
        writeCounts(file, { passed, failed });
      }
    });
  }
}

// Mocha takes the default export of a module that it is given as a reporter.
export { CountingReporter as default, CountingReporter };
