import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import type { RestartOptions } from '../../src/simulator/control/controller';
import type { TaskInfo } from '../../src/vsphere/vim/task';
import { CreateCollectorForTasks, ReadNextTasks } from '../../src/vsphere/vim/history';
import { CurrentTime, RetrieveServiceContent } from '../../src/vsphere/vim/service';
import { ManagedObjectReference } from '../../src/vsphere/vim/schema';
import { CreateSnapshot_Task } from '../../src/vsphere/vim/snapshot';
import { eventually } from '../support/eventually';
import { faultOf, serviceInstance, SimulatorFixture } from '../support/simulatorFixture';
import { FaultReply } from '../support/soapSession';

const disksOnly = { name: 'a', memory: false, quiesce: false };

describe('simulator: a restart of the service', () => {
  let fixture: SimulatorFixture;
  beforeEach(async () => {
    fixture = await SimulatorFixture.start([{ name: 'VM1' }, { name: 'VM2' }]);
  });
  afterEach(async () => {
    await fixture.stop();
  });

  const restart = async (how?: RestartOptions): Promise<void> => {
    await fixture.simulator.restart(how);
    // A client learns of a cut connection a moment later, and would still use it.
    fixture.session.close();
  };
  const time = (): Promise<string> => fixture.session.call(CurrentTime, serviceInstance, {});
  const uuid = async (): Promise<string | undefined> =>
    (await fixture.session.call(RetrieveServiceContent, serviceInstance, {})).about.instanceUuid;
  const task = (id: string): ManagedObjectReference => new ManagedObjectReference('Task', id);

  it('ends sessions and cuts connections, and is the same server afterwards', async () => {
    const before = await uuid();
    const { url } = fixture.simulator;
    await restart();
    assert.equal((await faultOf(time())).type, 'NotAuthenticated');
    await fixture.login(fixture.session);
    assert.ok(await time());
    assert.deepEqual([await uuid(), fixture.simulator.url], [before, url]);
  });

  it('lets go on what runs, and remembers what has ended only in the history', async () => {
    const ended = await fixture.run(CreateSnapshot_Task, fixture.vm('VM1'), disksOnly);
    const running = await fixture.session.call(CreateSnapshot_Task, fixture.vm('VM2'), disksOnly);
    await restart();
    await fixture.login(fixture.session);
    assert.equal((await faultOf(fixture.read(task(ended.key), ['info']))).type, 'ManagedObjectNotFound');
    assert.deepEqual(await fixture.read(fixture.vm('VM2'), ['recentTask']), [[running]]);
    assert.equal((await fixture.finish(running)).state, 'success');
    const collector = await fixture.session.call(CreateCollectorForTasks, fixture.service('taskManager'), {
      filter: { state: [], eventChainId: [], parentTaskKey: [], rootTaskKey: [], activationId: [], tag: [] },
    });
    const tasks: readonly TaskInfo[] = await fixture.session.call(ReadNextTasks, collector, { maxCount: 10 });
    assert.deepEqual(
      tasks.map(({ key, state }) => [key, state]),
      [
        [ended.key, 'success'],
        [running.value, 'success'],
      ],
    );
  });

  it('can take a while, during which nobody listens', async () => {
    await restart({ downMs: 60_000 });
    await assert.rejects(time(), /ECONNREFUSED/);
    fixture.clock.advance(59_000);
    await assert.rejects(time(), /ECONNREFUSED/);
    fixture.clock.advance(1_000);
    const answer = await eventually('the server', async () => {
      const error: unknown = await time().catch((reason: unknown) => reason);
      return error instanceof FaultReply ? error : undefined;
    });
    assert.equal(answer.type, 'NotAuthenticated');
  });

  it('says that it stays down when somebody else has taken its port, and can be started again', async () => {
    await restart({ downMs: 60_000 });
    const { port, hostname } = new URL(fixture.simulator.url);
    const squatter = net.createServer().listen(Number(port), hostname);
    await once(squatter, 'listening');
    const warned = once(process, 'warning') as Promise<[Error]>;
    fixture.clock.advance(60_000);
    assert.match((await warned)[0].message, /^The simulator stays down: listen EADDRINUSE/);
    await assert.rejects(fixture.simulator.restart(), /EADDRINUSE/);
    squatter.close();
    await once(squatter, 'close');
    await restart();
    assert.equal((await faultOf(time())).type, 'NotAuthenticated');
  });

  it('can bring up another installation at the same address', async () => {
    await restart({ instanceUuid: 'another' });
    assert.equal(await uuid(), 'another');
  });
});
