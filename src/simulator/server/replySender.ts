import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { sleep } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import { type ReplyBody, wholeText } from './replyBody';

/** A reply over HTTP, before it is sent. */
export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: ReplyBody;
  /** Value of the session's cookie, for the client to keep. */
  readonly cookie: string | undefined;
  /** Ends the connection after it. */
  readonly closes?: boolean;
  /** What is done to it on its way. */
  readonly damage?: ReplyDamage;
}

export type ReplyDamage =
  /** Sends no more than that and closes. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** Sends so many bytes at a time. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number };

export const sessionCookieName = 'vmware_soap_session';

// What fits into one packet gains nothing from being smaller.
const minGzipBytes = 1_400;

/** Sends a reply. Resolves when it is under way; what goes wrong on the connection is not its business. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: HttpReply,
  { clock, isSecure }: { readonly clock: Clock; readonly isSecure: boolean },
): Promise<void> {
  writeHeaders(response, reply, isSecure);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  if (reply.damage?.kind === 'truncate') {
    const body = Buffer.from(wholeText(reply.body), 'utf8');
    response.setHeader('Content-Length', body.length);
    response.write(body.subarray(0, reply.damage.bytes), () => request.socket.destroy());
    return;
  }
  const compresses = acceptsGzip(request);
  if (reply.damage?.kind === 'drip') {
    await drip(response, packed(response, wholeText(reply.body), compresses), reply.damage, clock);
  } else if (reply.body.rest === undefined) {
    response.end(packed(response, reply.body.first, compresses));
  } else {
    await stream(response, reply.body, compresses);
  }
}

function writeHeaders(response: ServerResponse, { status, contentType, closes, cookie }: HttpReply, isSecure: boolean) {
  response.statusCode = status;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('Vary', 'Accept-Encoding');
  if (closes === true) {
    response.setHeader('Connection', 'close');
  }
  if (cookie !== undefined) {
    const secure = isSecure ? ' Secure;' : '';
    response.setHeader('Set-Cookie', `${sessionCookieName}="${cookie}"; Path=/; HttpOnly;${secure}`);
  }
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|\s|$))/.test(String(request.headers['accept-encoding'] ?? ''));
}

/** The bytes of a short reply. They are compressed at once: a stream and a thread for them cost several times as much. */
function packed(response: ServerResponse, text: string, compresses: boolean): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (!compresses || bytes.length < minGzipBytes) {
    return bytes;
  }
  response.setHeader('Content-Encoding', 'gzip');
  return gzipSync(bytes, { level: constants.Z_BEST_SPEED });
}

/** Makes and sends a long reply piece by piece, no faster than the client takes it. */
async function stream(response: ServerResponse, { first, rest = [] }: ReplyBody, compresses: boolean): Promise<void> {
  const pieces = Readable.from(bytesOf(first, rest), { objectMode: true, highWaterMark: 1 });
  if (compresses) {
    response.setHeader('Content-Encoding', 'gzip');
    await pipeline(pieces, createGzip({ level: constants.Z_BEST_SPEED }), response);
  } else {
    await pipeline(pieces, response);
  }
}

function* bytesOf(first: string, rest: Iterable<string>): Generator<Buffer> {
  yield Buffer.from(first, 'utf8');
  for (const piece of rest) {
    yield Buffer.from(piece, 'utf8');
  }
}

async function drip(
  response: ServerResponse,
  body: Buffer,
  { bytes, everyMs }: { readonly bytes: number; readonly everyMs: number },
  clock: Clock,
): Promise<void> {
  response.setHeader('Content-Length', body.length);
  for (let at = 0; at < body.length; at += bytes) {
    if (at > 0) {
      await sleep(clock, everyMs);
    }
    if (response.destroyed) {
      return;
    }
    if (!response.write(body.subarray(at, at + bytes))) {
      await drained(response);
    }
  }
  response.end();
}

/** Resolves when there is room again, or nobody left to send to. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
