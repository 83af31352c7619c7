import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/common/cancellation';
import { HypervisorError } from '../../../src/hypervisor/errors';
import type { Operation } from '../../../src/hypervisor/model/operation';
import { ChangedError } from '../../../src/operations/bulk/changedError';
import { tallyOf } from '../../../src/operations/bulk/bulkTally';
import { BulkScene, otherConnection, taskOf } from '../../support/bulkScene';
import { chain, detail, disk, objectId, serverTask, snapshotId, vm } from '../../support/domainBuilders';
import { eventually } from '../../support/eventually';
import { failure, Lever, ScriptedClient } from '../../support/scriptedHypervisor';

const idOf = objectId;

describe('BulkService', () => {
  it('reads, lists, has it typed, and sends once for each VM', async () => {
    const scene = new BulkScene(3);
    const group = await scene.perform();
    assert.deepEqual(scene.dialogs.asked, ['reading 3', 'review deleteAll 3', 'typed 3']);
    assert.deepEqual(scene.states(group), ['vm-1 succeeded', 'vm-2 succeeded', 'vm-3 succeeded']);
    assert.deepEqual(scene.sentVms, ['vm-1', 'vm-2', 'vm-3']);
    assert.notEqual(group?.endedAtMs, undefined);
    assert.equal(scene.connection.holds, 0);
    assert.deepEqual(tallyOf(scene.operations(group)), {
      running: 0,
      waiting: 0,
      done: 3,
      failed: 0,
      unknown: 0,
      notStarted: 0,
      stopped: 0,
      total: 3,
    });
  });

  it('sends nothing when the person gives up, wherever that is', async () => {
    const reading = new BulkScene(3);
    reading.dialogs.giveUpReading = true;
    await assert.rejects(reading.perform(), CancelledError);
    const list = new BulkScene(3);
    list.dialogs.onReview = () => undefined;
    assert.equal(await list.perform(), undefined);
    const nothing = new BulkScene(3);
    nothing.dialogs.onReview = () => [];
    assert.equal(await nothing.perform(), undefined);
    const typing = new BulkScene(3);
    typing.dialogs.onTyped = () => undefined;
    assert.equal(await typing.perform(), undefined);
    for (const scene of [reading, list, nothing, typing]) {
      assert.deepEqual(scene.client.sent, []);
      assert.deepEqual(scene.history.groups(), []);
      assert.equal(scene.connection.holds, 0);
    }
  });

  it('has nothing typed before a take, and takes what was asked for after the list', async () => {
    const scene = new BulkScene(2);
    const take = (vmId: string): Operation => ({
      kind: 'take',
      vmId: idOf(vmId),
      name: '',
      description: '',
      contents: 'disks',
    });
    scene.dialogs.onComplete = ({ target }) => [
      { kind: 'take', vmId: target.vmId, name: `of ${target.vmName}`, description: '', contents: 'disks' },
    ];
    const group = await scene.perform(
      ['vm-1', 'vm-2'].map((id) => scene.target(take(id))),
      'take',
    );
    assert.deepEqual(scene.dialogs.asked, ['reading 2', 'review take 2']);
    assert.deepEqual(
      scene.client.sent.map((each) => each.kind === 'take' && each.name),
      ['of vm-1', 'of vm-2'],
    );
    assert.deepEqual(
      scene.operations(group).map(({ snapshotName }) => snapshotName),
      ['of vm-1', 'of vm-2'],
    );
  });

  it('shows VMs that cannot be read, and never sends for what cannot be, whatever is ticked', async () => {
    const scene = new BulkScene(2);
    scene.put('vm-3', { activeTasks: [serverTask('other')] });
    const targets = [...scene.targets(), scene.target({ kind: 'deleteAll', vmId: idOf('vm-gone') })];
    scene.dialogs.onReview = (rows) => rows;
    const group = await scene.perform(targets);
    const [list] = scene.dialogs.lists;
    assert.deepEqual(
      list?.map(({ outlook }) =>
        outlook.kind === 'planned' ? outlook.plans[0]?.blockers[0]?.kind : outlook.error.kind,
      ),
      [undefined, undefined, 'busy', 'gone'],
    );
    assert.deepEqual(scene.states(group), ['vm-1 succeeded', 'vm-2 succeeded']);
  });

  it('leaves snapshots of backup products alone unless they are ticked', async () => {
    const scene = new BulkScene(1);
    scene.put('vm-2', { vm: vm('vm-2', { snapshots: chain('VEEAM BACKUP') }) });
    await scene.perform();
    assert.deepEqual(scene.sentVms, ['vm-1']);
  });

  it('says which VMs are protected', async () => {
    const scene = new BulkScene(2);
    scene.protectedVms.add(idOf('vm-2'));
    await scene.perform();
    assert.deepEqual(
      scene.dialogs.lists[0]?.map(({ isProtected }) => isProtected),
      [false, true],
    );
  });

  it('refuses more VMs than the person allows, before it reads one', async () => {
    const scene = new BulkScene(3);
    scene.maxVms = 2;
    await assert.rejects(scene.perform(), (error) => {
      const refused = HypervisorError.find(error, 'invalidInput');
      assert.equal(refused?.say(), '3 VMs are more than the limit of 2.');
      assert.equal(refused.nextStep, 'raiseBulkLimit');
      return true;
    });
    assert.equal(scene.client.readings, 0);
  });

  it('works on several servers, and leaves a read-only one alone', async () => {
    const scene = new BulkScene(1);
    const other = otherConnection(new ScriptedClient());
    const locked = otherConnection(new ScriptedClient());
    locked.isReadOnly = true;
    const remove = { kind: 'deleteAll', vmId: idOf('vm-1') } as const;
    const others = [other, Object.assign(locked, { id: 'server-3' })].map((connection) => ({
      ...scene.target(remove),
      connection,
    }));
    (other.client() as ScriptedClient).detailOf = () => detail({ vm: vm('vm-1', { snapshots: chain('a') }) });
    scene.dialogs.onReview = (rows) => rows;
    const group = await scene.perform([...scene.targets(), ...others]);
    assert.equal(scene.dialogs.lists[0]?.length, 3);
    assert.deepEqual(
      scene.operations(group).map(({ connection, state }) => `${connection.id} ${state}`),
      ['server-1 succeeded', 'server-2 succeeded'],
    );
    assert.equal(locked.holds + other.holds, 0);
  });

  it('runs so many at a time on a datastore, and others beside them', async () => {
    const scene = new BulkScene(3);
    scene.put('vm-4', {}, 'ds-2');
    scene.put('vm-5', {
      disks: [disk('a', { datastoreId: idOf('ds-2') }), disk('b', { datastoreId: idOf('ds-1') })],
    });
    const levers = new Map<string, Lever<{ taskId: undefined }>>();
    scene.client.onStart = (operation) => {
      const lever = new Lever<{ taskId: undefined }>();
      levers.set(operation.vmId, lever);
      return lever.promise;
    };
    const done = scene.perform();
    await eventually('three are under way', () => levers.size === 3);
    assert.deepEqual([...levers.keys()].sort(), ['vm-1', 'vm-2', 'vm-4']);
    levers.get('vm-1')?.resolve({ taskId: undefined });
    await eventually('the next of the datastore', () => levers.has('vm-3'));
    assert.equal(levers.has('vm-5'), false, 'it needs a place on both datastores');
    levers.get('vm-2')?.resolve({ taskId: undefined });
    await eventually('the one on both', () => levers.has('vm-5'));
    for (const lever of levers.values()) {
      lever.resolve({ taskId: undefined });
    }
    assert.equal(tallyOf(scene.operations(await done)).done, 5);
  });

  it('goes on when one fails, is gone, or has changed: that one is set aside and says why', async () => {
    const scene = new BulkScene(5);
    scene.client.onStart = ({ vmId }) =>
      vmId === 'vm-2' ? Promise.reject(failure('diskFull')) : Promise.resolve({ taskId: undefined });
    scene.dialogs.onTyped = () => {
      scene.details.delete(idOf('vm-3'));
      scene.put('vm-4', { vm: vm('vm-4', { snapshots: chain('vm-4-a', 'vm-4-b', 'late') }) });
      return true;
    };
    const group = await scene.perform();
    assert.deepEqual(scene.states(group), [
      'vm-1 succeeded',
      'vm-2 failed',
      'vm-3 failed',
      'vm-4 failed',
      'vm-5 succeeded',
    ]);
    const [, second, third, fourth] = scene.operations(group).map(({ error }) => error);
    assert.equal(second?.kind, 'diskFull');
    assert.equal(third?.kind, 'gone');
    assert.ok(fourth instanceof ChangedError);
    assert.deepEqual(fourth.differences, [{ kind: 'snapshotsAdded', count: 1 }]);
    assert.equal(
      fourth.say({ vmName: 'DB' }),
      "'DB' is no longer what you agreed to. Nothing was sent; review it again.",
    );
    assert.deepEqual(scene.sentVms, ['vm-1', 'vm-2', 'vm-5']);
  });

  it('waits through a lost connection and sends the rest when it is back', async () => {
    const scene = new BulkScene(3);
    let isLost = true;
    const read = scene.client.detailOf;
    scene.dialogs.onTyped = () => {
      scene.client.detailOf = (vmId) => {
        if (isLost) {
          throw failure('connectionLost');
        }
        return read(vmId);
      };
      return true;
    };
    const done = scene.perform();
    await eventually('both wait to ask again', () => scene.clock.pending === 2);
    assert.deepEqual(scene.sentVms, []);
    isLost = false;
    scene.clock.advance(1_000);
    assert.equal(tallyOf(scene.operations(await done)).done, 3);
    assert.deepEqual([...scene.sentVms].sort(), ['vm-1', 'vm-2', 'vm-3']);
  });

  it('ends what was not sent when the connection is given up', async () => {
    const scene = new BulkScene(2);
    scene.dialogs.onTyped = () => {
      scene.connection.reconnect = () => Promise.reject(failure('notConnected'));
      return true;
    };
    const group = await scene.perform();
    assert.deepEqual(
      scene.operations(group).map(({ state, error }) => [state, error?.kind]),
      [
        ['failed', 'notConnected'],
        ['failed', 'notConnected'],
      ],
    );
    assert.deepEqual(scene.sentVms, []);
  });

  it('stops after the running ones', async () => {
    const scene = new BulkScene(5);
    const task = new Lever<void>();
    scene.client.onFollow = (id) => task.promise.then(() => taskOf(id));
    const done = scene.perform();
    await eventually('two run', () => scene.client.followed.length === 2);
    const [group] = scene.history.groups();
    assert.ok(group);
    scene.bulk.stop(group.id);
    assert.equal(scene.history.group(group.id)?.isStopping, true);
    assert.equal(tallyOf(scene.operations(group)).notStarted, 3, 'told at once, while the others still run');
    task.resolve();
    const ended = await done;
    assert.deepEqual(scene.states(ended), [
      'vm-1 succeeded',
      'vm-2 succeeded',
      'vm-3 cancelled',
      'vm-4 cancelled',
      'vm-5 cancelled',
    ]);
    assert.equal(scene.client.sent.length, 2);
    scene.bulk.stop(group.id);
  });

  it('does not take back one that is being read for the last time when it is stopped', async () => {
    const scene = new BulkScene(1);
    const reading = new Lever<readonly string[]>();
    scene.dialogs.onTyped = () => {
      scene.client.missingPrivileges = () => reading.promise;
      return true;
    };
    const done = scene.perform();
    await eventually('it is on its way', () => scene.history.groups().length === 1 && scene.client.readings === 2);
    scene.bulk.stop(scene.history.groups()[0]?.id ?? 0);
    reading.resolve([]);
    assert.deepEqual(scene.states(await done), ['vm-1 succeeded']);
    assert.equal(scene.client.sent.length, 1);
  });

  it('does not send for a VM that something else of this window has taken meanwhile', async () => {
    const scene = new BulkScene(1);
    const task = new Lever<void>();
    scene.client.onFollow = (id) => task.promise.then(() => taskOf(id));
    const [plan] = await Promise.all([scene.service.plan(scene.connection, { kind: 'powerOn', vmId: idOf('vm-1') })]);
    let other: Promise<unknown> | undefined;
    scene.dialogs.onTyped = () => {
      other = scene.service.send({
        connection: scene.connection,
        plan: { ...plan, blockers: [], operation: { kind: 'consolidate', vmId: idOf('vm-1') } },
        isForetold: false,
      });
      return true;
    };
    const group = await scene.perform();
    const [operation] = scene.operations(group);
    assert.ok(operation?.error instanceof ChangedError);
    assert.equal(operation.error.differences[0]?.kind, 'blocked');
    task.resolve();
    await other;
    assert.deepEqual(
      scene.client.sent.map(({ kind }) => kind),
      ['consolidate'],
    );
  });
});

