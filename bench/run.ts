// Measures the product's client beside others. docs/performance.md says what the figures mean.
//   npm run bench -- [--vms 1000,10000,50000] [--rounds 5] [--json FILE]
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeCertificate } from '../src/simulator/devCertificates';
import { exitOnSignals } from '../test/support/processes';
import { repositoryRoot } from '../test/support/repositoryRoot';
import { TemporaryFolder } from '../test/support/temporaryFolder';
import { buildPrograms, type Programs } from './build';
import { generalize } from './clients/tokenFinder';
import { CurlJob } from './clients/curl';
import { type InsideFigures, judge } from './goals';
import { type Cost, measure, median } from './measure';
import { parseBenchOptions } from './options';
import { Samples } from './rows';
import { Recorder, type RecordedRequest, readRecording } from './servers/recording';
import { type BenchServer, startServer } from './servers/start';
import { printRatios, printRows } from './table';

// A client's job on a slow line says nothing new at other sizes.
const slowLineVms = 10_000;
const slowLine = ['--rtt', '20', '--rate', String(100_000_000 / 8)];

const headBytes = 4_096;

const maxCurlAttempts = 3;

/** A client of the bench: how it is started, and which recording a replay has to have for it. */
interface Client {
  readonly name: string;
  readonly recording: 'ours' | 'govmomi' | 'fetch';
  run(server: BenchServer): Promise<Cost>;
  /** Whether it prints a checksum. */
  readonly reads: boolean;
}

type LoadFigures = Required<
  Pick<
    InsideFigures,
    'longestBlockMs' | 'longestBlockCpuMs' | 'objectsBytesPerVm' | 'viewsBytesPerVm' | 'storeBytesPerVm'
  >
>;

class Bench {
  private readonly scratch = new TemporaryFolder('bench');
  private readonly samples = new Samples();
  private readonly inside = new Map<number, InsideFigures>();
  private readonly blocks = new Map<number, number[]>();

  constructor(
    private readonly programs: Programs,
    private readonly rounds: number,
  ) {}

  async run(sizes: readonly number[]): Promise<void> {
    for (const vms of sizes) {
      await this.size(vms);
    }
  }

  report(jsonFile: string | undefined): void {
    const rows = this.samples.rows();
    const ratios = judge(rows, this.inside);
    printRows(rows);
    printRatios(ratios);
    for (const missing of this.missing()) {
      console.log(`Missing: ${missing}`);
    }
    if (jsonFile !== undefined) {
      const machine = `${os.cpus().length} × ${os.cpus()[0]?.model ?? '?'}, ${os.type()}, Node ${process.version}`;
      const inside = Object.fromEntries(this.inside);
      fs.writeFileSync(jsonFile, JSON.stringify({ machine, rows, ratios, inside, missing: this.missing() }, null, 2));
    }
  }

  dispose(): void {
    this.scratch.remove();
  }

  private missing(): string[] {
    return [
      ...(this.programs.govmomi === undefined ? ['govmomi: there is no Go'] : []),
      ...(this.programs.curl === undefined ? ['curl'] : []),
      "node-vsphere-soap: needs the server's WSDL and sends references without a type, which is refused",
    ];
  }

  private async size(vms: number): Promise<void> {
    console.log(`${vms} VMs: starting the embedded vCenter …`);
    const simulator = await startServer(this.programs.simulator, [String(vms)]);
    console.log(`  up in ${Math.round(simulator.startMs ?? 0)} ms with ${Math.round(simulator.rssMb ?? 0)} MB`);
    let requests: readonly RecordedRequest[];
    const recordings = new Map<string, string>();
    try {
      for (const client of this.clients([])) {
        if (!recordings.has(client.recording)) {
          recordings.set(client.recording, await this.record(client, simulator, vms));
        }
      }
      requests = replayable(recordings.get('ours') as string);
      await this.interleave('simulator', vms, this.clients(requests), () => simulator);
      await this.fromInside(vms, simulator);
    } finally {
      await simulator.stop();
    }
    await this.onReplay('replay', vms, requests, recordings, []);
    if (vms === slowLineVms) {
      await this.onReplay('replay 100 Mbit/s, 20 ms', vms, requests, recordings, slowLine);
      await this.onReplay('replay 100 Mbit/s, 20 ms, gzip', vms, requests, recordings, ['--gzip', ...slowLine]);
    }
  }

