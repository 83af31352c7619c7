import type { Bench, BenchJob } from '../bench';
import { goals } from '../goals';
import type { Neighbour, SeveralFigures } from '../inside/several';
import { median } from '../measure';
import { round } from '../rows';
import { type BenchServer, startServer } from '../servers/start';

const vmsPerServer = 5_000;
const steadyServers = 7;
const moods = ['dead', 'slow', 'flapping'];

/** Ten servers in one window: what seven of them get to feel of a dead one, a slow one and one that comes and goes. */
export const severalJob: BenchJob = {
  name: 'several',
  async run(bench) {
    console.log(`${steadyServers} + ${moods.length} servers of ${vmsPerServer} VMs`);
    const servers: BenchServer[] = [];
    try {
      const started = [...Array.from({ length: steadyServers }, () => ''), ...moods].map(async (mood) => {
        const server = await startServer(bench.programs.simulator, [String(vmsPerServer), mood]);
        servers.push(server);
        return server;
      });
      const all = await Promise.all(started);
      await compare(bench, all.slice(0, steadyServers), all.slice(steadyServers));
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  },
};

async function compare(bench: Bench, steady: readonly BenchServer[], troubled: readonly BenchServer[]): Promise<void> {
  const { rounds } = bench.options;
  const alone: SeveralFigures[] = [];
  const together: SeveralFigures[] = [];
  // The same seven by themselves and with the others, in turn.
  for (let turn = 0; turn <= rounds; turn++) {
    const quiet = await look(bench, steady, []);
    const busy = await look(bench, steady, troubled);
    if (busy.losses === 0) {
      throw new Error('no session with the flapping server was lost');
    }
    if (turn > 0) {
      alone.push(quiet);
      together.push(busy);
    }
    console.log(`  several servers: ${turn === 0 ? 'warmed up' : `round ${turn} of ${rounds}`}`);
  }
  const add = (what: string, key: keyof SeveralFigures): void => {
    const of = (figures: readonly SeveralFigures[]): number => median(figures.map((each) => each[key]));
    bench.verdicts.add(
      `${steady.length} servers beside ${troubled.length} in trouble: ${what} (${round(of(together))} ms) against the same alone`,
      of(together) / of(alone),
      goals.besideOthers,
    );
  };
  add('load', 'loadMs');
  add('change to event', 'changeToEventMs');
  add('longest block of the event loop', 'longestBlockMs');
  add('longest block of the event loop in CPU', 'longestBlockCpuMs');
}

async function look(
  bench: Bench,
  steady: readonly BenchServer[],
  troubled: readonly BenchServer[],
): Promise<SeveralFigures> {
  const neighbours: Neighbour[] = [
    ...troubled.map(({ url, user, password, sha256 }) => ({ url, user, password, sha256 })),
    ...steady.map(({ url, user, password, sha256, control }) => {
      if (control === undefined) {
        throw new Error('a steady server that cannot be changed');
      }
      return { url, user, password, sha256, control };
    }),
  ];
  const env = { INSIDE: 'several', SERVERS: JSON.stringify(neighbours) };
  const { output } = await bench.measure([process.execPath, bench.programs.inside], env);
  return JSON.parse(output) as SeveralFigures;
}