describe('BulkService: several snapshots of one VM', () => {
  const remove = (id: string): Operation => ({ kind: 'delete', vmId: idOf('vm-1'), snapshotId: snapshotId(id) });

  it('are deleted one after the other, each as foretold', async () => {
    const scene = new BulkScene();
    const trees = [chain('a', 'b', 'c'), chain('a', 'b'), chain('b')];
    scene.details.set(idOf('vm-1'), detail({ vm: vm('vm-1', { snapshots: trees[0] ?? chain() }) }));
    scene.client.onStart = () => {
      const left = trees[scene.client.sent.length] ?? chain();
      // The times of a chain are made from its end; a real server leaves them alone.
      const facts = scene.details.get(idOf('vm-1'))?.vm.snapshots.roots[0];
      const [root] = left.roots;
      const same = root &&
        facts && { ...root, createdAtMs: root.id === facts.id ? facts.createdAtMs : root.createdAtMs };
      scene.put('vm-1', { vm: vm('vm-1', { snapshots: same === undefined ? left : { ...left, roots: [same] } }) });
      return Promise.resolve({ taskId: undefined });
    };
    const [plan] = await Promise.all([scene.service.plan(scene.connection, remove('c'))]);
    assert.equal(plan.removed.length, 1);
    const group = await scene.perform([scene.target(remove('c'))], 'delete');
    assert.deepEqual(scene.states(group), ['vm-1 succeeded']);
  });

  it('of which one fails keep the others from being sent; what is done stays done', async () => {
    const scene = new BulkScene();
    scene.details.set(idOf('vm-1'), detail({ vm: vm('vm-1', { snapshots: chain('a', 'b', 'c') }) }));
    scene.client.onStart = () => Promise.reject(failure('fileInUse'));
    const group = await scene.perform([scene.target(remove('c'), remove('b'))], 'delete');
    assert.deepEqual(
      scene.operations(group).map(({ state, error }) => [state, error?.say()]),
      [
        ['failed', 'sentence of fileInUse'],
        ['failed', 'Not sent, because what came before it on this VM did not end well.'],
      ],
    );
    assert.equal(scene.client.sent.length, 1);
    assert.deepEqual(tallyOf(scene.operations(group)), { ...tallyOf([]), failed: 1, total: 1 });
  });
});

