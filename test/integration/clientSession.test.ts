import assert from 'node:assert/strict';
import { CancelledError } from '../../src/common/cancellation';
import { ManualClock } from '../../src/common/clock';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { HypervisorError } from '../../src/hypervisor/errors';
import type { ObjectId, TaskId } from '../../src/hypervisor/model/ids';
import { Simulator } from '../../src/simulator/simulator';
import { connect, type ConnectOptions } from '../../src/vsphere/index';
import {
  InvalidLocale,
  InvalidLogin,
  NoPermission,
  NotAuthenticated,
  PasswordExpired,
  SystemError,
} from '../../src/vsphere/vim/fault';
import { RetrievePropertiesEx } from '../../src/vsphere/vim/property';
import { ManagedObjectReference, typed } from '../../src/vsphere/vim/schema';
import { CurrentTime, Login, Logout, RetrieveServiceContent } from '../../src/vsphere/vim/service';
import { ConsolidateVMDisks_Task } from '../../src/vsphere/vim/snapshot';
import { connectAs, failsAs, RecordingLogger } from '../support/clientRig';
import { eventually } from '../support/eventually';
import { ScriptedVcenter } from '../support/scriptedVcenter';

const noMessages = { faultMessage: [] };
const vmId = 'VirtualMachine:vm-1' as ObjectId;
const taskId = 'Task:task-1' as TaskId;

