import { randomUUID } from 'node:crypto';
import type { Logger } from '../common/logger';
import { oneLine } from '../common/text';
import type { HypervisorError } from '../hypervisor/errors';
import { badReply, translateStatus, translateTransportError } from './connectionErrors';
import { FaultError, reportOfSoapFault } from './faults/faultError';
import { unwritable } from './inputErrors';
import { Cookies } from './soap/cookies';
import { encodeRequest, ResponseReader } from './soap/envelope';
import type { BodyReceiver, Endpoint, HttpHead, HttpRequest, Lane, Transport } from './soap/transport';
import { TransportError } from './soap/transportError';
import type { ResultListener } from './soap/readContent';
import { SchemaError } from './soap/schemaError';
import { EncodeError } from './soap/vimEncoder';
import { XmlError } from './soap/xmlError';
import { XmlMemory } from './soap/xmlMemory';
import { XmlReader } from './soap/xmlReader';
import type { XmlSink } from './soap/xmlSink';
import type { ManagedObjectReference, MethodType } from './vim/schema';

export interface CallOptions {
  /** Unset: `call`, which is repeated once when a kept connection turns out to be dead. For reads only. */
  readonly lane?: Lane;
  /** How long the server may be silent. Unset: long enough for a busy vCenter. */
  readonly silenceLimitMs?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Told of what stands directly inside of the result while the reply still comes in. It may have been told something
   * although the call fails. What it throws ends the call.
   */
  readonly listener?: ResultListener;
}

/** Sends one call and gives its result. */
export interface Caller {
  /**
   * @throws FaultError when the server answers with a fault; HypervisorError when it cannot be reached or understood;
   * CancelledError when the signal is aborted.
   */
  call<P extends object, R>(
    method: MethodType<P, R>,
    target: ManagedObjectReference,
    args: P,
    options?: CallOptions,
  ): Promise<R>;
}

/** A reply to a write did not come, or cannot be read: nobody knows whether the write has happened. */
export class UncertainReplyError extends Error {
  override readonly name = 'UncertainReplyError';

  constructor(override readonly cause: HypervisorError) {
    super(cause.message, { cause });
  }
}

// vCenter answers within seconds; one that is loaded or starting may need a minute or more for a single call.
const silenceLimitMs = 120_000;

// Of a reply that is not SOAP the beginning is enough to see what sent it.
const errorBodyBytes = 65_536;

const sdkPath = '/sdk';

/** One SOAP endpoint: envelopes, cookies and the version of the API, but nothing about sessions. */
export class SoapClient implements Caller {
  /** Goes into SOAPAction: selects which release of the API the server speaks to us. */
  version: string;
  /** Whether a session has been had: then what breaks is a connection that was there. */
  hadSession = false;
  /** When a request was sent last. */
  lastSentMs = 0;
  private readonly cookies = new Cookies();
  private readonly memory = new XmlMemory();
  private readonly idPrefix = `ext-${randomUUID().slice(0, 8)}`;
  private calls = 0;
  private hasAnswered = false;

  constructor(
    private readonly transport: Transport,
    readonly endpoint: Endpoint,
    private readonly logger: Logger,
    private readonly now: () => number,
    initialVersion: string,
  ) {
    this.version = initialVersion;
  }

  /** Drops what ties requests to a session. */
  forgetSession(): void {
    this.cookies.clear();
  }

  async call<P extends object, R>(
    method: MethodType<P, R>,
    target: ManagedObjectReference,
    args: P,
    options: CallOptions = {},
  ): Promise<R> {
    const operationId = `${this.idPrefix}-${++this.calls}-${method.name}`;
    const reader = new ResponseReader(method, options.listener);
    const body = this.encode(method, target, args, operationId);
    await this.exchange(
      {
        method: 'POST',
        path: sdkPath,
        headers: {
          'Content-Type': 'text/xml; charset="utf-8"',
          SOAPAction: `urn:vim25/${this.version}`,
          ...this.cookieHeader(),
        },
        body,
        lane: options.lane ?? 'call',
        silenceLimitMs: options.silenceLimitMs ?? silenceLimitMs,
        signal: options.signal,
      },
      reader,
      (status) => status === 200 || status === 500,
      `${method.name} on ${target.key} (${operationId})`,
    );
    const outcome = this.readOutcome(reader, options.lane);
    this.hasAnswered = true;
    if ('fault' in outcome) {
      throw new FaultError(reportOfSoapFault(outcome.fault), method.name, target);
    }
    return outcome.result as R;
  }

