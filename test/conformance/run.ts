// Judges the client by VMware's servers, the embedded vCenter by VMware's clients, and exports by LibreOffice.
//   node out/js/test/conformance/run.js [--latest] [--grep=TEXT] [--allow-missing=NAME]
import path from 'node:path';
import { parseArgs } from 'node:util';

import { findOffice, providePart } from '../support/machineParts';
import { provideGoPeers } from '../support/peers/goPeers';
import { providePythonPeer } from '../support/peers/pythonPeer';
import { exitOnSignals, ProcessGroup } from '../support/processes';
import { repositoryRoot } from '../support/repositoryRoot';
import { countsFileVariable, judgeRun, readCounts, writeCounts } from '../support/run/testCounts';
import { TemporaryFolder } from '../support/temporaryFolder';

async function main(): Promise<void> {
  exitOnSignals();
  const { values } = parseArgs({
    options: {
      latest: { type: 'boolean' },
      grep: { type: 'string' },
      'allow-missing': { type: 'string', multiple: true },
    },
  });
  if (values['allow-missing'] !== undefined) {
    process.env['ALLOW_MISSING'] = values['allow-missing'].join(',');
  }
  const newest = values.latest === true;
  const go = await provideGoPeers(newest, console.log);
  const python = await providePythonPeer(newest, console.log);

  const office = (await providePart('office', console.log)) ? findOffice() : undefined;

  const folder = new TemporaryFolder('conformance');
  const countsFile = folder.resolve('counts.json');
  const group = await ProcessGroup.start(
    process.execPath,
    [
      '--enable-source-maps',
      require.resolve('mocha/bin/mocha.js'),
      ...['--reporter', path.join(__dirname, '..', 'support', 'run', 'countingReporter.js')],
      // Each test starts servers and clients of its own.
      ...['--timeout', '120000'],
      ...(values.grep === undefined ? [] : ['--grep', values.grep]),
      path.join(__dirname, '*.test.js'),
    ],
    {
      cwd: repositoryRoot(),
      env: {
        ...process.env,
        [countsFileVariable]: countsFile,
        ...(go !== undefined && { PEER_VCSIM: go.vcsim, PEER_GOVC: go.govc }),
        ...(python !== undefined && { PEER_PYTHON: python }),
        ...(office !== undefined && { PEER_OFFICE: office }),
      },
      stdio: 'inherit',
    },
  );
  const { code } = await group.ended;
  const counts = readCounts(countsFile);
  const total = judgeRun(counts, code);
  const wanted = process.env[countsFileVariable];
  if (wanted !== undefined) {
    writeCounts(wanted, { ...total, suites: counts?.suites ?? {} });
  }
  const presence = (part: string | undefined): string => (part === undefined ? 'missing' : 'present');
  console.log(
    `Peers: govmomi ${go?.version ?? 'missing'}, pyVmomi ${presence(python)}, LibreOffice ${presence(office)}`,
  );
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
