import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { HypervisorClient } from '../../src/hypervisor/client';
import type { ErrorKind, NextStep } from '../../src/hypervisor/errors';
import type { ObjectId, TaskId } from '../../src/hypervisor/model/ids';
import { encodeResponse } from '../../src/vsphere/soap/envelope';
import { RetrievePropertiesEx } from '../../src/vsphere/vim/property';
import { ConsolidateVMDisks_Task } from '../../src/vsphere/vim/snapshot';
import { connectAs, failsAs } from '../support/clientRig';
import { ScriptedServer } from '../support/scriptedServer';
import { ScriptedVcenter } from '../support/scriptedVcenter';

// What comes back when it is not what was asked for: from proxies, from servers that are starting, from something that
// is no vSphere server at all.

type Raw = (response: ServerResponse) => unknown;

const html =
  (status: number, headers: Record<string, string> = {}): Raw =>
  (response) =>
    response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end('<html><body>nope</body></html>');
const xml =
  (text: string): Raw =>
  (response) =>
    response.writeHead(200, { 'Content-Type': 'text/xml' }).end(text);
const empty = encodeResponse(RetrievePropertiesEx, undefined);

interface Case {
  readonly title: string;
  readonly reply: Raw;
  /** What a read and a write mean by it. */
  readonly read: ErrorKind;
  readonly write: ErrorKind;
  readonly says?: RegExp;
  readonly nextStep?: NextStep;
}

const cases: readonly Case[] = [
  { title: 'a redirect', reply: html(302, { Location: '/ui' }), read: 'badReply', write: 'badReply' },
  { title: '400', reply: html(400), read: 'badReply', write: 'badReply' },
  { title: '401', reply: html(401), read: 'proxy', write: 'proxy', says: /proxy or firewall/ },
  { title: '403', reply: html(403), read: 'proxy', write: 'proxy', says: /proxy or firewall/ },
  { title: '404', reply: html(404), read: 'badReply', write: 'badReply' },
  { title: '407', reply: html(407), read: 'proxy', write: 'proxy', says: /asks for a sign-in/ },
  { title: '429', reply: html(429), read: 'serverUnavailable', write: 'serverUnavailable' },
  { title: '500 that is no SOAP', reply: html(500), read: 'serverUnavailable', write: 'outcomeUnknown' },
  { title: '502', reply: html(502), read: 'serverUnavailable', write: 'outcomeUnknown' },
  {
    title: '503',
    reply: html(503),
    read: 'serverUnavailable',
    write: 'outcomeUnknown',
    says: /'vc' isn't ready \(HTTP 503\)/,
    nextStep: 'retry',
  },
  { title: '200 with HTML', reply: html(200), read: 'badReply', write: 'outcomeUnknown' },
  {
    title: 'no content type',
    reply: (response) => response.writeHead(200).end(empty),
    read: 'badReply',
    write: 'outcomeUnknown',
  },
  { title: 'XML that is no SOAP', reply: xml('<a/>'), read: 'badReply', write: 'outcomeUnknown' },
  { title: 'XML that is cut off', reply: xml(empty.slice(0, -20)), read: 'badReply', write: 'outcomeUnknown' },
  { title: 'a DOCTYPE', reply: xml(`<!DOCTYPE a>${empty}`), read: 'badReply', write: 'outcomeUnknown' },
  { title: 'nothing', reply: xml(''), read: 'badReply', write: 'outcomeUnknown' },
  {
    title: 'a SOAP fault that is not of vSphere',
    reply: (response) =>
      response
        .writeHead(500, { 'Content-Type': 'text/xml' })
        .end(
          '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>' +
            '<faultcode>e:Server</faultcode><faultstring>Busy</faultstring></e:Fault></e:Body></e:Envelope>',
        ),
    read: 'server',
    write: 'outcomeUnknown',
  },
  {
    title: 'a connection that is closed',
    reply: (response) => response.socket?.destroy(),
    read: 'connectionLost',
    write: 'outcomeUnknown',
    says: /connection to 'vc' was lost/,
  },
  {
    title: 'a broken packing',
    reply: (response) =>
      response
        .writeHead(200, { 'Content-Type': 'text/xml', 'Content-Encoding': 'gzip' })
        .end(gzipSync(empty).subarray(0, 20)),
    read: 'badReply',
    write: 'outcomeUnknown',
  },
  {
    title: 'a value that is none of its type',
    reply: xml(
      empty.replace('<RetrievePropertiesExResponse xmlns="urn:vim25">', '$&<returnval><objects/></returnval>'),
    ),
    read: 'badReply',
    write: 'outcomeUnknown',
  },
];

