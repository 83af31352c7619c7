import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/common/cancellation';
import { ManualClock } from '../../../src/common/clock';
import { nullLogger } from '../../../src/common/logger';
import type { HypervisorClient } from '../../../src/hypervisor/client';
import type { Operation } from '../../../src/hypervisor/model/operation';
import type { ServerTask } from '../../../src/hypervisor/model/task';
import type { VmDetail } from '../../../src/hypervisor/model/vmDetail';
import { buildPlan } from '../../../src/hypervisor/plan/buildPlan';
import type { Plan } from '../../../src/hypervisor/plan/plan';
import { OperationHistory } from '../../../src/operations/operationHistory';
import { OperationRunner } from '../../../src/operations/operationRunner';
import type { TrackedOperation } from '../../../src/operations/trackedOperation';
import { chain, detail, objectId, serverTask, snapshotId, taskId, testNowMs, vm } from '../../support/domainBuilders';
import { eventually } from '../../support/eventually';
import { failure, Lever, ScriptedClient, ScriptedConnection } from '../../support/scriptedHypervisor';

const vmId = objectId('vm-1');
const remove: Operation = { kind: 'delete', vmId, snapshotId: snapshotId('a') };
const before = detail({ vm: vm('vm-1', { snapshots: chain('a', 'b') }) });
const after = detail({
  vm: vm('vm-1', { snapshots: { roots: chain('a', 'b').roots[0]?.children ?? [], currentId: snapshotId('b') } }),
});

function planOf(operation: Operation, facts: VmDetail = before): Plan {
  return buildPlan({
    detail: facts,
    operation,
    missingPrivileges: [],
    isReadOnlyServer: false,
    space: [],
    backupPattern: () => undefined,
    nowMs: testNowMs,
  });
}

class Scene {
  readonly clock = new ManualClock(testNowMs);
  readonly client = new ScriptedClient();
  readonly connection = new ScriptedConnection(this.client);
  readonly history = new OperationHistory();
  readonly runner = new OperationRunner(this.history, this.clock, nullLogger);
  readonly states: string[] = [];

  constructor() {
    this.client.detailOf = () => after;
    this.history.onDidChange((operation) => {
      if (operation !== undefined && this.states[this.states.length - 1] !== operation.state) {
        this.states.push(operation.state);
      }
    });
  }

  run(plan: Plan): { readonly id: number; readonly done: Promise<TrackedOperation> } {
    const { id } = this.runner.announce(this.connection, plan);
    return { id, done: this.runner.run(id, plan) };
  }
}

