import type { Bench, BenchJob } from '../bench';
import { accountOf, jobClients, type RecordingKind } from '../clients/jobClients';
import { goals } from '../goals';
import type { CallFigures } from '../inside/call';
import type { FollowFigures } from '../inside/follow';
import type { LoadFigures } from '../inside/load';
import { interleave } from '../interleave';
import { median } from '../measure';
import { round } from '../rows';
import type { RecordedRequest } from '../servers/recording';
import { type BenchServer, startServer } from '../servers/start';
import { recordAll, type Recordings, replayable } from './recordings';

// A client's job on a slow line says nothing new at other sizes.
const slowLineVms = 10_000;
const slowLine = ['--rtt', '20', '--rate', String(100_000_000 / 8)];

// With fewer, what the client needs by itself would count as theirs.
const minVmsForBytes = 10_000;
// The size for which there is a goal.
const minVmsForServerSize = 50_000;
// With fewer, a whole document is soon read as well.
const minVmsForBlockShare = 50_000;

/**
 * Job J, for each number of VMs: all clients against the embedded vCenter and against replays of it; and what can only be
 * seen from inside of the process that holds the store.
 */
export const readJob: BenchJob = {
  name: 'read',
  async run(bench) {
    for (const vms of bench.options.vms) {
      await new ReadJob(bench, vms).run();
    }
  },
};

class ReadJob {
  private readonly inventory = 'bench';
  /** The blocks of fast-xml-parser on the whole document. */
  private readonly wholeDocumentBlocksMs: number[] = [];

  constructor(
    private readonly bench: Bench,
    private readonly vms: number,
  ) {}

  async run(): Promise<void> {
    const { bench, vms } = this;
    console.log(`${vms} VMs: job J`);
    const simulator = await startServer(bench.programs.simulator, [String(vms)]);
    let recordings: Recordings;
    let requests: readonly RecordedRequest[];
    try {
      recordings = await recordAll(bench, simulator, String(vms));
      requests = replayable(recordings.get('ours') as string);
      await this.race('simulator', requests, () => simulator);
      await this.follow(simulator);
      this.weigh(simulator);
    } finally {
      await simulator.stop();
    }
    await this.onReplay('replay', requests, recordings, []);
    if (vms === slowLineVms) {
      await this.onReplay('replay 100 Mbit/s, 20 ms', requests, recordings, slowLine);
      await this.onReplay('replay 100 Mbit/s, 20 ms, gzip', requests, recordings, ['--gzip', ...slowLine]);
    }
  }

  private async race(
    server: string,
    requests: readonly RecordedRequest[],
    serverOf: (recording: RecordingKind | undefined) => BenchServer | undefined,
  ): Promise<void> {
    const { bench, vms, inventory } = this;
    await interleave(bench, {
      server,
      vms,
      inventory,
      clients: jobClients(bench, requests).filter(({ recording }) => serverOf(recording) !== undefined),
      serverOf: ({ recording }) => serverOf(recording) as BenchServer,
      onCost: ({ name }, { errors }) => {
        const block = /^block ([\d.]+)$/m.exec(errors)?.[1];
        if (name === 'fetch+fast-xml-parser' && block !== undefined) {
          this.wholeDocumentBlocksMs.push(Number(block));
        }
      },
    });
  }

  private async onReplay(
    name: string,
    requests: readonly RecordedRequest[],
    recordings: Recordings,
    flags: readonly string[],
  ): Promise<void> {
    const isSlow = flags.length > 0;
    const servers = new Map<RecordingKind | undefined, BenchServer>();
    try {
      for (const [recording, folder] of recordings) {
        // On a slow line all who wait for the whole reply are alike.
        if (!isSlow || recording === 'ours' || recording === 'govmomi') {
          servers.set(recording, await startServer(this.bench.programs.replay, [folder, ...flags]));
        }
      }
      await this.race(name, requests, (recording) => servers.get(recording));
      if (!isSlow) {
        await this.inside(servers.get('ours') as BenchServer);
      }
    } finally {
      for (const server of servers.values()) {
        await server.stop();
      }
    }
  }

  /** What the embedded vCenter has come to with all that was asked of it. */
  private weigh(simulator: BenchServer): void {
    const peakMb = simulator.peakRssMb();
    if (peakMb !== undefined && this.vms >= minVmsForServerSize) {
      const name = `${this.vms} VMs: memory of the embedded vCenter after everything, MB`;
      this.bench.verdicts.add(name, peakMb, goals.simulatorRssMB);
    }
  }

  /** From a change on the server to the store's event, beside a client that throws away what it is told. */
  private async follow(simulator: BenchServer): Promise<void> {
    const env = { INSIDE: 'follow', CONTROL: JSON.stringify(simulator.control) };
    const { oursMs, bareMs, fillingMs } = await this.look<FollowFigures>(simulator, env);
    console.log(
      `  the filter's own beginning has come in ${Math.round(fillingMs)} ms after the inventory was complete`,
    );
    this.bench.verdicts.add(
      `${this.vms} VMs: change on the server to the store's event (${round(oursMs)} ms) above a bare client's reply (${round(bareMs)} ms), ms`,
      oursMs - bareMs,
      goals.changeToEventMs,
    );
  }

  private async inside(replay: BenchServer): Promise<void> {
    const { bench, vms, wholeDocumentBlocksMs } = this;
    const all: LoadFigures[] = [];
    for (let turn = 0; turn < bench.options.rounds; turn++) {
      all.push(await this.look(replay, { INSIDE: 'load' }));
    }
    const of = (name: keyof LoadFigures): number => median(all.map((figures) => figures[name]));
    const add = (what: string, value: number, goal: number): void => {
      bench.verdicts.add(`${vms} VMs: ${what}`, value, goal);
    };
    const longestBlockMs = of('longestBlockMs');
    add('longest block of the event loop, ms', longestBlockMs, goals.longestBlockMs);
    add('longest block of the event loop, ms of CPU', of('longestBlockCpuMs'), goals.longestBlockMs);
    if (vms >= minVmsForBlockShare) {
      const share = longestBlockMs / median(wholeDocumentBlocksMs);
      add('longest block against whole-document fast-xml-parser', share, goals.longestBlockShare);
    }
    if (vms >= minVmsForBytes) {
      add('bytes a VM, the objects alone', of('objectsBytesPerVm'), goals.objectsBytesPerVm);
      add('bytes a VM, the store with both views', of('viewsBytesPerVm'), goals.storeBytesPerVm);
      add('bytes a VM, and what merges updates', of('storeBytesPerVm'), goals.storeBytesPerVm);
    }
    if (vms !== Math.max(...bench.options.vms)) {
      return;
    }
    // Here and not on the simulator, which packs its replies for us and not for whoever does not ask.
    const { oursMs, bareMs } = await this.look<CallFigures>(replay, { INSIDE: 'call' });
    add(`warm small call (${round(oursMs)} ms) against bare node:https`, oursMs / bareMs, goals.smallCall);
  }

  private async look<T>(server: BenchServer, env: NodeJS.ProcessEnv): Promise<T> {
    const command = [process.execPath, '--expose-gc', this.bench.programs.inside, ...accountOf(server)];
    return JSON.parse((await this.bench.measure(command, env)).output) as T;
  }
}
