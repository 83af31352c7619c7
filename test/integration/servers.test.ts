import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { HypervisorError } from '../../src/hypervisor/errors';
import { AddServer, type DraftCheck } from '../../src/servers/addServer';
import type { ServerConnection } from '../../src/servers/serverConnection';
import { SessionCloser } from '../../src/servers/sessionCloser';
import {
  makeAuthority,
  makeCertificate,
  type ServerCertificate,
  unfitCertificates,
} from '../../src/simulator/devCertificates';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { Simulator, type SimulatorOptions } from '../../src/simulator/simulator';
import { isKind, vmNames } from '../support/connectionFixtures';
import { eventually } from '../support/eventually';
import { RealWindow } from '../support/realServers';
import { MemoryState } from '../support/serverFixtures';

// Not 127.0.0.1: in the extension host that address is treated in another way than every other one.
const listen = '127.0.0.2';
const { signal } = new AbortController();

async function start(certificate: ServerCertificate | undefined, options: SimulatorOptions = {}): Promise<Simulator> {
  const tls = certificate && { key: certificate.privateKey, cert: certificate.certificate };
  return await Simulator.start({
    listen,
    inventory: smallInventory([{ name: 'VM1' }, { name: 'VM2' }]),
    ...(tls !== undefined && { tls }),
    ...options,
  });
}

const portOf = (simulator: Simulator): number => Number(new URL(simulator.url).port);
const addressOf = (simulator: Simulator): string => simulator.url;
const calls = (simulator: Simulator, method: string): number =>
  simulator.log.all.filter((call) => call.method === method).length;

function addServerOf(window: RealWindow): AddServer {
  const { servers, trust, credentials, profiles, registry, clock, log } = window;
  const closer = new SessionCloser(clock, log.logger);
  return new AddServer(servers.create, trust, credentials, profiles, registry, closer);
}

/** Adds the server as the wizard does, trusting whatever certificate it has. */
async function add(window: RealWindow, simulator: Simulator, password = simulator.password): Promise<ServerConnection> {
  const addServer = addServerOf(window);
  window.answerTrust = () => true;
  const held = window.credentials.hold(password);
  const draft = { addressText: addressOf(simulator), userName: simulator.user, password: held };
  const check = await addServer.check(draft, signal);
  assert.ok(check.kind === 'ready', check.kind === 'failed' ? check.error.message : check.kind);
  const { connection } = await addServer.add(check.server, held, true);
  held.dispose();
  return window.registry.get(connection.id) ?? assert.fail();
}

async function live(connection: ServerConnection): Promise<void> {
  await eventually('the connection to be live', () => connection.state.kind === 'live');
}

