import fs from 'node:fs';

/** How many tests of a run passed and failed. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/** Stands between the titles of a `describe` and of those in it. */
export const suiteSeparator = ' › ';

/** The numbers of a run, in all and for each `describe`, by its title and those of the ones around it. */
export interface RunCounts extends TestCounts {
  readonly suites: Readonly<Record<string, TestCounts>>;
}

/** Environment variable with the path of the file in which a run leaves its numbers. */
export const countsFileVariable = 'TEST_COUNTS_FILE';

/** Environment variable with the path of the file to which a run adds a line for each test that fails. */
export const failuresFileVariable = 'TEST_FAILURES_FILE';

/** Leaves the numbers of a run in `file`. */
export function writeCounts(file: string, counts: RunCounts): void {
  fs.writeFileSync(file, JSON.stringify(counts));
}

/** The numbers that a run left in `file`; undefined when it did not get so far. */
export function readCounts(file: string): RunCounts | undefined {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as RunCounts) : undefined;
}

/**
 * The numbers of a run of which the exit code is known too. One that crashed, failed without naming a test, or ran no
 * test at all has one failed test more: nothing that went wrong may add up to "0 failed".
 */
export function judgeRun(counts: TestCounts | undefined, exitCode: number | null): TestCounts {
  const { passed, failed } = counts ?? { passed: 0, failed: 0 };
  const isHollow = counts === undefined || passed + failed === 0;
  return isHollow || (exitCode !== 0 && failed === 0) ? { passed, failed: failed + 1 } : { passed, failed };
}

/** The sum of several runs. */
export function addCounts(all: readonly TestCounts[]): TestCounts {
  return all.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }), {
    passed: 0,
    failed: 0,
  });
}
