import assert from 'node:assert/strict';
import { ManualClock } from '../../src/common/clock';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { BusyError, type ErrorKind } from '../../src/hypervisor/errors';
import type { Operation, OperationKind } from '../../src/hypervisor/model/operation';
import type { ServerTask } from '../../src/hypervisor/model/task';
import type { FaultRule } from '../../src/simulator/control/faultRules';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import { ManagedObjectReference } from '../../src/vsphere/vim/schema';
import { failsAs } from '../support/clientRig';
import { ClientScene } from '../support/clientScene';
import { eventually } from '../support/eventually';

type Fields = Readonly<Record<string, unknown>>;

/** Faults that any operation can meet. */
const everywhere: readonly (readonly [type: string, kind: ErrorKind, fields?: Fields])[] = [
  ['TaskInProgress', 'busy', { task: new ManagedObjectReference('Task', 'task-77') }],
  ['NoPermission', 'noPrivilege', { missingPrivileges: [] }],
  ['HostNotConnected', 'hostUnreachable'],
  ['HostCommunication', 'hostUnreachable'],
  ['MethodDisabled', 'disabledByOther', { source: 'com.backup' }],
  ['RestrictedVersion', 'license'],
  ['NotEnoughLicenses', 'license'],
  ['InvalidState', 'wrongState'],
  ['NotSupported', 'notSupported'],
  ['VmConfigFault', 'server'],
  ['SystemError', 'server', { reason: 'Disk died' }],
  ['Timedout', 'server'],
];

const fileFaults: typeof everywhere = [
  ['FileFault', 'fileProblem', { file: '[DS] a.vmdk' }],
  ['FileLocked', 'fileInUse', { file: '[DS] a.vmdk' }],
  ['FileNotFound', 'fileProblem', { file: '[DS] a.vmdk' }],
  ['CannotAccessFile', 'fileProblem', { file: '[DS] a.vmdk' }],
  ['NoDiskSpace', 'diskFull', { file: '[DS] a.vmdk', datastore: 'DS-01' }],
];

/** Every operation, its method on the wire, and the faults that the API documents for it in particular. */
const operations: Readonly<Record<OperationKind, { readonly method: string; readonly faults: typeof everywhere }>> = {
  take: {
    method: 'CreateSnapshotEx_Task',
    faults: [
      ...fileFaults,
      ['SnapshotFault', 'server'],
      ['ApplicationQuiesceFault', 'quiesceFailed'],
      ['FilesystemQuiesceFault', 'quiesceFailed'],
      ['ToolsUnavailable', 'quiesceFailed'],
      ['MemorySnapshotOnIndependentDisk', 'memoryImpossible'],
      ['SnapshotIncompatibleDeviceInVm', 'deviceForbids', { fault: { fault: { faultMessage: [] } } }],
      ['MultipleSnapshotsNotSupported', 'notSupported'],
      ['SnapshotDisabled', 'notSupported'],
      ['SnapshotLocked', 'wrongState'],
      ['SnapshotNoChange', 'nothingToDo'],
      ['TooManySnapshotLevels', 'chainTooDeep'],
      ['InvalidName', 'invalidName', { name: 'x' }],
      ['InvalidPowerState', 'wrongState', { existingState: 'poweredOff' }],
    ],
  },
  edit: { method: 'RenameSnapshot', faults: [['InvalidName', 'invalidName', { name: 'x' }]] },
  restore: {
    method: 'RevertToSnapshot_Task',
    faults: [...fileFaults, ['InsufficientResourcesFault', 'noResources'], ['InvalidSnapshotFormat', 'damagedFiles']],
  },
  restoreLatest: {
    method: 'RevertToCurrentSnapshot_Task',
    faults: [...fileFaults, ['NotFound', 'noCurrentSnapshot'], ['InsufficientResourcesFault', 'noResources']],
  },
  delete: { method: 'RemoveSnapshot_Task', faults: [...fileFaults, ['SnapshotLocked', 'wrongState']] },
  deleteWithChildren: { method: 'RemoveSnapshot_Task', faults: [...fileFaults, ['SnapshotFault', 'server']] },
  deleteAll: { method: 'RemoveAllSnapshots_Task', faults: [...fileFaults, ['SnapshotFault', 'server']] },
  consolidate: { method: 'ConsolidateVMDisks_Task', faults: [...fileFaults, ['InvalidDiskFormat', 'damagedFiles']] },
  powerOn: {
    method: 'PowerOnVM_Task',
    faults: [
      ...fileFaults,
      ['InsufficientResourcesFault', 'noResources'],
      ['InvalidPowerState', 'wrongState', { existingState: 'poweredOn' }],
      ['VmPowerOnDisabled', 'wrongState'],
      ['DisallowedOperationOnFailoverHost', 'wrongState'],
    ],
  },
};

