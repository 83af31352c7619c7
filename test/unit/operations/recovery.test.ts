import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/common/clock';
import { nullLogger } from '../../../src/common/logger';
import type { Operation } from '../../../src/hypervisor/model/operation';
import type { ServerTask } from '../../../src/hypervisor/model/task';
import { noJournalStore } from '../../../src/operations/journal/journalStore';
import { unfinished } from '../../../src/operations/journal/journalFold';
import type { JournalRecord } from '../../../src/operations/journal/journalRecord';
import { OperationJournal } from '../../../src/operations/journal/operationJournal';
import type { JournalStore, LeftBehind } from '../../../src/operations/journal/journalStore';
import { OperationHistory } from '../../../src/operations/operationHistory';
import { OperationRunner } from '../../../src/operations/operationRunner';
import { OperationsService } from '../../../src/operations/operationsService';
import { Recovery } from '../../../src/operations/recovery';
import type { OperationGroup } from '../../../src/operations/trackedOperation';
import { chain, detail, objectId, serverTask, snapshotId, taskId, testNowMs, vm } from '../../support/domainBuilders';
import { eventually } from '../../support/eventually';
import { requestedRecord } from '../../support/journalRecords';
import { failure, Lever, ScriptedClient, ScriptedConnection } from '../../support/scriptedHypervisor';
import { RecordingLog, turn } from '../../support/serverFixtures';

/** A disk that windows share. A window that is gone has left everything that it wrote. */
class SharedDisk {
  readonly journals = new Map<string, JournalRecord[]>();
  readonly alive = new Set<string>();
  fails = false;

  store(window: string): JournalStore {
    this.alive.add(window);
    return {
      append: (records) => {
        if (this.fails) {
          return Promise.reject(new Error('no space left'));
        }
        this.journals.set(window, [
          ...(this.journals.get(window) ?? []),
          ...(structuredClone(records) as JournalRecord[]),
        ]);
        return Promise.resolve();
      },
      takeLeftBehind: () => Promise.resolve(this.take()),
    };
  }

  /** What is open of all windows. */
  get open(): string[] {
    return unfinished([...this.journals].map(([window, records]) => ({ window, records }))).map(
      ({ requested, sent, taskId: task }) =>
        `${requested.operation.kind} ${requested.operation.vmId} ${sent === undefined ? 'unsent' : (task ?? 'sent')}`,
    );
  }

  private take(): LeftBehind | undefined {
    const gone = [...this.journals].filter(([window]) => !this.alive.has(window));
    return gone.length === 0
      ? undefined
      : {
          journals: gone.map(([window, records]) => ({ window, records })),
          settle: () => {
            for (const [window] of gone) {
              this.journals.delete(window);
            }
            return Promise.resolve();
          },
        };
  }
}

class Window {
  readonly clock = new ManualClock(testNowMs);
  readonly history = new OperationHistory();
  readonly log = new RecordingLog();
  readonly connection: ScriptedConnection;
  readonly runner: OperationRunner;
  readonly service: OperationsService;
  readonly recovery: Recovery;
  readonly offered: (readonly OperationGroup[])[] = [];
  instanceId: string | undefined = 'i';

  constructor(
    disk: SharedDisk,
    readonly name: string,
    readonly client = new ScriptedClient(),
  ) {
    this.connection = new ScriptedConnection(client);
    const journal = new OperationJournal(
      disk.store(name),
      ({ id, label }) => ({ serverId: id, instanceId: 'i', label }),
      () => this.clock.now(),
      this.log.logger,
    );
    this.runner = new OperationRunner(this.history, this.clock, nullLogger, journal);
    const policy = { typeToConfirm: 'always' as const, backupNamePatterns: [], isProtected: () => false };
    this.service = new OperationsService(this.history, this.runner, () => policy, this.clock, nullLogger);
    this.recovery = new Recovery(
      journal,
      this.runner,
      this.history,
      {
        find: (id) => (id === this.connection.id ? this.connection : undefined),
        instanceIdOf: () => this.instanceId,
      },
      this.clock,
      this.log.logger,
    );
    this.recovery.onDidFindUnsent((groups) => this.offered.push(groups));
  }

