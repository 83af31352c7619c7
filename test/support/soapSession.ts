import http from 'node:http';
import { ResponseReader, encodeRequest, type SoapFault } from '../../src/vsphere/soap/envelope';
import { XmlReader } from '../../src/vsphere/soap/xmlReader';
import type { ManagedObjectReference, MethodType } from '../../src/vsphere/vim/schema';

/** What came back over HTTP. */
export interface RawReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A call was answered with a fault. */
export class FaultReply extends Error {
  override readonly name = 'FaultReply';

  constructor(
    readonly fault: SoapFault,
    readonly status: number,
  ) {
    super(`${fault.detail?.$type ?? 'fault without detail'}: ${fault.message}`);
  }

  get type(): string {
    return this.fault.detail?.$type ?? '';
  }
}

/** Calls a server with the bare codec: for tests of a server that must not depend on our own client. */
export class SoapSession {
  private readonly agent = new http.Agent({ keepAlive: true });
  private cookie: string | undefined;

  constructor(
    readonly url: string,
    readonly version = '8.0.3.0',
  ) {}

  /** @throws {@link FaultReply} when the server answers with a fault. */
  async call<P extends object, R>(
    method: MethodType<P, R>,
    target: ManagedObjectReference,
    args: P,
    signal?: AbortSignal,
  ): Promise<R> {
    const reply = await this.post(encodeRequest(method, target, args), {}, signal);
    const reader = new ResponseReader(method);
    const xml = new XmlReader(reader);
    xml.write(reply.body);
    xml.end();
    const outcome = reader.outcome();
    if ('fault' in outcome) {
      throw new FaultReply(outcome.fault, reply.status);
    }
    return outcome.result as R;
  }

  /** Sends any text as a request. */
  async post(body: string | Buffer, headers: http.OutgoingHttpHeaders = {}, signal?: AbortSignal): Promise<RawReply> {
    return await this.request('POST', this.url, body, headers, signal);
  }

  async request(
    method: string,
    url: string,
    body: string | Buffer = '',
    headers: http.OutgoingHttpHeaders = {},
    signal?: AbortSignal,
  ): Promise<RawReply> {
    const bytes = Buffer.from(body);
    return await new Promise((resolve, reject) => {
      const request = http.request(
        url,
        {
          method,
          agent: this.agent,
          headers: {
            'Content-Type': 'text/xml; charset="utf-8"',
            'Content-Length': bytes.length,
            SOAPAction: `urn:vim25/${this.version}`,
            ...(this.cookie !== undefined && { Cookie: this.cookie }),
            ...headers,
          },
          ...(signal !== undefined && { signal }),
        },
        (response) => {
          this.keepCookie(response);
          collect(response).then((received) => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received });
          }, reject);
        },
      );
      request.on('error', reject);
      request.end(bytes);
    });
  }

  /** Forgets the session without telling the server. */
  dropCookie(): void {
    this.cookie = undefined;
  }

  close(): void {
    this.agent.destroy();
  }

  private keepCookie(response: http.IncomingMessage): void {
    const [cookie] = response.headers['set-cookie'] ?? [];
    if (cookie !== undefined) {
      this.cookie = cookie.split(';')[0];
    }
  }
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
