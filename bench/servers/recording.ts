import * as fs from 'node:fs';
import type * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TlsIdentity } from '../../src/simulator/server/httpFrontEnd';

/** One reply as a server gave it, without any packing. */
export interface RecordedReply {
  /** Name of the SOAP method, or `GET`. */
  readonly method: string;
  readonly status: number;
  readonly contentType: string;
  readonly cookie: string | undefined;
  /** Where the body lies in the recording. */
  readonly offset: number;
  readonly length: number;
}

/** A request as a client sent it. */
export interface RecordedRequest {
  readonly method: string;
  readonly soapAction: string | undefined;
  readonly body: string;
}

export interface Recording {
  readonly replies: readonly RecordedReply[];
  readonly requests: readonly RecordedRequest[];
}

const keepAliveMs = 120_000;

const indexName = 'index.json';
const bodiesName = 'bodies.bin';

export function readRecording(folder: string): Recording & { readonly bodies: Buffer } {
  const index = JSON.parse(fs.readFileSync(path.join(folder, indexName), 'utf8')) as Recording;
  return { ...index, bodies: fs.readFileSync(path.join(folder, bodiesName)) };
}

/** Stands between a client and a server and keeps everything that is said. */
export class Recorder {
  /** By the order of the requests: replies overtake each other. */
  private readonly replies = new Map<number, RecordedReply>();
  private readonly requests: RecordedRequest[] = [];
  private offset = 0;
  private readonly file: number;
  private readonly server: https.Server;

  private constructor(
    private readonly target: URL,
    private readonly folder: string,
    identity: TlsIdentity,
  ) {
    fs.mkdirSync(folder, { recursive: true });
    this.file = fs.openSync(path.join(folder, bodiesName), 'w');
    this.server = https.createServer(identity, (request, response) => {
      this.pass(request, response);
    });
    // Some clients read for longer than Node's five seconds before they sign out.
    this.server.keepAliveTimeout = keepAliveMs;
  }

  static async start(target: string, folder: string, identity: TlsIdentity, address: string): Promise<Recorder> {
    const recorder = new Recorder(new URL(target), folder, identity);
    await new Promise<void>((resolve) => {
      recorder.server.listen(0, address, resolve);
    });
    return recorder;
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `https://${address}:${port}/sdk`;
  }

  /** Ends it and writes the recording. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
    fs.closeSync(this.file);
    const replies = [...this.replies].sort(([a], [b]) => a - b).map(([, reply]) => reply);
    const recording: Recording = { replies, requests: this.requests };
    fs.writeFileSync(path.join(this.folder, indexName), JSON.stringify(recording));
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const method = methodOf(request.method, body);
      const action = request.headers['soapaction'];
      const number = this.requests.length;
      this.requests.push({
        method,
        soapAction: typeof action === 'string' ? action : undefined,
        body: body.toString('utf8'),
      });
      const headers = { ...request.headers };
      // Plain, so that it can be sent either way later on.
      delete headers['accept-encoding'];
      delete headers.host;
      const onward = https.request(
        new URL(request.url ?? '/', this.target),
        { method: request.method, headers, rejectUnauthorized: false },
        (reply) => {
          this.keep(number, method, reply, response);
        },
      );
      onward.on('error', () => response.destroy());
      onward.end(body);
      response.on('close', () => onward.destroy());
    });
  }

  private keep(number: number, method: string, reply: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    response.writeHead(reply.statusCode ?? 500, reply.headers);
    reply.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      response.write(chunk);
    });
    reply.on('end', () => {
      response.end();
      const body = Buffer.concat(chunks);
      fs.writeSync(this.file, body);
      this.replies.set(number, {
        method,
        status: reply.statusCode ?? 500,
        contentType: reply.headers['content-type'] ?? 'text/xml',
        cookie: reply.headers['set-cookie']?.[0],
        offset: this.offset,
        length: body.length,
      });
      this.offset += body.length;
    });
  }
}

/** Name of the first element of a SOAP body. */
export function methodOf(httpMethod: string | undefined, body: Buffer): string {
  return httpMethod === 'GET'
    ? 'GET'
    : (/<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body.toString('utf8', 0, 4_096))?.[1] ?? '');
}
