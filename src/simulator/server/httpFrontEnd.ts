import { X509Certificate } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { versionsUpTo, type ApiVersion } from '../apiVersion';
import { invalidRequest } from '../faultError';
import type { Dispatcher } from './dispatcher';
import { type HttpAnswer, plainAnswer, sessionCookieName, type SoapEndpoint } from './soapEndpoint';

const gzipAsync = promisify(gzip);

/** Key and certificate, as PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

// So that a certificate with a key that is too short can be shown to clients that are to refuse it.
const anyKey = { ciphers: 'DEFAULT:@SECLEVEL=0' };

export interface ListenOptions {
  /** A loopback address. */
  readonly address: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly tls: TlsIdentity | undefined;
}

// Requests are small; the longest honest ones list a few thousand references.
const maxRequestBytes = 16 * 1_048_576;

// Below that, compressing costs more than it saves.
const minGzipBytes = 1_024;

/** Serves `/sdk` over HTTP or HTTPS. */
export class HttpFrontEnd {
  private readonly sockets = new Set<Socket>();
  private isClosed = false;
  private certificate: string | undefined;

  private constructor(
    private readonly server: http.Server | https.Server,
    private readonly endpoint: SoapEndpoint,
    private readonly dispatcher: Dispatcher,
    private readonly apiVersion: ApiVersion,
    tls: TlsIdentity | undefined,
  ) {
    this.certificate = tls?.cert;
  }

  /** @throws Error when the address cannot be listened on. */
  static async start(
    options: ListenOptions,
    endpoint: SoapEndpoint,
    dispatcher: Dispatcher,
    apiVersion: ApiVersion,
  ): Promise<HttpFrontEnd> {
    const server = options.tls === undefined ? http.createServer() : https.createServer({ ...options.tls, ...anyKey });
    // A client thinks between calls, and a wait may last half an hour.
    server.keepAliveTimeout = 120_000;
    server.requestTimeout = 0;
    const frontEnd = new HttpFrontEnd(server, endpoint, dispatcher, apiVersion, options.tls);
    server.on('connection', (socket: Socket) => {
      frontEnd.sockets.add(socket);
      socket.on('close', () => frontEnd.sockets.delete(socket));
    });
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      void frontEnd.serve(request, response);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.address, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return frontEnd;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that are open. */
  get connectionCount(): number {
    return this.sockets.size;
  }

  /** Shows another certificate to connections from now on. */
  replaceCertificate(identity: TlsIdentity): void {
    if (!('setSecureContext' in this.server)) {
      throw new Error('the server does not speak TLS');
    }
    this.server.setSecureContext({ ...identity, ...anyKey });
    this.certificate = identity.cert;
  }

  /** SHA-256 of the certificate that new connections see. */
  get certificateSha256(): string | undefined {
    return this.certificate === undefined ? undefined : new X509Certificate(this.certificate).fingerprint256;
  }

  /** Cuts every connection, as a restart of the server does. */
  dropConnections(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  async stop(): Promise<void> {
    if (this.isClosed) {
      return;
    }
    this.isClosed = true;
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    this.dropConnections();
    await closed;
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => {
      gone.abort();
    });
    // What goes wrong on the connection ends it; there is nobody left to tell.
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    const answer = await this.route(request, gone.signal);
    if (!gone.signal.aborted) {
      await this.send(request, response, answer);
    }
  }

  private async route(request: http.IncomingMessage, signal: AbortSignal): Promise<HttpAnswer> {
    const path = (request.url ?? '/').replace(/[?#].*$/, '');
    if (path === '/sdk/vimServiceVersions.xml' && (request.method === 'GET' || request.method === 'HEAD')) {
      return plainAnswer(200, versionsDocument(this.apiVersion), 'text/xml; charset=utf-8');
    }
    const isSdk = path === '/sdk' || path === '/sdk/' || path === '/sdk/vimService';
    if (!isSdk) {
      return plainAnswer(404, 'Not Found');
    }
    if (request.method !== 'POST') {
      return plainAnswer(405, 'Method Not Allowed');
    }
    const body = await readBody(request);
    if (body === undefined) {
      return { ...plainAnswer(413, 'Request Entity Too Large'), closes: true };
    }
    if (body.length === 0) {
      const reply = this.dispatcher.faultReply(invalidRequest('Error returned by expat parser: no element found'));
      return plainAnswer(500, reply.xml, 'text/xml; charset=utf-8');
    }
    return await this.endpoint.answer(request, body, signal);
  }

  private async send(request: http.IncomingMessage, response: http.ServerResponse, answer: HttpAnswer): Promise<void> {
    if (answer.kind === 'close') {
      close(request.socket, answer.how);
      return;
    }
    const body = Buffer.from(answer.body, 'utf8');
    response.statusCode = answer.status;
    response.setHeader('Content-Type', answer.contentType);
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('Vary', 'Accept-Encoding');
    if (answer.closes === true) {
      response.setHeader('Connection', 'close');
    }
    if (answer.cookie !== undefined) {
      const secure = this.certificate === undefined ? '' : ' Secure;';
      response.setHeader('Set-Cookie', `${sessionCookieName}="${answer.cookie}"; Path=/; HttpOnly;${secure}`);
    }
    if (answer.truncateAfter !== undefined) {
      response.setHeader('Content-Length', body.length);
      response.write(body.subarray(0, answer.truncateAfter), () => request.socket.destroy());
      return;
    }
    const wantsGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|\s|$))/.test(
      String(request.headers['accept-encoding'] ?? ''),
    );
    if (wantsGzip && body.length >= minGzipBytes) {
      const compressed = await gzipAsync(body, { level: 1 });
      response.setHeader('Content-Encoding', 'gzip');
      response.end(request.method === 'HEAD' ? undefined : compressed);
      return;
    }
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

function close(socket: Socket, how: 'end' | 'reset'): void {
  if (how === 'reset') {
    socket.resetAndDestroy();
  } else {
    socket.destroy();
  }
}

/** The whole body; undefined when it is too long or its connection broke. */
function readBody(request: http.IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      // The rest is read and dropped, so that the client gets to see the answer.
      chunks.length = 0;
      resolve(undefined);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxRequestBytes) {
        stop();
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.on('close', stop);
  });
}

function versionsDocument(apiVersion: ApiVersion): string {
  const [newest, ...prior] = versionsUpTo(apiVersion);
  const list = prior.map((version) => `   <version>${version}</version>\n`).join('');
  return (
    `<?xml version="1.0" encoding="UTF-8" ?>\n<namespaces version="1.0">\n <namespace>\n  <name>urn:vim25</name>\n` +
    `  <version>${newest ?? ''}</version>\n  <priorVersions>\n${list}  </priorVersions>\n </namespace>\n</namespaces>\n`
  );
}