describe('a session', () => {
  let vcenter: ScriptedVcenter;
  const clients: HypervisorClient[] = [];

  beforeEach(async () => {
    vcenter = await ScriptedVcenter.start();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) {
      await client.close();
    }
    await vcenter.close();
  });

  async function open(overrides: Partial<ConnectOptions> = {}): Promise<HypervisorClient> {
    const client = await connectAs(vcenter, overrides);
    clients.push(client);
    return client;
  }

  const soapActions = (): (string | undefined)[] =>
    vcenter.calls.map(({ request }) => request.headers['soapaction'] as string | undefined);
  const cookies = (): (string | undefined)[] => vcenter.calls.map(({ request }) => request.headers.cookie);
  const methods = (): string[] => vcenter.calls.map(({ method }) => method.name);

  describe('signing in', () => {
    it('finds out the version, then what the server is, then signs in, and says who is there', async () => {
      const client = await open({ locale: 'en_US' });
      assert.deepEqual(methods(), ['RetrieveServiceContent', 'Login']);
      assert.deepEqual(soapActions(), ['urn:vim25/8.0.3.0', 'urn:vim25/8.0.3.0']);
      assert.deepEqual(vcenter.calls[1]?.args, { userName: 'user', password: 'secret', locale: 'en_US' });
      assert.deepEqual(client.identity, {
        product: 'vCenter',
        version: '8.0.3 build 24022515',
        instanceId: 'uuid-1',
        userName: 'CORP\\jdoe',
      });
    });

    it('speaks the best version that the server lists', async () => {
      vcenter.versions = ['uA046D008', '7.0.3.2', '7.0.3.0', '6.5'];
      await open();
      assert.deepEqual(new Set(soapActions()), new Set(['urn:vim25/7.0.3.2']));
    });

    it('asks a server without a list what it is, in the oldest version', async () => {
      vcenter.versions = undefined;
      vcenter.about = { ...vcenter.about, apiVersion: '6.5' };
      await open();
      assert.deepEqual(methods(), ['RetrieveServiceContent', 'RetrieveServiceContent', 'Login']);
      assert.deepEqual(soapActions(), ['urn:vim25/5.5', 'urn:vim25/6.5', 'urn:vim25/6.5']);
    });

    it('refuses a server whose every version is too old', async () => {
      vcenter.versions = ['5.0', '4.1'];
      const error = await failsAs('unsupportedVersion', open());
      assert.match(error.say({ serverLabel: 'old' }), /^'old' is too old or too new\./);
      assert.equal(vcenter.count(Login), 0);
    });

    it('does without a language that the server does not know', async () => {
      vcenter.on(Login, ({ args }) =>
        args['locale'] === undefined
          ? { result: { ...user, locale: 'en' } }
          : { fault: typed(InvalidLocale, noMessages) },
      );
      await open({ locale: 'tlh' });
      assert.equal(vcenter.count(Login), 2);
    });

    it('asks for the password only when the server has said what it is', async () => {
      const order: string[] = [];
      vcenter.on(RetrieveServiceContent, () => {
        order.push('content');
        return { result: vcenter.content };
      });
      await open({
        getPassword: () => {
          order.push('password');
          return Promise.resolve('secret');
        },
      });
      assert.deepEqual(order, ['content', 'password']);
    });

    it('ends with what the password could not be had for', async () => {
      const reason = new Error('locked');
      await assert.rejects(open({ getPassword: () => Promise.reject(reason) }), reason);
    });

    it('does not try a refused password again, and says why not', async () => {
      vcenter.on(Login, () => ({ fault: typed(InvalidLogin, noMessages), message: 'Cannot complete login.' }));
      const error = await failsAs('loginRefused', open());
      assert.match(
        error.say({ serverLabel: 'vc' }),
        /^'vc' refused the user name or password\. It was not tried again/,
      );
      assert.equal(error.nextStep, 'enterPassword');
      assert.equal(vcenter.count(Login), 1);
    });

    it('knows the other ways in which a login fails', async () => {
      vcenter.on(Login, () => ({ fault: typed(PasswordExpired, noMessages) }));
      assert.match((await failsAs('loginRefused', open())).say(), /expired/);
      vcenter.on(Login, () => ({ fault: typed(NoPermission, { ...noMessages, missingPrivileges: [] }) }));
      await failsAs('loginNotAllowed', open());
      vcenter.on(Login, () => ({ fault: typed(SystemError, { ...noMessages, reason: 'starting' }) }));
      await failsAs('server', open());
    });

    it('does not send a login twice when its answer is lost', async () => {
      vcenter.on(Login, () => ({ raw: (response) => response.socket?.destroy() }));
      await failsAs('noAnswer', open());
      assert.equal(vcenter.count(Login), 1);
    });

    it('can be given up while the password is asked for', async () => {
      const abort = new AbortController();
      let asked = false;
      const opening = open({
        signal: abort.signal,
        getPassword: () => {
          asked = true;
          return new Promise(() => undefined);
        },
      });
      const failed = assert.rejects(opening, CancelledError);
      await eventually('the question', () => asked);
      abort.abort();
      await failed;
      assert.equal(vcenter.count(Login), 0);
    });

    it('gives a session back that came too late', async () => {
      const abort = new AbortController();
      vcenter.on(Login, () => {
        abort.abort();
        return { result: user };
      });
      await assert.rejects(open({ signal: abort.signal }), CancelledError);
      await eventually('the logout', () => vcenter.count(Logout) === 1);
      assert.equal(cookies().at(-1), 'vmware_soap_session="cookie-1"');
    });
  });

  describe('its cookie', () => {
    it('goes back as it came, and any reply may renew it', async () => {
      const client = await open();
      vcenter.on(RetrievePropertiesEx, () => ({ result: undefined }));
      vcenter.on(CurrentTime, () => ({
        raw: (response) =>
          response
            .writeHead(200, { 'Content-Type': 'text/xml', 'Set-Cookie': 'vmware_soap_session="fresh"; Path=/' })
            .end(time),
      }));
      assert.equal(await client.readTask(taskId), undefined);
      await client.readTask(taskId);
      assert.deepEqual(cookies(), [
        undefined,
        undefined,
        'vmware_soap_session="cookie-1"',
        'vmware_soap_session="cookie-1"',
        'vmware_soap_session="fresh"',
        'vmware_soap_session="fresh"',
      ]);
    });
  });

  describe('that the server has ended', () => {
    const expired = { fault: typed(NotAuthenticated, { ...noMessages, missingPrivileges: [] }) };
    /** Answers to any cookie but the newest as if nobody were signed in. */
    const isOld = (cookie: string | undefined): boolean => cookie === 'vmware_soap_session="cookie-1"';

    it('is renewed once for all who notice, without the old cookie, and their reads are repeated', async () => {
      const client = await open();
      vcenter.on(RetrievePropertiesEx, (_call, { headers }) =>
        isOld(headers.cookie) ? expired : { result: undefined },
      );
      await Promise.all([1, 2, 3, 4].map(() => client.readTask(taskId)));
      assert.equal(vcenter.count(Login), 2);
      const second = vcenter.calls.map(({ method }) => method.name).lastIndexOf('Login');
      assert.equal(cookies()[second], undefined);
    });

    it('is noticed where a server says of every property that nobody is signed in', async () => {
      const client = await open();
      vcenter.on(RetrievePropertiesEx, (_call, { headers }) => ({
        result: {
          objects: [
            {
              obj: new ManagedObjectReference('Task', 'task-1'),
              propSet: [],
              missingSet: isOld(headers.cookie) ? [{ path: 'info', fault: { fault: expired.fault } }] : [],
            },
          ],
        },
      }));
      await client.readTask(taskId);
      assert.equal(vcenter.count(Login), 2);
    });

    it('is noticed where a server answers with nothing at all', async () => {
      const client = await open();
      vcenter.on(RetrievePropertiesEx, () => ({ result: undefined }));
      vcenter.on(CurrentTime, (_call, { headers }) => (isOld(headers.cookie) ? expired : { result: 't' }));
      assert.equal(await client.readTask(taskId), undefined);
      assert.deepEqual([vcenter.count(Login), vcenter.count(RetrievePropertiesEx)], [2, 2]);
    });

    it('repeats a write that was refused for it, because it has done nothing', async () => {
      const client = await open();
      vcenter.on(ConsolidateVMDisks_Task, (_call, { headers }) =>
        isOld(headers.cookie) ? expired : { result: new ManagedObjectReference('Task', 'task-9') },
      );
      assert.deepEqual(await client.start({ kind: 'consolidate', vmId }), { taskId: 'Task:task-9' });
      assert.equal(vcenter.count(ConsolidateVMDisks_Task), 2);
    });

    it('ends for good when the password is refused at the second login', async () => {
      const client = await open();
      vcenter.on(RetrievePropertiesEx, () => expired);
      vcenter.on(Login, () => ({ fault: typed(InvalidLogin, noMessages) }));
      await failsAs('loginRefused', client.readTask(taskId));
      await failsAs('loginRefused', client.readTask(taskId));
      await failsAs('loginRefused', client.start({ kind: 'powerOn', vmId }));
      assert.equal(vcenter.count(Login), 2);
    });

    it('says that the session has ended when a new one does not help either', async () => {
      const client = await open();
      vcenter.on(RetrievePropertiesEx, () => expired);
      await failsAs('sessionEnded', client.readTask(taskId));
      assert.equal(vcenter.count(Login), 2);
    });

    it('does not give the password to another server that answers at the address', async () => {
      const client = await open();
      vcenter.on(RetrievePropertiesEx, () => expired);
      vcenter.about = { ...vcenter.about, instanceUuid: 'uuid-2' };
      const error = await failsAs('sessionEnded', client.readTask(taskId));
      assert.match(error.say({ serverLabel: 'vc' }), /Another server answers now at the address of 'vc'/);
      await failsAs('sessionEnded', client.readTask(taskId));
      assert.equal(vcenter.count(Login), 1);
    });

    it('tries again later when the server could not be reached for the login', async () => {
      const client = await open();
      let isDown = true;
      vcenter.on(RetrievePropertiesEx, (_call, { headers }) =>
        isOld(headers.cookie) ? expired : { result: undefined },
      );
      vcenter.on(RetrieveServiceContent, () =>
        isDown ? { raw: (response) => response.writeHead(503).end('starting') } : { result: vcenter.content },
      );
      await failsAs('serverUnavailable', client.readTask(taskId));
      isDown = false;
      // The old cookie was dropped, so this is refused as well and signs in.
      vcenter.on(RetrievePropertiesEx, (_call, { headers }) =>
        headers.cookie === undefined ? expired : { result: undefined },
      );
      await client.readTask(taskId);
      assert.equal(vcenter.count(Login), 2);
    });
  });

  describe('in silence', () => {
    it('is kept alive every ten minutes, and only then', async () => {
      const clock = new ManualClock();
      const client = await open({ clock });
      clock.advance(599_999);
      vcenter.on(RetrievePropertiesEx, () => ({ result: undefined }));
      await client.readTask(taskId);
      const before = vcenter.count(CurrentTime);
      clock.advance(599_999);
      assert.equal(vcenter.count(CurrentTime), before);
      clock.advance(1);
      await eventually('a sign of life', () => vcenter.count(CurrentTime) === before + 1);
      clock.advance(600_000);
      await eventually('another', () => vcenter.count(CurrentTime) === before + 2);
      await client.close();
      clock.advance(6_000_000);
      assert.equal(vcenter.count(CurrentTime), before + 2);
    });
  });

  describe('closing it', () => {
    it('logs out once, and everything after that fails', async () => {
      const client = await open();
      await Promise.all([client.close(), client.close()]);
      await client.close();
      assert.equal(vcenter.count(Logout), 1);
      await failsAs('notConnected', client.readTask(taskId));
      await failsAs('notConnected', client.start({ kind: 'powerOn', vmId }));
    });

    it('takes no longer than a moment when the server does not answer', async () => {
      const clock = new ManualClock();
      const client = await open({ clock });
      vcenter.on(Logout, () => ({ raw: () => undefined }));
      const closing = client.close();
      await eventually('the logout', () => vcenter.count(Logout) === 1);
      clock.advance(3_000);
      await closing;
      assert.equal(clock.pending, 0);
    });

    it('does not fail when the server is gone', async () => {
      const client = await open();
      await vcenter.close();
      await client.close();
      vcenter = await ScriptedVcenter.start();
    });
  });
});

