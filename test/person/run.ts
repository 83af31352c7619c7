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
  type TestCounts,
  writeCounts,
} from '../support/run/testCounts';
import { TemporaryFolder } from '../support/temporaryFolder';
import { isServerKind, serverKinds, serverKindVariable, type ServerKind } from '../support/servers/serverKind';

interface Request {
  readonly servers: readonly ServerKind[];
  readonly files: readonly string[];
  readonly grep: string | undefined;
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
  const group = await ProcessGroup.start(
    process.execPath,
    [
      '--enable-source-maps',
      require.resolve('mocha/bin/mocha.js'),
      ...['--reporter', path.join(__dirname, '..', 'support', 'run', 'countingReporter.js')],
      // A scenario waits for real windows and real tasks; each wait has a limit of its own, far below this one.
      ...['--timeout', '300000'],
      ...(request.grep === undefined ? [] : ['--grep', request.grep]),
      ...request.files,
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

/** Operations down, servers across. What did not run on a server is a dash, and does not pass for good. */
function printTable(results: ReadonlyMap<ServerKind, RunCounts>): void {
  const operations = [...new Set([...results.values()].flatMap(({ suites }) => Object.keys(suites)))];
  const width = Math.max(12, ...operations.map((name) => name.length)) + 2;
  const cell = (counts: TestCounts | undefined): string =>
    counts === undefined ? '–' : counts.failed === 0 ? `${counts.passed} passed` : `${counts.failed} FAILED`;
  console.log(`\n${'operation'.padEnd(width)}${[...results.keys()].map((name) => name.padEnd(14)).join('')}`);
  for (const operation of operations) {
    const cells = [...results.values()].map(({ suites }) => cell(suites[operation]).padEnd(14));
    console.log(`${operation.padEnd(width)}${cells.join('')}`);
  }
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
  printTable(results);
  const total = addCounts([...results.values()]);
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
