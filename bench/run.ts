// Measures the product's client beside others. docs/performance.md says what the figures mean.
//   npm run bench -- [--vms 1000,10000,50000] [--rounds 5] [--json FILE] [--jobs NAME,NAME] [--pictures FOLDER]
import path from 'node:path';
import { exitOnSignals } from '../test/support/processes';
import { repositoryRoot } from '../test/support/repositoryRoot';
import { Bench, type BenchJob } from './bench';
import { buildPrograms, optionalPrograms, type Programs } from './build';
import { readJob } from './jobs/readJob';
import { severalJob } from './jobs/severalJob';
import { startJob } from './jobs/startJob';
import { vcsimJob } from './jobs/vcsimJob';
import { managerJob } from './manager/managerJob';
import { parseBenchOptions } from './options';
import { workbenchJob } from './workbench/workbenchJob';

// In the order in which they run.
const jobs: readonly BenchJob[] = [startJob, readJob, vcsimJob, severalJob, managerJob, workbenchJob];

// Every server that runs listens for the end of this process.
const maxServers = 32;

async function main(): Promise<void> {
  exitOnSignals();
  process.setMaxListeners(maxServers);
  const options = parseBenchOptions(
    process.argv.slice(2),
    jobs.map(({ name }) => name),
  );
  const root = repositoryRoot();
  const programs = await buildPrograms(root, path.join(root, 'out', 'bench'));
  const bench = new Bench(programs, options);
  try {
    for (const [name, reason] of Object.entries(optionalPrograms)) {
      if (programs[name as keyof Programs] === undefined) {
        bench.missing(name, reason);
      }
    }
    for (const job of jobs.filter(({ name }) => options.jobs?.includes(name) ?? true)) {
      const startedMs = performance.now();
      try {
        await job.run(bench);
      } catch (error) {
        // What the others have measured in an hour counts all the same.
        console.error(error);
        bench.missing(job.name, error instanceof Error ? error.message : String(error));
        process.exitCode = 1;
      }
      console.log(`${job.name} has taken ${Math.round((performance.now() - startedMs) / 1_000)} s`);
    }
    bench.report();
  } finally {
    bench.dispose();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