describe('OperationRunner', () => {
  it('sends nothing to a server that has been made read-only while the operation waited', async () => {
    const scene = new Scene();
    const known = new Lever<readonly ServerTask[]>();
    scene.client.recent = () => known.promise;
    const { done } = scene.run(planOf(remove));
    scene.connection.isReadOnly = true;
    known.resolve([]);
    const end = await done;
    assert.deepEqual([end.state, end.error?.kind], ['failed', 'readOnlyServer']);
    assert.deepEqual(scene.client.sent, []);
  });

  it('sends once, follows to the end and puts what it read back into the inventory', async () => {
    const scene = new Scene();
    scene.client.onFollow = (id, onProgress) => {
      onProgress(serverTask(id, { progressPercent: 43, phase: 'Consolidating', cancelable: true }));
      return Promise.resolve(serverTask(id, { state: 'succeeded', snapshotId: snapshotId('made') }));
    };
    const progress: (number | undefined)[] = [];
    scene.history.onDidChange((operation) => progress.push(operation?.progressPercent));
    const { done } = scene.run(planOf(remove));
    const end = await done;
    assert.equal(end.state, 'succeeded');
    assert.equal(end.snapshotId, 'made');
    assert.equal(end.progressPercent, undefined);
    assert.ok(progress.includes(43));
    assert.deepEqual(scene.states, ['waiting', 'sending', 'running', 'succeeded']);
    assert.deepEqual(scene.client.sent, [remove]);
    assert.equal(scene.connection.inventory.vm(vmId)?.snapshots.roots[0]?.id, 'b');
    assert.equal(scene.connection.runningTasks.ofVm(vmId), undefined);
    assert.equal(scene.connection.holds, 0);
  });

  it('holds the connection while the task runs', async () => {
    const scene = new Scene();
    const task = new Lever<ReturnType<typeof serverTask>>();
    scene.client.onFollow = () => task.promise;
    const { done } = scene.run(planOf(remove));
    await eventually('the task is followed', () => scene.client.followed.length === 1);
    assert.equal(scene.connection.holds, 1);
    task.resolve(serverTask('task-1', { state: 'succeeded' }));
    await done;
    assert.equal(scene.connection.holds, 0);
  });

  it('is done at once where the server makes no task', async () => {
    const scene = new Scene();
    scene.client.onStart = () => Promise.resolve({ taskId: undefined });
    const end = await scene.run(planOf({ kind: 'edit', vmId, snapshotId: snapshotId('a'), name: 'x' })).done;
    assert.equal(end.state, 'succeeded');
    assert.deepEqual(scene.client.followed, []);
  });

  it('fails with what the server said, from the call or from the task', async () => {
    const refused = new Scene();
    refused.client.onStart = () => Promise.reject(failure('diskFull'));
    const first = await refused.run(planOf(remove)).done;
    assert.equal(first.state, 'failed');
    assert.equal(first.error?.kind, 'diskFull');

    const failed = new Scene();
    failed.client.onFollow = (id) => Promise.resolve(serverTask(id, { state: 'failed', error: failure('fileInUse') }));
    const second = await failed.run(planOf(remove)).done;
    assert.equal(second.error?.kind, 'fileInUse');
    assert.notEqual(second.endedAtMs, undefined);

    const silent = new Scene();
    silent.client.onFollow = (id) => Promise.resolve(serverTask(id, { state: 'failed' }));
    assert.equal((await silent.run(planOf(remove)).done).error?.kind, 'server');
  });

  it('sends nothing when the server cannot be read first', async () => {
    const scene = new Scene();
    scene.client.recent = () => Promise.reject(failure('connectionLost'));
    const end = await scene.run(planOf(remove)).done;
    assert.equal(end.state, 'failed');
    assert.deepEqual(scene.client.sent, []);
  });

  it('reports a cancelled task as cancelled', async () => {
    const scene = new Scene();
    scene.client.onFollow = (id) => Promise.resolve(serverTask(id, { state: 'cancelled' }));
    assert.equal((await scene.run(planOf(remove)).done).state, 'cancelled');
  });

  it('turns an unexpected error into one that can be shown, and keeps its cause', async () => {
    const scene = new Scene();
    scene.client.onStart = () => Promise.reject(new TypeError('bug'));
    const end = await scene.run(planOf(remove)).done;
    assert.equal(end.state, 'failed');
    assert.ok(end.error?.cause instanceof TypeError);
  });

  it('goes on following through lost connections, without sending again', async () => {
    const scene = new Scene();
    let attempts = 0;
    scene.client.onFollow = (id) =>
      ++attempts < 4
        ? Promise.reject(failure('connectionLost'))
        : Promise.resolve(serverTask(id, { state: 'succeeded' }));
    const { id, done } = scene.run(planOf(remove));
    for (let lost = 1; lost < 4; lost++) {
      await eventually('the runner waits to ask again', () => scene.clock.pending === 1);
      assert.equal(scene.history.get(id).outOfTouch, true);
      scene.clock.advance(1_000);
    }
    const end = await done;
    assert.equal(end.state, 'succeeded');
    assert.equal(end.outOfTouch, false);
    assert.equal(scene.client.sent.length, 1);
    assert.deepEqual(scene.client.followed, ['task-1', 'task-1', 'task-1', 'task-1']);
  });

  it('does not call it failed when nobody reconnects: the outcome is unknown', async () => {
    const scene = new Scene();
    scene.client.onFollow = () => {
      scene.connection.reconnect = () => Promise.reject(failure('notConnected'));
      return Promise.reject(failure('connectionLost'));
    };
    const { done } = scene.run(planOf(remove));
    await eventually('the runner waits to ask again', () => scene.clock.pending === 1);
    scene.clock.advance(1_000);
    const end = await done;
    assert.equal(end.state, 'unknown');
    assert.equal(end.error?.nextStep, 'checkNow');
    assert.equal(end.endedAtMs, undefined);
  });

  it('survives a reading afterwards that fails: the operation is done all the same', async () => {
    const scene = new Scene();
    scene.client.detailOf = () => {
      throw failure('gone');
    };
    assert.equal((await scene.run(planOf(remove)).done).state, 'succeeded');
  });

  it('can be abandoned before anything was sent', () => {
    const scene = new Scene();
    const { id } = scene.runner.announce(scene.connection, planOf(remove));
    scene.runner.abandon(id);
    assert.equal(scene.history.get(id).state, 'cancelled');
    assert.deepEqual(scene.client.sent, []);
  });
});

