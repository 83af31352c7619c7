import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { CancelledError, onAbort } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import { type Disposable, DisposableStore } from '../../common/disposable';
import type { BodyReceiver, HttpHead, HttpRequest, TransportLimits } from './transport';
import { TransportError, toTransportError } from './transportError';
import type { PeerGuard } from './trust';

export interface ExchangeContext {
  readonly clock: Clock;
  readonly limits: TransportLimits;
  /** Undefined for plain HTTP. */
  readonly guard: PeerGuard | undefined;
  /** Whether a request may have to wait for a connection to become free, which is then not the server's fault. */
  readonly queues: boolean;
}

// How long a reply may keep the thread to itself. Somebody else's timers wait meanwhile, and a loaded line can bring
// megabytes in one turn of the event loop.
const turnMs = 8;

// How long a proxy that has taken the place of the server may take to say why.
const proxyAnswerLimitMs = 2_000;

/**
 * One request and its reply.
 *
 * @remarks Node writes nothing of a request before `end` is called on it. That is what makes the order here safe: wait
 * for the socket, wait for its handshake, check who is at the other end, and only then send.
 */
export class HttpExchange {
  private readonly disposables = new DisposableStore();
  private readonly startedMs: number;
  private lastSignMs: number;
  private isSent = false;
  private hasReply = false;
  private isOver = false;
  private received = 0;
  private settle: { resolve(): void; reject(error: unknown): void } | undefined;
  private timer: Disposable | undefined;
  private body: Readable | undefined;
  private turnEndsMs = 0;

  constructor(
    private readonly context: ExchangeContext,
    private readonly request: HttpRequest,
    private readonly node: ClientRequest,
    private readonly receive: (head: HttpHead) => BodyReceiver,
  ) {
    this.startedMs = this.lastSignMs = context.clock.now();
  }

