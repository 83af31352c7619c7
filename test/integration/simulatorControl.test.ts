import assert from 'node:assert/strict';
import http from 'node:http';
import tls from 'node:tls';
import { makeCertificate } from '../../src/simulator/devCertificates';
import type { ServerTruth } from '../../src/simulator/control/groundTruth';
import type { ControlCommand } from '../../src/simulator/control/controlSchema';
import { Simulator } from '../../src/simulator/simulator';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';

interface Answer {
  readonly status: number;
  readonly body: { readonly result?: unknown; readonly error?: string };
}

describe('simulator: control from another process', () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await Simulator.start({
      control: true,
      inventory: smallInventory([
        { name: 'VM1', snapshots: [{ name: 'a', ageDays: 2, children: [{ name: 'b' }] }] },
        { name: 'VM2' },
      ]),
    });
  });
  after(async () => {
    await simulator.stop();
  });

  async function post(body: string, token = simulator.control?.token, method = 'POST'): Promise<Answer> {
    return await new Promise((resolve, reject) => {
      const headers = token === undefined || token === '' ? {} : { Authorization: `Bearer ${token}` };
      const request = http.request(simulator.control?.url ?? '', { method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  async function send<T>(command: ControlCommand): Promise<T> {
    const { status, body } = await post(JSON.stringify(command));
    assert.equal(status, 200, body.error);
    return body.result as T;
  }

  const truth = (): Promise<ServerTruth> => send<ServerTruth>({ command: 'readState' });
  const vm = async (name: string): Promise<ServerTruth['vms'][number]> => {
    const found = (await truth()).vms.find((each) => each.name === name);
    assert.ok(found !== undefined, name);
    return found;
  };

  it('wants the token, a POST, JSON, and a command that it knows', async () => {
    const command = '{"command":"readState"}';
    assert.equal((await post(command, '')).status, 401);
    assert.equal((await post(command, 'wrong')).status, 401);
    assert.equal((await post(command, simulator.control?.token, 'PUT')).status, 405);
    assert.equal((await post('nope')).status, 400);
    for (const [wrong, message] of [
      ['{"command":"nope"}', /command/],
      ['{"command":"advanceClock","ms":"1"}', /ms: is not of type number/],
      ['{"command":"advanceClock","ms":-1}', /ms/],
      ['{"command":"readState","more":1}', /does not know more/],
      ['{"command":"addRule","rule":{"action":{"kind":"explode"}}}', /action/],
    ] as const) {
      const { status, body } = await post(wrong);
      assert.equal(status, 400, wrong);
      assert.match(body.error ?? '', message);
    }
    const { status, body } = await post('{"command":"removeVm","vm":"nobody"}');
    assert.deepEqual([status, body.error], [422, 'There is no VM "nobody".']);
    const rule = { action: { kind: 'fault', type: 'GenericVmConfigFault' } };
    const refused = await post(JSON.stringify({ command: 'addRule', rule }));
    assert.deepEqual([refused.status, refused.body.error], [422, 'GenericVmConfigFault needs the field "reason".']);
  });

  it('tells the truth about VMs, snapshots and files', async () => {
    const { snapshots, currentSnapshotId, files, power, path, consolidationNeeded } = await vm('VM1');
    assert.deepEqual(
      snapshots.map(({ name, parentId }) => [name, snapshots.find(({ id }) => id === parentId)?.name]),
      [
        ['a', undefined],
        ['b', 'a'],
      ],
    );
    assert.equal(currentSnapshotId, snapshots[1]?.id);
    assert.deepEqual([power, path, consolidationNeeded], ['poweredOn', 'DC1/vm/VM1', false]);
    assert.equal(files.filter(({ name }) => name.endsWith('.vmdk')).length, 3);
  });

  it('changes the inventory the way others do', async () => {
    const { id } = await send<{ readonly id: string }>({ command: 'addVm', name: 'NEW', memoryMb: 512 });
    assert.equal((await vm('NEW')).id, id);
    await send({
      command: 'changeVm',
      vm: 'NEW',
      change: { name: 'RENAMED', connection: 'inaccessible', power: 'poweredOff' },
    });
    const changed = await vm('RENAMED');
    assert.deepEqual([changed.connection, changed.power], ['inaccessible', 'poweredOff']);
    await send({ command: 'removeVm', vm: id });
    assert.ok(!(await truth()).vms.some((each) => each.id === id));
    await send({ command: 'migrateVm', vm: 'VM2', host: 'esx-01.example' });
    const first = (await vm('VM2')).hostId;
    await send({ command: 'migrateVm', vm: 'VM2', host: 'esx-02.example' });
    assert.notEqual((await vm('VM2')).hostId, first);
    await send({ command: 'changeHost', host: 'esx-02.example', connection: 'notResponding', inMaintenance: true });
    const host = [...simulator.server.registry.all('HostSystem')].find(({ state }) => state.name === 'esx-02.example');
    assert.deepEqual([host?.state.connection, host?.state.inMaintenance], ['notResponding', true]);
  });

  it('works on snapshots behind the back of clients', async () => {
    const taken = await send<{ readonly id: string }>({ command: 'takeSnapshot', vm: 'VM2', name: 'x', memory: true });
    await send({ command: 'renameSnapshot', vm: 'VM2', snapshot: 'x', name: 'y' });
    assert.deepEqual(
      (await vm('VM2')).snapshots.map(({ id, name, power }) => [id, name, power]),
      [[taken.id, 'y', 'poweredOn']],
    );
    await send({ command: 'revertToSnapshot', vm: 'VM2', snapshot: 'y' });
    await send({ command: 'removeSnapshot', vm: 'VM2', snapshot: taken.id, consolidate: false });
    assert.equal((await vm('VM2')).consolidationNeeded, true);
    await send({ command: 'leaveDisks', vm: 'VM1' });
    assert.equal((await vm('VM1')).consolidationNeeded, true);
  });

  it('adds and removes rules, seeds them, and reads the log', async () => {
    const { id } = await send<{ readonly id: number }>({
      command: 'addRule',
      rule: { method: 'Login', action: { kind: 'status', code: 503 }, count: 1 },
    });
    assert.equal((await send<unknown[]>({ command: 'listRules' })).length, 1);
    assert.deepEqual(await send({ command: 'removeRule', id }), { removed: true });
    await send({ command: 'seedRules', seed: 3 });
    await send({ command: 'clearRules' });
    await send({ command: 'clearLog' });
    assert.deepEqual(await send({ command: 'readLog' }), []);
  });

  it('moves time, and lets it stand', async () => {
    const { nowMs } = await send<{ readonly nowMs: number }>({ command: 'freezeClock' });
    const later = await send<{ readonly nowMs: number }>({ command: 'advanceClock', ms: 3_600_000 });
    assert.equal(later.nowMs, nowMs + 3_600_000);
    assert.equal((await truth()).nowMs, later.nowMs);
    await send({ command: 'resumeClock' });
    await send({ command: 'setSpeed', speed: 1_000 });
    assert.equal(simulator.server.tasks.speed, 1_000);
  });

  it('fills datastores, ends sessions, grants rights, cuts connections', async () => {
    await send({ command: 'setFreeSpace', datastore: 'DS-01', bytes: 5 });
    assert.equal((await truth()).datastores[0]?.freeBytes, 5);
    assert.deepEqual(await send({ command: 'expireSessions' }), { closed: 0 });
    await send({ command: 'setSessionTimeout', seconds: 5 });
    assert.equal(simulator.server.sessionStore.idleTimeoutSeconds, 5);
    await send({ command: 'addUser', name: 'x', password: 'y' });
    assert.equal(simulator.server.users.check('X', 'y'), 'accepted');
    await send({ command: 'grant', user: 'x', role: 'ReadOnly' });
    assert.ok(simulator.server.accessControl.isKnown('x'));
    await send({ command: 'grant', user: 'x', role: null });
    assert.ok(!simulator.server.accessControl.isKnown('x'));
    await send({ command: 'dropConnections' });
  });

  it('starts tasks as somebody else, with the same checks', async () => {
    await send({ command: 'setFreeSpace', datastore: 'DS-01', bytes: 1e12 });
    await send({ command: 'setSpeed', speed: 0.001 });
    const start = { command: 'startTask', user: 'CORP\\backup', vm: 'VM1' } as const;
    const { id } = await send<{ readonly id: string }>({ ...start, operation: 'take', name: 'nightly' });
    const task = (await truth()).tasks.find((each) => each.id === id);
    assert.deepEqual(
      [task?.method, task?.user, task?.entityId],
      ['CreateSnapshot_Task', 'CORP\\backup', (await vm('VM1')).id],
    );
    const { status, body } = await post(JSON.stringify({ ...start, operation: 'deleteAll' }));
    assert.deepEqual([status, body.error], [422, 'The server refuses it: TaskInProgress.']);
    await send({ command: 'setSpeed', speed: 1_000 });
    await send({ command: 'advanceClock', ms: 3_600_000_000 });
    const { snapshots } = await vm('VM1');
    assert.equal(snapshots.at(-1)?.name, 'nightly');
    await send({ ...start, operation: 'delete', snapshot: 'nightly' });
    await send({ command: 'advanceClock', ms: 3_600_000 });
    assert.ok(!(await vm('VM1')).snapshots.some(({ name }) => name === 'nightly'));
  });

  it('lets a storm of changes loose', async () => {
    await send({ command: 'freezeClock' });
    let updates = 0;
    const subscription = simulator.server.registry.onDidChange((changes) => {
      updates += changes.filter(({ object }) => object.kind === 'VirtualMachine').length;
    });
    await send({ command: 'startStorm', updatesPerSecond: 1_000, seconds: 2, kinds: ['power', 'name', 'snapshots'] });
    await send({ command: 'advanceClock', ms: 1_000 });
    assert.equal(updates, 1_000);
    await send({ command: 'advanceClock', ms: 5_000 });
    assert.equal(updates, 2_000, 'and then it is over');
    assert.equal(simulator.storm.isRunning, false);
    await send({ command: 'startStorm', updatesPerSecond: 10, seconds: 100 });
    await send({ command: 'advanceClock', ms: 1_000 });
    assert.deepEqual(await send({ command: 'stopStorm' }), { updates: 10 });
    await send({ command: 'advanceClock', ms: 10_000 });
    assert.equal(updates, 2_010);
    subscription.dispose();
    await send({ command: 'resumeClock' });
  });

  it('takes over a certificate while it runs', async () => {
    const first = await makeCertificate({ names: ['127.0.0.2'] });
    const second = await makeCertificate({ names: ['127.0.0.2'] });
    const secured = await Simulator.start({
      listen: '127.0.0.2',
      tls: { cert: first.certificate, key: first.privateKey },
    });
    try {
      const shown = async (): Promise<string> =>
        await new Promise((resolve, reject) => {
          const socket = tls.connect(
            { host: '127.0.0.2', port: Number(new URL(secured.url).port), rejectUnauthorized: false },
            () => {
              resolve(socket.getPeerCertificate().fingerprint256);
              socket.destroy();
            },
          );
          socket.on('error', reject);
        });
      assert.match(secured.url, /^https:\/\/127\.0\.0\.2:\d+\/sdk$/);
      assert.deepEqual([await shown(), secured.sha256], [first.sha256, first.sha256]);
      secured.execute({ command: 'replaceCertificate', key: second.privateKey, cert: second.certificate });
      assert.deepEqual([await shown(), secured.sha256], [second.sha256, second.sha256]);
    } finally {
      await secured.stop();
    }
  });

  it('serves loopback addresses only, and is there only when asked for', async () => {
    await assert.rejects(Simulator.start({ listen: '0.0.0.0' }), /loopback addresses only/);
    const plain = await Simulator.start();
    assert.equal(plain.control, undefined);
    await plain.stop();
  });
});