describe('OperationRunner when the answer was lost', () => {
  function lostScene(): Scene {
    const scene = new Scene();
    scene.client.onStart = () => Promise.reject(failure('outcomeUnknown'));
    return scene;
  }

  it('finds the task on the server and follows it', async () => {
    const scene = lostScene();
    let asked = 0;
    scene.client.recent = () =>
      // The old task was there before the request and does not count.
      Promise.resolve(asked++ === 0 ? [serverTask('old')] : [serverTask('new'), serverTask('old')]);
    const end = await scene.run(planOf(remove)).done;
    assert.equal(end.state, 'succeeded');
    assert.deepEqual(scene.client.followed, ['new']);
    assert.equal(scene.client.sent.length, 1);
    assert.deepEqual(scene.states, ['waiting', 'sending', 'unknown', 'running', 'succeeded']);
  });

  it('takes a task that has ended meanwhile at its word', async () => {
    const scene = lostScene();
    let asked = 0;
    scene.client.recent = () =>
      Promise.resolve(asked++ === 0 ? [] : [serverTask('new', { state: 'failed', error: failure('diskFull') })]);
    const end = await scene.run(planOf(remove)).done;
    assert.equal(end.state, 'failed');
    assert.equal(end.error?.kind, 'diskFull');
    assert.deepEqual(scene.client.followed, []);
  });

  it('does not take a task of another VM for its own', async () => {
    const scene = new Scene();
    const other = serverTask('strange', { vmId: objectId('vm-2') });
    let asked = 0;
    scene.client.recent = () =>
      Promise.resolve(asked++ === 0 ? [] : [serverTask('own', { state: 'failed', error: failure('diskFull') })]);
    for (const follow of [
      () => Promise.resolve(other),
      (_: unknown, onProgress: (task: ServerTask) => void) => {
        onProgress(other);
        return Promise.reject(new CancelledError());
      },
    ]) {
      asked = 0;
      scene.client.onFollow = follow;
      const end: TrackedOperation = await scene.run(planOf(remove)).done;
      assert.deepEqual([end.state, end.error?.kind], ['failed', 'diskFull']);
    }
  });

  it('sees from the snapshots that it has happened', async () => {
    const scene = lostScene();
    assert.equal((await scene.run(planOf(remove)).done).state, 'succeeded');
    assert.equal(scene.client.sent.length, 1);
  });

  it('waits for the connection before it asks', async () => {
    const scene = lostScene();
    const back = new Lever<HypervisorClient>();
    scene.connection.reconnect = () => back.promise;
    const { id, done } = scene.run(planOf(remove));
    await eventually('the outcome is unknown', () => scene.history.get(id).state === 'unknown');
    back.resolve(scene.client);
    assert.equal((await done).state, 'succeeded');
  });

  it('asks again when the client that it was given has died as well', async () => {
    const scene = lostScene();
    const dead = new ScriptedClient();
    dead.recent = () => Promise.reject(failure('connectionLost'));
    scene.connection.reconnect = () => Promise.resolve(scene.connection.whenConnectedCalls < 3 ? dead : scene.client);
    const { id, done } = scene.run(planOf(remove));
    await eventually('an answer', () => {
      scene.clock.advance(1_000);
      return scene.history.get(id).state === 'succeeded';
    });
    assert.equal((await done).state, 'succeeded');
    assert.equal(scene.connection.whenConnectedCalls, 3);
    assert.equal(scene.client.sent.length, 1);
  });

  it('stops asking once a person has settled it', async () => {
    const scene = lostScene();
    const dead = new ScriptedClient();
    dead.recent = () => Promise.reject(failure('connectionLost'));
    scene.connection.reconnect = () => Promise.resolve(dead);
    const { id, done } = scene.run(planOf(remove));
    await eventually('the outcome is unknown', () => scene.history.get(id).state === 'unknown');
    assert.equal((await scene.runner.check(id)).state, 'succeeded');
    await eventually('the end of asking', () => {
      scene.clock.advance(1_000);
      return scene.connection.holds === 0;
    });
    assert.equal((await done).state, 'succeeded');
  });

  it('stays unknown when the VM is as before, until a person checks', async () => {
    const scene = lostScene();
    scene.client.detailOf = () => before;
    const { id, done } = scene.run(planOf(remove));
    const end = await done;
    assert.equal(end.state, 'unknown');
    assert.equal(end.error?.kind, 'outcomeUnknown');
    const checked = await scene.runner.check(id);
    assert.equal(checked.state, 'failed');
    assert.match(checked.error?.say() ?? '', /nothing was changed/);
    assert.equal(scene.client.sent.length, 1);
    assert.equal((await scene.runner.check(id)).state, 'failed', 'a second check changes nothing');
  });

  it('stays unknown while something runs on the VM or the VM looks like neither', async () => {
    const running = lostScene();
    running.client.detailOf = () => ({ ...before, activeTasks: [serverTask('other', { operation: undefined })] });
    const first = running.run(planOf(remove));
    assert.equal((await first.done).state, 'unknown');
    assert.equal((await running.runner.check(first.id)).state, 'unknown');

    const different = lostScene();
    different.client.detailOf = () => detail({ vm: vm('vm-1', { snapshots: chain('a', 'x') }) });
    const second = different.run(planOf(remove));
    assert.equal((await second.done).state, 'unknown');
    assert.equal((await different.runner.check(second.id)).state, 'unknown');
  });

  it('does not take for done what leaves the snapshots as they are and has not happened', async () => {
    const running = detail({ vm: vm('vm-1', { snapshots: chain('a', 'b'), powerState: 'on' }) });
    const off = detail({ vm: vm('vm-1', { powerState: 'off' }) });
    const needed = detail({ vm: vm('vm-1', { needsConsolidation: true }) });
    for (const [kind, facts] of [
      ['restoreLatest', running],
      ['powerOn', off],
      ['consolidate', needed],
    ] as const) {
      const scene = lostScene();
      scene.client.detailOf = () => facts;
      const { id, done } = scene.run(planOf({ kind, vmId }, facts));
      assert.equal((await done).state, 'unknown', kind);
      const checked = await scene.runner.check(id);
      assert.match(checked.error?.say() ?? '', /nothing was changed/, kind);
    }
  });

  it('does not call it failed because its task cannot be followed', async () => {
    const scene = new Scene();
    let asked = 0;
    scene.client.recent = () => Promise.resolve(asked++ === 0 ? [] : [serverTask('task-1')]);
    let follows = 0;
    scene.client.onFollow = () =>
      follows++ === 0
        ? Promise.reject(failure('noPrivilege'))
        : Promise.resolve(serverTask('task-1', { state: 'succeeded' }));
    assert.equal((await scene.run(planOf(remove)).done).state, 'succeeded');
    assert.deepEqual(scene.states, ['waiting', 'sending', 'running', 'unknown', 'running', 'succeeded']);
  });

  it('never claims that a restore to where the VM already is has not happened', async () => {
    const scene = lostScene();
    const off = detail({ vm: vm('vm-1', { snapshots: chain('a', 'b'), powerState: 'off' }) });
    scene.client.detailOf = () => off;
    const { id, done } = scene.run(planOf({ kind: 'restore', vmId, snapshotId: snapshotId('b') }, off));
    await done;
    assert.equal((await scene.runner.check(id)).state, 'unknown');
  });

  it('recognises a take by the snapshot that is there, and a power-on by the power', async () => {
    const take: Operation = { kind: 'take', vmId, name: 'new', description: 'd', contents: 'disks' };
    const taken = lostScene();
    taken.client.detailOf = () => detail({ vm: vm('vm-1', { snapshots: withNew() }) });
    assert.equal((await taken.run(planOf(take)).done).state, 'succeeded');

    const off = detail({ vm: vm('vm-1', { powerState: 'off' }) });
    const on = lostScene();
    on.client.detailOf = () => detail({ vm: vm('vm-1', { powerState: 'on' }) });
    assert.equal((await on.run(planOf({ kind: 'powerOn', vmId }, off)).done).state, 'succeeded');
  });

  it('recognises a consolidation by the disks', async () => {
    const needed = detail({ vm: vm('vm-1', { needsConsolidation: true }) });
    const scene = lostScene();
    scene.client.detailOf = () => detail({ vm: vm('vm-1') });
    assert.equal((await scene.run(planOf({ kind: 'consolidate', vmId }, needed)).done).state, 'succeeded');
  });

  it('matches a delete with children to the task of a delete', async () => {
    const scene = lostScene();
    let asked = 0;
    scene.client.recent = () => Promise.resolve(asked++ === 0 ? [] : [serverTask('new', { operation: 'delete' })]);
    await scene.run(planOf({ kind: 'deleteWithChildren', vmId, snapshotId: snapshotId('a') })).done;
    assert.deepEqual(scene.client.followed, ['new']);
  });

  it('stays unknown when nobody can be asked, and a check says why it cannot', async () => {
    const scene = lostScene();
    scene.connection.reconnect = () => Promise.reject(new CancelledError());
    const { id, done } = scene.run(planOf(remove));
    assert.equal((await done).state, 'unknown');
    scene.connection.current = undefined;
    await assert.rejects(scene.runner.check(id), { kind: 'notConnected' });
    assert.equal(scene.history.get(id).state, 'unknown');
  });

  it('looks at the VM when the task itself has been forgotten by the server', async () => {
    const scene = new Scene();
    scene.client.onFollow = () => Promise.reject(failure('outcomeUnknown'));
    const end = await scene.run(planOf(remove)).done;
    assert.equal(end.state, 'succeeded');
    assert.equal(scene.client.sent.length, 1);
  });
});

