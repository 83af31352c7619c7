import * as fs from 'node:fs';
import type { Bench } from '../bench';
import { type Cost, measure } from '../measure';
import type { RecordedRequest } from '../servers/recording';
import type { BenchServer } from '../servers/start';
import { CurlJob } from './curl';
import { govcArguments, govcEnvironment, govcFacts } from './govc';

// Now and then curl wants to send a body once more, and a pipe cannot be read twice.
const maxCurlAttempts = 3;

/** A kind of calls that a replay can have. */
export type RecordingKind = 'ours' | 'govmomi' | 'fetch';

/** A program that does job J. */
export interface JobClient {
  readonly name: string;
  /** Which recording a replay has to have for it; undefined: it runs against servers that live only. */
  readonly recording: RecordingKind | undefined;
  /** Nobody keeps it up to date: where it cannot do the job, it is named as missing, with what it said. */
  readonly isAbandoned?: boolean;
  run(server: BenchServer): Promise<Cost>;
  /** What it has read; null when it looks at nothing. */
  checksumOf(cost: Cost): string | null;
}

/**
 * Everybody who is there.
 *
 * @param requests - what ours asks, for those who ask the same; they are left out without
 */
export function jobClients(bench: Bench, requests: readonly RecordedRequest[] | undefined): readonly JobClient[] {
  const { programs } = bench;
  const program = (name: string, recording: RecordingKind, ...command: readonly string[]): JobClient => ({
    name,
    recording,
    run: async (server) => await bench.measure([...command, ...accountOf(server)]),
    checksumOf: lastLine,
  });
  const { govmomi, govc, curl } = programs;
  return [
    program('ours', 'ours', process.execPath, programs.ours),
    ...(requests === undefined ? [] : [nullClient(bench, requests)]),
    ...(requests === undefined || curl === undefined ? [] : [curlClient(bench, curl, requests)]),
    ...(govmomi === undefined ? [] : [program('govmomi', 'govmomi', govmomi)]),
    ...(govc === undefined ? [] : [govcClient(bench, govc)]),
    program('fetch+saxes', 'fetch', process.execPath, programs.saxes),
    program('fetch+fast-xml-parser', 'fetch', process.execPath, programs.fastXmlParser),
    nodeVsphereSoapClient(bench),
  ];
}

function nullClient(bench: Bench, requests: readonly RecordedRequest[]): JobClient {
  const file = bench.scratch.resolve('requests.json');
  fs.writeFileSync(file, JSON.stringify(requests));
  return {
    name: 'null client',
    recording: 'ours',
    run: async (server) =>
      await bench.measure([process.execPath, bench.programs.nullClient, ...accountOf(server)], { NULL_REQUESTS: file }),
    checksumOf: () => null,
  };
}

function curlClient(bench: Bench, curl: string, requests: readonly RecordedRequest[]): JobClient {
  const scratch = bench.scratch.path;
  return {
    name: 'curl',
    recording: 'ours',
    run: async ({ url }) => {
      for (let attempt = 1; ; attempt++) {
        const job = new CurlJob(scratch, requests);
        try {
          return await measure(scratch, [curl, ...job.arguments(url)], {}, (child) => job.feed(child));
        } catch (error) {
          if (attempt === maxCurlAttempts || !String(error).includes('seek callback')) {
            throw error;
          }
        }
      }
    },
    checksumOf: () => null,
  };
}

function govcClient(bench: Bench, govc: string): JobClient {
  return {
    name: 'govc',
    // In a replay, its connection breaks off now and then in the middle of its waits for updates.
    recording: undefined,
    run: async (server) => await bench.measure([govc, ...govcArguments], govcEnvironment(server)),
    // It prints what it has read; the sum is made of that, and its cost is not govc's.
    checksumOf: ({ output }) => govcFacts(output),
  };
}

function nodeVsphereSoapClient(bench: Bench): JobClient {
  const { nodeVsphereSoap, wsdl } = bench.programs;
  return {
    name: 'node-vsphere-soap',
    recording: 'fetch',
    isAbandoned: true,
    run: async (server) =>
      await bench.measure([process.execPath, nodeVsphereSoap, ...accountOf(server)], { WSDL: wsdl }),
    checksumOf: lastLine,
  };
}

function lastLine({ output }: Cost): string {
  return output.trimEnd().split('\n').at(-1) ?? '';
}

/** What a program of the bench is told of a server. */
export function accountOf({ url, user, password, sha256 }: BenchServer): readonly string[] {
  return [url, user, password, sha256];
}
