import { X509Certificate } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../common/clock';
import { versionsUpTo, type ApiVersion } from '../apiVersion';
import { invalidRequest } from '../faultError';
import type { Dispatcher } from './dispatcher';
import { wholeText } from './replyBody';
import { sendReply } from './replySender';
import { type HttpAnswer, plainAnswer, type SoapEndpoint } from './soapEndpoint';

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

/** Serves `/sdk` over HTTP or HTTPS. */
export class HttpFrontEnd {
  /** By their other ends. */
  private readonly sockets = new Map<string, Socket>();
  private readonly address: string;
  private listeningPort = 0;
  private isStopped = false;
  private certificate: string | undefined;

  private constructor(
    private readonly server: http.Server | https.Server,
    options: ListenOptions,
    private readonly endpoint: SoapEndpoint,
    private readonly dispatcher: Dispatcher,
    private readonly apiVersion: ApiVersion,
    private readonly clock: Clock,
  ) {
    this.address = options.address;
    this.certificate = options.tls?.cert;
  }

  /** @throws Error when the address cannot be listened on. */
  static async start(
    options: ListenOptions,
    endpoint: SoapEndpoint,
    dispatcher: Dispatcher,
    apiVersion: ApiVersion,
    clock: Clock,
  ): Promise<HttpFrontEnd> {
    const server = options.tls === undefined ? http.createServer() : https.createServer({ ...options.tls, ...anyKey });
    // A client thinks between calls, and a wait may last half an hour.
    server.keepAliveTimeout = 120_000;
    server.requestTimeout = 0;
    const frontEnd = new HttpFrontEnd(server, options, endpoint, dispatcher, apiVersion, clock);
    server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket);
      frontEnd.sockets.set(peer, socket);
      socket.on('close', () => frontEnd.sockets.delete(peer));
    });
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      void frontEnd.serve(request, response);
    });
    await frontEnd.listen(options.port);
    return frontEnd;
  }

  get port(): number {
    return this.listeningPort;
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
    for (const socket of this.sockets.values()) {
      socket.destroy();
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.goDown();
  }

  /** Ends all connections and listens no longer, until {@link comeUp}. */
  async goDown(): Promise<void> {
    if (!this.server.listening) {
      return;
    }
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    this.dropConnections();
    await closed;
  }

  /** Listens again, at the same address. */
  async comeUp(): Promise<void> {
    if (!this.server.listening && !this.isStopped) {
      await this.listen(this.port);
    }
  }

  private async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, this.address, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    this.listeningPort = (this.server.address() as AddressInfo).port;
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => {
      // Only a client that went early is gone; the error that an abort makes is not for free.
      if (!response.writableFinished) {
        gone.abort();
      }
    });
    // What goes wrong on the connection ends it; there is nobody left to tell.
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    const answer = await this.route(request, gone.signal).catch(mistakeAnswer);
    if (gone.signal.aborted) {
      return;
    }
    try {
      await this.send(request, response, answer);
    } catch {
      // The client has gone, or something in the middle of a long reply cannot be written: a cut is all that can be told.
      response.destroy();
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
      return plainAnswer(500, wholeText(reply.body), 'text/xml; charset=utf-8');
    }
    return await this.endpoint.answer(request, body, signal);
  }

  private async send(request: http.IncomingMessage, response: http.ServerResponse, answer: HttpAnswer): Promise<void> {
    switch (answer.kind) {
      case 'close':
        this.close(request.socket, answer.how);
        return;
      case 'silence':
        return;
      case 'reply':
        await sendReply(request, response, answer, { clock: this.clock, isSecure: this.certificate !== undefined });
    }
  }

  private close(socket: Socket, how: 'end' | 'reset'): void {
    if (how === 'reset') {
      // Only the connection below TLS can be reset.
      this.sockets.get(peerOf(socket))?.resetAndDestroy();
    } else {
      socket.destroy();
    }
  }
}

/** A mistake of this program must not leave a client without an answer, nor end the process. */
function mistakeAnswer(error: unknown): HttpAnswer {
  return plainAnswer(500, error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** The other end of a connection, which a TLS socket has in common with the connection below it. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
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
