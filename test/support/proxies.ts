import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';

/** An HTTP proxy on loopback that lets CONNECT through, or answers it with a status. */
export class ConnectProxy {
  /** What was asked for: `host:port`. */
  readonly asked: string[] = [];
  private readonly sockets = new Set<net.Socket>();

  private constructor(private readonly server: http.Server) {}

  static async start(refuseWith?: number): Promise<ConnectProxy> {
    const server = http.createServer();
    const proxy = new ConnectProxy(server);
    server.on('connection', (socket: net.Socket) => proxy.sockets.add(socket));
    server.on('connect', (request, client: net.Socket) => {
      proxy.asked.push(request.url ?? '');
      client.on('error', () => undefined);
      if (refuseWith !== undefined) {
        client.end(`HTTP/1.1 ${refuseWith} Refused\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      const [host, port] = (request.url ?? '').split(':');
      const target = net.connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.pipe(client);
        client.pipe(target);
      });
      target.on('error', () => client.destroy());
      client.on('close', () => target.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
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

/**
 * Does to `https.request` what an editor does: whatever agent and agent options a caller brings are thrown away, and the
 * connection is made by an agent of the editor's own, which keeps none, directly or through a proxy.
 *
 * @returns puts everything back
 */
export function patchHttpsLikeAnEditor(proxyPort?: number): () => void {
  const original = https.request.bind(https);
  const target = https as { request: unknown };
  const kept = target.request;
  target.request = (options: https.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) =>
    original({ ...options, agent: new EditorAgent(proxyPort) }, onResponse);
  return () => {
    target.request = kept;
  };
}

/** Gives the request a socket only when it is connected; when a proxy refuses, one from which the refusal can be read. */
class EditorAgent extends https.Agent {
  constructor(private readonly proxyPort: number | undefined) {
    super({ keepAlive: false });
  }

  createSocket(
    request: http.ClientRequest,
    options: tls.ConnectionOptions & { host: string; port: number },
    done: (error: Error | null, socket?: net.Socket) => void,
  ): void {
    request.shouldKeepAlive = false;
    const servername = net.isIP(options.host) === 0 ? options.host : '';
    if (this.proxyPort === undefined) {
      this.hand(tls.connect({ ...options, servername }), done);
      return;
    }
    const target = `${options.host}:${options.port}`;
    const connect = http.request({ host: '127.0.0.1', port: this.proxyPort, method: 'CONNECT', path: target });
    connect.on('error', done);
    connect.on('connect', (response, socket) => {
      if (response.statusCode === 200) {
        this.hand(tls.connect({ ...options, socket, servername }), done);
        return;
      }
      const refusal = new net.Socket({ writable: false });
      request.once('socket', () => {
        refusal.push(`HTTP/1.1 ${response.statusCode ?? 0} Refused\r\nContent-Length: 0\r\n\r\n`);
        refusal.push(null);
      });
      done(null, refusal);
    });
    connect.end();
  }

  private hand(socket: tls.TLSSocket, done: (error: Error | null, socket?: net.Socket) => void): void {
    const onError = (error: Error): void => {
      done(error);
    };
    socket.once('error', onError);
    socket.once('secureConnect', () => {
      socket.removeListener('error', onError);
      done(null, socket);
    });
  }
}