  get states(): string[] {
    return this.history
      .all()
      .reverse()
      .map(
        ({ operation, state, startedAtMs }) =>
          `${operation.vmId} ${state}${startedAtMs === undefined ? ' unsent' : ''}`,
      );
  }

  async send(operation: Operation): Promise<void> {
    const plan = await this.service.plan(this.connection, operation);
    await this.service.send({ connection: this.connection, plan, isForetold: true });
  }
}

const remove = (id = 'vm-1'): Operation => ({ kind: 'delete', vmId: objectId(id), snapshotId: snapshotId('a') });
const before = detail({ vm: vm('vm-1', { snapshots: chain('a', 'b') }) });
const after = detail({
  vm: vm('vm-1', { snapshots: { roots: chain('a', 'b').roots[0]?.children ?? [], currentId: snapshotId('b') } }),
});

/** A window that crashes in the middle of a delete: before the answer, or while the task runs. */
async function crashed(disk: SharedDisk, when: 'beforeAnswer' | 'running'): Promise<Window> {
  const window = new Window(disk, 'first');
  window.client.detailOf = () => before;
  if (when === 'beforeAnswer') {
    window.client.onStart = () => new Lever<never>().promise;
  } else {
    window.client.onFollow = () => new Lever<never>().promise;
  }
  void window.send(remove());
  await eventually(
    'it was sent',
    () => window.client.sent.length === 1 && (when === 'beforeAnswer' || window.client.followed.length === 1),
  );
  await turn();
  disk.alive.delete('first');
  return window;
}

describe('the journal of a window', () => {
  it('is written before a request goes out, and says when it is over', async () => {
    const disk = new SharedDisk();
    const window = new Window(disk, 'first');
    window.client.detailOf = () => before;
    let atStart: string[] = [];
    window.client.onStart = () => {
      atStart = disk.open;
      return Promise.resolve({ taskId: taskId('task-9') });
    };
    let atFollow: string[] = [];
    window.client.onFollow = (id) => {
      atFollow = disk.open;
      return Promise.resolve(serverTask(id, { state: 'succeeded' }));
    };
    await window.send(remove());
    assert.deepEqual([atStart, atFollow, disk.open], [['delete vm-1 sent'], ['delete vm-1 task-9'], []]);
  });

  it('that cannot be written keeps nobody from working, and the log says so', async () => {
    const disk = new SharedDisk();
    disk.fails = true;
    const window = new Window(disk, 'first');
    window.client.detailOf = () => before;
    await window.send(remove());
    assert.deepEqual(window.states, ['vm-1 succeeded']);
    assert.match(window.log.text, /cannot be written/);
  });

  it('knows nothing of servers that do not outlive the window', async () => {
    const disk = new SharedDisk();
    const client = new ScriptedClient();
    const history = new OperationHistory();
    const clock = new ManualClock(testNowMs);
    const journal = new OperationJournal(
      disk.store('demo'),
      () => undefined,
      () => 0,
      nullLogger,
    );
    const runner = new OperationRunner(history, clock, nullLogger, journal);
    const policy = { typeToConfirm: 'always' as const, backupNamePatterns: [], isProtected: () => false };
    const service = new OperationsService(history, runner, () => policy, clock, nullLogger);
    const connection = new ScriptedConnection(client);
    const plan = await service.plan(connection, { kind: 'powerOn', vmId: objectId('vm-1') });
    await service.send({ connection, plan: { ...plan, blockers: [] }, isForetold: false });
    assert.deepEqual([...disk.journals], []);
  });
});

