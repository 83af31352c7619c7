import type { ClientRequest, RequestOptions as HttpRequestOptions } from 'node:http';
import { isIPv6 } from 'node:net';
import { isCancelled, throwIfCancelled } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import { probeCertificate, type ProbedCertificate } from './certificateProbe';
import { HttpExchange } from './httpExchange';
import type { BodyReceiver, Endpoint, HttpHead, HttpRequest, Lane, Transport, TransportLimits } from './transport';
import { CertificateFailure, TransportError } from './transportError';
import { PeerGuard, trustedAuthorities, type TrustPolicy } from './trust';

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly trust: TrustPolicy;
  /** Certificates, in PEM, of authorities that are believed in addition. */
  readonly extraCaPem?: string | undefined;
  readonly clock: Clock;
  readonly limits: TransportLimits;
}

/** How one request is to be made, before it is known who makes it. */
export interface NodeRequest extends HttpRequestOptions {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
}

/** What both ways of reaching a server have in common; they differ in who makes the connection. */
export abstract class NodeTransport implements Transport {
  protected readonly authorities: string[] | undefined;
  private readonly guard: PeerGuard | undefined;
  private readonly running = new Set<HttpExchange>();
  private isDisposed = false;

  /**
   * @param queues - whether a request may have to wait for one of a limited number of connections
   */
  protected constructor(
    protected readonly options: TransportOptions,
    private readonly queues: boolean,
  ) {
    const { endpoint, trust, extraCaPem, clock } = options;
    // Beside a pin nobody's word counts.
    this.authorities = endpoint.useTls && trust.mode === 'verify' ? trustedAuthorities(extraCaPem) : undefined;
    this.guard = endpoint.useTls ? new PeerGuard(trust, () => clock.now()) : undefined;
  }

  /** Whether Node itself has to refuse a certificate that no authority vouches for. */
  protected get rejectUnauthorized(): boolean {
    return this.guard?.rejectUnauthorized ?? true;
  }

  async send(request: HttpRequest, receive: (head: HttpHead) => BodyReceiver): Promise<void> {
    throwIfCancelled(request.signal);
    const exchange = this.exchange(request, request.lane, receive);
    try {
      await this.run(exchange);
    } catch (error) {
      if (isBroken(error) && exchange.diedOnKeptConnection && request.lane === 'call') {
        // The server had closed the connection while it was idle; the news and the request crossed on the way.
        throwIfCancelled(request.signal);
        await this.run(this.exchange(request, 'write', receive));
        return;
      }
      throw await this.withCertificate(error, request.signal);
    }
  }

  /** The certificate of the server and whether it would be trusted without a pin. Sends nothing but the handshake. */
  async probe(signal?: AbortSignal): Promise<ProbedCertificate> {
    return await probeCertificate(() => this.open(this.nodeRequest('GET', '/'), 'write', false), {
      clock: this.options.clock,
      limitMs: this.options.limits.connectLimitMs,
      signal,
    });
  }

  dispose(): void {
    this.isDisposed = true;
    for (const exchange of [...this.running]) {
      exchange.abandon();
    }
  }

  /** Makes a request of which nothing is sent before it is told to end. */
  protected abstract open(request: NodeRequest, lane: Lane, rejectUnauthorized: boolean): ClientRequest;

  private exchange(request: HttpRequest, lane: Lane, receive: (head: HttpHead) => BodyReceiver): HttpExchange {
    if (this.isDisposed) {
      throw new TransportError('broken', 'the connection was given up', { mayHaveArrived: false });
    }
    const headers: Record<string, string> = { 'Accept-Encoding': 'gzip', ...request.headers };
    if (request.body !== undefined) {
      headers['Content-Length'] = String(Buffer.byteLength(request.body));
    }
    const { clock, limits } = this.options;
    const node = this.open(this.nodeRequest(request.method, request.path, headers), lane, this.rejectUnauthorized);
    return new HttpExchange({ clock, limits, guard: this.guard, queues: this.queues }, request, node, receive);
  }

  private async run(exchange: HttpExchange): Promise<void> {
    this.running.add(exchange);
    try {
      await exchange.run();
    } finally {
      this.running.delete(exchange);
    }
  }

  private nodeRequest(method: string, path: string, headers: Record<string, string> = {}): NodeRequest {
    const { host, port, useTls } = this.options.endpoint;
    return {
      host,
      port,
      method,
      path,
      protocol: useTls ? 'https:' : 'http:',
      headers: { Host: hostHeader(this.options.endpoint), ...headers },
    };
  }

  /** Node says why it has refused a certificate, but not which it was: that takes another handshake. */
  private async withCertificate(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (!(error instanceof TransportError) || error.failure !== 'certificate' || error instanceof CertificateFailure) {
      return error;
    }
    try {
      const { certificate, problem } = await this.probe(signal);
      return new CertificateFailure(problem ?? 'untrusted', certificate, undefined, { cause: error });
    } catch (second) {
      // What came first says more.
      return isCancelled(second) ? second : error;
    }
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof TransportError && error.failure === 'broken';
}

/** With brackets for IPv6, and without its zone, which only means something on this machine. */
function hostHeader({ host, port, useTls }: Endpoint): string {
  const name = isIPv6(host) ? `[${host.replace(/%.*$/, '')}]` : host;
  return port === (useTls ? 443 : 80) ? name : `${name}:${port}`;
}
