import assert from 'node:assert/strict';
import type { FaultRule } from '../../src/simulator/control/faultRules';
import { encodeRequest } from '../../src/vsphere/soap/envelope';
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

  it('only for the object that is named', async () => {
    fixture.simulator.rules.add({ objectName: 'VM2', action: { kind: 'fault', type: 'NotEnoughLicenses' } });
    assert.ok(await fixture.session.call(CreateSnapshot_Task, fixture.vm('VM1'), disksOnly));
    assert.equal(
      (await faultOf(fixture.session.call(CreateSnapshot_Task, fixture.vm('VM2'), disksOnly))).type,
      'NotEnoughLicenses',
    );
  });
});
