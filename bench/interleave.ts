import type { Bench } from './bench';
import type { JobClient } from './clients/jobClients';
import type { Cost } from './measure';
import type { BenchServer } from './servers/start';
import { printRows } from './table';

/** Clients that do the same job. */
export interface Race {
  /** What the rows call the server. */
  readonly server: string;
  readonly vms: number;
  readonly clients: readonly JobClient[];
  readonly serverOf: (client: JobClient) => BenchServer;
  /** Servers with the same one have to be read alike. */
  readonly inventory: string;
  readonly onCost?: (client: JobClient, cost: Cost) => void;
}

/** Every client once in each round, in turn: what disturbs the machine disturbs all of them. */
export async function interleave(bench: Bench, race: Race): Promise<void> {
  const { server, vms, inventory } = race;
  const { rounds } = bench.options;
  const clients = new Set(race.clients);
  for (let round = 0; round <= rounds; round++) {
    for (const client of clients) {
      const cost = await runUnlessBroken(bench, race, client);
      if (cost === undefined) {
        clients.delete(client);
        continue;
      }
      // The first round warms files and servers.
      if (round > 0) {
        bench.samples.add({ job: 'J', server, vms, client: client.name }, cost, client.checksumOf(cost), inventory);
        race.onCost?.(client, cost);
      }
    }
    console.log(`  ${server}: ${round === 0 ? 'warmed up' : `round ${round} of ${rounds}`}`);
  }
  printRows(bench.samples.rows().filter((row) => row.job === 'J' && row.server === server && row.vms === vms));
}

async function runUnlessBroken(bench: Bench, race: Race, client: JobClient): Promise<Cost | undefined> {
  try {
    return await client.run(race.serverOf(client));
  } catch (error) {
    if (client.isAbandoned !== true || !(error instanceof Error)) {
      throw error;
    }
    bench.missing(`${client.name} on ${race.server} with ${race.vms} VMs`, error.message);
    return undefined;
  }
}
