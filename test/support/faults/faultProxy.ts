import * as net from 'node:net';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';

import { HttpMessages, type HttpMessage } from './httpMessages';

/** What the proxy does to one exchange. Offsets are bytes of the whole message, header included. */
export type ProxyAction =
  /** Forwards so many bytes of the request, then breaks both connections. */
  | { readonly kind: 'cutRequest'; readonly bytes: number }
  /** Hands on so many bytes of the reply, then ends the connection, or resets it. */
  | { readonly kind: 'cutReply'; readonly bytes: number; readonly how: 'end' | 'reset' }
  /** Breaks the connection when the request has come; the server never sees it. */
  | { readonly kind: 'refuse' }
  /** Keeps the connection open and never answers; the server sees the request if `forward`. */
  | { readonly kind: 'silence'; readonly forward: boolean }
  /** Hands the reply on byte by byte. */
  | { readonly kind: 'drip' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Changes one byte of the reply. */
  | { readonly kind: 'corrupt'; readonly at: number; readonly xor: number }
  /** Hands on an earlier reply in place of this one: the last to a call of `method`. */
  | { readonly kind: 'stale'; readonly method: string }
  /** Sends the reply twice. */
  | { readonly kind: 'repeat' }
  /** Changes the header of the reply. */
  | { readonly kind: 'editHead'; readonly edit: (head: string) => string }
  /** Answers as something else does; the server sees the request if `forward`. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly contentType: string;
      readonly forward: boolean;
    };

/** What is to happen to which call. */
export interface ProxyRule {
  /** Name of the method on the wire. */
  readonly method: string;
  /** Only requests that have this text in them: an object's id. */
  readonly having?: string;
  /** Lets so many fitting calls pass first. */
  readonly skip?: number;
  readonly action: ProxyAction;
}

/** A rule that has been armed. */
export interface ArmedRule {
  /** How often it has struck: once at most. */
  readonly fired: boolean;
  /** How long the reply was that it struck, as the server sent it; undefined when it never saw one. */
  readonly replyBytes: number | undefined;
  disarm(): void;
}

interface Entry {
  readonly rule: ProxyRule;
  toSkip: number;
  fired: boolean;
  isDisarmed: boolean;
  replyBytes: number | undefined;
}

/** For TLS towards the client. The connection to the server is always plain. */
export interface ProxyCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface FaultProxyOptions {
  /** For TLS towards the client. */
  readonly certificate?: ProxyCertificate;
  /** Keeps the server from packing its replies, so that offsets are those of the text. */
  readonly unpacked?: boolean;
}

/** What waits for its reply on one connection to the server. */
interface Exchange {
  readonly method: string;
  readonly entry: Entry | undefined;
}

/**
 * A proxy between a client and a server on this machine that makes one exchange go wrong in exactly one way.
 *
 * @remarks It holds whole messages back until they are complete, so that offsets mean the same every time.
 */
export class FaultProxy {
  private readonly sockets = new Set<net.Socket>();
  private readonly entries = new Set<Entry>();
  private readonly lastReplies = new Map<string, Buffer>();
  private isDown = false;
  /** Bytes of application data that clients have sent since the last {@link countBytes}. */
  private received = 0;

  private constructor(
    private readonly listener: net.Server,
    private readonly target: { readonly host: string; readonly port: number },
    private readonly unpacked: boolean,
  ) {}

  static async start(
    target: { readonly host: string; readonly port: number },
    listenAddress: string,
    { certificate, unpacked = false }: FaultProxyOptions = {},
  ): Promise<FaultProxy> {
    const listener = certificate === undefined ? net.createServer() : tls.createServer(certificate);
    const proxy = new FaultProxy(listener, target, unpacked);
    listener.on('connection', (socket: net.Socket) => {
      if (proxy.isDown) {
        socket.resetAndDestroy();
        return;
      }
      proxy.keep(socket);
    });
    listener.on(certificate === undefined ? 'connection' : 'secureConnection', (socket: net.Socket) => {
      if (!socket.destroyed) {
        proxy.serve(socket);
      }
    });
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(0, listenAddress, resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  arm(rule: ProxyRule): ArmedRule {
    const entry: Entry = { rule, toSkip: rule.skip ?? 0, fired: false, isDisarmed: false, replyBytes: undefined };
    this.entries.add(entry);
    return {
      get fired() {
        return entry.fired;
      },
      get replyBytes() {
        return entry.replyBytes;
      },
      disarm: () => {
        entry.isDisarmed = true;
        this.entries.delete(entry);
      },
    };
  }

  /** Breaks every connection and resets new ones until {@link up}: the server is down. */
  down(): void {
    this.isDown = true;
    this.dropConnections();
  }

  up(): void {
    this.isDown = false;
  }

  dropConnections(): void {
    for (const socket of [...this.sockets]) {
      socket.resetAndDestroy();
    }
  }

  /** Shows another certificate to connections from now on, and breaks those that there are. */
  replaceCertificate(certificate: ProxyCertificate): void {
    (this.listener as tls.Server).setSecureContext(certificate);
    this.dropConnections();
  }

  /** The last reply to a method, as it came over the wire. @throws Error when there was none */
  lastReply(method: string): Buffer {
    const reply = this.lastReplies.get(method);
    if (reply === undefined) {
      throw new Error(`Nobody has called ${method} yet.`);
    }
    return reply;
  }

  /** How many bytes of requests have come in since the last time this was asked, over TLS after decryption. */
  countBytes(): number {
    const count = this.received;
    this.received = 0;
    return count;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.listener.close(() => {
        resolve();
      });
    });
    this.isDown = true;
    this.dropConnections();
    await closed;
  }

  private keep(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  private serve(client: net.Socket): void {
    const waiting: Exchange[] = [];
    client.on('error', () => client.destroy());
    const server = net.connect(this.target);
    this.keep(server);
    client.once('close', () => {
      server.destroy();
      this.giveBack(waiting);
    });
    server.once('close', () => client.end());
    const requests = new HttpMessages();
    const replies = new HttpMessages();
    client.on('data', (chunk) => {
      this.received += chunk.length;
      for (const message of requests.take(chunk)) {
        this.onRequest(this.unpacked ? withoutPacking(message) : message, client, server, waiting);
      }
    });
    server.on('data', (chunk) => {
      for (const message of replies.take(chunk)) {
        const exchange = waiting.shift();
        if (exchange !== undefined) {
          this.onReply(message, exchange, client);
        }
      }
    });
  }

  /** A client that did not wait for its reply has not met the fault: the next one shall. */
  private giveBack(waiting: readonly Exchange[]): void {
    for (const { entry } of waiting) {
      if (entry !== undefined && !entry.fired && !entry.isDisarmed) {
        this.entries.add(entry);
      }
    }
  }

  private onRequest(message: HttpMessage, client: net.Socket, server: net.Socket, waiting: Exchange[]): void {
    const text = message.raw.toString('utf8');
    const method = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(text)?.[1] ?? '';
    const entry = this.entryFor(method, text);
    const action = entry?.rule.action;
    if (entry === undefined || action === undefined) {
      waiting.push({ method, entry: undefined });
      server.write(message.raw);
      return;
    }
    switch (action.kind) {
      case 'refuse':
        entry.fired = true;
        client.destroy();
        server.destroy();
        return;
      case 'cutRequest':
        entry.fired = true;
        server.write(message.raw.subarray(0, action.bytes), () => {
          server.destroy();
          client.destroy();
        });
        return;
      case 'silence':
      case 'answer':
        if (!action.forward) {
          entry.fired = true;
          this.answer(action, client);
          return;
        }
        break;
      default:
    }
    waiting.push({ method, entry });
    server.write(message.raw);
  }

  private onReply(message: HttpMessage, { method, entry }: Exchange, client: net.Socket): void {
    const stale = entry?.rule.action.kind === 'stale' ? this.lastReplies.get(entry.rule.action.method) : undefined;
    this.lastReplies.set(method, message.raw);
    if (entry === undefined) {
      client.write(message.raw);
      return;
    }
    entry.fired = true;
    entry.replyBytes = message.raw.length;
    spoil(entry.rule.action, message, stale, client);
  }

  private answer(action: Extract<ProxyAction, { readonly kind: 'silence' | 'answer' }>, client: net.Socket): void {
    if (action.kind === 'answer') {
      client.write(answerText(action));
    }
  }

  private entryFor(method: string, text: string): Entry | undefined {
    for (const entry of this.entries) {
      const { rule } = entry;
      if (entry.fired || rule.method !== method || (rule.having !== undefined && !text.includes(rule.having))) {
        continue;
      }
      if (entry.toSkip > 0) {
        entry.toSkip--;
        continue;
      }
      this.entries.delete(entry);
      return entry;
    }
    return undefined;
  }
}

/** The request without its wish for packed replies. */
function withoutPacking(message: HttpMessage): HttpMessage {
  const head = message.head.replace(/^accept-encoding:.*\r\n/im, '');
  const raw = Buffer.concat([Buffer.from(head, 'latin1'), message.raw.subarray(message.headBytes)]);
  return { head, headBytes: head.length, raw };
}

/** Hands a reply on as the action has it. */
function spoil(action: ProxyAction, message: HttpMessage, stale: Buffer | undefined, client: net.Socket): void {
  const { raw } = message;
  switch (action.kind) {
    case 'cutReply':
      client.write(raw.subarray(0, action.bytes), () => {
        if (action.how === 'end' || client instanceof tls.TLSSocket) {
          client.destroy();
        } else {
          client.resetAndDestroy();
        }
      });
      return;
    case 'drip':
      for (const byte of raw) {
        client.write(Buffer.of(byte));
      }
      return;
    case 'delay':
      setTimeout(() => client.write(raw), action.ms);
      return;
    case 'corrupt': {
      const changed = Buffer.from(raw);
      const at = Math.min(action.at, changed.length - 1);
      changed[at] = (changed[at] as number) ^ action.xor;
      client.write(changed);
      return;
    }
    case 'stale':
      if (stale === undefined) {
        throw new Error('There is no earlier reply to hand on.');
      }
      client.write(stale);
      return;
    case 'repeat':
      client.write(Buffer.concat([raw, raw]));
      return;
    case 'editHead':
      client.write(action.edit(message.head), 'latin1');
      client.write(raw.subarray(message.headBytes), () => client.end());
      return;
    case 'answer':
      client.write(answerText(action));
      return;
    case 'silence':
      return;
    case 'refuse':
    case 'cutRequest':
      throw new Error(`${action.kind} strikes before there is a reply.`);
  }
}

function answerText({ status, body, contentType }: Extract<ProxyAction, { readonly kind: 'answer' }>): string {
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status} Because\r\nContent-Type: ${contentType}\r\nContent-Length: ${length}\r\n\r\n${body}`;
}