function withNew(): ReturnType<typeof chain> {
  const [a] = chain('a', 'b').roots;
  const [b] = a?.children ?? [];
  if (a === undefined || b === undefined) {
    throw new Error('the chain has two snapshots');
  }
  const made = { ...b, id: snapshotId('snapshot-77'), name: 'new', description: 'd', number: 3, children: [] };
  return { roots: [{ ...a, children: [{ ...b, children: [made] }] }], currentId: made.id };
}

describe('OperationHistory', () => {
  it('knows which operation holds a VM, and forgets ended ones beyond its limit', async () => {
    const scene = new Scene();
    const { id, done } = scene.run(planOf(remove));
    assert.equal(scene.history.ofVm(scene.connection.id, vmId)?.id, id);
    await done;
    assert.equal(scene.history.ofVm(scene.connection.id, vmId), undefined);
    for (let i = 0; i < 205; i++) {
      const { id: next } = scene.runner.announce(scene.connection, planOf(remove));
      scene.runner.abandon(next);
    }
    assert.equal(scene.history.all().length, 201);
    scene.history.clearEnded();
    assert.deepEqual(scene.history.all(), []);
    assert.throws(() => scene.history.get(id), RangeError);
  });

  it('does not count an operation of unknown outcome as holding the VM', () => {
    const scene = new Scene();
    const { id } = scene.runner.announce(scene.connection, planOf(remove));
    scene.history.update(id, { state: 'unknown', taskId: taskId('t') });
    assert.equal(scene.history.ofVm(scene.connection.id, vmId), undefined);
    assert.equal(scene.history.active().length, 1);
  });
});
