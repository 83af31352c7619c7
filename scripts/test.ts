// Runs tiers of the tests and says at its end, in one line, how many passed and failed.
//   node out/js/scripts/test.js [unit] [integration] [webview] [host] [person] [--allow-missing=NAME] [--grep=TEXT]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { providePart } from '../test/support/machineParts';
import { PrivateKeyring } from '../test/support/privateKeyring';
import { exitOnSignals, ProcessGroup } from '../test/support/processes';
import { repositoryRoot } from '../test/support/repositoryRoot';
import {
  addCounts,
  countsFileVariable,
  judgeRun,
  readCounts,
  type TestCounts,
  writeCounts,
} from '../test/support/run/testCounts';
import { TemporaryFolder } from '../test/support/temporaryFolder';

interface Tier {
  readonly name: string;
  /** Arguments for Node.js. */
  readonly command: readonly string[];
  /**
   * Parts of the machine that it cannot do without. A `keyring` is one of its own: its tests may write to it, which they
   * must not to the person's.
   */
  readonly needs: readonly ('keyring' | 'browser')[];
}

interface TierResult extends TestCounts {
  readonly name: string;
  readonly seconds: number;
}

const compiled = path.join(__dirname, '..');

// Everything that tests open is closed by them. What stays open is a leak, and would also hold up whoever waits.
const lingerLimitMs = 20_000;
const lookEveryMs = 500;

function mochaTier(name: string, needs: Tier['needs'], grep: string | undefined): Tier {
  return {
    name,
    needs,
    command: [
      require.resolve('mocha/bin/mocha.js'),
      ...['--reporter', path.join(compiled, 'test', 'support', 'run', 'countingReporter.js')],
      ...['--reporter-option', 'display=dot'],
      ...(grep === undefined ? [] : ['--grep', grep]),
      path.join(compiled, 'test', name, '**', '*.test.js'),
    ],
  };
}

function scriptTier(name: string, args: readonly string[], grep: string | undefined): Tier {
  const script = path.join(compiled, 'test', name, 'run.js');
  return { name, needs: [], command: [script, ...args, ...(grep === undefined ? [] : [`--grep=${grep}`])] };
}

async function runTier(tier: Tier, folder: TemporaryFolder): Promise<TierResult> {
  console.log(`\n== ${tier.name}`);
  const startedAt = performance.now();
  let counts: TestCounts;
  try {
    counts = await runTests(tier, folder.resolve(`${tier.name}.json`));
  } catch (error) {
    // One tier that cannot start does not take the others with it.
    console.error(error instanceof Error ? error.message : error);
    counts = judgeRun(undefined, null);
  }
  return { ...counts, name: tier.name, seconds: Math.round((performance.now() - startedAt) / 1000) };
}

async function runTests(tier: Tier, countsFile: string): Promise<TestCounts> {
  const hasKeyring = tier.needs.includes('keyring') && (await providePart('keyring', console.log));
  if (tier.needs.includes('browser') && !(await providePart('browser', console.log))) {
    return { passed: 0, failed: 0 };
  }
  const keyring = hasKeyring ? await PrivateKeyring.start() : undefined;
  try {
    const group = await ProcessGroup.start(process.execPath, ['--enable-source-maps', ...tier.command], {
      cwd: repositoryRoot(),
      env: { ...process.env, ...keyring?.env, [countsFileVariable]: countsFile },
      stdio: 'inherit',
    });
    const code = await endOf(group, countsFile);
    return judgeRun(readCounts(countsFile), code);
  } finally {
    await keyring?.stop();
  }
}

/** The exit code of a run, null for one that had to be ended because it did not end with its tests. */
async function endOf(group: ProcessGroup, countsFile: string): Promise<number | null> {
  let finishedAtMs: number | undefined;
  const watch = setInterval(() => {
    if (fs.existsSync(countsFile)) {
      finishedAtMs ??= performance.now();
    }
    if (finishedAtMs !== undefined && performance.now() - finishedAtMs > lingerLimitMs && group.outcome === undefined) {
      clearInterval(watch);
      console.error('The tests are over and their process goes on: something is still open, such as a watched folder.');
      void group.stop();
    }
  }, lookEveryMs);
  try {
    return (await group.ended).code;
  } finally {
    clearInterval(watch);
  }
}

async function main(): Promise<void> {
  exitOnSignals();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'allow-missing': { type: 'string', multiple: true }, grep: { type: 'string' } },
  });
  if (values['allow-missing'] !== undefined) {
    process.env['ALLOW_MISSING'] = values['allow-missing'].join(',');
  }
  const tiers = [
    mochaTier('unit', [], values.grep),
    mochaTier('integration', ['keyring'], values.grep),
    mochaTier('webview', ['browser'], values.grep),
    scriptTier('host', [], values.grep),
    scriptTier('person', ['--server=simulator', '--only=smoke'], values.grep),
  ];
  const unknown = positionals.filter((name) => !tiers.some((tier) => tier.name === name));
  if (unknown.length > 0) {
    throw new Error(`Unknown: ${unknown.join(', ')}. There are: ${tiers.map((tier) => tier.name).join(', ')}.`);
  }

  const folder = new TemporaryFolder('results');
  const results: TierResult[] = [];
  for (const tier of tiers.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    results.push(await runTier(tier, folder));
  }
  console.log('');
  for (const { name, passed, failed, seconds } of results) {
    console.log(
      `${name.padEnd(12)} ${`${passed} passed`.padStart(12)} ${`${failed} failed`.padStart(10)} ${`${seconds} s`.padStart(7)}`,
    );
  }
  const total = addCounts(results);
  const wantedFile = process.env[countsFileVariable];
  if (wantedFile !== undefined) {
    writeCounts(wantedFile, { ...total, suites: Object.fromEntries(results.map((one) => [one.name, one])) });
  }
  const { passed, failed } = total;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
