import * as https from 'node:https';
import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import { encodeRequest } from '../../src/vsphere/soap/envelope';
import { PooledTransport } from '../../src/vsphere/soap/pooledTransport';
import { defaultTransportLimits } from '../../src/vsphere/soap/transport';
import { SoapClient } from '../../src/vsphere/soapClient';
import { ManagedObjectReference } from '../../src/vsphere/vim/schema';
import { RetrieveServiceContent } from '../../src/vsphere/vim/service';
import type { Target } from '../clients/target';
import { median } from '../measure';

const warmCalls = 300;

export interface CallFigures {
  readonly oursMs: number;
  readonly bareMs: number;
}

/** A small call when everything is warm, beside the least that Node needs for the same bytes. */
export async function call({ address, trust }: Target): Promise<CallFigures> {
  const transport = new PooledTransport({
    endpoint: address,
    trust,
    clock: systemClock,
    limits: defaultTransportLimits,
  });
  const client = new SoapClient(transport, address, nullLogger, () => Date.now(), '8.0.3.0');
  const service = new ManagedObjectReference('ServiceInstance', 'ServiceInstance');
  const agent = new https.Agent({ keepAlive: true });
  const body = encodeRequest(RetrieveServiceContent, service, {}, 'bench');
  const bare = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = https.request(
        {
          host: address.host,
          port: address.port,
          path: '/sdk',
          method: 'POST',
          agent,
          rejectUnauthorized: false,
          headers: {
            'Content-Type': 'text/xml; charset="utf-8"',
            SOAPAction: 'urn:vim25/8.0.3.0',
            'Content-Length': Buffer.byteLength(body),
          },
        },
        (response) => {
          response.on('data', () => undefined);
          response.on('end', resolve);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < warmCalls * 2; i++) {
    // Side by side, so that both see the same machine.
    const a = performance.now();
    await client.call(RetrieveServiceContent, service, {});
    const b = performance.now();
    await bare();
    const c = performance.now();
    if (i >= warmCalls) {
      ours.push(b - a);
      theirs.push(c - b);
    }
  }
  transport.dispose();
  agent.destroy();
  return { oursMs: median(ours), bareMs: median(theirs) };
}
