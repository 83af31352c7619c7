import assert from 'node:assert/strict';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';
import { updateVm } from '../../src/simulator/model/vmStore';
import { encodeRequest } from '../../src/vsphere/soap/envelope';
import { RetrieveProperties, TraversalSpec } from '../../src/vsphere/vim/property';
import { CreateContainerView, CurrentTime } from '../../src/vsphere/vim/service';
import { typed } from '../../src/vsphere/vim/schema';
import { eventually } from '../support/eventually';
import { serviceInstance, SimulatorFixture } from '../support/simulatorFixture';

// With all that there is to know of a VM, its reply is longer than any buffer between two ends.
const vms = 3_000;

describe('simulator: replies that are too long for one piece', () => {
  let fixture: SimulatorFixture;
  /** How many objects have been written. */
  let written: number;
  let request: string;
  beforeEach(async () => {
    fixture = await SimulatorFixture.start([], { inventory: { vms } });
    const { texts } = fixture.simulator.server;
    const content = texts.content.bind(texts);
    written = 0;
    texts.content = (...args) => {
      written++;
      return content(...args);
    };
    const view = await fixture.session.call(CreateContainerView, fixture.service('viewManager'), {
      container: fixture.simulator.server.content.rootFolder,
      type: ['VirtualMachine'],
      recursive: true,
    });
    const spec = {
      propSet: [{ type: 'VirtualMachine', all: true, pathSet: [] }],
      objectSet: [
        {
          obj: view,
          skip: true,
          selectSet: [typed(TraversalSpec, { type: 'ContainerView', path: 'view', selectSet: [] })],
        },
      ],
    };
    request = encodeRequest(RetrieveProperties, fixture.collector, { specSet: [spec] });
  });
  afterEach(async () => {
    await fixture.stop();
  });

  /** A reply of which nothing is read yet. */
  async function open(): Promise<http.IncomingMessage> {
    const cookie = fixture.simulator.server.sessionStore.all[0]?.cookie ?? '';
    return await new Promise((resolve, reject) => {
      const headers = { SOAPAction: 'urn:vim25/8.0.3.0', Cookie: `vmware_soap_session="${cookie}"` };
      const sent = http.request(fixture.simulator.url, { method: 'POST', headers, agent: false }, (response) => {
        response.pause();
        resolve(response);
      });
      sent.on('error', reject);
      sent.end(request);
    });
  }

  it('are made no faster than the client takes them, and nobody else waits for it', async () => {
    const response = await open();
    let before = -1;
    await eventually('a full connection', () => {
      const isFull = written === before;
      before = written;
      return isFull;
    });
    assert.ok(written > 0 && written < vms / 2, `${written} of ${vms}`);
    assert.ok(await fixture.session.call(CurrentTime, serviceInstance, {}));
    let bytes = 0;
    let end = '';
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      end = `${end}${(chunk as Buffer).toString('latin1')}`.slice(-100);
    }
    assert.equal(written, vms);
    assert.ok(bytes > 20_000_000, `${bytes} bytes`);
    assert.match(end, /<\/RetrievePropertiesResponse><\/soapenv:Body><\/soapenv:Envelope>$/);
  });

  it('are the same when they are compressed', async () => {
    const plain = await fixture.session.post(request);
    const packed = await fixture.session.post(request, { 'Accept-Encoding': 'gzip' });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.ok(packed.body.length * 5 < plain.body.length);
    assert.ok(gunzipSync(packed.body).equals(plain.body));
  });

  it('end with their client', async () => {
    const response = await open();
    response.destroy();
    await eventually('the end', () => fixture.simulator.frontEnd.connectionCount === 1);
    assert.ok(written < vms, `${written} of ${vms}`);
    assert.ok(await fixture.session.call(CurrentTime, serviceInstance, {}));
  });

  it('are cut off where something cannot be written', async () => {
    const [, ...others] = fixture.simulator.server.registry.all('VirtualMachine');
    const last = others.at(-1);
    assert.ok(last !== undefined);
    // No request can bring such a name; only control can.
    updateVm(fixture.simulator.server.registry, last, (state) => ({ ...state, name: 'a\0b' }));
    await assert.rejects(fixture.session.post(request), /aborted|ECONNRESET|hang up/);
    assert.ok(await fixture.session.call(CurrentTime, serviceInstance, {}));
  });
});
