import assert from 'node:assert/strict';
import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { countSnapshots } from '../../src/hypervisor/model/snapshotTree';
import { JournalFiles } from '../../src/journal/journalFiles';
import { VmLockFiles } from '../../src/journal/vmLockFiles';
import type { BulkDialogs } from '../../src/operations/bulk/bulkDialogs';
import { type BulkTarget, choosable } from '../../src/operations/bulk/bulkRequest';
import { BulkService } from '../../src/operations/bulk/bulkService';
import { tallyOf } from '../../src/operations/bulk/bulkTally';
import { OperationJournal } from '../../src/operations/journal/operationJournal';
import { OperationHistory } from '../../src/operations/operationHistory';
import { OperationRunner } from '../../src/operations/operationRunner';
import { OperationsService } from '../../src/operations/operationsService';
import { Recovery } from '../../src/operations/recovery';
import type { OperationGroup } from '../../src/operations/trackedOperation';
import { vmTruth } from '../../src/simulator/control/groundTruth';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { Simulator } from '../../src/simulator/simulator';
import { connectAs } from '../support/clientRig';
import { eventually } from '../support/eventually';
import { ScriptedConnection } from '../support/scriptedHypervisor';
import { TemporaryFolder } from '../support/temporaryFolder';

const count = 30;
const names = Array.from({ length: count }, (_, index) => `VM${String(index + 1).padStart(2, '0')}`);
const writes = /_Task$|^RenameSnapshot$/;

/** One window of the editor on the server, with everything that works on many VMs, from the files up. */
class Window {
  readonly history = new OperationHistory();
  readonly journalFiles: JournalFiles;
  readonly runner: OperationRunner;
  readonly bulk: BulkService;
  readonly recovery: Recovery;
  readonly offered: (readonly OperationGroup[])[] = [];
  readonly lists: string[] = [];
  private nonces = 0;

  constructor(
    readonly connection: ScriptedConnection,
    folder: string,
    name: string,
    isAlive: (pid: number) => boolean = () => true,
  ) {
    const createNonce = (): string => `${name}-${this.nonces++}`;
    const services = { clock: systemClock, logger: nullLogger, createNonce, isAlive };
    this.journalFiles = new JournalFiles({ ...services, folder });
    const identity = (): string => 'uuid';
    const journal = new OperationJournal(
      this.journalFiles,
      ({ id, label }) => ({ serverId: id, instanceId: identity(), label }),
      () => systemClock.now(),
      nullLogger,
    );
    this.runner = new OperationRunner(this.history, systemClock, nullLogger, journal);
    const policy = {
      typeToConfirm: 'bulkAndProtected' as const,
      backupNamePatterns: [],
      isProtected: () => false,
      maxVms: 50,
      parallelPerDatastore: 4,
    };
    const locks = new VmLockFiles(`${folder}/locks`, identity, services);
    const service = new OperationsService(this.history, this.runner, () => policy, systemClock, nullLogger, locks);
    this.bulk = new BulkService(service, this.runner, this.history, () => policy, systemClock, nullLogger);
    const servers = { find: () => connection, instanceIdOf: identity };
    this.recovery = new Recovery(journal, this.runner, this.history, servers, systemClock, nullLogger);
    this.recovery.onDidFindUnsent((groups) => this.offered.push(groups));
  }

  /** Leaves ticked what is ticked. */
  get dialogs(): BulkDialogs {
    return {
      whileReading: (_, __, read) => read(() => undefined, new AbortController().signal),
      review: (kind, rows) => {
        this.lists.push(`${kind} ${rows.length}`);
        return Promise.resolve(rows.filter((row) => choosable(row) === 'yes'));
      },
      complete: (kind) =>
        Promise.resolve(({ target }) =>
          kind === 'take'
            ? [{ kind, vmId: target.vmId, name: `of ${target.vmName}`, description: '', contents: 'disks' }]
            : target.operations,
        ),
      confirmTyped: () => Promise.resolve(true),
    };
  }

  targets(kind: 'take' | 'restoreLatest' | 'deleteAll'): BulkTarget[] {
    return [...this.connection.inventory.allVms()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ id: vmId, name: vmName }) => ({
        connection: this.connection,
        vmId,
        vmName,
        operations: [kind === 'take' ? { kind, vmId, name: '', description: '', contents: 'disks' } : { kind, vmId }],
      }));
  }

  outcome(group: OperationGroup | undefined): string {
    const { done, failed, unknown, notStarted } = tallyOf(this.history.ofGroup(group?.id ?? 0));
    return `${done} done, ${failed} failed, ${unknown} unknown, ${notStarted} not started`;
  }
}