describe('recovery', () => {
  it('does nothing where nothing was left', async () => {
    const window = new Window(new SharedDisk(), 'first');
    await window.recovery.start();
    assert.deepEqual(window.history.all(), []);
    assert.equal(await noJournalStore.takeLeftBehind(), undefined);
  });

  it('finds the task again by its identity and follows it to its end, without sending', async () => {
    const disk = new SharedDisk();
    await crashed(disk, 'running');
    const second = new Window(disk, 'second');
    second.client.readTask = () => Promise.resolve(serverTask('task-1') as never);
    second.client.detailOf = () => after;
    await second.recovery.start();
    await eventually('it has ended', () => second.states[0] === 'vm-1 succeeded');
    assert.deepEqual(second.client.followed, ['task-1']);
    assert.deepEqual(second.client.sent, []);
    await turn();
    assert.deepEqual(disk.open, []);
    assert.deepEqual(second.offered, []);
  });

  it('finds the task of a request whose answer never arrived among those that are new', async () => {
    const disk = new SharedDisk();
    await crashed(disk, 'beforeAnswer');
    const second = new Window(disk, 'second');
    second.client.recent = () =>
      Promise.resolve([serverTask('task-5', { state: 'failed', error: failure('diskFull') })]);
    await second.recovery.start();
    await eventually('it has ended', () => second.states[0] === 'vm-1 failed');
    assert.equal(second.history.all()[0]?.error?.kind, 'diskFull');
    assert.deepEqual(second.client.sent, []);
  });

  it('finds a task that the server no longer counts as recent in its history', async () => {
    const disk = new SharedDisk();
    await crashed(disk, 'running');
    const second = new Window(disk, 'second');
    const since: number[] = [];
    second.client.past = (sinceMs) => {
      since.push(sinceMs);
      return Promise.resolve([
        serverTask('task-0', { state: 'succeeded' }),
        serverTask('task-1', { state: 'failed', error: failure('fileInUse') }),
      ]);
    };
    await second.recovery.start();
    await eventually('it has ended', () => second.states[0] === 'vm-1 failed');
    assert.equal(second.history.all()[0]?.error?.kind, 'fileInUse');
    assert.ok((since[0] ?? 0) < testNowMs, 'from before it was sent: clocks are put right');
    assert.deepEqual([second.client.followed, second.client.sent], [[], []]);
    await turn();
    assert.deepEqual(disk.open, []);
  });

  const past = (id: string, more: Parameters<typeof serverTask>[1] = {}): ServerTask =>
    serverTask(id, { state: 'failed', error: failure('diskFull'), startedBy: 'corp\\JDOE', ...more });
  for (const [title, tasks, state] of [
    ['the one that it can have been', [past('task-5')], 'vm-1 failed'],
    ['none where two can have been it', [past('task-5'), past('task-6')], 'vm-1 unknown'],
    ['not one of somebody else', [past('task-5', { startedBy: 'CORP\\backup' })], 'vm-1 unknown'],
    ['not another operation', [past('task-5', { operation: 'take' })], 'vm-1 unknown'],
    ['not one that nobody could follow', [past('task-5', { state: 'running', error: undefined })], 'vm-1 unknown'],
    [
      'ours beside those of others',
      [past('task-5'), past('task-6', { operation: 'powerOn' }), past('task-7', { startedBy: 'CORP\\backup' })],
      'vm-1 failed',
    ],
  ] as const) {
    it(`takes from the history, for a request whose answer never arrived, ${title}`, async () => {
      const disk = new SharedDisk();
      await crashed(disk, 'beforeAnswer');
      const second = new Window(disk, 'second');
      second.client.detailOf = () => before;
      const asked: number[] = [];
      second.client.past = (sinceMs) => {
        asked.push(sinceMs);
        return Promise.resolve(tasks);
      };
      await second.recovery.start();
      await eventually('it was asked', () => asked.length > 0);
      await turn();
      assert.deepEqual([second.states, asked, second.client.sent], [[state], [testNowMs], []]);
    });
  }

  it('sees from the snapshots that it has happened, or leaves it unknown until somebody checks', async () => {
    const done = new SharedDisk();
    await crashed(done, 'beforeAnswer');
    const second = new Window(done, 'second');
    second.client.detailOf = () => after;
    await second.recovery.start();
    await eventually('it has happened', () => second.states[0] === 'vm-1 succeeded');

    const not = new SharedDisk();
    await crashed(not, 'beforeAnswer');
    const third = new Window(not, 'third');
    third.client.detailOf = () => before;
    await third.recovery.start();
    await eventually('it was asked', () => third.client.readings > 0);
    await turn();
    assert.deepEqual(third.states, ['vm-1 unknown']);
    assert.deepEqual(not.open, ['delete vm-1 sent'], 'the next window would look again');
    const [operation] = third.history.all();
    assert.equal((await third.runner.check(operation?.id ?? 0)).state, 'failed');
    assert.deepEqual(third.client.sent, []);
    await turn();
    assert.deepEqual(not.open, []);
  });

  it('waits until the server can be asked, and asks no other one', async () => {
    const disk = new SharedDisk();
    await crashed(disk, 'running');
    const second = new Window(disk, 'second');
    second.connection.setState({ kind: 'disconnected' });
    second.client.detailOf = () => after;
    await second.recovery.start();
    await turn();
    assert.deepEqual(second.states, ['vm-1 unknown']);
    assert.equal(second.client.readings, 0);
    second.instanceId = 'another server under the same name';
    second.connection.setState({ kind: 'live' });
    await turn();
    assert.equal(second.client.readings, 0);
    assert.match(second.log.text, /is another server/);
    assert.deepEqual(second.states, ['vm-1 unknown']);
  });

  it('offers once, and never sends by itself, what of many was not sent', async () => {
    const disk = new SharedDisk();
    const gone = disk.store('first');
    await gone.append(
      [1, 2, 3].map((op) => requestedRecord(op, { bulk: 4 })),
      true,
    );
    await gone.append([requestedRecord(9)], true);
    disk.alive.delete('first');
    const second = new Window(disk, 'second');
    second.connection.setState({ kind: 'connecting' });
    await second.recovery.start();
    assert.deepEqual(second.states, [
      'vm-1 cancelled unsent',
      'vm-2 cancelled unsent',
      'vm-3 cancelled unsent',
      'vm-9 cancelled unsent',
    ]);
    assert.equal(second.offered.length, 0, 'not before something can be done about it');
    second.connection.setState({ kind: 'loading' });
    second.connection.setState({ kind: 'live' });
    assert.deepEqual(
      second.offered.map((groups) => groups.map(({ vmCount }) => vmCount)),
      [[3, 1]],
    );
    assert.equal(second.client.sent.length, 0);
    assert.equal(disk.open.length, 4, 'it is still open: nobody has decided');
    for (const { id } of second.history.all()) {
      second.runner.drop(id);
    }
    await turn();
    assert.deepEqual(disk.open, []);
  });

  it('keeps in one group what was sent and what was not', async () => {
    const disk = new SharedDisk();
    const window = new Window(disk, 'first');
    window.client.detailOf = () => before;
    window.client.onFollow = () => new Lever<never>().promise;
    const group = window.history.addGroup({ kind: 'delete', vmCount: 2, createdAtMs: testNowMs });
    const plan = await window.service.plan(window.connection, remove());
    const first = window.runner.announce(window.connection, plan, group.id);
    const other = { ...plan, vm: vm('vm-2'), operation: remove('vm-2') };
    window.runner.announce(window.connection, other, group.id);
    await window.runner.note(window.history.ofGroup(group.id));
    void window.runner.run(first.id, plan);
    await eventually('it runs', () => window.client.followed.length === 1);
    await turn();
    disk.alive.delete('first');
    const second = new Window(disk, 'second');
    second.client.detailOf = () => after;
    await second.recovery.start();
    await eventually('the first has ended', () => second.states[0] === 'vm-1 succeeded');
    const [found] = second.history.groups();
    assert.deepEqual(
      [found?.kind, found?.vmCount, second.history.ofGroup(found?.id ?? 0).length, second.offered.length],
      ['delete', 2, 2, 1],
    );
  });

  it('forgets, with a word in the log, what was asked of a server that is no longer in the list', async () => {
    const disk = new SharedDisk();
    const gone = disk.store('first');
    const server = { serverId: 'removed' as never, label: 'vc-old' };
    await gone.append([requestedRecord(1, { server })], true);
    disk.alive.delete('first');
    const second = new Window(disk, 'second');
    await second.recovery.start();
    assert.deepEqual(second.history.all(), []);
    assert.match(second.log.text, /vc-old was left behind/);
    assert.deepEqual(disk.open, []);
  });

  it('listens to nothing any more when it is disposed', async () => {
    const disk = new SharedDisk();
    await crashed(disk, 'running');
    const second = new Window(disk, 'second');
    second.connection.setState({ kind: 'disconnected' });
    await second.recovery.start();
    second.recovery.dispose();
    second.connection.setState({ kind: 'live' });
    await turn();
    assert.equal(second.client.readings, 0);
  });
});