describe('servers, with a real client and an embedded vCenter', () => {
  let authority: Awaited<ReturnType<typeof makeAuthority>>;
  let certificate: ServerCertificate;
  let simulator: Simulator;
  let window: RealWindow;
  before(async () => {
    authority = await makeAuthority();
    certificate = await makeCertificate();
  });
  beforeEach(async () => {
    simulator = await start(certificate);
    window = new RealWindow();
  });
  afterEach(async () => {
    await window.registry.shutDown();
    await simulator.stop();
  });

  it('adds a server with a self-signed certificate, connects and follows it live', async () => {
    const connection = await add(window, simulator);
    assert.deepEqual(window.trustRequests, [`${listen} untrusted ${certificate.sha256}`]);
    const profile = window.registry.profile(connection.id);
    assert.equal(profile.trust.mode === 'pinned' && profile.trust.sha256, certificate.sha256);
    assert.equal(profile.credentialStore, 'osKeychain');

    await connection.connect({ interactive: false });
    await live(connection);
    assert.deepEqual(vmNames(connection).sort(), ['VM1', 'VM2']);
    assert.equal(connection.identity?.product, 'vCenter');
    simulator.execute({ command: 'addVm', name: 'VM3' });
    await eventually('the new VM', () => vmNames(connection).includes('VM3'));
    assert.deepEqual(window.passwordRequests, []);
  });

  it('stops before the login without a password, and the server never hears of the account', async () => {
    const addServer = addServerOf(window);
    window.answerTrust = () => true;
    const check = await addServer.check({ addressText: addressOf(simulator) }, signal);
    assert.equal(check.kind === 'incomplete' && check.step, 'user');
    const next = await addServer.check({ addressText: addressOf(simulator), userName: simulator.user }, signal);
    assert.equal(next.kind === 'incomplete' && next.step, 'password');
    assert.equal(calls(simulator, 'Login'), 0);
    assert.equal(window.trustRequests.length, 1, 'one question about the certificate in the whole wizard');
  });

  it('says in which step of the wizard something can be put right', async () => {
    const addServer = addServerOf(window);
    const userName = simulator.user;
    const password = window.credentials.hold('wrong');
    const step = (check: DraftCheck): string =>
      check.kind === 'failed' ? `${check.step} ${check.error.kind}` : check.kind;

    const web = http.createServer((_, response) => response.end('<html><title>Intranet</title></html>'));
    await new Promise<void>((resolve) => web.listen(0, listen, resolve));
    const webPort = (web.address() as AddressInfo).port;
    try {
      const unknown = await addServer.check({ addressText: 'no-such-server.invalid' }, signal);
      assert.equal(step(unknown), 'address nameNotFound');
      const intranet = await addServer.check({ addressText: `http://${listen}:${webPort}` }, signal);
      assert.equal(step(intranet), 'address notAServer');
      const noTls = await addServer.check({ addressText: `https://${listen}:${webPort}` }, signal);
      assert.equal(step(noTls), 'address notAServer');
    } finally {
      web.close();
      web.closeAllConnections();
    }
    const closed = await addServer.check({ addressText: `${listen}:${webPort}` }, signal);
    assert.equal(step(closed), 'address noAnswer');

    window.answerTrust = () => false;
    const distrusted = await addServer.check({ addressText: addressOf(simulator), userName, password }, signal);
    assert.equal(step(distrusted), 'certificate certificate');
    assert.equal(calls(simulator, 'Login'), 0, 'no password to a server that is not trusted');

    window.answerTrust = () => true;
    const refused = await addServer.check({ addressText: addressOf(simulator), userName, password }, signal);
    assert.equal(step(refused), 'password loginRefused');
    assert.equal(calls(simulator, 'Login'), 1);
  });

  it('asks nothing about a certificate that an authority vouches for', async () => {
    await simulator.stop();
    simulator = await start(await makeCertificate({ issuer: authority }));
    window.servers.extraCaPem = authority.certificate;
    const connection = await add(window, simulator);
    assert.deepEqual(window.trustRequests, []);
    assert.deepEqual(window.registry.profile(connection.id).trust, { mode: 'verify' });
  });

  it('trusts an expired certificate only as that very certificate', async () => {
    await simulator.stop();
    const expired = await unfitCertificates.expired(authority);
    simulator = await start(expired);
    window.servers.extraCaPem = authority.certificate;
    const connection = await add(window, simulator);
    assert.deepEqual(window.trustRequests, [`${listen} expired ${expired.sha256}`]);
    await connection.connect({ interactive: false });
    await live(connection);
  });

  it('tries a refused password once, whatever the windows do', async () => {
    const state = new MemoryState();
    window = new RealWindow(state, 'one');
    const connection = await add(window, simulator);
    const other = new RealWindow(state, 'two');
    other.keychain.entries.set(`${simulator.user}@${listen}:${portOf(simulator)}`, simulator.password);
    simulator.rules.add({ method: 'Login', action: { kind: 'fault', type: 'InvalidLogin' } });
    const before = calls(simulator, 'Login');
    await assert.rejects(connection.connect({ interactive: false }), isKind('loginRefused'));
    await assert.rejects(connection.connect({ interactive: false }), isKind('loginRefused'));
    other.registry.setVisible(true);
    await eventually('the other window to give up', () => other.registry.get(connection.id)?.state.kind === 'failed');
    assert.equal(calls(simulator, 'Login'), before + 1);

    simulator.rules.clear();
    window.answerPassword = () => ({ text: simulator.password, save: true });
    await connection.connect({ interactive: true });
    other.registry.refresh();
    await eventually('the other window to come back', () => other.registry.get(connection.id)?.state.kind === 'live');
    await other.registry.shutDown();
  });

  it('comes back by itself when the connection breaks, and then tells only what differs', async () => {
    const connection = await add(window, simulator);
    await connection.connect({ interactive: false });
    await live(connection);
    const removed: string[] = [];
    connection.inventory.onDidChange((change) => removed.push(...change.removed));
    const states: string[] = [];
    connection.onDidChangeState(({ kind }) => states.push(kind));
    const port = portOf(simulator);
    const { instanceUuid } = simulator.server.content.about;
    await simulator.stop();
    await eventually('the loss to be noticed', () => states.includes('reconnecting'));
    assert.deepEqual(vmNames(connection).sort(), ['VM1', 'VM2']);
    simulator = await start(certificate, { port, ...(instanceUuid !== undefined && { instanceUuid }) });
    await live(connection);
    assert.deepEqual(removed, []);
    assert.deepEqual(vmNames(connection).sort(), ['VM1', 'VM2']);
    assert.deepEqual([...new Set(states)], ['reconnecting', 'loading', 'live']);
  });

  it('drops what it has read when another server has taken the place', async () => {
    const connection = await add(window, simulator);
    await connection.connect({ interactive: false });
    await live(connection);
    let wasEmpty = false;
    connection.inventory.onDidChange(() => {
      wasEmpty ||= connection.inventory.vmCount === 0;
    });
    const port = portOf(simulator);
    await simulator.stop();
    simulator = await start(certificate, {
      port,
      instanceUuid: '11111111-2222-3333-4444-555555555555',
      inventory: smallInventory([{ name: 'OTHER' }]),
    });
    await eventually('the other server', () => vmNames(connection).includes('OTHER'));
    assert.deepEqual(vmNames(connection), ['OTHER']);
    assert.ok(wasEmpty);
  });

  it('stops at a new certificate without sending it anything, until the person trusts it', async () => {
    const connection = await add(window, simulator);
    await connection.connect({ interactive: false });
    await live(connection);
    const renewed = await makeCertificate();
    window.answerTrust = () => assert.fail('nobody is asked in the background');
    const before = simulator.log.lastSequence;
    simulator.execute({ command: 'replaceCertificate', key: renewed.privateKey, cert: renewed.certificate });
    simulator.execute({ command: 'dropConnections' });
    await eventually('the connection to be given up', () => connection.state.kind === 'failed');
    assert.equal(connection.state.kind === 'failed' && connection.state.error.kind, 'certificate');
    assert.deepEqual(
      simulator.log.since(before).filter(({ method }) => method === 'Login' || method === 'RetrieveServiceContent'),
      [],
    );

    window.trustRequests.length = 0;
    window.answerTrust = (kind) => kind === 'changed';
    await connection.connect({ interactive: true });
    await live(connection);
    assert.deepEqual(window.trustRequests, [`${listen} ${certificate.sha256} -> ${renewed.sha256}`]);
  });

  it('outlives the end of its session on the server', async () => {
    const connection = await add(window, simulator);
    await connection.connect({ interactive: false });
    await live(connection);
    const before = calls(simulator, 'Login');
    simulator.execute({ command: 'expireSessions' });
    simulator.execute({ command: 'addVm', name: 'VM3' });
    await eventually('the new VM', () => vmNames(connection).includes('VM3'));
    await live(connection);
    assert.equal(calls(simulator, 'Login'), before + 1);
  });

  it('stops everywhere when the password is refused at a later login', async () => {
    const connection = await add(window, simulator);
    await connection.connect({ interactive: false });
    await live(connection);
    simulator.rules.add({ method: 'Login', action: { kind: 'fault', type: 'InvalidLogin' } });
    const before = calls(simulator, 'Login');
    simulator.execute({ command: 'expireSessions' });
    await eventually('the connection to be given up', () => connection.state.kind === 'failed');
    assert.equal(connection.state.kind === 'failed' && connection.state.error.kind, 'loginRefused');
    await eventually('the mark', () => window.guard.isRefused(connection.id));
    assert.equal(calls(simulator, 'Login'), before + 1);
  });

  it('leaves no session behind', async () => {
    const connection = await add(window, simulator);
    await connection.connect({ interactive: false });
    await live(connection);
    await connection.disconnect();
    await connection.connect({ interactive: false });
    await window.registry.shutDown();
    const logins = simulator.log.all.filter((call) => call.method === 'Login' && call.outcome === 'ok').length;
    await eventually('every login to have its logout', () => calls(simulator, 'Logout') === logins);
    assert.equal(logins, 3, 'the check, and two connections');
  });

  it('keeps the password out of the log, of errors and of what is saved', async () => {
    const state = new MemoryState();
    window = new RealWindow(state);
    const canary = 'Kanarienvogel <&> "ö" 7391';
    await simulator.stop();
    simulator = await start(certificate, {
      users: [{ name: 'jdoe', password: canary, permissions: [{ role: 'Admin' }] }],
    });
    const connection = await add(window, simulator);
    const errors: unknown[] = [];
    connection.onDidChangeState((change) => {
      if (change.kind === 'failed' || change.kind === 'reconnecting') {
        errors.push(change.error);
      }
    });
    await connection.connect({ interactive: false });
    await live(connection);
    simulator.rules.add({ method: 'Login', action: { kind: 'close', when: 'before', how: 'end' } });
    simulator.execute({ command: 'expireSessions' });
    await eventually('the broken login', () => errors.length > 0);
    simulator.rules.clear();
    await live(connection);
    simulator.rules.add({ method: 'Login', action: { kind: 'fault', type: 'InvalidLogin' } });
    simulator.execute({ command: 'expireSessions' });
    await eventually('the refused login', () => connection.state.kind === 'failed');
    const everything = [
      window.log.text,
      ...state.entries.values(),
      ...errors.map((error) => (error instanceof HypervisorError ? `${error.say()} ${error.stack ?? ''}` : '')),
      JSON.stringify(simulator.log.all),
    ].join('\n');
    assert.doesNotMatch(everything, /Kanarienvogel|7391/);
    assert.match(everything, /Signed in to vCenter/);
  });
});
