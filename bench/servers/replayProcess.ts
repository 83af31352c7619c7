import * as https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { X509Certificate } from 'node:crypto';
import { makeCertificate } from '../../src/simulator/devCertificates';
import { methodOf, readRecording, type RecordedReply } from './recording';

// A server that knows nothing but what another one once said, and says it as fast as the wire takes it.
//   node replayProcess.js FOLDER [--gzip] [--rtt MS] [--rate BYTES_PER_SECOND]

interface Options {
  readonly gzip: boolean;
  readonly rttMs: number;
  readonly bytesPerSecond: number;
}

const sliceMs = 5;

class Replay {
  private readonly byMethod = new Map<string, { readonly reply: RecordedReply; readonly body: Buffer }[]>();
  private readonly told = new Map<string, number>();

  constructor(
    folder: string,
    private readonly options: Options,
  ) {
    const { replies, bodies } = readRecording(folder);
    for (const reply of replies) {
      const plain = bodies.subarray(reply.offset, reply.offset + reply.length);
      const body = options.gzip ? gzipSync(plain) : plain;
      this.byMethod.set(reply.method, [...(this.byMethod.get(reply.method) ?? []), { reply, body }]);
    }
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const method = methodOf(request.method, Buffer.concat(chunks));
    const found = this.next(method);
    if (found === undefined) {
      // A wait for news: there are none.
      return;
    }
    await sleep(this.options.rttMs);
    const { reply, body } = found;
    response.writeHead(reply.status, {
      'Content-Type': reply.contentType,
      'Content-Length': body.length,
      ...(reply.cookie !== undefined && { 'Set-Cookie': reply.cookie }),
      ...(this.options.gzip && { 'Content-Encoding': 'gzip' }),
    });
    await this.send(response, body);
    if (method === 'Logout') {
      this.told.clear();
    }
  }

  private next(method: string): { readonly reply: RecordedReply; readonly body: Buffer } | undefined {
    const all = this.byMethod.get(method) ?? [];
    const index = this.told.get(method) ?? 0;
    this.told.set(method, index + 1);
    return all[index] ?? (method === 'WaitForUpdatesEx' ? undefined : all.at(-1));
  }

  private async send(response: ServerResponse, body: Buffer): Promise<void> {
    const { bytesPerSecond } = this.options;
    if (bytesPerSecond === Infinity) {
      response.end(body);
      return;
    }
    // By the clock and not by the slice: a timer that comes late is made up for.
    const started = performance.now();
    for (let at = 0; at < body.length;) {
      const due = Math.min(body.length, Math.ceil(((performance.now() - started + sliceMs) / 1_000) * bytesPerSecond));
      if (due > at) {
        response.write(body.subarray(at, due));
        at = due;
      }
      await sleep(sliceMs);
    }
    response.end();
  }
}

async function main(): Promise<void> {
  const [folder, ...flags] = process.argv.slice(2);
  const valueOf = (flag: string): number | undefined => {
    const at = flags.indexOf(flag);
    return at < 0 ? undefined : Number(flags[at + 1]);
  };
  const replay = new Replay(folder ?? '', {
    gzip: flags.includes('--gzip'),
    rttMs: valueOf('--rtt') ?? 0,
    bytesPerSecond: valueOf('--rate') ?? Infinity,
  });
  const { certificate, privateKey } = await makeCertificate();
  const server = https.createServer({ cert: certificate, key: privateKey }, (request, response) => {
    replay.serve(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.2', () => {
    const { address, port } = server.address() as AddressInfo;
    const sha256 = new X509Certificate(certificate).fingerprint256;
    const url = `https://${address}:${port}/sdk`;
    process.stdout.write(`${JSON.stringify({ url, user: 'bench', password: 'bench', sha256 })}\n`);
  });
}

void main();
