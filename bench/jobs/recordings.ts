import { makeCertificate } from '../../src/simulator/devCertificates';
import type { Bench } from '../bench';
import { type JobClient, jobClients, type RecordingKind } from '../clients/jobClients';
import { generalize } from '../clients/tokenFinder';
import { Recorder, type RecordedRequest, readRecording } from '../servers/recording';
import type { BenchServer } from '../servers/start';

const headBytes = 4_096;

/** What one server has said to one kind of client after the other. */
export type Recordings = ReadonlyMap<RecordingKind, string>;

/** Lets every kind of client do its job once, with somebody in between who writes it down. */
export async function recordAll(bench: Bench, server: BenchServer, name: string): Promise<Recordings> {
  const recordings = new Map<RecordingKind, string>();
  for (const client of jobClients(bench, undefined)) {
    const { recording } = client;
    if (recording !== undefined && !recordings.has(recording)) {
      recordings.set(recording, await record(bench, client, server, `${recording}-${name}`));
    }
  }
  return recordings;
}

/** The calls of ours alone. */
export async function recordOurs(bench: Bench, server: BenchServer, name: string): Promise<readonly RecordedRequest[]> {
  const [ours] = jobClients(bench, undefined);
  if (ours === undefined) {
    throw new Error('nobody does the job');
  }
  return replayable(await record(bench, ours, server, `ours-${name}`));
}

/** The calls of a recording, fit for another session. */
export function replayable(folder: string): readonly RecordedRequest[] {
  const { requests, replies, bodies } = readRecording(folder);
  const heads = replies.map(({ method, offset, length }) => ({
    method,
    head: bodies.toString('latin1', offset, offset + Math.min(length, headBytes)),
  }));
  const general = generalize(requests, heads);
  return requests.map((request, index) => ({ ...request, body: general[index] ?? request.body }));
}

async function record(bench: Bench, client: JobClient, server: BenchServer, name: string): Promise<string> {
  const folder = bench.scratch.resolve(name);
  const { certificate, privateKey, sha256 } = await makeCertificate();
  const recorder = await Recorder.start(server.url, folder, { cert: certificate, key: privateKey }, '127.0.0.2');
  try {
    await client.run({ ...server, url: recorder.url, sha256 });
  } finally {
    await recorder.stop();
  }
  return folder;
}
