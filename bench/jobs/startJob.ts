import type { BenchJob } from '../bench';
import { goals } from '../goals';
import { median } from '../measure';
import { startServer } from '../servers/start';

// The size for which there is a goal, and which is the only one that takes time.
const vms = 50_000;

/** How long the embedded vCenter takes until it serves many VMs, as a process, and what it needs then. */
export const startJob: BenchJob = {
  name: 'start',
  async run(bench) {
    if (!bench.options.vms.includes(vms)) {
      return;
    }
    console.log(`${vms} VMs: start of the embedded vCenter`);
    const walls: number[] = [];
    const sizes: number[] = [];
    for (let round = 0; round <= bench.options.rounds; round++) {
      const server = await startServer(bench.programs.simulator, [String(vms)]);
      const { startMs: wallMs, cpuMs = NaN, rssMb = NaN } = server;
      await server.stop();
      if (round > 0) {
        walls.push(wallMs);
        sizes.push(rssMb);
        const key = { job: 'start', server: 'simulator', vms, client: 'simulator' };
        bench.samples.add(key, { wallMs, cpuMs, rssMb }, null, 'bench');
      }
    }
    bench.verdicts.add(`${vms} VMs: start of the embedded vCenter, ms`, median(walls), goals.simulatorStartMs);
    bench.verdicts.add(
      `${vms} VMs: memory of the embedded vCenter at its start, MB`,
      median(sizes),
      goals.simulatorRssMB,
    );
  },
};