const time =
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<CurrentTimeResponse xmlns="urn:vim25"><returnval>2026-11-22T14:05:00Z</returnval></CurrentTimeResponse>' +
  '</soapenv:Body></soapenv:Envelope>';

const user = {
  key: 'session-key',
  userName: 'CORP\\jdoe',
  fullName: '',
  loginTime: '2026-11-22T14:05:00Z',
  lastActiveTime: '2026-11-22T14:05:00Z',
  locale: 'en',
  messageLocale: 'en',
};

describe('the log', () => {
  it('never holds the password or the cookie, whatever goes wrong', async () => {
    const marker = 'pä<ss&word-31337';
    const logger = new RecordingLogger();
    const simulator = await Simulator.start({ listen: '127.0.0.2' });
    const errors: unknown[] = [];
    const attempt = async (password: string): Promise<void> => {
      try {
        const client = await connectAs(
          { url: simulator.url, user: simulator.user },
          { logger, getPassword: () => Promise.resolve(password) },
        );
        await client.readTask('Task:none' as TaskId);
        simulator.rules.add({ action: { kind: 'status', code: 503 } });
        await client.readTask('Task:none' as TaskId).catch((error: unknown) => errors.push(error));
        await client.close();
      } catch (error) {
        errors.push(error);
      }
    };
    await attempt(marker);
    await attempt(simulator.password);
    await simulator.stop();
    assert.ok(logger.lines.length > 5);
    const everything = [...logger.lines, ...errors.map(everythingOf)].join('\n');
    for (const secret of [marker, 'word-31337', simulator.password, 'vmware_soap_session']) {
      assert.ok(!everything.includes(secret), secret);
    }
  });
});

function everythingOf(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    parts.push(at.stack ?? at.message, JSON.stringify(at));
    if (at instanceof HypervisorError) {
      parts.push(at.say());
    }
  }
  return parts.join('\n');
}

describe('plain HTTP', () => {
  it('is refused for any machine but this one, before anything is sent', async () => {
    for (const host of ['vc.corp', '10.0.0.1', 'localhost.corp', '::2', '127.0.0.1.corp']) {
      const error = await failsAs(
        'invalidInput',
        connect({
          address: { host, port: 80, useTls: false },
          trust: { mode: 'verify' },
          transport: 'direct',
          isProxyConfigured: false,
          userName: 'u',
          getPassword: () => assert.fail('asked'),
        }),
      );
      assert.match(error.say(), /without encryption/);
    }
  });
});
