import assert from 'node:assert/strict';
import net from 'node:net';
import { gunzipSync } from 'node:zlib';
import { encodeRequest } from '../../src/vsphere/soap/envelope';
import { CurrentTime, RetrieveServiceContent, UpdateOptions } from '../../src/vsphere/vim/service';
import { ManagedObjectReference } from '../../src/vsphere/vim/schema';
import { CreateSnapshot_Task, CreateSnapshotEx_Task, RemoveAllSnapshots_Task } from '../../src/vsphere/vim/snapshot';
import { faultOf, serviceInstance, SimulatorFixture } from '../support/simulatorFixture';
import { SoapSession } from '../support/soapSession';

const content = encodeRequest(RetrieveServiceContent, serviceInstance, {});

describe('simulator: protocol', () => {
  let fixture: SimulatorFixture;
  before(async () => {
    fixture = await SimulatorFixture.start();
  });
  after(async () => {
    await fixture.stop();
  });

  function newSession(version?: string): SoapSession {
    return new SoapSession(fixture.simulator.url, version);
  }

  it('lists the versions that it speaks, without a login', async () => {
    const reply = await newSession().request('GET', `${fixture.simulator.url}/vimServiceVersions.xml`);
    const text = reply.body.toString();
    assert.equal(reply.status, 200);
    assert.match(
      text,
      /<name>urn:vim25<\/name>\s*<version>8\.0\.3\.0<\/version>\s*<priorVersions>\s*<version>8\.0\.2\.0</,
    );
    assert.match(text, /<version>6\.5<\/version>/);
  });

  it('answers at both addresses of the service', async () => {
    for (const path of ['', '/vimService']) {
      const reply = await newSession().request('POST', fixture.simulator.url + path, content);
      assert.equal(reply.status, 200, path);
    }
  });

  it('answers other addresses and methods as a web server does', async () => {
    const root = fixture.simulator.url.replace(/\/sdk$/, '');
    assert.equal((await newSession().request('GET', `${root}/ui`)).status, 404);
    assert.equal((await newSession().request('GET', `${root}/sdk`)).status, 405);
  });

  it('keeps a connection, whatever the Host header says', async () => {
    const before = fixture.simulator.frontEnd.connectionCount;
    const session = newSession();
    for (let number = 0; number < 5; number++) {
      assert.equal((await session.post(content, { Host: 'vc-paris.example' })).status, 200);
    }
    assert.equal(fixture.simulator.frontEnd.connectionCount, before + 1);
    session.close();
  });

  it('sets a quoted cookie at the login only, not Secure without TLS', async () => {
    const session = newSession();
    assert.equal((await session.post(content)).headers['set-cookie'], undefined);
    let cookie: string[] | undefined;
    const post = session.post.bind(session);
    session.post = async (...args) => {
      const reply = await post(...args);
      cookie = reply.headers['set-cookie'];
      return reply;
    };
    await fixture.login(session);
    assert.match(cookie?.[0] ?? '', /^vmware_soap_session="[0-9a-f]{40}"; Path=\/; HttpOnly;$/);
  });

  it('takes the cookie with and without quotes', async () => {
    const session = newSession();
    await fixture.login(session);
    const { cookie } = fixture.simulator.server.sessionStore.all[fixture.simulator.server.sessionStore.count - 1] ?? {};
    const request = encodeRequest(CurrentTime, serviceInstance, {});
    for (const value of [`vmware_soap_session="${cookie}"`, `a=b; vmware_soap_session=${cookie}`]) {
      assert.equal((await newSession().post(request, { Cookie: value })).status, 200, value);
    }
    assert.equal((await newSession().post(request, { Cookie: 'vmware_soap_session="wrong"' })).status, 500);
  });

  it('compresses when asked, and says that it does', async () => {
    const plain = await newSession().post(content);
    assert.equal(plain.headers['content-encoding'], undefined);
    for (const [accept, encoding] of [
      ['gzip', 'gzip'],
      ['deflate, gzip;q=1.0', 'gzip'],
      ['gzip;q=0', undefined],
      ['br', undefined],
    ] as const) {
      const reply = await newSession().post(content, { 'Accept-Encoding': accept });
      assert.equal(reply.headers['content-encoding'], encoding, accept);
      assert.match(reply.headers.vary ?? '', /Accept-Encoding/);
      const body = encoding === undefined ? reply.body : gunzipSync(reply.body);
      assert.equal(body.toString(), plain.body.toString());
    }
  });

  describe('versions', () => {
    it('leave out of a reply what the client is too old for', async () => {
      const about = async (version: string): Promise<string> =>
        (await newSession(version).post(content)).body.toString();
      assert.match(await about('8.0.3.0'), /<patchLevel>/);
      assert.match(await about('7.0.2.0'), /<patchLevel>/);
      assert.doesNotMatch(await about('6.7'), /<patchLevel>/);
    });

    it('may be announced in quotes; one that is newer than the server counts as the newest', async () => {
      for (const action of ['"urn:vim25/8.0.3.0"', 'urn:vim25/9.9.9.9', 'urn:vim25/8.0.3.0']) {
        const reply = await newSession().post(content, { SOAPAction: action });
        assert.match(reply.body.toString(), /<patchLevel>/, action);
      }
    });

    it('refuse methods and elements that came later', async () => {
      const vm = fixture.vm('VM1');
      const take = { name: 'n', memory: false };
      const old = newSession('6.0');
      await fixture.login(old);
      const method = await faultOf(old.call(CreateSnapshotEx_Task, vm, take));
      assert.equal(method.type, 'InvalidRequest');
      assert.match(method.fault.message, /Unable to resolve WSDL method name "CreateSnapshotEx_Task"/);
      const middle = newSession('7.0.3.0');
      await fixture.login(middle);
      const element = await faultOf(middle.call(RemoveAllSnapshots_Task, vm, { spec: { retentionDays: 3 } }));
      assert.equal(element.type, 'InvalidRequest');
      assert.match(element.fault.message, /Unexpected element tag "spec" seen/);
    });

    it('lack RetrievePropertiesEx when none is announced', async () => {
      const reply = await newSession().post(content.replaceAll('RetrieveServiceContent', 'RetrievePropertiesEx'), {
        SOAPAction: '',
      });
      assert.match(reply.body.toString(), /Unable to resolve WSDL method name "RetrievePropertiesEx"/);
    });
  });

  describe('requests that are wrong', () => {
    const request = encodeRequest(CreateSnapshot_Task, new ManagedObjectReference('VirtualMachine', 'vm-1'), {
      name: 'n',
      description: 'd',
      memory: true,
      quiesce: false,
    });
    for (const [what, body, message] of [
      ['no XML', 'hello', /not well-formed/],
      ['empty', '', /no element found/],
      ['JSON', '{"a":1}', /not well-formed/],
      ['cut off', request.slice(0, -20), /not well-formed/],
      ['with a character that XML forbids', request.replace('>n<', '>\u0001<'), /not well-formed/],
      ['with a reference to one', request.replace('>n<', '>&#1;<'), /not well-formed/],
      ['with a DOCTYPE', request.replace('?>', '?><!DOCTYPE x>'), /not well-formed/],
      ['no envelope', '<a/>', /not a SOAP envelope/],
      ['without a call', request.replace(/<soapenv:Body>.*<\/soapenv:Body>/s, '<soapenv:Body/>'), /body/],
      [
        'with an unknown method',
        request.replaceAll('CreateSnapshot_Task', 'Nope_Task'),
        /Unable to resolve WSDL method name "Nope_Task"/,
      ],
      [
        'with an unknown element',
        request.replace('<memory>', '<colour>red</colour><memory>'),
        /Unexpected element tag "colour"/,
      ],
      [
        'with an element in another namespace',
        request.replace('<memory>', '<memory xmlns="urn:other">'),
        /Unexpected element tag|memory/,
      ],
      [
        'with an element out of order',
        request
          .replace('<description>d</description>', '')
          .replace('<memory>', '<memory>true</memory><description>d</description><memory>'),
        /Unexpected element tag "description"/,
      ],
      ['with an element twice', request.replace('<memory>', '<name>m</name><memory>'), /Unexpected element tag "name"/],
      [
        'without a required element',
        request.replace('<quiesce>false</quiesce>', ''),
        /Required property quiesce is missing/,
      ],
      ['with a gap', request.replace('<memory>true</memory>', ''), /Got "quiesce" tag when expecting "memory" tag/],
      ['without a target', request.replace(/<_this.*?<\/_this>/, ''), /_this/],
      ['with a target without a type', request.replace(' type="VirtualMachine"', ''), /without a type/],
      ['with a boolean that is none', request.replace('<memory>true', '<memory>perhaps'), /not a boolean/],
    ] as const) {
      it(`are refused when ${what}`, async () => {
        const reply = await fixture.session.post(body);
        const text = reply.body.toString();
        assert.equal(reply.status, 500);
        assert.match(text, /<soapenv:Fault><faultcode>ServerFaultCode<\/faultcode>/);
        assert.match(text, /<InvalidRequestFault xmlns="urn:vim25" xsi:type="InvalidRequest">/);
        assert.match(text.replaceAll('&quot;', '"'), message);
      });
    }

    it('of an impossible size are refused before they fill the memory', async () => {
      const reply = await newSession().post(Buffer.alloc(17 * 1_048_576, 0x20));
      assert.equal(reply.status, 413);
      assert.equal((await newSession().post(content)).status, 200);
    });

    it('never make it fall, whatever arrives', async () => {
      const { port } = new URL(fixture.simulator.url);
      for (const garbage of [
        '\0\0\0\0',
        'POST /sdk HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc',
        'GET / HTTP/9\r\n\r\n',
      ]) {
        await new Promise<void>((resolve) => {
          const socket = net.connect(Number(port), '127.0.0.1', () => {
            socket.end(garbage);
          });
          socket.on('close', () => {
            resolve();
          });
          socket.on('error', () => undefined);
          socket.resume();
        });
      }
      // Every place of an honest request, damaged in three ways.
      for (let at = 0; at < request.length; at += 17) {
        for (const damaged of [
          request.slice(0, at) + '<' + request.slice(at),
          request.slice(0, at) + request.slice(at + 7),
          request.slice(0, at) + '\ufffd&' + request.slice(at),
        ]) {
          const reply = await fixture.session.post(damaged);
          assert.ok(reply.status === 500 || reply.status === 200);
        }
      }
      assert.equal((await newSession().post(content)).status, 200);
    });
  });

  it('takes a value whose type has the usual prefix undeclared, as govmomi sends it', async () => {
    const request = encodeRequest(UpdateOptions, new ManagedObjectReference('OptionManager', 'VpxSettings'), {
      changedValue: [{ key: 'config.vmacore.soap.sessionTimeout', value: 900 }],
    });
    const undeclared = request.replace(/ xmlns:xsd="[^"]*"/, '');
    assert.notEqual(undeclared, request);
    assert.equal((await fixture.session.post(undeclared)).status, 200);
    assert.equal(fixture.simulator.server.sessionStore.idleTimeoutSeconds, 900);
    const strange = await fixture.session.post(undeclared.replace('xsd:int', 'foo:int'));
    assert.match(strange.body.toString(), /undeclared namespace prefix/);
  });

  describe('faults', () => {
    it('name the object that is not there', async () => {
      const gone = new ManagedObjectReference('VirtualMachine', 'vm-999');
      const args = { name: 'n', memory: false, quiesce: false };
      const reply = await faultOf(fixture.session.call(CreateSnapshot_Task, gone, args));
      assert.equal(reply.type, 'ManagedObjectNotFound');
      assert.equal(
        reply.fault.message,
        "The object 'vim.VirtualMachine:vm-999' has already been deleted or has not been completely created",
      );
    });

    it('name the method that an object does not have', async () => {
      const reply = await faultOf(fixture.session.call(CurrentTime, fixture.vm('VM1'), {}));
      assert.equal(reply.type, 'MethodNotFound');
    });
  });
});
