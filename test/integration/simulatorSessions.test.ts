import assert from 'node:assert/strict';
import { encodeRequest } from '../../src/vsphere/soap/envelope';
import {
  CreateContainerView,
  CurrentTime,
  Login,
  Logout,
  SessionIsActive,
  TerminateSession,
  type UserSession,
} from '../../src/vsphere/vim/service';
import { CreatePropertyCollector, RetrievePropertiesEx, WaitForUpdatesEx } from '../../src/vsphere/vim/property';
import { ManagedObjectReference } from '../../src/vsphere/vim/schema';
import { eventually } from '../support/eventually';
import { faultOf, serviceInstance, SimulatorFixture } from '../support/simulatorFixture';
import { SoapSession } from '../support/soapSession';

const users = [
  { name: 'administrator@vsphere.local', password: 'admin', permissions: [{ role: 'Admin' }] },
  { name: 'jdoe@corp.example', password: 'jdoe', fullName: 'Jane Doe', permissions: [{ role: 'ReadOnly' }] },
  { name: 'nobody@corp.example', password: 'nobody' },
  { name: 'old@corp.example', password: 'old', passwordExpired: true, permissions: [{ role: 'ReadOnly' }] },
] as const;

describe('simulator: sessions over the wire', () => {
  let fixture: SimulatorFixture;
  beforeEach(async () => {
    fixture = await SimulatorFixture.start([{ name: 'VM1' }], { users, sessionTimeoutSeconds: 600, maxSessions: 5 });
  });
  afterEach(async () => {
    await fixture.stop();
  });

  async function login(
    userName: string,
    password: string,
    session = new SoapSession(fixture.simulator.url),
  ): Promise<UserSession> {
    return await session.call(Login, fixture.service('sessionManager'), { userName, password });
  }

  it('tell who is logged in', async () => {
    const session = await login('CORP.EXAMPLE\\JDoe', 'jdoe');
    assert.equal(session.userName, 'CORP.EXAMPLE\\jdoe');
    assert.equal(session.fullName, 'Jane Doe');
    const [current] = await fixture.read(fixture.service('sessionManager'), ['currentSession']);
    assert.equal((current as UserSession).userName, 'VSPHERE.LOCAL\\administrator');
  });

  it('show nobody before a login', async () => {
    const stranger = new SoapSession(fixture.simulator.url);
    const [current] = await fixture.read(fixture.service('sessionManager'), ['currentSession'], stranger);
    assert.equal(current, undefined);
  });

  it('are refused for a wrong password, a locked account, and one that is logged in', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const refused = await faultOf(login('jdoe@corp.example', 'wrong'));
      assert.equal(refused.type, 'InvalidLogin');
      assert.equal(refused.fault.message, 'Cannot complete login due to an incorrect user name or password.');
    }
    assert.equal((await faultOf(login('jdoe@corp.example', 'jdoe'))).type, 'InvalidLogin', 'locked');
    fixture.clock.advance(900_000);
    const session = new SoapSession(fixture.simulator.url);
    await login('jdoe@corp.example', 'jdoe', session);
    assert.equal((await faultOf(login('jdoe@corp.example', 'jdoe', session))).type, 'InvalidLogin');
  });

  it('tell apart who may not, and whose password is too old', async () => {
    const denied = await faultOf(login('nobody@corp.example', 'nobody'));
    assert.equal(denied.type, 'NoPermission');
    assert.equal((await faultOf(login('old@corp.example', 'old'))).type, 'PasswordExpired');
  });

  it('end with a logout', async () => {
    await fixture.session.call(Logout, fixture.service('sessionManager'), {});
    const second = await faultOf(fixture.session.call(Logout, fixture.service('sessionManager'), {}));
    assert.equal(second.type, 'NotAuthenticated');
    assert.equal(second.fault.message, 'The session is not authenticated.');
    assert.equal(fixture.simulator.server.sessionStore.count, 0);
  });

  it('expire, each method in its own way', async () => {
    const { session, clock } = fixture;
    const view = await session.call(CreateContainerView, fixture.service('viewManager'), {
      container: fixture.simulator.server.content.rootFolder,
      type: ['VirtualMachine'],
      recursive: true,
    });
    clock.advance(601_000);
    assert.equal((await faultOf(session.call(CurrentTime, serviceInstance, {}))).type, 'NotAuthenticated');
    const result = await session.call(RetrievePropertiesEx, fixture.collector, {
      specSet: [
        {
          propSet: [{ type: 'VirtualMachine', pathSet: ['name', 'runtime.powerState'] }],
          objectSet: [{ obj: fixture.vm('VM1'), selectSet: [] }],
        },
      ],
      options: {},
    });
    assert.deepEqual(
      result?.objects[0]?.missingSet.map(({ path, fault }) => `${path} ${fault.fault.$type ?? ''}`),
      ['name NotAuthenticated', 'runtime.powerState NotAuthenticated'],
    );
    await fixture.login(session);
    const old = session.call(RetrievePropertiesEx, fixture.collector, {
      specSet: [{ propSet: [{ type: 'ContainerView', pathSet: ['view'] }], objectSet: [{ obj: view, selectSet: [] }] }],
      options: {},
    });
    assert.equal((await faultOf(old)).type, 'ManagedObjectNotFound');
  });

  it('take their collectors with them, waiting calls included', async () => {
    const { session, clock } = fixture;
    const collector = await session.call(CreatePropertyCollector, fixture.collector, {});
    const waiting = faultOf(session.call(WaitForUpdatesEx, collector, { version: '' }));
    const other = new SoapSession(fixture.simulator.url);
    await login('administrator@vsphere.local', 'admin', other);
    const key = fixture.simulator.server.sessionStore.all[0]?.key ?? '';
    await eventually('a waiting call', () =>
      fixture.simulator.log.all.some(({ method }) => method === 'WaitForUpdatesEx'),
    );
    await other.call(TerminateSession, fixture.service('sessionManager'), { sessionId: [key] });
    assert.equal((await waiting).type, 'RequestCanceled');
    assert.equal((await faultOf(session.call(WaitForUpdatesEx, collector, {}))).type, 'NotAuthenticated');
    clock.advance(1);
  });

  it('belong to whoever made what is in them', async () => {
    const collector = await fixture.session.call(CreatePropertyCollector, fixture.collector, {});
    const other = await fixture.sessionOf('jdoe@corp.example', 'jdoe');
    assert.equal((await faultOf(other.call(WaitForUpdatesEx, collector, {}))).type, 'ManagedObjectNotFound');
  });

  it('can be asked for, and ended, by whoever has the right', async () => {
    const other = new SoapSession(fixture.simulator.url);
    const { key, userName } = await login('jdoe@corp.example', 'jdoe', other);
    const manager = fixture.service('sessionManager');
    const ask = (session: SoapSession): Promise<boolean> =>
      session.call(SessionIsActive, manager, { sessionID: key, userName });
    assert.equal(await ask(fixture.session), true);
    assert.equal((await faultOf(ask(other))).type, 'NoPermission');
    assert.equal((await faultOf(other.call(TerminateSession, manager, { sessionId: [key] }))).type, 'NoPermission');
    await fixture.session.call(TerminateSession, manager, { sessionId: [key] });
    assert.equal(await ask(fixture.session), false);
    assert.equal(
      (await faultOf(fixture.session.call(TerminateSession, manager, { sessionId: [key] }))).type,
      'NotFound',
    );
  });

  it('are limited in number, and the limit is no SOAP fault', async () => {
    for (let number = fixture.simulator.server.sessionStore.count; number < 5; number++) {
      await login('jdoe@corp.example', 'jdoe');
    }
    const request = encodeRequest(Login, new ManagedObjectReference('SessionManager', 'SessionManager'), {
      userName: 'jdoe@corp.example',
      password: 'jdoe',
    });
    const reply = await new SoapSession(fixture.simulator.url).post(request);
    assert.equal(reply.status, 503);
    assert.match(reply.headers['content-type'] ?? '', /text\/plain/);
  });

  it('never let a password into the call log', async () => {
    await faultOf(login('jdoe@corp.example', 'marker-5EcReT'));
    await login('jdoe@corp.example', 'jdoe');
    assert.ok(!JSON.stringify(fixture.simulator.log.all).includes('5EcReT'));
    assert.ok(
      fixture.simulator.log.all.some(({ method, outcome }) => method === 'Login' && outcome === 'InvalidLogin'),
    );
  });
});
