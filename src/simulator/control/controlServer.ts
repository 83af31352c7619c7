import { randomBytes, timingSafeEqual } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Controlled, execute } from './controller';
import { controlCommand, describeProblem } from './controlSchema';

/** How another process reaches a simulator's control. */
export interface ControlAddress {
  readonly url: string;
  /** To be sent as `Authorization: Bearer …`. */
  readonly token: string;
}

const maxCommandBytes = 1_048_576;

/**
 * Lets another process steer a simulator: `POST` of one command as JSON, answered with `{"result":…}` or `{"error":"…"}`.
 */
export class ControlServer {
  private constructor(
    private readonly server: http.Server,
    readonly address: ControlAddress,
  ) {}

  static async start(simulator: Controlled, listenAddress: string): Promise<ControlServer> {
    const token = randomBytes(24).toString('base64url');
    const server = http.createServer((request, response) => {
      void answer(simulator, token, request, response);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, listenAddress, resolve);
    });
    const { port } = server.address() as AddressInfo;
    const host = listenAddress.includes(':') ? `[${listenAddress}]` : listenAddress;
    return new ControlServer(server, { url: `http://${host}:${port}/`, token });
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    this.server.closeAllConnections();
    await closed;
  }
}

async function answer(
  simulator: Controlled,
  token: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  request.on('error', () => response.destroy());
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  };
  if (!isToken(request.headers.authorization, token)) {
    request.resume();
    send(401, { error: 'The token is missing or wrong.' });
    return;
  }
  if (request.method !== 'POST') {
    request.resume();
    send(405, { error: 'Commands are sent with POST.' });
    return;
  }
  const text = await readText(request);
  if (text === undefined) {
    send(413, { error: 'The command is too long.' });
    return;
  }
  const { status, body } = await run(simulator, text);
  send(status, body);
}

async function run(simulator: Controlled, text: string): Promise<{ readonly status: number; readonly body: unknown }> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { status: 400, body: { error: 'The command is not JSON.' } };
  }
  const parsed = controlCommand.safeParse(json);
  if (!parsed.success) {
    return { status: 400, body: { error: describeProblem(parsed.error) } };
  }
  try {
    return { status: 200, body: { result: (await execute(simulator, parsed.data)) ?? null } };
  } catch (error) {
    return { status: 422, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The body; undefined when it is too long. */
async function readText(request: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= maxCommandBytes) {
      chunks.push(chunk as Buffer);
    }
  }
  return size > maxCommandBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}