  private async onReplay(
    name: string,
    vms: number,
    requests: readonly RecordedRequest[],
    recordings: ReadonlyMap<string, string>,
    flags: readonly string[],
  ): Promise<void> {
    const servers = new Map<string, BenchServer>();
    try {
      for (const [recording, folder] of recordings) {
        servers.set(recording, await startServer(this.programs.replay, [folder, ...flags]));
      }
      const serverOf = (client: Client): BenchServer => servers.get(client.recording) as BenchServer;
      // On a slow line all who wait for the whole reply are alike.
      const clients = this.clients(requests).filter(({ recording }) => flags.length === 0 || recording !== 'fetch');
      await this.interleave(name, vms, clients, serverOf);
      if (flags.length === 0) {
        await this.load(vms, servers.get('ours') as BenchServer);
      }
    } finally {
      for (const server of servers.values()) {
        await server.stop();
      }
    }
  }

  /** Every client once in each round, in turn: what disturbs the machine disturbs all of them. */
  private async interleave(
    server: string,
    vms: number,
    clients: readonly Client[],
    serverOf: (client: Client) => BenchServer,
  ): Promise<void> {
    for (let round = 0; round <= this.rounds; round++) {
      for (const client of clients) {
        const cost = await client.run(serverOf(client));
        const block = /^block ([\d.]+)$/m.exec(cost.errors)?.[1];
        // The first round warms files and servers.
        if (round > 0) {
          const checksum = client.reads ? cost.output.split('\n').at(-1) : undefined;
          this.samples.add({ job: 'J', server, vms, client: client.name }, cost, checksum);
          if (client.name === 'fetch+fast-xml-parser' && block !== undefined) {
            this.blocks.set(vms, [...(this.blocks.get(vms) ?? []), Number(block)]);
          }
        }
      }
      console.log(`  ${server}: round ${round} of ${this.rounds}`);
    }
    printRows(this.samples.rows().filter((row) => row.server === server && row.vms === vms));
  }

  private clients(requests: readonly RecordedRequest[]): Client[] {
    const { programs } = this;
    const node = (name: string, script: string, recording: Client['recording']): Client => ({
      name,
      recording,
      reads: true,
      run: async (server) => await this.measure([process.execPath, script, ...accountOf(server)]),
    });
    const { govmomi, curl } = programs;
    const all: Client[] = [node('ours', programs.ours, 'ours')];
    if (requests.length > 0) {
      all.push(this.nullClient(requests));
      if (curl !== undefined) {
        all.push(this.curlClient(curl, requests));
      }
    }
    if (govmomi !== undefined) {
      all.push({
        name: 'govmomi',
        recording: 'govmomi',
        reads: true,
        run: async (server) => await this.measure([govmomi, ...accountOf(server)]),
      });
    }
    all.push(node('fetch+saxes', programs.saxes, 'fetch'));
    all.push(node('fetch+fast-xml-parser', programs.fastXmlParser, 'fetch'));
    return all;
  }

  private nullClient(requests: readonly RecordedRequest[]): Client {
    const file = this.scratch.resolve('requests.json');
    fs.writeFileSync(file, JSON.stringify(requests));
    return {
      name: 'null client',
      recording: 'ours',
      reads: false,
      run: async (server) =>
        await this.measure([process.execPath, this.programs.nullClient, ...accountOf(server)], { NULL_REQUESTS: file }),
    };
  }

