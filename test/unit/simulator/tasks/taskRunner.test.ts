import assert from 'node:assert/strict';
import { FaultError, faultError } from '../../../../src/simulator/faultError';
import type { Entity, ManagedObject } from '../../../../src/simulator/model/registry';
import { removeVm, updateVm } from '../../../../src/simulator/model/vmStore';
import { fault } from '../../../../src/simulator/state/faultValues';
import type { TaskState } from '../../../../src/simulator/state/taskState';
import type { Stage, TaskRequest } from '../../../../src/simulator/tasks/taskRunner';
import { bareServer } from '../../../support/bareServer';
import type { VimServerOptions } from '../../../../src/simulator/server/vimServer';

function setUp(options: Partial<VimServerOptions> = {}) {
  const { server, clock } = bareServer([{ name: 'A' }, { name: 'B' }], options);
  const [a, b] = server.registry.all('VirtualMachine');
  assert.ok(a !== undefined && b !== undefined);
  const start = (begin: () => Stage, more: Partial<TaskRequest> = {}): ManagedObject<'Task'> => {
    const request = {
      method: 'RemoveSnapshot_Task',
      entity: a as Entity,
      userName: 'jdoe',
      operationId: 'op',
      locks: true,
      begin,
    };
    return server.registry.get('Task', server.tasks.start({ ...request, ...more }));
  };
  return { server, clock, a, b, start };
}

function work(durationMs: number, more: Partial<Stage> = {}): () => Stage {
  return () => ({ phase: 'Working', durationMs, finish: () => ({ result: 'done' }), ...more });
}

