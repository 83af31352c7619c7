import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { repositoryRoot } from '../../support/repositoryRoot';
import { countsFileVariable, failuresFileVariable, readCounts } from '../../support/run/testCounts';
import { TemporaryFolder } from '../../support/temporaryFolder';

describe('the reporter of all runs', () => {
  it('counts each suite, and names what failed as soon as it did', () => {
    const folder = new TemporaryFolder('test');
    try {
      const tests = folder.resolve('some.test.cjs');
      fs.writeFileSync(
        tests,
        `describe('a suite', () => {
          it('is well', () => {});
          it('is not', () => { throw new Error('first line\\nsecond line'); });
          it('is not there');
          it('takes all with it', () => { process.exit(3); });
        });`,
      );
      const runIt = (...args: readonly string[]): void => {
        spawnSync(
          process.execPath,
          [
            require.resolve('mocha/bin/mocha.js'),
            ...['--reporter', path.join(__dirname, '..', '..', 'support', 'run', 'countingReporter.js')],
            ...args,
            tests,
          ],
          {
            cwd: repositoryRoot(),
            env: {
              ...process.env,
              [countsFileVariable]: folder.resolve('counts.json'),
              [failuresFileVariable]: folder.resolve('failures'),
            },
          },
        );
      };
      runIt('--grep', 'is', '--no-forbid-pending');
      const counts = { passed: 1, failed: 2 };
      assert.deepEqual(readCounts(folder.resolve('counts.json')), { ...counts, suites: { 'a suite': counts } });
      const failures = 'a suite › is not: first line\na suite › is not there: was not run\n';
      assert.equal(fs.readFileSync(folder.resolve('failures'), 'utf8'), failures);

      fs.rmSync(folder.resolve('counts.json'));
      runIt('--no-forbid-pending');
      assert.equal(readCounts(folder.resolve('counts.json')), undefined);
      assert.equal(fs.readFileSync(folder.resolve('failures'), 'utf8'), failures + failures);
    } finally {
      folder.remove();
    }
  });
});
