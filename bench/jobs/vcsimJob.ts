import type { BenchJob } from '../bench';
import { jobClients } from '../clients/jobClients';
import { interleave } from '../interleave';
import { startVcsim } from '../servers/start';
import { recordOurs } from './recordings';

// It keeps more than 50 KB a VM and walks through all of them for each call; beyond that it is what would be measured.
const maxVms = 10_000;

/** Job J against VMware's simulator of a vCenter. */
export const vcsimJob: BenchJob = {
  name: 'vcsim',
  async run(bench) {
    const { vcsim } = bench.programs;
    if (vcsim === undefined) {
      return;
    }
    for (const vms of bench.options.vms) {
      if (vms > maxVms) {
        bench.missing(`vcsim with ${vms} VMs`, `left out: more than ${maxVms} measure vcsim and not its clients`);
        continue;
      }
      console.log(`${vms} VMs: job J on vcsim`);
      const server = await startVcsim(vcsim, vms);
      console.log(`  up in ${Math.round(server.startMs)} ms`);
      try {
        const clients = jobClients(bench, await recordOurs(bench, server, `vcsim-${vms}`));
        await interleave(bench, { server: 'vcsim', vms, clients, serverOf: () => server, inventory: 'vcsim' });
      } finally {
        await server.stop();
      }
    }
  },
};
