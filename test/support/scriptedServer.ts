import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import tls from 'node:tls';
import type { ServerCertificate } from '../../src/simulator/devCertificates';

/** A request as it came in. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** 1 for the first connection that was made to the server. */
  readonly connection: number;
}

/** Whatever it returns is ignored. */
export type Reply = (request: ReceivedRequest, response: http.ServerResponse) => unknown;

export interface ScriptedServerOptions {
  readonly certificate?: ServerCertificate;
  readonly host?: string;
  readonly port?: number;
}

/** An HTTP server that does what the test says, misbehaviour included, and remembers what it was sent. */
export class ScriptedServer {
  readonly requests: ReceivedRequest[] = [];
  connections = 0;
  /** Decrypted bytes, headers included. */
  receivedBytes = 0;
  reply: Reply;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: http.Server,
    readonly host: string,
    reply: Reply,
  ) {
    this.reply = reply;
  }

  static async start(reply: Reply, options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
    const { certificate, host = '127.0.0.2', port = 0 } = options;
    const server =
      certificate === undefined
        ? http.createServer()
        : https.createServer({
            key: certificate.privateKey,
            cert: certificate.certificate,
            // So that a certificate with a short key can be presented at all.
            ciphers: 'DEFAULT:@SECLEVEL=0',
          });
    const scripted = new ScriptedServer(server, host, reply);
    scripted.listenTo(server, certificate !== undefined);
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return scripted;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks every connection; the server goes on. */
  breakConnections(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.breakConnections();
    await closed;
  }

  private listenTo(server: http.Server, isTls: boolean): void {
    const numbers = new WeakMap<Socket, number>();
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
      if (!isTls) {
        numbers.set(socket, ++this.connections);
      }
    });
    server.on('secureConnection', (socket: tls.TLSSocket) => {
      numbers.set(socket, ++this.connections);
      // What the HTTP parser reads passes here as well.
      const push = socket.push.bind(socket);
      socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
        this.receivedBytes += Buffer.isBuffer(chunk) ? chunk.length : 0;
        return push(chunk, encoding);
      };
      socket.on('error', () => undefined);
    });
    server.on('tlsClientError', () => undefined);
    server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const received: ReceivedRequest = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks).toString('utf8'),
          connection: numbers.get(request.socket) ?? 0,
        };
        this.requests.push(received);
        this.reply(received, response);
      });
    });
  }
}

/** A server that shows its certificate and then only listens: for proving that nothing is sent to it. */
export class SilentTlsServer {
  /** Decrypted bytes. */
  receivedBytes = 0;
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: tls.Server) {}

  static async start(certificate: ServerCertificate, host = '127.0.0.2', port = 0): Promise<SilentTlsServer> {
    const server = tls.createServer({
      key: certificate.privateKey,
      cert: certificate.certificate,
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
    const silent = new SilentTlsServer(server);
    server.on('connection', (socket: Socket) => {
      silent.connections++;
      silent.sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        silent.receivedBytes += chunk.length;
      });
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return silent;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await closed;
  }
}
