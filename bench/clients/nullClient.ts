import * as fs from 'node:fs';
import { systemClock } from '../../src/common/clock';
import { PooledTransport } from '../../src/vsphere/soap/pooledTransport';
import { type BodyReceiver, defaultTransportLimits, type HttpHead } from '../../src/vsphere/soap/transport';
import { TokenFinder } from './tokenFinder';
import { targetOf } from './target';
import type { RecordedRequest } from '../servers/recording';

// The floor: the product's transport, the product's calls, one after the other, and the replies thrown away. Of a reply
// only what the next call needs is looked for, at its beginning.
//   NULL_REQUESTS=FILE node nullClient.js URL USER PASSWORD SHA256

async function main(): Promise<void> {
  const { address, trust } = targetOf(process.argv);
  const requests = JSON.parse(fs.readFileSync(process.env['NULL_REQUESTS'] ?? '', 'utf8')) as RecordedRequest[];
  const limits = defaultTransportLimits;
  const transport = new PooledTransport({ endpoint: address, trust, clock: systemClock, limits });
  const finder = new TokenFinder();
  let cookie: string | undefined;
  let bytes = 0;
  for (const { method, soapAction, body } of requests) {
    const receive = ({ headers }: HttpHead): BodyReceiver => {
      cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? cookie;
      finder.begin(method);
      return {
        write: (chunk) => {
          bytes += chunk.length;
          finder.look(chunk);
        },
        end: () => undefined,
      };
    };
    await transport.send(
      {
        method: method === 'GET' ? 'GET' : 'POST',
        path: method === 'GET' ? '/sdk/vimServiceVersions.xml' : '/sdk',
        headers: {
          ...(soapAction !== undefined && { SOAPAction: soapAction, 'Content-Type': 'text/xml; charset="utf-8"' }),
          ...(cookie !== undefined && { Cookie: cookie }),
        },
        ...(method !== 'GET' && { body: finder.fill(body) }),
        lane: 'call',
        silenceLimitMs: 120_000,
      },
      receive,
    );
  }
  transport.dispose();
  process.stdout.write(`bytes ${bytes}\n`);
}

void main();