  /** Reads an XML document beside the SOAP endpoint. @throws as {@link call}, but for faults. */
  async get(path: string, sink: XmlSink, signal: AbortSignal | undefined): Promise<void> {
    await this.exchange(
      { method: 'GET', path: `${sdkPath}${path}`, headers: this.cookieHeader(), lane: 'call', silenceLimitMs, signal },
      sink,
      (status) => status === 200,
      `GET ${path}`,
    );
  }

  private encode<P extends object>(
    method: MethodType<P>,
    target: ManagedObjectReference,
    args: P,
    operationId: string,
  ): string {
    try {
      return encodeRequest(method, target, args, operationId);
    } catch (error) {
      if (error instanceof EncodeError) {
        throw unwritable(error);
      }
      throw error;
    }
  }

  private cookieHeader(): Record<string, string> {
    const cookie = this.cookies.header;
    return cookie === undefined ? {} : { Cookie: cookie };
  }

  private async exchange(
    request: HttpRequest,
    sink: XmlSink,
    isExpected: (status: number) => boolean,
    what: string,
  ): Promise<void> {
    const startedMs = this.now();
    this.lastSentMs = startedMs;
    this.logger.trace(`> ${what}`);
    let refusal: { readonly status: number; text: string } | undefined;
    let status = 0;
    try {
      await this.transport.send(request, (head) => {
        status = head.status;
        this.cookies.accept(head.headers['set-cookie']);
        if (isExpected(head.status) && isXml(head)) {
          return xmlReceiver(new XmlReader(sink, this.memory));
        }
        const text = { status: head.status, text: '' };
        refusal = text;
        return textReceiver(text);
      });
    } catch (error) {
      this.logger.trace(`< ${what} failed after ${this.now() - startedMs} ms`);
      throw this.translate(error, request.lane);
    }
    this.logger.trace(`< ${what}: ${status} after ${this.now() - startedMs} ms`);
    if (refusal !== undefined) {
      throw this.refused(refusal, request.lane);
    }
  }

  private translate(error: unknown, lane: Lane): unknown {
    if (error instanceof TransportError) {
      const translated = translateTransportError(error, this.endpoint, this.hadSession);
      return lane === 'write' && error.mayHaveArrived ? new UncertainReplyError(translated) : translated;
    }
    if (error instanceof XmlError || error instanceof SchemaError) {
      const translated = this.hasAnswered
        ? badReply(error.message, this.endpoint, error)
        : translateStatus(200, error.message, this.endpoint, false);
      return lane === 'write' ? new UncertainReplyError(translated) : translated;
    }
    return error;
  }

  /** A reply that is not SOAP. Below 500 somebody has refused the request before it could have an effect. */
  private refused({ status, text }: { readonly status: number; readonly text: string }, lane: Lane): Error {
    const detail = oneLine(text.slice(0, 200), 'no text');
    const translated = translateStatus(status, detail, this.endpoint, this.hasAnswered);
    const isUncertain = lane === 'write' && (status >= 500 || status < 300);
    return isUncertain ? new UncertainReplyError(translated) : translated;
  }

  private readOutcome(reader: ResponseReader, lane: Lane | undefined): ReturnType<ResponseReader['outcome']> {
    try {
      return reader.outcome();
    } catch (error) {
      throw this.translate(error, lane ?? 'call');
    }
  }
}

function isXml({ headers }: HttpHead): boolean {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  return type === 'text/xml' || type === 'application/xml' || type === 'application/soap+xml';
}

function xmlReceiver(reader: XmlReader): BodyReceiver {
  return {
    write: (chunk) => {
      reader.write(chunk);
    },
    end: () => {
      reader.end();
    },
  };
}

function textReceiver(into: { text: string }): BodyReceiver {
  return {
    enoughBytes: errorBodyBytes,
    write: (chunk) => {
      into.text += chunk.toString('utf8');
    },
    end: () => undefined,
  };
}
