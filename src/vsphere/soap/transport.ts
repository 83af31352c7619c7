import type { IncomingHttpHeaders } from 'node:http';

/** Where a server listens. */
export interface Endpoint {
  /** DNS name or IP address; IPv6 without brackets, with its zone if it has one. */
  readonly host: string;
  readonly port: number;
  /** False only on this machine, where simulators listen. */
  readonly useTls: boolean;
}

/**
 * Over which connections a request goes.
 *
 * - `call`: a pool of kept connections. Repeated once when a kept connection turns out to be dead.
 * - `wait`: a pool of its own, because a wait holds its connection for minutes.
 * - `write`: a connection of its own that was never used before. A kept connection may have died unnoticed, and then
 *   nobody could say whether the server has read what was written into it. Never repeated.
 */
export type Lane = 'call' | 'wait' | 'write';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly lane: Lane;
  /** How long the server may be silent before and within its reply. */
  readonly silenceLimitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Takes the body of a reply, unpacked, as it comes in. What it throws ends the exchange and is what `send` rejects with. */
export interface BodyReceiver {
  /** Beyond this many bytes the rest is not read, as if the body had ended. For bodies of which the beginning is enough. */
  readonly enoughBytes?: number;
  write(chunk: Buffer): void;
  end(): void;
}

/** Sends HTTP requests to one server and nothing to anybody else. Redirects are replies like any other. */
export interface Transport {
  /**
   * @param receive - called once, with the head of the reply, unless the request fails before
   * @throws TransportError, CertificateFailure; CancelledError when the signal is aborted; what the receiver throws.
   */
  send(request: HttpRequest, receive: (head: HttpHead) => BodyReceiver): Promise<void>;
  /** Breaks all connections. Requests under way fail. */
  dispose(): void;
}

export interface TransportLimits {
  /** For the name to be looked up, the connection to be made and TLS to agree. */
  readonly connectLimitMs: number;
  /** For a whole exchange beyond the silence that it may begin with: against a server that drips. */
  readonly exchangeLimitMs: number;
  /** Bytes of one reply after unpacking. */
  readonly maxReplyBytes: number;
}

export const defaultTransportLimits: TransportLimits = {
  connectLimitMs: 15_000,
  // A page of 1,000 VMs over a slow line takes seconds.
  exchangeLimitMs: 600_000,
  // 50,000 VMs in one reply are 64 MB.
  maxReplyBytes: 1_073_741_824,
};
