// Runs the scenarios of test/person against servers, and shows which operation worked on which.
//   node out/js/test/person/run.js [--server=simulator|vcsim …] [--only=NAME …] [--grep=TEXT] [--allow-missing=NAME]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { type GoPeers, provideGoPeers } from '../support/peers/goPeers';
import { exitOnSignals, ProcessGroup } from '../support/processes';
import { repositoryRoot } from '../support/repositoryRoot';
import {
  addCounts,
  countsFileVariable,
  judgeRun,
  readCounts,
  type RunCounts,
  suiteSeparator,
  type TestCounts,
  writeCounts,
} from '../support/run/testCounts';
import { TemporaryFolder } from '../support/temporaryFolder';
import { isServerKind, serverKinds, serverKindVariable, type ServerKind } from '../support/servers/serverKind';

import { absence, operationRows, operationsSuite } from './operations/operationRows';

// What runs with VMware's simulator. The others have nothing to do with the kind of server, and run with the embedded
// vCenter only.
const onVcsim: readonly string[] = ['addServer', 'operations', 'twoServers'];
const onlyOnVcsim: readonly string[] = ['twoServers'];

interface Request {
  readonly servers: readonly ServerKind[];
  readonly files: readonly string[];
  readonly grep: string | undefined;
  /** Whether all scenarios are to run, so that one that does not is missing. */
  readonly isWhole: boolean;
}

