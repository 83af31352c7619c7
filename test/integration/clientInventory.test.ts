import assert from 'node:assert/strict';
import { ManualClock } from '../../src/common/clock';
import type { HypervisorClient } from '../../src/hypervisor/client';
import type { ObjectId } from '../../src/hypervisor/model/ids';
import type { InventoryObject, VirtualMachine } from '../../src/hypervisor/model/inventory';
import { noSnapshots } from '../../src/hypervisor/model/snapshot';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import type { ControlCommand } from '../../src/simulator/control/controlSchema';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { Simulator, type SimulatorOptions } from '../../src/simulator/simulator';
import type { ConnectOptions } from '../../src/vsphere/index';
import { connectAs, failsAs, RecordingLogger, RecordingSink } from '../support/clientRig';
import { eventually } from '../support/eventually';
import { pick, seededRandom } from '../../src/simulator/random/random';

describe('watching the inventory', () => {
  let simulator: Simulator;
  let client: HypervisorClient;
  let sink: RecordingSink;
  let watching: Promise<void>;
  let abort: AbortController;
  let logger: RecordingLogger;

  async function start(options: SimulatorOptions = {}, overrides: Partial<ConnectOptions> = {}): Promise<void> {
    simulator = await Simulator.start({
      clock: new ManualClock(),
      listen: '127.0.0.2',
      inventory: smallInventory([{ name: 'A' }, { name: 'B' }, { name: 'C' }]),
      ...options,
    });
    logger = new RecordingLogger();
    client = await connectAs(simulator, { logger, ...overrides });
    watch();
  }

  function watch(): void {
    abort = new AbortController();
    sink = new RecordingSink();
    watching = client.watchInventory(sink, abort.signal);
    // Looked at by the test or at its end.
    watching.catch(() => undefined);
  }

  async function live(): Promise<void> {
    await eventually('the feed to be live', () => waits('pending') === 1 && sink.count('complete') > 0);
    // Of the initial set nothing is left to be told.
    await eventually('the filter to have told everything', () => {
      const last = simulator.log.all.filter(({ method }) => method === 'WaitForUpdatesEx').at(-1);
      return last?.outcome === 'pending';
    });
  }

  const waits = (outcome: string): number =>
    simulator.log.all.filter((call) => call.method === 'WaitForUpdatesEx' && call.outcome === outcome).length;
  const calls = (method: string): number => simulator.log.all.filter((call) => call.method === method).length;
  const act = (command: ControlCommand): void => {
    simulator.execute(command);
  };
  const vm = (name: string): VirtualMachine | undefined =>
    [...sink.objects.values()].find((each): each is VirtualMachine => each.kind === 'vm' && each.name === name);
  const comes = (what: string, condition: (vm: VirtualMachine) => boolean, name = 'A'): Promise<unknown> =>
    eventually(what, () => {
      const found = vm(name);
      return found !== undefined && condition(found);
    });

  afterEach(async () => {
    abort.abort();
    await watching.catch(() => undefined);
    await client.close();
    await simulator.stop();
  });

  it('shows everything page by page, and then stays live without showing it again', async () => {
    await start({ inventory: { vms: 1_100, snapshotsEvery: 50 } }, { limits: { pageObjects: 400 } });
    await eventually('the picture', () => sink.count('complete') === 1);
    const picture = sink.calls.slice(0, sink.calls.indexOf('complete') + 1);
    assert.equal(picture[0], 'begin');
    assert.ok(picture.filter((call) => call === 'put').length >= 3, picture.join());
    // Of the page that was asked for ahead, some may have come in by then.
    assert.ok(sink.putSizes.every((size) => size <= 800));
    assert.equal(sink.vmNames().length, 1_100);
    await live();
    assert.equal(sink.vmNames().length, 1_100);
    assert.deepEqual([sink.count('begin'), sink.count('complete'), sink.count('remove')], [1, 1, 0]);
    // Page after page came from the server, and its updates in pieces of its own choice.
    assert.equal(calls('ContinueRetrievePropertiesEx'), 2);
    assert.ok(calls('WaitForUpdatesEx') > 10);
    act({ command: 'changeVm', vm: 'VM-01034', change: { power: 'suspended' } });
    await comes('the change', ({ powerState }) => powerState === 'suspended', 'VM-01034');
  });

  it('follows pages that the server makes by itself', async () => {
    await start({ inventory: { vms: 30 }, maxObjectsPerPage: 7 });
    await live();
    assert.equal(sink.vmNames().length, 30);
    assert.ok(calls('ContinueRetrievePropertiesEx') > 3);
  });

  it('tells what others do', async () => {
    await start();
    await live();
    act({ command: 'takeSnapshot', vm: 'A', name: 'by 50%/x' });
    await comes('the snapshot', ({ snapshots }) => snapshots.roots[0]?.name === 'by 50%/x');
    act({ command: 'takeSnapshot', vm: 'A', name: 'second' });
    await comes('the second', ({ snapshots }) => allSnapshots(snapshots).length === 2);
    act({ command: 'renameSnapshot', vm: 'A', snapshot: 'second', name: 'renamed' });
    await comes('its new name', ({ snapshots }) => allSnapshots(snapshots)[1]?.name === 'renamed');
    act({ command: 'revertToSnapshot', vm: 'A', snapshot: 'by 50%/x' });
    await comes('the restore', ({ snapshots }) => snapshots.currentId === snapshots.roots[0]?.id);
    act({ command: 'removeSnapshot', vm: 'A', snapshot: 'by 50%/x', removeChildren: true });
    await comes('the end of the last snapshot', ({ snapshots }) => snapshots.roots.length === 0);
    act({ command: 'leaveDisks', vm: 'A' });
    await comes('leftover disks', ({ needsConsolidation }) => needsConsolidation);
    act({ command: 'changeVm', vm: 'A', change: { connection: 'inaccessible' } });
    await comes('what is unreachable', ({ reachability }) => reachability === 'inaccessible');
    const question = { id: '1', text: 'Disk full. Retry?', choices: [{ key: '0', label: 'Retry' }], defaultIndex: 0 };
    act({ command: 'changeVm', vm: 'B', change: { question } });
    await comes('a question', (each) => each.question === 'Disk full. Retry?', 'B');
    act({ command: 'changeVm', vm: 'B', change: { question: null } });
    await comes('its answer', (each) => each.question === undefined, 'B');
    act({ command: 'changeVm', vm: 'B', change: { name: 'b/2' } });
    await comes('a new name', () => true, 'b/2');
    act({ command: 'removeVm', vm: 'C' });
    await eventually('a VM that is gone', () => vm('C') === undefined);
    act({ command: 'addVm', name: 'D' });
    await comes('a new VM', () => true, 'D');
    assert.equal(sink.count('begin'), 1);
  });

  it('tells what went between the picture and the filter: objects, and what objects had', async () => {
    await start();
    await live();
    act({ command: 'takeSnapshot', vm: 'A', name: 'only' });
    act({
      command: 'changeVm',
      vm: 'C',
      change: { question: { id: '1', text: 'Retry?', choices: [{ key: '0', label: 'Retry' }], defaultIndex: 0 } },
    });
    await comes('the question', ({ question }) => question !== undefined, 'C');
    abort.abort();
    await watching;
    simulator.rules.add({ method: 'CreateFilter', count: 1, action: { kind: 'delay', ms: 1_000 } });
    watch();
    await eventually('the filter to be asked for', () => sink.count('complete') === 1 && calls('CreateFilter') === 2);
    assert.deepEqual([vm('A')?.snapshots.roots.length, vm('B')?.name, vm('C')?.question], [1, 'B', 'Retry?']);
    act({ command: 'removeVm', vm: 'B' });
    act({ command: 'removeSnapshot', vm: 'A', snapshot: 'only' });
    act({ command: 'changeVm', vm: 'C', change: { question: null } });
    simulator.clock.advance(1_000);
    await eventually('the VM that is gone', () => vm('B') === undefined);
    assert.deepEqual([vm('A')?.snapshots, vm('C')?.question], [noSnapshots, undefined]);
  });

  it('reads everything again when the session has ended, and tells only then what is gone', async () => {
    await start();
    await live();
    act({ command: 'expireSessions' });
    act({ command: 'removeVm', vm: 'B' });
    act({ command: 'addVm', name: 'D' });
    await eventually('a second picture', () => sink.count('complete') === 2);
    assert.deepEqual(sink.count('begin'), 2);
    assert.equal(calls('Login'), 2);
    await live();
    act({ command: 'changeVm', vm: 'A', change: { power: 'suspended' } });
    await comes('news', ({ powerState }) => powerState === 'suspended');
  });

  it('throws away a picture that the end of the session has cut off', async () => {
    await start({ inventory: { vms: 60 } }, { limits: { pageObjects: 20 } });
    await live();
    abort.abort();
    await watching;
    simulator.rules.add({
      method: 'ContinueRetrievePropertiesEx',
      count: 1,
      action: { kind: 'fault', type: 'NotAuthenticated' },
    });
    watch();
    await eventually('a whole picture', () => sink.count('complete') === 1);
    assert.equal(sink.count('begin'), 2);
    assert.equal(sink.vmNames().length, 60);
  });

  it('starts over when the server does not know the version of the last update', async () => {
    await start();
    await live();
    simulator.rules.add({
      method: 'WaitForUpdatesEx',
      count: 1,
      action: { kind: 'fault', type: 'InvalidCollectorVersion' },
    });
    act({ command: 'changeVm', vm: 'A', change: { power: 'suspended' } });
    await eventually('a second picture', () => sink.count('complete') === 2);
    await live();
    assert.equal(calls('Login'), 1);
  });

  it('gives up a server that forgets again and again', async () => {
    await start();
    await live();
    simulator.rules.add({ method: 'WaitForUpdatesEx', action: { kind: 'fault', type: 'RequestCanceled' } });
    act({ command: 'changeVm', vm: 'A', change: { power: 'suspended' } });
    await failsAs('badReply', watching);
    assert.ok(sink.count('begin') <= 6);
  });

  it('goes on when connections break but the server is there', async () => {
    await start();
    await live();
    const before = calls('WaitForUpdatesEx');
    act({ command: 'dropConnections' });
    await eventually('the wait to be asked for again', () => calls('WaitForUpdatesEx') === before + 1);
    act({ command: 'changeVm', vm: 'A', change: { power: 'suspended' } });
    await comes('news', ({ powerState }) => powerState === 'suspended');
    assert.equal(sink.count('begin'), 1);
  });

  it('ends as lost when the server is gone', async () => {
    await start();
    await live();
    await simulator.stop();
    await failsAs('connectionLost', watching);
    simulator = await Simulator.start();
  });

  it('ends at once when told to, and leaves nothing on the server', async () => {
    await start();
    await live();
    abort.abort();
    await watching;
    assert.deepEqual(['CancelWaitForUpdates', 'DestroyPropertyCollector', 'DestroyView'].map(calls), [1, 1, 1]);
    watch();
    await live();
    assert.equal(sink.vmNames().length, 3);
  });

  it('ends soon even when the server does not answer any more', async () => {
    const clock = new ManualClock();
    await start({}, { clock });
    await live();
    for (const method of ['CancelWaitForUpdates', 'DestroyPropertyCollector', 'DestroyView']) {
      simulator.rules.add({ method, action: { kind: 'delay', ms: 600_000 } });
    }
    abort.abort();
    let isOver = false;
    void watching.then(() => {
      isOver = true;
    });
    const startedMs = clock.now();
    await eventually('the end', () => {
      clock.advance(100);
      return isOver;
    });
    assert.ok(clock.now() - startedMs < 20_000);
  });

  it('can be watched once at a time', async () => {
    await start();
    await assert.rejects(client.watchInventory(new RecordingSink(), abort.signal), /watched already/);
  });

  it('does without a property that the server does not know', async () => {
    await start();
    await live();
    abort.abort();
    await watching;
    const unknown = { kind: 'fault', type: 'InvalidProperty', fields: { name: 'runtime.question' } } as const;
    simulator.rules.add({ method: 'RetrievePropertiesEx', count: 1, action: unknown });
    simulator.rules.add({ method: 'CreateFilter', count: 1, action: unknown });
    watch();
    await live();
    assert.equal(sink.vmNames().length, 3);
    assert.equal(logger.lines.filter((line) => line.includes('does not know the property runtime.question')).length, 2);
  });

  it('shows to an account with rights on one VM just that, at top level', async () => {
    await start({
      users: [
        { name: 'admin', password: 'x', permissions: [{ role: 'Admin' }] },
        { name: 'one', password: 'y', permissions: [{ role: 'ReadOnly', on: '/DC1/vm/B' }] },
      ],
    });
    await live();
    const other = await connectAs({ url: simulator.url, user: 'one', password: 'y' });
    const theirs = new RecordingSink();
    const stop = new AbortController();
    const watchingOther = other.watchInventory(theirs, stop.signal);
    await eventually('the picture', () => theirs.count('complete') === 1);
    stop.abort();
    await watchingOther;
    await other.close();
    assert.deepEqual(theirs.vmNames(), ['B']);
  });

  it('tells the same in the end as a picture that is taken anew, whatever has happened', async () => {
    const seed = 20_261_122;
    await start({ inventory: { vms: 40, snapshotsEvery: 3 }, seed });
    await live();
    const random = seededRandom(seed);
    const names = sink.vmNames();
    let added = 0;
    for (let i = 0; i < 150; i++) {
      try {
        act(randomChange(random, names, () => `new-${added++}`));
      } catch {
        // What does not fit the state of the VM is refused by the simulator and changes nothing.
      }
      if (i % 10 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    act({ command: 'addVm', name: 'last' });
    await comes('the last change', () => true, 'last');
    const other = await connectAs(simulator);
    const fresh = new RecordingSink();
    const stop = new AbortController();
    const watchingOther = other.watchInventory(fresh, stop.signal);
    await eventually('the picture', () => fresh.count('complete') === 1);
    stop.abort();
    await watchingOther;
    await other.close();
    assert.deepEqual(sorted(sink.objects), sorted(fresh.objects), `seed ${seed}`);
  });
});

function sorted(objects: ReadonlyMap<ObjectId, InventoryObject>): InventoryObject[] {
  return [...objects.values()].sort((a, b) => a.id.localeCompare(b.id));
}

function randomChange(random: () => number, names: readonly string[], newName: () => string): ControlCommand {
  const vm = pick(random, names);
  switch (Math.floor(random() * 8)) {
    case 0:
      return { command: 'changeVm', vm, change: { power: pick(random, ['poweredOn', 'poweredOff', 'suspended']) } };
    case 1:
      return { command: 'takeSnapshot', vm, name: pick(random, ['a', 'b', 'c']), memory: random() < 0.3 };
    case 2:
      return { command: 'removeSnapshot', vm, snapshot: pick(random, ['a', 'b']), removeChildren: random() < 0.5 };
    case 3:
      return { command: 'revertToSnapshot', vm, snapshot: pick(random, ['a', 'b', 'c']) };
    case 4:
      return { command: 'leaveDisks', vm };
    case 5:
      return {
        command: 'changeVm',
        vm,
        change: { connection: pick(random, ['connected', 'disconnected', 'orphaned']) },
      };
    case 6:
      return random() < 0.3 ? { command: 'removeVm', vm } : { command: 'addVm', name: newName() };
    default:
      return { command: 'changeVm', vm, change: { tools: pick(random, ['missing', 'healthy']) } };
  }
}