describe('operations on 30 VMs of an embedded vCenter', () => {
  let simulator: Simulator;
  let client: HypervisorClient;
  let connection: ScriptedConnection;
  let folder: TemporaryFolder;
  const windows: Window[] = [];
  let feed: Promise<void>;
  let abort: AbortController;

  beforeEach(async () => {
    folder = new TemporaryFolder('bulk');
    simulator = await Simulator.start({
      inventory: smallInventory(
        names.map((name) => ({ name, memoryMb: 64, snapshots: [{ name: 'a', children: [{ name: 'b' }] }] })),
      ),
      speed: 100_000,
    });
    client = await connectAs(simulator);
    connection = new ScriptedConnection(client);
    abort = new AbortController();
    feed = client.watchInventory(connection.inventory, abort.signal);
    await eventually('the inventory', () => connection.inventory.isComplete);
  });

  afterEach(async () => {
    for (const window of windows.splice(0)) {
      window.recovery.dispose();
      await window.journalFiles.close();
    }
    abort.abort();
    await feed;
    await client.close();
    await simulator.stop();
    folder.remove();
  });

  function open(name: string, isAlive?: (pid: number) => boolean): Window {
    const window = new Window(connection, folder.resolve('journal'), name, isAlive);
    windows.push(window);
    return window;
  }

  /** Every write that reached the server, as `METHOD OBJECT`, in order. */
  const written = (): string[] =>
    simulator.log.all.flatMap(({ method, objectName, object }) =>
      writes.test(method) && !method.startsWith('Estimate') ? [`${method} ${objectName ?? object}`] : [],
    );
  const snapshotsLeft = (): number =>
    [...simulator.server.registry.all('VirtualMachine')].reduce(
      (sum, { ref }) => sum + vmTruth(simulator.server, ref.value).snapshots.length,
      0,
    );

  for (const [kind, method, left] of [
    ['take', 'CreateSnapshotEx_Task', count * 3],
    ['restoreLatest', 'RevertToCurrentSnapshot_Task', count * 2],
    ['deleteAll', 'RemoveAllSnapshots_Task', 0],
  ] as const) {
    it(`${kind}: 27 done, 3 named with their reasons; Retry Failed finishes them; nothing is sent twice`, async () => {
      const window = open('first');
      const unlucky = ['VM04', 'VM17', 'VM29'];
      const fields = { file: '[DS-01] VM/VM.vmdk' };
      const faults = [
        { kind: 'fault', type: 'FileLocked', fields },
        { kind: 'fault', type: 'NoDiskSpace', fields: { ...fields, datastore: 'DS-01' } },
        { kind: 'fault', type: 'InvalidState' },
      ] as const;
      for (const [index, objectName] of unlucky.entries()) {
        const action = faults[index];
        assert.ok(action);
        simulator.rules.add({ method, objectName, count: 1, action });
      }
      const group = await window.bulk.perform({ kind, targets: window.targets(kind) }, window.dialogs);
      assert.equal(window.outcome(group), '27 done, 3 failed, 0 unknown, 0 not started');
      const failed = window.history.ofGroup(group?.id ?? 0).filter(({ state }) => state === 'failed');
      assert.deepEqual(
        failed.map(({ vmName, error }) => [vmName, error?.kind]),
        [
          ['VM04', 'fileInUse'],
          ['VM17', 'diskFull'],
          ['VM29', 'wrongState'],
        ],
      );
      assert.equal(written().length, count);
      assert.equal(new Set(written()).size, count, 'no call twice');
      const second = await window.bulk.again(group?.id ?? 0, 'failed', window.dialogs);
      assert.equal(window.outcome(second), '3 done, 0 failed, 0 unknown, 0 not started');
      const times = new Map<string, number>();
      for (const call of written()) {
        times.set(call, (times.get(call) ?? 0) + 1);
      }
      assert.equal(times.size, count);
      for (const [call, sent] of times) {
        // The server refused the first one of these: nothing was done twice.
        assert.equal(sent, unlucky.some((name) => call.includes(name)) ? 2 : 1, call);
      }
      assert.equal(snapshotsLeft(), left);
    });
  }

  it('a lost answer in the middle is found again on the server, and never sent again', async () => {
    const window = open('first');
    for (const name of ['VM03', 'VM20']) {
      simulator.rules.add({
        method: 'RemoveAllSnapshots_Task',
        objectName: name,
        count: 1,
        action: { kind: 'close', when: 'after', how: 'reset' },
      });
    }
    const group = await window.bulk.perform(
      { kind: 'deleteAll', targets: window.targets('deleteAll') },
      window.dialogs,
    );
    assert.equal(window.outcome(group), '30 done, 0 failed, 0 unknown, 0 not started');
    assert.equal(written().length, count);
    assert.equal(snapshotsLeft(), 0);
  });

  it('two windows at once send for each VM once', async () => {
    const first = open('first');
    const second = open('second');
    const perform = (window: Window): Promise<OperationGroup | undefined> =>
      window.bulk.perform({ kind: 'deleteAll', targets: window.targets('deleteAll') }, window.dialogs);
    const groups = await Promise.all([perform(first), perform(second)]);
    const done = [first, second].map((window, index) => tallyOf(window.history.ofGroup(groups[index]?.id ?? 0)).done);
    assert.equal((done[0] ?? 0) + (done[1] ?? 0), count);
    assert.equal(written().length, count);
    assert.equal(new Set(written()).size, count);
  });

  it('a window that dies in the middle: what was sent is accounted for, the rest is offered once, nothing is repeated', async () => {
    const first = open('first');
    const confirmTyped = (): Promise<true> => {
      // The clock stands still from now on: what has begun does not end, and holds the places in the queue.
      simulator.execute({ command: 'freezeClock' });
      return Promise.resolve(true);
    };
    void first.bulk.perform(
      { kind: 'deleteAll', targets: first.targets('deleteAll') },
      { ...first.dialogs, confirmTyped },
    );
    await eventually('some are sent', () => written().length === 4);
    await eventually(
      'their tasks are known',
      () => first.history.active().filter(({ taskId }) => taskId !== undefined).length === 4,
    );
    // It is gone from one moment to the next: nobody hears from it any more.
    connection.whenConnected = () => new Promise(() => undefined);
    const sentBefore = written();

    const other = await connectAs(simulator);
    const reborn = new ScriptedConnection(other);
    const second = new Window(reborn, folder.resolve('journal'), 'second', () => false);
    windows.push(second);
    reborn.setState({ kind: 'disconnected' });
    await second.recovery.start();
    reborn.setState({ kind: 'live' });
    assert.equal(second.offered.length, 1);
    const [group] = second.offered.flat();
    assert.ok(group);
    assert.equal(group.vmCount, count);
    assert.equal(second.outcome(group), '0 done, 0 failed, 4 unknown, 26 not started');
    simulator.execute({ command: 'resumeClock' });
    await eventually('what was sent has ended', () => second.outcome(group).startsWith('4 done'));
    assert.deepEqual(written(), sentBefore, 'nothing was sent meanwhile');
    const rest = await second.bulk.again(group.id, 'notStarted', second.dialogs);
    assert.deepEqual(second.lists, ['deleteAll 26']);
    assert.equal(second.outcome(rest), '26 done, 0 failed, 0 unknown, 0 not started');
    assert.equal(new Set(written()).size, count);
    assert.equal(written().length, count, 'no call twice');
    assert.equal(snapshotsLeft(), 0);
    // Nothing is left to be offered again.
    const third = new Window(reborn, folder.resolve('journal'), 'third', () => false);
    windows.push(third);
    await second.journalFiles.close();
    await third.recovery.start();
    assert.deepEqual(third.history.all(), []);
    await other.close();
  });

  it('a VM that is deleted in the queue is named, and the others go on', async () => {
    const window = open('first');
    const dialogs = window.dialogs;
    const group = await window.bulk.perform(
      { kind: 'deleteAll', targets: window.targets('deleteAll') },
      {
        ...dialogs,
        confirmTyped: () => {
          simulator.execute({ command: 'removeVm', vm: 'VM15' });
          return Promise.resolve(true);
        },
      },
    );
    assert.equal(window.outcome(group), '29 done, 1 failed, 0 unknown, 0 not started');
    const [failed] = window.history.ofGroup(group?.id ?? 0).filter(({ state }) => state === 'failed');
    assert.deepEqual([failed?.vmName, failed?.error?.kind, failed?.startedAtMs], ['VM15', 'gone', undefined]);
    const trees = [...connection.inventory.allVms()].map(({ snapshots }) => countSnapshots(snapshots));
    assert.equal(trees.filter((snapshots) => snapshots > 0).length <= 1, true);
  });
});
