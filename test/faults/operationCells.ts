import { SimulatorProcess } from '../support/faults/simulatorProcess';
import { faultsFor } from './faultCatalogue';
import { deeds } from './judgement';
import { JudgeProcess } from './judgeProcess';
import type { Chapter } from './laboratory';
import { type Job, Lane } from './lane';

// A merge takes a tenth of a second: long enough for something to happen meanwhile.
const speed = '12';

// Finished tasks stay on a server for ten minutes; so a server serves so many cells and is then replaced.
const cellsPerServer = 200;

// Each waits most of the time.
const lanes = 3;

// A reply to a write, with its header, is shorter. What is cut behind its end is not cut, and passes as such.
const longestReplyBytes = 760;

// A sample of offsets that meets every part of a reply.
const quickStepBytes = 60;

/** Every operation under every fault, on the embedded vCenter. */
export async function operationCells({ isQuick, isWanted, report }: Chapter): Promise<void> {
  const offsets = Array.from({ length: longestReplyBytes }, (_, at) => at).filter(
    (at) => !isQuick || at % quickStepBytes === 7,
  );
  const jobs = deeds
    .flatMap((deed) => faultsFor(deed, offsets).map((fault): Job => ({ deed, fault })))
    .filter(({ deed, fault }) => isWanted(`${deed}: ${fault.name} ${fault.where}`));
  for (let from = 0; from < jobs.length; from += cellsPerServer) {
    await onOneServer(jobs.slice(from, from + cellsPerServer), from, report);
    process.stderr.write(`operations: ${Math.min(from + cellsPerServer, jobs.length)} of ${jobs.length} cells\n`);
  }
}

async function onOneServer(jobs: readonly Job[], from: number, report: Chapter['report']): Promise<void> {
  const server = await SimulatorProcess.start(SimulatorProcess.program, '--vms', '3', '--speed', speed);
  const judge = JudgeProcess.start(server.control);
  try {
    let next = 0;
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        const lane = await Lane.open(server, judge);
        for (let at = next++; at < jobs.length; at = next++) {
          report(await lane.run(jobs[at] as Job, from + at));
        }
        await lane.close();
      }),
    );
  } finally {
    judge.stop();
    await server.stop();
  }
}