  private curlClient(curl: string, requests: readonly RecordedRequest[]): Client {
    return {
      name: 'curl',
      recording: 'ours',
      reads: false,
      run: async ({ url }) => {
        for (let attempt = 1; ; attempt++) {
          const job = new CurlJob(this.scratch.path, requests);
          try {
            return await measure(this.scratch.path, [curl, ...job.arguments(url)], {}, (child) => job.feed(child));
          } catch (error) {
            // Now and then curl wants to send a body once more, and a pipe cannot be read twice.
            if (attempt === maxCurlAttempts || !String(error).includes('seek callback')) {
              throw error;
            }
          }
        }
      },
    };
  }

  private async measure(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Cost> {
    return await measure(this.scratch.path, command, env);
  }

  private async record(client: Client, simulator: BenchServer, vms: number): Promise<string> {
    const folder = this.scratch.resolve(`${client.recording}-${vms}`);
    const { certificate, privateKey, sha256 } = await makeCertificate();
    const recorder = await Recorder.start(simulator.url, folder, { cert: certificate, key: privateKey }, '127.0.0.2');
    try {
      await client.run({ ...simulator, url: recorder.url, sha256 });
    } finally {
      await recorder.stop();
    }
    return folder;
  }

  private async fromInside(vms: number, simulator: BenchServer): Promise<void> {
    const env = { INSIDE: 'follow', CONTROL: JSON.stringify(simulator.control) };
    const follow = await this.look<{ readonly changeToEventMs: number }>(simulator, env);
    this.note(vms, { changeToEventMs: follow.changeToEventMs });
  }

  private async load(vms: number, replay: BenchServer): Promise<void> {
    const all: LoadFigures[] = [];
    for (let round = 0; round < this.rounds; round++) {
      all.push(await this.look(replay, { INSIDE: 'load' }));
    }
    // Here and not on the simulator, which packs its replies for us and not for whoever does not ask.
    const call = await this.look<{ readonly oursMs: number; readonly bareMs: number }>(replay, { INSIDE: 'call' });
    const of = (name: keyof LoadFigures): number => median(all.map((figures) => figures[name]));
    const blocks = this.blocks.get(vms);
    this.note(vms, {
      smallCallMs: call.oursMs,
      bareCallMs: call.bareMs,
      longestBlockMs: of('longestBlockMs'),
      longestBlockCpuMs: of('longestBlockCpuMs'),
      objectsBytesPerVm: of('objectsBytesPerVm'),
      viewsBytesPerVm: of('viewsBytesPerVm'),
      storeBytesPerVm: of('storeBytesPerVm'),
      ...(blocks !== undefined && { wholeDocumentBlockMs: median(blocks) }),
    });
  }

  private async look<T>(server: BenchServer, env: NodeJS.ProcessEnv): Promise<T> {
    const command = [process.execPath, '--expose-gc', this.programs.inside, ...accountOf(server)];
    return JSON.parse((await this.measure(command, env)).output) as T;
  }

  private note(vms: number, figures: InsideFigures): void {
    this.inside.set(vms, { ...this.inside.get(vms), ...figures });
  }
}

function accountOf({ url, user, password, sha256 }: BenchServer): string[] {
  return [url, user, password, sha256];
}

/** The calls of a recording, fit for another session. */
function replayable(folder: string): RecordedRequest[] {
  const { requests, replies, bodies } = readRecording(folder);
  const heads = replies.map(({ method, offset, length }) => ({
    method,
    head: bodies.toString('latin1', offset, offset + Math.min(length, headBytes)),
  }));
  const general = generalize(requests, heads);
  return requests.map((request, index) => ({ ...request, body: general[index] ?? request.body }));
}

async function main(): Promise<void> {
  exitOnSignals();
  const options = parseBenchOptions(process.argv.slice(2));
  const root = repositoryRoot();
  const programs = await buildPrograms(root, path.join(root, 'out', 'bench'));
  const bench = new Bench(programs, options.rounds);
  try {
    await bench.run(options.vms);
    bench.report(options.jsonFile);
  } finally {
    bench.dispose();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