describe('a reply that is not what was asked for', () => {
  let vcenter: ScriptedVcenter;
  let client: HypervisorClient;

  beforeEach(async () => {
    vcenter = await ScriptedVcenter.start();
    client = await connectAs(vcenter);
  });

  afterEach(async () => {
    await client.close();
    await vcenter.close();
  });

  for (const { title, reply, read, write, says, nextStep } of cases) {
    it(`${title}: to a read`, async () => {
      vcenter.on(RetrievePropertiesEx, () => ({ raw: reply }));
      const error = await failsAs(read, client.readTask('Task:task-1' as TaskId));
      assert.match(error.say({ serverLabel: 'vc' }), says ?? /./);
      assert.equal(error.nextStep, nextStep ?? error.nextStep);
    });

    it(`${title}: to a write`, async () => {
      vcenter.on(ConsolidateVMDisks_Task, () => ({ raw: reply }));
      const error = await failsAs(
        write,
        client.start({ kind: 'consolidate', vmId: 'VirtualMachine:vm-1' as ObjectId }),
      );
      assert.equal(vcenter.count(ConsolidateVMDisks_Task), 1, 'sent once');
      if (write === 'outcomeUnknown') {
        assert.equal(
          error.say({ serverLabel: 'vc', vmName: 'SQL01' }),
          "The connection broke before 'vc' confirmed the consolidation on 'SQL01'. It may have happened. It will not be sent again.",
        );
        assert.equal(error.nextStep, 'checkNow');
      }
    });
  }

  it('a server that is gone: to a read, and to a write, which has not happened then', async () => {
    await vcenter.close();
    await failsAs('connectionLost', client.readTask('Task:task-1' as TaskId));
    await failsAs('connectionLost', client.start({ kind: 'powerOn', vmId: 'VirtualMachine:vm-1' as ObjectId }));
    vcenter = await ScriptedVcenter.start();
  });

  it('of an error page only the beginning is read', async () => {
    vcenter.on(RetrievePropertiesEx, () => ({
      raw: (response) => {
        response.writeHead(503, { 'Content-Type': 'text/html' });
        response.write('x'.repeat(100_000));
        // It never ends.
      },
    }));
    const error = await failsAs('serverUnavailable', client.readTask('Task:task-1' as TaskId));
    assert.ok(error.message.length < 400);
  });
});

describe('something that is no vSphere server', () => {
  let server: ScriptedServer;

  afterEach(async () => {
    await server.close();
  });

  const soapFault =
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>' +
    '<faultstring>No such operation</faultstring></s:Fault></s:Body></s:Envelope>';
  const impostors: Readonly<Record<string, readonly [reply: Raw, kind: ErrorKind]>> = {
    'a web site': [html(200), 'notAServer'],
    'a web site that has no such page': [html(404), 'notAServer'],
    'a web site that leads elsewhere': [html(301, { Location: 'https://elsewhere.test/' }), 'notAServer'],
    'somebody else who speaks SOAP': [
      (response) => response.writeHead(500, { 'Content-Type': 'text/xml' }).end(soapFault),
      'notAServer',
    ],
    'a feed in XML': [xml('<rss><channel/></rss>'), 'notAServer'],
    'a server that is starting': [html(503), 'serverUnavailable'],
    'a proxy that wants a sign-in': [html(407), 'proxy'],
    'something that hangs up': [(response) => response.socket?.destroy(), 'noAnswer'],
  };

  for (const [title, [reply, kind]] of Object.entries(impostors)) {
    it(`${title} is never sent a password`, async () => {
      server = await ScriptedServer.start((_request, response) => reply(response));
      let asked = false;
      const opening = connectAs(
        { url: `http://${server.host}:${server.port}/sdk` },
        {
          getPassword: () => {
            asked = true;
            return Promise.resolve('secret');
          },
        },
      );
      const error = await failsAs(kind, opening);
      assert.match(error.say({ serverLabel: 'intranet.corp' }), /intranet\.corp/);
      assert.equal(asked, false);
      assert.ok(server.requests.every(({ body }) => !body.includes('secret')));
    });
  }
});