const vms: readonly VmSpec[] = [
  {
    name: 'on',
    memoryMb: 4_096,
    snapshots: [{ name: 'a', writtenGb: 0.5, children: [{ name: 'b', writtenGb: 0.5 }] }],
  },
  { name: 'off', power: 'poweredOff', leftoverLinks: 1, snapshots: [{ name: 'a' }] },
];

describe('operations of the client', () => {
  let scene: ClientScene;
  let client: HypervisorClient;
  beforeEach(async () => {
    scene = await ClientScene.start(vms);
    ({ client } = scene);
  });
  afterEach(async () => {
    await scene.stop();
  });

  function operation(kind: OperationKind): Operation {
    const vmId = scene.vm(kind === 'powerOn' || kind === 'consolidate' ? 'off' : 'on');
    switch (kind) {
      case 'take':
        return { kind, vmId, name: 'new', description: 'of a test', contents: 'disks' };
      case 'edit':
        return { kind, vmId, snapshotId: scene.snapshot('on', 'a'), name: 'renamed' };
      case 'restore':
      case 'delete':
      case 'deleteWithChildren':
        return { kind, vmId, snapshotId: scene.snapshot('on', 'a') };
      default:
        return { kind, vmId };
    }
  }

  const rule = (method: string, action: FaultRule['action']): void => {
    scene.simulator.rules.add({ method, count: 1, action });
  };

  for (const [name, { method, faults }] of Object.entries(operations)) {
    const kind = name as OperationKind;
    const all = [...everywhere, ...faults];

    it(`${kind}: each of ${all.length} faults in place of the answer means that nothing was started`, async () => {
      for (const [type, expected, fields] of all) {
        rule(method, { kind: 'fault', type, ...(fields !== undefined && { fields }) });
        const error = await failsAs(expected, client.start(operation(kind)));
        assert.ok(error.message.includes(type), error.message);
        assert.ok(error.say({ vmName: 'on' }).length > 10);
      }
      assert.equal(scene.simulator.server.registry.count('Task'), 0);
    });

    if (kind !== 'edit') {
      it(`${kind}: each of them as the end of the task means the same`, async () => {
        for (const [type, expected, fields] of all) {
          rule(method, { kind: 'taskFault', type, ...(fields !== undefined && { fields }) });
          const end = await scene.run(operation(kind));
          assert.deepEqual([end.state, end.error?.kind, type], ['failed', expected, type]);
          assert.ok(end.error?.message.includes(type), end.error?.message);
        }
      });

      it(`${kind}: runs to its end`, async () => {
        const end = await scene.run(operation(kind));
        assert.deepEqual([end.state, end.error, end.vmName], ['succeeded', undefined, end.vmName]);
        assert.equal(end.operation, kind === 'deleteWithChildren' ? 'delete' : kind);
      });
    }
  }

  it('an edit is done when it is answered, and what is left out stays', async () => {
    const snapshotId = scene.snapshot('on', 'a');
    const vmId = scene.vm('on');
    assert.deepEqual(await client.start({ kind: 'edit', vmId, snapshotId, description: 'only this' }), {
      taskId: undefined,
    });
    const [root] = (await client.readVm(vmId)).vm.snapshots.roots;
    assert.deepEqual([root?.name, root?.description], ['a', 'only this']);
    await client.start({ kind: 'edit', vmId, snapshotId, name: 'x/y%', description: '' });
    const [after] = (await client.readVm(vmId)).vm.snapshots.roots;
    assert.deepEqual([after?.name, after?.description], ['x/y%', '']);
  });

  it('a VM or snapshot that is gone is said to be gone', async () => {
    const take = operation('take');
    const remove = operation('delete');
    await scene.run({ kind: 'deleteAll', vmId: scene.vm('on') });
    await failsAs('gone', client.start(remove));
    scene.simulator.execute({ command: 'removeVm', vm: 'on' });
    await failsAs('gone', client.start(take));
    await failsAs('gone', client.readVm(take.vmId));
  });

  it('what no server would accept is not sent', async () => {
    const take = operation('take') as Extract<Operation, { kind: 'take' }>;
    await failsAs('invalidInput', client.start({ ...take, name: ' ' }));
    await failsAs('invalidInput', client.start({ ...take, contents: 'quiesced', quiesceTimeoutMinutes: 4 }));
    assert.equal(scene.calls('CreateSnapshotEx_Task'), 0);
  });

  it('a busy VM names the task that has it', async () => {
    const { taskId } = await client.start(operation('deleteAll'));
    const error = await failsAs('busy', client.start(operation('take')));
    assert.ok(error instanceof BusyError);
    assert.equal(error.taskId, taskId);
    assert.deepEqual(
      (await client.readVm(scene.vm('on'))).activeTasks.map(({ id, operation: kind }) => [id, kind]),
      [[taskId, 'deleteAll']],
    );
  });

  it('progress and phase come in while a task runs', async () => {
    const seen: ServerTask[] = [];
    const end = await scene.run(
      { ...(operation('take') as Extract<Operation, { kind: 'take' }>), contents: 'memory' },
      (task) => {
        seen.push(task);
      },
    );
    assert.ok(seen.filter(({ progressPercent }) => progressPercent !== undefined).length > 3);
    assert.ok(seen.some(({ phase, cancelable }) => phase !== undefined && cancelable));
    assert.ok(end.snapshotId !== undefined);
    const tree = (await client.readVm(scene.vm('on'))).vm.snapshots;
    assert.equal(tree.currentId, end.snapshotId);
  });

  describe('cancelling', () => {
    it('ends a task that can be cancelled as cancelled', async () => {
      const { taskId } = await client.start({
        ...(operation('take') as Extract<Operation, { kind: 'take' }>),
        contents: 'memory',
      });
      assert.ok(taskId !== undefined);
      let cancelling: Promise<void> | undefined;
      const end = await scene.follow(taskId, ({ cancelable }) => {
        if (cancelable) {
          cancelling ??= client.cancelTask(taskId);
        }
      });
      await cancelling;
      assert.deepEqual([end.state, end.snapshotId], ['cancelled', undefined]);
    });

    it('says so where the server cannot, and where it is too late', async () => {
      const { taskId } = await client.start(operation('deleteAll'));
      assert.ok(taskId !== undefined);
      const refused = await failsAs('notSupported', client.cancelTask(taskId));
      assert.match(refused.say(), /can't stop this task/);
      await scene.follow(taskId);
      const late = await failsAs('nothingToDo', client.cancelTask(taskId));
      assert.match(late.say(), /ended already/);
    });
  });

  describe('an answer that is lost', () => {
    for (const kind of Object.keys(operations) as OperationKind[]) {
      it(`leaves the outcome of ${kind} unknown, and it is not sent again`, async () => {
        const { method } = operations[kind];
        for (const action of [
          { kind: 'close', when: 'after', how: 'reset' },
          { kind: 'close', when: 'before', how: 'end' },
          { kind: 'truncate', bytes: 200 },
        ] as const) {
          const before = scene.calls(method);
          rule(method, action);
          const error = await failsAs('outcomeUnknown', client.start(operation(kind)));
          assert.equal(error.nextStep, 'checkNow');
          assert.equal(scene.calls(method), before + 1);
          scene.rest();
        }
      });
    }

    it('can be found again by the tasks of the VM', async () => {
      rule('RemoveAllSnapshots_Task', { kind: 'close', when: 'after', how: 'reset' });
      await failsAs('outcomeUnknown', client.start(operation('deleteAll')));
      const [task] = await client.recentTasks(scene.vm('on'));
      assert.ok(task !== undefined);
      assert.equal(task.operation, 'deleteAll');
      assert.equal((await scene.follow(task.id)).state, 'succeeded');
    });

    it('can be found again in the history when the server counts the task as recent no longer', async () => {
      await scene.run(operation('deleteAll'));
      scene.clock.advance(900_000);
      // The clocks of server and client have nothing in common, and that of the server is put forward below.
      const serverAtMs = scene.clock.now();
      const sentAtMs = (): number => Date.now() - (scene.clock.now() - serverAtMs);
      rule('CreateSnapshotEx_Task', { kind: 'close', when: 'after', how: 'reset' });
      await failsAs('outcomeUnknown', client.start(operation('take')));
      rule('PowerOnVM_Task', { kind: 'taskFault', type: 'NoDiskSpace' });
      const { taskId } = await client.start(operation('powerOn'));
      scene.rest();
      scene.clock.advance(660_000);
      const vmId = scene.vm('on');
      assert.deepEqual(await client.recentTasks(vmId), []);
      const past = await client.pastTasks(vmId, sentAtMs());
      assert.deepEqual(
        past.map(({ operation: kind, state, startedBy }) => [kind, state, startedBy]),
        [['take', 'succeeded', client.identity.userName]],
      );
      assert.ok(past[0]?.snapshotId !== undefined);
      const failed = await client.pastTasks(scene.vm('off'), sentAtMs());
      assert.deepEqual(
        failed.map(({ id, state, error }) => [id, state, error?.kind]),
        [[taskId, 'failed', 'diskFull']],
      );
      assert.equal(scene.simulator.server.registry.count('TaskHistoryCollector'), 0);
    });

    it('has no history where the account may not read it; a connection that breaks is no history either', async () => {
      const vmId = scene.vm('on');
      rule('CreateCollectorForTasks', { kind: 'fault', type: 'NoPermission' });
      assert.deepEqual(await client.pastTasks(vmId, 0), []);
      rule('ReadNextTasks', { kind: 'status', code: 503 });
      await failsAs('serverUnavailable', client.pastTasks(vmId, 0));
      assert.equal(scene.simulator.server.registry.count('TaskHistoryCollector'), 0);
    });

    it('a refusal from something in between may have come too late as well', async () => {
      rule('RemoveSnapshot_Task', { kind: 'status', code: 502 });
      await failsAs('outcomeUnknown', client.start(operation('delete')));
      rule('RemoveSnapshot_Task', { kind: 'status', code: 403 });
      await failsAs('proxy', client.start(operation('delete')));
    });
  });

  describe('a server that lacks CreateSnapshotEx_Task', () => {
    it('is asked by CreateSnapshot_Task, and from then on only by that', async () => {
      rule('CreateSnapshotEx_Task', {
        kind: 'fault',
        type: 'MethodNotFound',
        fields: { receiver: new ManagedObjectReference('VirtualMachine', 'vm-1'), method: 'CreateSnapshotEx_Task' },
      });
      assert.equal((await scene.run(operation('take'))).state, 'succeeded');
      assert.equal((await scene.run(operation('take'))).state, 'succeeded');
      assert.deepEqual(
        ['CreateSnapshotEx_Task', 'CreateSnapshot_Task'].map((each) => scene.calls(each)),
        [1, 2],
      );
    });

    it('a fault of the take itself is not taken for that', async () => {
      rule('CreateSnapshotEx_Task', { kind: 'fault', type: 'NotSupported' });
      await failsAs('notSupported', client.start(operation('take')));
      assert.equal(scene.calls('CreateSnapshot_Task'), 0);
    });
  });
});

describe('following a task', () => {
  let scene: ClientScene;
  let client: HypervisorClient;
  beforeEach(async () => {
    scene = await ClientScene.start(vms);
    ({ client } = scene);
  });
  afterEach(async () => {
    await scene.stop();
  });

  const start = async (): Promise<ServerTask['id']> => {
    const { taskId } = await client.start({ kind: 'deleteAll', vmId: scene.vm('on') });
    assert.ok(taskId !== undefined);
    return taskId;
  };
  const listening = (): Promise<unknown> => eventually('the wait for news of tasks', () => scene.pendingWaits() === 1);

  // The three ways in which servers say that a session has ended.
  const shapes: Readonly<Record<string, FaultRule['action'] | undefined>> = {
    'by a fault of the wait': { kind: 'fault', type: 'NotAuthenticated' },
    'by a collector that is gone': {
      kind: 'fault',
      type: 'ManagedObjectNotFound',
      fields: { obj: new ManagedObjectReference('PropertyCollector', 'gone') },
    },
    'by ending everything that belonged to it': undefined,
  };
  for (const [how, action] of Object.entries(shapes)) {
    it(`goes on when the session ends, told ${how}`, async () => {
      const taskId = await start();
      const following = client.followTask(taskId, () => undefined);
      await listening();
      if (action !== undefined) {
        scene.simulator.rules.add({ method: 'WaitForUpdatesEx', count: 1, action });
        scene.clock.advance(1_000);
      } else {
        scene.simulator.execute({ command: 'expireSessions' });
      }
      const end = await scene.until(following);
      assert.equal(end.state, 'succeeded');
      assert.equal(scene.calls('RemoveAllSnapshots_Task'), 1);
    });
  }

  it('ends as lost when the connection breaks for good, and another session finds the task', async () => {
    const taskId = await start();
    const following = client.followTask(taskId, () => undefined);
    following.catch(() => undefined);
    await listening();
    for (const method of ['WaitForUpdatesEx', 'CurrentTime', 'RetrievePropertiesEx', 'CreatePropertyCollector']) {
      scene.simulator.rules.add({ method, action: { kind: 'close', when: 'before', how: 'reset' } });
    }
    scene.simulator.execute({ command: 'dropConnections' });
    await failsAs('connectionLost', scene.until(following));
    scene.simulator.rules.clear();
    const again = await scene.connect();
    assert.equal((await scene.until(again.followTask(taskId, () => undefined))).state, 'succeeded');
  });

  it('of which a restarted server knows nothing has an unknown outcome', async () => {
    const taskId = await start();
    await scene.restart();
    const again = await scene.connect();
    const error = await failsAs(
      'outcomeUnknown',
      again.followTask(taskId, () => undefined),
    );
    assert.equal(error.nextStep, 'checkNow');
    assert.equal(await again.readTask(taskId), undefined);
  });

  it('of a client that was closed fails at once and leaves no timer', async () => {
    const clock = new ManualClock();
    const closed = await scene.connect({ clock });
    const taskId = await start();
    const following = closed.followTask(taskId, () => undefined);
    following.catch(() => undefined);
    await listening();
    await closed.close();
    await failsAs('connectionLost', following);
    await failsAs(
      'connectionLost',
      closed.followTask(taskId, () => undefined),
    );
    await eventually('no timer', () => clock.pending === 0);
  });
});