describe('simulator: tasks', () => {
  it('are queued, run with progress, and end', () => {
    const { clock, start } = setUp();
    const seen: string[] = [];
    const task = start(work(10_000));
    const note = (): void => {
      const { state, progress, phase } = task.state;
      seen.push(`${state} ${progress ?? '-'} ${phase?.message ?? '-'}`);
    };
    note();
    clock.advance(60);
    note();
    clock.advance(5_000);
    note();
    clock.advance(5_000);
    note();
    assert.deepEqual(seen, ['queued - -', 'running - Working', 'running 50 Working', 'success 100 -']);
    const { descriptionId, result, completedAtMs, startedAtMs, userName, activationId, entityName } = task.state;
    assert.deepEqual(
      [descriptionId, result, (completedAtMs ?? 0) - (startedAtMs ?? 0), userName, activationId, entityName],
      ['vm.Snapshot.remove', 'done', 10_000, 'jdoe', 'op', 'A'],
    );
  });

  it('run faster on faster hardware', () => {
    const { clock, start } = setUp({ speed: 100 });
    const task = start(work(10_000));
    clock.advance(101);
    assert.equal(task.state.state, 'success');
  });

  it('have their object to themselves', () => {
    const { clock, start, b, server } = setUp();
    const first = start(work(1_000));
    assert.throws(
      () => start(work(1_000)),
      (error) =>
        error instanceof FaultError &&
        error.fault.$type === 'TaskInProgress' &&
        (error.fault as unknown as { task: { key: string } }).task.key === first.ref.key,
    );
    assert.doesNotThrow(() => start(work(1_000), { entity: b }));
    clock.advance(2_000);
    assert.equal(server.tasks.lockOn(first.state.entity ?? first.ref), undefined);
    assert.doesNotThrow(() => start(work(1_000)));
  });

  it('go from stage to stage', () => {
    const { clock, start } = setUp();
    const task = start(work(1_000, { finish: work(2_000, { phase: 'Next' }) }));
    clock.advance(1_100);
    assert.equal(task.state.phase?.message, 'Next');
    clock.advance(2_000);
    assert.equal(task.state.state, 'success');
  });

  for (const [when, begin] of [
    [
      'when they start',
      () => {
        throw faultError('NoDiskSpace', { file: 'f', datastore: 'd' });
      },
    ],
    [
      'when they end',
      work(1_000, {
        finish: () => {
          throw faultError('NoDiskSpace', { file: 'f', datastore: 'd' });
        },
      }),
    ],
  ] as const) {
    it(`carry the fault with which they fail ${when}`, () => {
      const { clock, start, server } = setUp();
      const task = start(begin);
      clock.advance(5_000);
      assert.equal(task.state.state, 'error');
      assert.equal(task.state.error?.$type, 'NoDiskSpace');
      assert.equal(server.tasks.lockOn(task.state.entity ?? task.ref), undefined);
    });
  }

  it('say so when the mistake is the simulator’s own', () => {
    const { clock, start } = setUp();
    const task = start(() => {
      throw new TypeError('oops');
    });
    clock.advance(100);
    assert.equal(task.state.error?.$type, 'SystemError');
  });

  it('fail as a test wants, after cleaning up', () => {
    const { clock, start } = setUp({ injectedTaskFault: () => fault('FileLocked', { file: 'x' }) });
    let abandonedAt = -1;
    const abandon = (progress: number): void => {
      abandonedAt = progress;
    };
    const task = start(work(2_000, { abandon }));
    clock.advance(5_000);
    assert.equal(task.state.error?.$type, 'FileLocked');
    assert.equal(abandonedAt, 50);
  });

  it('can be cancelled while they allow it', () => {
    const { clock, start, server } = setUp();
    const task = start(work(10_000, { cancelable: true }));
    clock.advance(1_000);
    server.tasks.cancel(task);
    assert.deepEqual([task.state.state, task.state.cancelled], ['running', true]);
    clock.advance(1_000);
    assert.deepEqual([task.state.state, task.state.error?.$type], ['error', 'RequestCanceled']);
    assert.throws(() => {
      server.tasks.cancel(task);
    }, isFault('InvalidState'));
    const other = start(work(10_000));
    clock.advance(1_000);
    assert.throws(() => {
      server.tasks.cancel(other);
    }, isFault('NotSupported'));
  });

  it('stand still while their VM waits for an answer', () => {
    const { clock, start, server, a } = setUp();
    const task = start(work(2_000));
    clock.advance(1_060);
    const question = { id: '1', text: '?', choices: [{ key: '0', label: 'OK' }], defaultIndex: 0 };
    updateVm(server.registry, a, (state) => ({ ...state, question }));
    clock.advance(600_000);
    assert.deepEqual([task.state.state, task.state.progress], ['running', 50]);
    updateVm(server.registry, a, (state) => ({ ...state, question: undefined }));
    clock.advance(2_000);
    assert.equal(task.state.state, 'success');
  });

  it('fail when their VM goes', () => {
    const { clock, start, server, a } = setUp();
    const task = start(work(10_000));
    clock.advance(1_000);
    server.registry.update((change) => {
      removeVm(server.registry, change, a, true);
    });
    clock.advance(2_000);
    assert.equal(task.state.error?.$type, 'ManagedObjectNotFound');
  });

  it('can be looked at for ten minutes after their end, and are remembered by the history', () => {
    const { clock, start, server, a } = setUp();
    const task = start(work(1_000));
    clock.advance(1_100);
    assert.deepEqual(server.tasks.recentTasks(a.ref), [task.ref]);
    clock.advance(599_900);
    assert.equal(server.registry.resolve(task.ref), task);
    clock.advance(200);
    assert.equal(server.registry.resolve(task.ref), undefined);
    assert.deepEqual(server.tasks.recentTasks(undefined), []);
    const filter = { activationId: [], state: [], eventChainId: [], tag: [], parentTaskKey: [], rootTaskKey: [] };
    assert.deepEqual(
      server.history.findTasks(filter).map(({ key, state }) => [key, state]),
      [[task.state.key, 'success' satisfies TaskState['state']]],
    );
  });
});

function isFault(type: string): (error: unknown) => boolean {
  return (error) => error instanceof FaultError && error.fault.$type === type;
}