function readRequest(): Request {
  const { values } = parseArgs({
    options: {
      server: { type: 'string', multiple: true },
      only: { type: 'string', multiple: true },
      grep: { type: 'string' },
      'allow-missing': { type: 'string', multiple: true },
    },
  });
  if (values['allow-missing'] !== undefined) {
    process.env['ALLOW_MISSING'] = values['allow-missing'].join(',');
  }
  const scenarios = fs.readdirSync(__dirname).filter((name) => name.endsWith('.test.js'));
  const names = values.only?.map((name) => `${name}.test.js`) ?? scenarios;
  const unknown = names.filter((name) => !scenarios.includes(name));
  if (unknown.length > 0) {
    const known = scenarios.map((name) => path.basename(name, '.test.js'));
    throw new Error(`There is no ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  }
  return {
    servers: (values.server ?? serverKinds).map((name) => {
      if (!isServerKind(name)) {
        throw new Error(`--server is one of ${serverKinds.join(', ')}, not ${name}.`);
      }
      return name;
    }),
    files: names.map((name) => path.join(__dirname, name)),
    grep: values.grep,
    isWhole: values.only === undefined && values.grep === undefined,
  };
}

async function runAgainst(
  server: ServerKind,
  request: Request,
  peers: GoPeers | undefined,
  folder: TemporaryFolder,
): Promise<RunCounts> {
  console.log(`\nOn ${server}:`);
  const countsFile = folder.resolve(`${server}.json`);
  const files = request.files.filter((file) => {
    const name = path.basename(file, '.test.js');
    return server === 'vcsim' ? onVcsim.includes(name) : !onlyOnVcsim.includes(name);
  });
  if (files.length === 0) {
    console.log('  nothing of what was asked for depends on the server');
    return { passed: 0, failed: 0, suites: {} };
  }
  const group = await ProcessGroup.start(
    process.execPath,
    [
      '--enable-source-maps',
      require.resolve('mocha/bin/mocha.js'),
      ...['--reporter', path.join(__dirname, '..', 'support', 'run', 'countingReporter.js')],
      // A scenario waits for real windows and real tasks; each wait has a limit of its own, far below this one.
      ...['--timeout', '300000'],
      ...(request.grep === undefined ? [] : ['--grep', request.grep]),
      ...files,
    ],
    {
      cwd: repositoryRoot(),
      env: {
        ...process.env,
        [countsFileVariable]: countsFile,
        [serverKindVariable]: server,
        ...(peers !== undefined && { PEER_VCSIM: peers.vcsim, PEER_GOVC: peers.govc }),
      },
      stdio: 'inherit',
    },
  );
  const { code } = await group.ended;
  const counts = readCounts(countsFile);
  return { ...judgeRun(counts, code), suites: counts?.suites ?? {} };
}

type Results = ReadonlyMap<ServerKind, RunCounts>;

/** What became of an operation on a server. One that was to run and did not has failed. */
function judgeOperation(name: string, { suites }: RunCounts, isWholeRun: boolean): TestCounts {
  return suites[operationSuite(name)] ?? { passed: 0, failed: isWholeRun ? 1 : 0 };
}

function ranOperations({ suites }: RunCounts): boolean {
  return Object.keys(suites).some((name) => name.startsWith(operationSuite('')));
}

function operationSuite(name: string): string {
  return `${operationsSuite}${suiteSeparator}${name}`;
}

/** Operations down, servers across. What a server cannot do is named, and counts only when that was proven, too. */
function printOperations(results: Results, isWholeRun: boolean): void {
  const cell = (name: string, kind: ServerKind, counts: RunCounts): string => {
    const { passed, failed } = judgeOperation(name, counts, isWholeRun);
    if (passed + failed === 0) {
      return 'not run';
    }
    if (failed > 0) {
      return 'FAILED';
    }
    const reason = absence(name, kind);
    return reason === undefined ? 'works' : `not there: ${reason}`;
  };
  printTable(
    'operation',
    operationRows.map(({ name }) => name),
    results,
    cell,
  );
}

function printOthers(results: Results): void {
  const all = [...results.values()].flatMap(({ suites }) => Object.keys(suites));
  const names = [...new Set(all)].filter((name) => !name.startsWith(operationSuite('')));
  if (names.length === 0) {
    return;
  }
  printTable('scenarios', names, results, (name, _kind, { suites }) => {
    const { passed, failed } = suites[name] ?? { passed: 0, failed: 0 };
    return passed + failed === 0 ? '–' : failed > 0 ? `${failed} FAILED` : `${passed} passed`;
  });
}

function printTable(
  title: string,
  names: readonly string[],
  results: Results,
  cell: (name: string, kind: ServerKind, counts: RunCounts) => string,
): void {
  const rows = [
    [title, ...results.keys()],
    ...names.map((name) => [name, ...[...results].map(([kind, counts]) => cell(name, kind, counts))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  console.log('');
  for (const row of rows) {
    console.log(
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** Operations that were to be tried and were not, each as one that failed. */
function missingOperations(results: Results, isWholeRun: boolean): readonly TestCounts[] {
  return [...results.values()].flatMap((counts) =>
    operationRows
      .filter(({ name }) => counts.suites[operationSuite(name)] === undefined)
      .map(({ name }) => judgeOperation(name, counts, isWholeRun)),
  );
}

async function main(): Promise<void> {
  exitOnSignals();
  const request = readRequest();
  const folder = new TemporaryFolder('person');
  const results = new Map<ServerKind, RunCounts>();
  const peers = request.servers.includes('vcsim') ? await provideGoPeers(false, console.log) : undefined;
  for (const server of request.servers) {
    if (server === 'vcsim' && peers === undefined) {
      continue;
    }
    results.set(server, await runAgainst(server, request, peers, folder));
  }
  const isWholeRun = request.isWhole;
  if (isWholeRun || [...results.values()].some(ranOperations)) {
    printOperations(results, isWholeRun);
  }
  printOthers(results);
  const total = addCounts([...results.values(), ...missingOperations(results, isWholeRun)]);
  const suites = Object.fromEntries(
    [...results].flatMap(([server, { suites: own }]) =>
      Object.entries(own).map(([name, counts]) => [`${name} on ${server}`, counts]),
    ),
  );
  const countsFile = process.env[countsFileVariable];
  if (countsFile !== undefined) {
    writeCounts(countsFile, { ...total, suites });
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