describe('BulkService: Retry Failed', () => {
  it('runs only what failed, without a question where nothing has changed', async () => {
    const scene = new BulkScene(4);
    let isFull = true;
    scene.client.onStart = ({ vmId }) =>
      isFull && (vmId === 'vm-2' || vmId === 'vm-3')
        ? Promise.reject(failure('diskFull'))
        : Promise.resolve({ taskId: undefined });
    const group = await scene.perform();
    isFull = false;
    scene.dialogs.asked.length = 0;
    const second = await scene.bulk.again(group?.id ?? 0, 'failed', scene.dialogs);
    assert.deepEqual(scene.dialogs.asked, ['reading 2']);
    assert.deepEqual(scene.states(second), ['vm-2 succeeded', 'vm-3 succeeded']);
    assert.deepEqual([...scene.sentVms].sort(), ['vm-1', 'vm-2', 'vm-2', 'vm-3', 'vm-3', 'vm-4']);
    assert.equal(await scene.bulk.again(second?.id ?? 0, 'failed', scene.dialogs), undefined, 'nothing is left');
  });

  it('has reviewed what is different now, and only that', async () => {
    const scene = new BulkScene(3);
    let isFull = true;
    scene.client.onStart = () =>
      isFull ? Promise.reject(failure('diskFull')) : Promise.resolve({ taskId: undefined });
    const group = await scene.perform();
    isFull = false;
    scene.put('vm-2', { vm: vm('vm-2', { snapshots: chain('vm-2-a') }) });
    scene.dialogs.asked.length = 0;
    const second = await scene.bulk.again(group?.id ?? 0, 'failed', scene.dialogs);
    assert.deepEqual(scene.dialogs.asked, ['reading 3', 'review deleteAll 1', 'typed 1']);
    assert.equal(tallyOf(scene.operations(second)).done, 3);
    const third = new BulkScene(1);
    assert.equal(await third.bulk.again(99, 'failed', third.dialogs), undefined);
  });

  it('runs nothing when the person gives up on what is different', async () => {
    const scene = new BulkScene(2);
    scene.client.onStart = () => Promise.reject(failure('diskFull'));
    const group = await scene.perform();
    scene.put('vm-2', { vm: vm('vm-2', { snapshots: chain('vm-2-a') }) });
    scene.dialogs.onReview = () => undefined;
    assert.equal(await scene.bulk.again(group?.id ?? 0, 'failed', scene.dialogs), undefined);
    assert.equal(scene.client.sent.length, 2);
  });

  it('never asks again for what may have happened', async () => {
    const scene = new BulkScene(2);
    scene.client.onStart = ({ vmId }) => Promise.reject(failure(vmId === 'vm-1' ? 'outcomeUnknown' : 'diskFull'));
    const group = await scene.perform();
    assert.deepEqual(scene.states(group), ['vm-1 unknown', 'vm-2 failed']);
    await scene.bulk.again(group?.id ?? 0, 'failed', scene.dialogs);
    assert.deepEqual(scene.sentVms, ['vm-1', 'vm-2', 'vm-2']);
  });

  it('runs what was not started only after another review', async () => {
    const scene = new BulkScene(3);
    scene.parallelPerDatastore = 1;
    const task = new Lever<void>();
    scene.client.onFollow = (id) => task.promise.then(() => taskOf(id));
    const done = scene.perform();
    await eventually('one runs', () => scene.client.followed.length === 1);
    scene.bulk.stop(scene.history.groups()[0]?.id ?? 0);
    task.resolve();
    const group = await done;
    scene.dialogs.asked.length = 0;
    assert.equal(await scene.bulk.again(group?.id ?? 0, 'failed', scene.dialogs), undefined);
    const second = await scene.bulk.again(group?.id ?? 0, 'notStarted', scene.dialogs);
    assert.deepEqual(scene.dialogs.asked, ['reading 2', 'review deleteAll 2', 'typed 2']);
    assert.deepEqual(scene.states(second), ['vm-2 succeeded', 'vm-3 succeeded']);
  });
});