  /** Whether the request went out on a connection that had been used before, and nothing came back. */
  get diedOnKeptConnection(): boolean {
    return this.node.reusedSocket && this.isSent && !this.hasReply;
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      const { node, request, context } = this;
      node.on('error', (error) => {
        this.fail(error);
      });
      node.on('socket', (socket: Socket) => {
        this.guarded(() => {
          this.onSocket(socket);
        });
      });
      node.on('response', (response) => {
        this.guarded(() => {
          this.onResponse(response);
        });
      });
      node.on('close', () => {
        // What comes after the head of the reply is the reply's own matter.
        if (!this.hasReply) {
          this.fail(new Error('the connection was closed'));
        }
      });
      this.disposables.add(
        onAbort(request.signal, () => {
          // Giving up a write that has left would only hide what became of it.
          if (request.lane !== 'write' || !this.isSent) {
            this.fail(new CancelledError());
          }
        }),
      );
      if (!context.queues) {
        this.watchConnecting();
      }
    });
  }

  /** Ends the exchange, if it is still going on. */
  abandon(): void {
    this.fail(this.failure('broken', 'the connection was given up'));
  }

  private watchConnecting(): void {
    if (!this.isOver) {
      this.arm(this.context.limits.connectLimitMs, () => {
        this.fail(this.failure('noAnswer', 'no connection in time'));
      });
    }
  }

  private onSocket(socket: Socket): void {
    const { guard } = this.context;
    this.watchConnecting();
    if (guard === undefined) {
      this.whenReady(socket, socket.connecting, 'connect', () => {
        this.send();
      });
    } else if (isTlsSocket(socket)) {
      this.whenReady(socket, socket.secureConnecting === true, 'secureConnect', () => {
        guard.check(socket);
        this.send();
      });
    } else {
      // An agent for proxies hands over such a socket when the proxy refuses: what can be read from it is the refusal.
      this.arm(proxyAnswerLimitMs, () => {
        this.fail(this.failure('proxy', 'the connection is not a TLS connection'));
      });
    }
  }

  private whenReady(socket: Socket, isPending: boolean, event: 'connect' | 'secureConnect', act: () => void): void {
    if (!isPending) {
      act();
      return;
    }
    const onReady = (): void => {
      this.guarded(act);
    };
    socket.once(event, onReady);
    this.disposables.add({ dispose: () => socket.removeListener(event, onReady) });
  }

  private send(): void {
    if (this.isOver) {
      return;
    }
    this.isSent = true;
    this.lastSignMs = this.context.clock.now();
    this.watchSilence();
    this.node.end(this.request.body);
  }

  private onResponse(response: IncomingMessage): void {
    if (this.isOver) {
      response.destroy();
      return;
    }
    if (!this.isSent) {
      const status = response.statusCode ?? 0;
      throw new TransportError('proxy', `a proxy answered ${status} in place of the server`, {
        mayHaveArrived: false,
        status,
      });
    }
    this.hasReply = true;
    this.sign();
    const receiver = this.receive({ status: response.statusCode ?? 0, headers: response.headers });
    const body = this.unpacked(response);
    response.on('error', (error) => {
      this.fail(error);
    });
    response.on('aborted', () => {
      this.fail(this.failure('broken', 'the reply is cut off'));
    });
    this.body = body;
    body.on('data', (chunk: Buffer) => {
      this.guarded(() => {
        this.onData(receiver, chunk);
      });
    });
    body.on('end', () => {
      this.guarded(() => {
        if (!response.complete) {
          throw this.failure('broken', 'the reply is cut off');
        }
        receiver.end();
        this.finish();
      });
    });
  }

  /** The body without its content coding. */
  private unpacked(response: IncomingMessage): Readable {
    const coding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
    if (coding === 'identity' || coding === '') {
      return response;
    }
    if (coding !== 'gzip' && coding !== 'x-gzip') {
      throw this.failure('undecodable', `the reply has the content coding ${JSON.stringify(coding.slice(0, 40))}`);
    }
    const gunzip = createGunzip();
    gunzip.on('error', (error) => {
      this.fail(this.failure('undecodable', `the reply cannot be unpacked: ${error.message}`, error));
    });
    this.disposables.add({ dispose: () => gunzip.destroy() });
    return response.pipe(gunzip);
  }

  private onData(receiver: BodyReceiver, chunk: Buffer): void {
    if (this.isOver) {
      return;
    }
    this.sign();
    const before = this.received;
    this.received += chunk.length;
    if (this.received > this.context.limits.maxReplyBytes) {
      throw this.failure('tooLong', `the reply is longer than ${this.context.limits.maxReplyBytes} bytes`);
    }
    this.yieldSometimes();
    const enough = receiver.enoughBytes ?? Infinity;
    receiver.write(this.received > enough ? chunk.subarray(0, enough - before) : chunk);
    if (this.received >= enough) {
      receiver.end();
      this.finish();
      this.node.destroy();
    }
  }

  /** Lets others have their turn when this reply has had its own for a while. */
  private yieldSometimes(): void {
    const { body } = this;
    const now = performance.now();
    if (this.turnEndsMs === 0) {
      this.turnEndsMs = now + turnMs;
      setImmediate(() => {
        this.turnEndsMs = 0;
      });
    } else if (now > this.turnEndsMs && body !== undefined && !body.isPaused()) {
      body.pause();
      setImmediate(() => {
        body.resume();
      });
    }
  }

  /** The server has shown a sign of life. */
  private sign(): void {
    this.lastSignMs = this.context.clock.now();
  }

  private watchSilence(): void {
    const { clock, limits } = this.context;
    const { silenceLimitMs } = this.request;
    const now = clock.now();
    const leftMs = Math.min(
      this.lastSignMs + silenceLimitMs - now,
      this.startedMs + silenceLimitMs + limits.exchangeLimitMs - now,
    );
    this.arm(Math.max(0, leftMs), () => {
      const nowMs = clock.now();
      if (nowMs - this.lastSignMs >= silenceLimitMs) {
        this.fail(this.failure('broken', `no answer for ${Math.round(silenceLimitMs / 1_000)} s`));
      } else if (nowMs - this.startedMs >= silenceLimitMs + limits.exchangeLimitMs) {
        this.fail(this.failure('broken', 'the reply does not come to its end'));
      } else {
        this.watchSilence();
      }
    });
  }

  private arm(afterMs: number, act: () => void): void {
    this.timer?.dispose();
    this.timer = this.context.clock.schedule(afterMs, act);
  }

  private guarded(act: () => void): void {
    if (this.isOver) {
      return;
    }
    try {
      act();
    } catch (error) {
      this.end(() => this.settle?.reject(error));
      this.node.destroy();
    }
  }

  private failure(kind: TransportError['failure'], message: string, cause?: unknown): TransportError {
    return new TransportError(kind, message, { mayHaveArrived: this.isSent, cause });
  }

  private fail(error: unknown): void {
    this.end(() => {
      this.settle?.reject(error instanceof CancelledError ? error : toTransportError(error, this.isSent));
    });
    this.node.destroy();
  }

  private finish(): void {
    this.end(() => this.settle?.resolve());
  }

  private end(act: () => void): void {
    if (this.isOver) {
      return;
    }
    this.isOver = true;
    this.timer?.dispose();
    this.disposables.dispose();
    act();
  }
}

function isTlsSocket(socket: Socket): socket is TLSSocket & { readonly secureConnecting?: boolean } {
  return 'getPeerCertificate' in socket;
}
