import assert from 'node:assert/strict';
import https from 'node:https';
import type { FaultRule } from '../../src/simulator/control/faultRules';
import { makeCertificate } from '../../src/simulator/devCertificates';
import { Simulator } from '../../src/simulator/simulator';
import { encodeRequest } from '../../src/vsphere/soap/envelope';
import { MethodFault } from '../../src/vsphere/vim/fault';
import { allObjectTypes } from '../../src/vsphere/vim/registry';
import { isA, type ManagedObjectReference } from '../../src/vsphere/vim/schema';
import { CurrentTime } from '../../src/vsphere/vim/service';
import { CreateSnapshot_Task, RemoveAllSnapshots_Task } from '../../src/vsphere/vim/snapshot';
import { eventually } from '../support/eventually';
import { faultOf, serviceInstance, SimulatorFixture } from '../support/simulatorFixture';

const disksOnly = { name: 'a', memory: false, quiesce: false };

describe('simulator: things that go wrong on request', () => {
  let fixture: SimulatorFixture;
  beforeEach(async () => {
    fixture = await SimulatorFixture.start([{ name: 'VM1' }, { name: 'VM2' }]);
  });
  afterEach(async () => {
    await fixture.stop();
  });

  const time = (): Promise<string> => fixture.session.call(CurrentTime, serviceInstance, {});
  const rule = (action: FaultRule['action'], more: Partial<FaultRule> = {}): void => {
    fixture.simulator.rules.add({ method: 'CurrentTime', count: 1, ...more, action });
  };
  const outcomes = (method: string): string[] =>
    fixture.simulator.log.all.filter((call) => call.method === method).map(({ outcome }) => outcome);

  it('a fault of any type, with any fields and text', async () => {
    rule({ kind: 'fault', type: 'HostNotReachable' });
    assert.equal((await faultOf(time())).type, 'HostNotReachable');
    rule({ kind: 'fault', type: 'SystemError', fields: { reason: 'vpxd is starting' }, message: 'not yet' });
    const second = await faultOf(time());
    assert.deepEqual([second.type, second.fault.message], ['SystemError', 'not yet']);
    assert.ok(await time());
    assert.deepEqual(outcomes('CurrentTime'), ['HostNotReachable', 'SystemError', 'ok']);
  });

  it('an answer that is no SOAP', async () => {
    rule({ kind: 'status', code: 503, body: '<html>starting</html>', contentType: 'text/html' });
    const reply = await fixture.session.post(encodeRequest(CurrentTime, serviceInstance, {}));
    assert.deepEqual(
      [reply.status, reply.headers['content-type'], reply.body.toString()],
      [503, 'text/html', '<html>starting</html>'],
    );
  });

  for (const how of ['end', 'reset'] as const) {
    it(`a connection that breaks (${how}) before the call is carried out, or after`, async () => {
      const vm = fixture.vm('VM1');
      const calling = (): Promise<unknown> => fixture.session.call(CreateSnapshot_Task, vm, disksOnly);
      rule({ kind: 'close', when: 'before', how }, { method: 'CreateSnapshot_Task' });
      await assert.rejects(calling(), /socket hang up|ECONNRESET/);
      assert.equal(fixture.simulator.server.registry.count('Task'), 0);
      rule({ kind: 'close', when: 'after', how }, { method: 'CreateSnapshot_Task' });
      await assert.rejects(calling(), /socket hang up|ECONNRESET/);
      assert.equal(fixture.simulator.server.registry.count('Task'), 1);
      fixture.clock.advance(10_000);
      assert.equal(fixture.state('VM1').snapshots.length, 1, 'it happened, and nobody was told');
    });
  }

  it('a reply that is cut off', async () => {
    rule({ kind: 'truncate', bytes: 100 });
    await assert.rejects(time(), /aborted|socket hang up|ECONNRESET/);
    assert.deepEqual(outcomes('CurrentTime'), ['truncated']);
  });

  it('a connection that is reset below TLS', async () => {
    const { certificate, privateKey } = await makeCertificate();
    const secured = await Simulator.start({
      listen: '127.0.0.2',
      tls: { cert: certificate, key: privateKey },
    });
    try {
      for (const [how, message] of [
        ['reset', /ECONNRESET/],
        ['end', /socket hang up/],
      ] as const) {
        secured.rules.add({ count: 1, action: { kind: 'close', when: 'before', how } });
        const call = new Promise((resolve, reject) => {
          const request = https.request(secured.url, { method: 'POST', rejectUnauthorized: false }, resolve);
          request.on('error', reject);
          request.end(encodeRequest(CurrentTime, serviceInstance, {}));
        });
        await assert.rejects(call, message);
      }
      assert.equal(secured.log.all.at(-1)?.outcome, 'closed before');
      await eventually('the connections', () => secured.frontEnd.connectionCount === 0);
    } finally {
      await secured.stop();
    }
  });

  it('a reply that is held back, and says what was true before', async () => {
    rule({ kind: 'delay', ms: 60_000, when: 'after' });
    const started = fixture.clock.now();
    const call = time();
    await eventually('the call', () => fixture.simulator.log.all.some(({ method }) => method === 'CurrentTime'));
    await eventually('the wait', () => {
      fixture.clock.advance(30_000);
      return fixture.clock.now() >= started + 60_000 && outcomes('CurrentTime')[0] === 'ok';
    });
    assert.equal(Date.parse(await call), started);
  });

  it('a reply that comes drop by drop', async () => {
    rule({ kind: 'drip', bytes: 100, everyMs: 1_000 });
    const started = fixture.clock.now();
    let isAnswered = false;
    const call = time().finally(() => (isAnswered = true));
    await eventually('the end', () => {
      fixture.clock.advance(1_000);
      return isAnswered;
    });
    assert.ok(await call);
    assert.ok(fixture.clock.now() - started >= 3_000, 'more than 300 bytes');
  });

  it('silence, before the call is carried out or after', async () => {
    for (const [when, tasks] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      rule({ kind: 'silence', when }, { method: 'CreateSnapshot_Task' });
      const stop = new AbortController();
      const call = fixture.session.call(CreateSnapshot_Task, fixture.vm('VM1'), disksOnly, stop.signal);
      await eventually('the call', () => outcomes('CreateSnapshot_Task').at(-1) === `silent ${when}`);
      assert.equal(fixture.simulator.server.registry.count('Task'), tasks);
      assert.equal(fixture.simulator.frontEnd.connectionCount, 1, 'it stays open');
      stop.abort();
      await assert.rejects(call, { name: 'AbortError' });
    }
  });

  it('a delay, by the server’s own clock', async () => {
    rule({ kind: 'delay', ms: 60_000 });
    let isAnswered = false;
    const call = time().then(() => {
      isAnswered = true;
    });
    await eventually('the call', () => outcomes('CurrentTime').length === 1);
    fixture.clock.advance(59_000);
    assert.equal(isAnswered, false);
    fixture.clock.advance(1_000);
    await call;
  });

  it('a task that fails in the end, leaving what a real one leaves', async () => {
    await fixture.run(CreateSnapshot_Task, fixture.vm('VM1'), disksOnly);
    fixture.simulator.rules.add({
      method: 'RemoveAllSnapshots_Task',
      objectName: 'VM1',
      action: {
        kind: 'taskFault',
        type: 'GenericVmConfigFault',
        fields: { reason: 'An error occurred while consolidating disks' },
      },
    });
    const info = await fixture.run(RemoveAllSnapshots_Task, fixture.vm('VM1'), {});
    assert.equal(info.error?.localizedMessage, 'An error occurred while consolidating disks');
    assert.equal(fixture.state('VM1').consolidationNeeded, true);
    assert.equal((await fixture.run(RemoveAllSnapshots_Task, fixture.vm('VM2'), {})).state, 'success');
  });

  it('every fault that vSphere has, of a call and of a task, with what only the server can fill in', async () => {
    const faults = allObjectTypes().filter((type) => isA(type, MethodFault));
    assert.ok(faults.length > 50, String(faults.length));
    const fields: Readonly<Record<string, unknown>> = {
      reason: 'x',
      device: 'x',
      fileSize: 1,
      unreserved: 1,
      requested: 1,
      fault: { fault: { $type: 'NotSupported' } },
    };
    const vm = fixture.vm('VM1');
    for (const type of faults) {
      const given = Object.entries(fields).filter(([name]) => type.field(name)?.optional === false);
      const isProperty = type.name === 'InvalidProperty';
      const action = { type: type.name, fields: { ...Object.fromEntries(given), ...(isProperty && { name: 'x' }) } };
      rule({ kind: 'fault', ...action }, { method: 'CreateSnapshot_Task' });
      const reply = await faultOf(fixture.session.call(CreateSnapshot_Task, vm, disksOnly));
      assert.equal(reply.type, type.name);
      rule({ kind: 'taskFault', ...action }, { method: 'CreateSnapshot_Task' });
      const info = await fixture.run(CreateSnapshot_Task, vm, disksOnly);
      assert.equal(info.error?.fault.$type, type.name);
    }
    assert.ok(await time(), 'it is still there');
  });

  it('a fault that names what is in the way, as the server knows it', async () => {
    const [first, second] = [fixture.vm('VM1'), fixture.vm('VM2')];
    const create = async (vm = first): Promise<unknown> =>
      await fixture.session.call(CreateSnapshot_Task, vm, disksOnly);
    const running = await create();
    const detail = async (type: string): Promise<Readonly<Record<string, unknown>>> => {
      rule({ kind: 'fault', type }, { method: 'CreateSnapshot_Task' });
      return (await faultOf(create())).fault.detail as unknown as Readonly<Record<string, unknown>>;
    };
    assert.deepEqual((await detail('TaskInProgress'))['task'], running);
    const { file, datastore } = await detail('NoDiskSpace');
    assert.deepEqual([file, datastore], ['[DS-01] VM1/VM1.vmdk', 'DS-01']);
    assert.equal((await detail('InvalidPowerState'))['existingState'], 'poweredOn');
    assert.deepEqual((await detail('ManagedObjectNotFound'))['obj'], first);
    const { receiver, method } = await detail('MethodNotFound');
    assert.deepEqual([receiver, method], [first, 'CreateSnapshot_Task']);
    // A task that fails so is not in its own way.
    rule({ kind: 'taskFault', type: 'TaskInProgress' }, { method: 'CreateSnapshot_Task', objectName: 'VM2' });
    const own = (await create(second)) as ManagedObjectReference;
    const blocked = (await fixture.finish(own)).error?.fault as { readonly task?: ManagedObjectReference } | undefined;
    assert.notEqual(blocked?.task?.key, own.key);
    // Objects that have neither power nor files.
    for (const type of ['TaskInProgress', 'NoDiskSpace', 'InvalidPowerState', 'DisallowedOperationOnFailoverHost']) {
      rule({ kind: 'fault', type });
      assert.equal((await faultOf(time())).type, type);
    }
  });

  it('a name that XML cannot carry: a fault says so, and nobody waits for ever', async () => {
    fixture.simulator.execute({ command: 'changeVm', vm: 'VM1', change: { name: 'bad\u0001' } });
    rule({ kind: 'fault', type: 'InvalidName' }, { method: 'CreateSnapshot_Task' });
    const reply = await faultOf(fixture.session.call(CreateSnapshot_Task, fixture.vm('bad\u0001'), disksOnly));
    assert.equal(reply.type, 'SystemError');
  });

  it('only for the object that is named', async () => {
    fixture.simulator.rules.add({ objectName: 'VM2', action: { kind: 'fault', type: 'NotEnoughLicenses' } });
    assert.ok(await fixture.session.call(CreateSnapshot_Task, fixture.vm('VM1'), disksOnly));
    assert.equal(
      (await faultOf(fixture.session.call(CreateSnapshot_Task, fixture.vm('VM2'), disksOnly))).type,
      'NotEnoughLicenses',
    );
  });
});
