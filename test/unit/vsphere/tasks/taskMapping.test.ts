import assert from 'node:assert/strict';
import { sameTask, toServerTask } from '../../../../src/vsphere/tasks/taskMapping';
import { taskKind } from '../../../../src/vsphere/tasks/taskKinds';
import { ManagedObjectReference } from '../../../../src/vsphere/vim/schema';
import type { TaskInfo } from '../../../../src/vsphere/vim/task';

const info: TaskInfo = {
  key: 'task-1',
  task: new ManagedObjectReference('Task', 'task-1'),
  descriptionId: 'VirtualMachine.createSnapshotEx',
  entity: new ManagedObjectReference('VirtualMachine', 'vm-1'),
  entityName: 'web%2f1',
  locked: [],
  progressDetails: [],
  state: 'running',
  cancelled: false,
  cancelable: true,
  progress: 43,
  description: { key: 'k', arg: [], message: ' Copying\nfiles ' },
  reason: { $type: 'TaskReasonUser', userName: 'CORP\\jdoe' } as TaskInfo['reason'],
  queueTime: '2026-11-22T14:05:00Z',
  startTime: '2026-11-22T14:05:01Z',
  eventChainId: 1,
};

function error(type: string): TaskInfo['error'] {
  return { fault: { $type: type, faultMessage: [] }, localizedMessage: '' };
}

describe('toServerTask', () => {
  it('takes over every fact', () => {
    assert.deepEqual(toServerTask(info), {
      id: 'Task:task-1',
      operation: 'take',
      label: 'Create snapshot',
      vmId: 'VirtualMachine:vm-1',
      vmName: 'web/1',
      state: 'running',
      progressPercent: 43,
      phase: 'Copying files',
      cancelable: true,
      startedBy: 'CORP\\jdoe',
      queuedAtMs: Date.UTC(2026, 10, 22, 14, 5),
      startedAtMs: Date.UTC(2026, 10, 22, 14, 5, 1),
      completedAtMs: undefined,
      error: undefined,
      snapshotId: undefined,
    });
  });

  it('knows every state, and one that is new for running', () => {
    const state = (overrides: Partial<TaskInfo>): string => toServerTask({ ...info, ...overrides }).state;
    assert.equal(state({ state: 'queued' }), 'queued');
    assert.equal(state({ state: 'success' }), 'succeeded');
    assert.equal(state({ state: 'paused' }), 'running');
    assert.equal(state({ state: 'error', error: error('FileLocked') }), 'failed');
    assert.equal(state({ state: 'error' }), 'failed');
    assert.equal(state({ state: 'error', error: error('RequestCanceled') }), 'cancelled');
    assert.equal(state({ state: 'error', cancelled: true }), 'cancelled');
  });

  it('does not take a wish to cancel for the end', () => {
    assert.equal(toServerTask({ ...info, state: 'success', cancelled: true }).state, 'succeeded');
    const failed = toServerTask({ ...info, state: 'error', cancelled: true, error: error('FileLocked') });
    assert.deepEqual([failed.state, failed.error?.kind], ['failed', 'fileInUse']);
  });

  it('always has an error for a task that failed', () => {
    assert.equal(toServerTask({ ...info, state: 'error' }).error?.kind, 'server');
  });

  it('keeps progress between 0 and 100, and unset where there is none', () => {
    for (const [progress, percent] of [
      [-1, 0],
      [0, 0],
      [100, 100],
      [250, 100],
      [undefined, undefined],
    ] as const) {
      assert.equal(toServerTask({ ...info, progress }).progressPercent, percent);
    }
  });

  it('gives the snapshot that a take has made', () => {
    const result = new ManagedObjectReference('VirtualMachineSnapshot', 'snapshot-9');
    assert.equal(toServerTask({ ...info, state: 'success', result }).snapshotId, 'VirtualMachineSnapshot:snapshot-9');
    const other = new ManagedObjectReference('VirtualMachine', 'vm-2');
    assert.equal(toServerTask({ ...info, state: 'success', result: other }).snapshotId, undefined);
    assert.equal(toServerTask({ ...info, state: 'success', result: [result] }).snapshotId, undefined);
  });

  it('knows no account for what the server, an alarm or a schedule has started', () => {
    for (const $type of ['TaskReasonSystem', 'TaskReasonAlarm', 'TaskReasonSchedule', 'New']) {
      const reason = { $type, userName: 'no', name: 'nightly' } as TaskInfo['reason'];
      assert.equal(toServerTask({ ...info, reason }).startedBy, undefined);
    }
  });

  it('has no VM for a task about something else, and no name where vcsim writes an id', () => {
    const host = toServerTask({ ...info, entity: new ManagedObjectReference('HostSystem', 'host-1') });
    assert.deepEqual([host.vmId, host.vmName], [undefined, undefined]);
    assert.equal(toServerTask({ ...info, entityName: 'vm-1' }).vmName, undefined);
    assert.equal(toServerTask({ ...info, entity: undefined }).vmId, undefined);
  });
});

describe('sameTask', () => {
  it('tells states apart that look different', () => {
    const task = toServerTask(info);
    assert.ok(sameTask(task, toServerTask({ ...info })));
    for (const change of [
      { state: 'success' },
      { progress: 44 },
      { progress: undefined },
      { description: undefined },
      { cancelable: false },
      { startTime: undefined },
    ] satisfies Partial<TaskInfo>[]) {
      assert.ok(!sameTask(task, toServerTask({ ...info, ...change })), JSON.stringify(change));
    }
  });
});

describe('taskKind', () => {
  it('knows our operations by the ids of vCenter, ESXi and vcsim', () => {
    const cases: [id: string, operation: string | undefined, label: string][] = [
      ['VirtualMachine.createSnapshot', 'take', 'Create snapshot'],
      ['VirtualMachine.createSnapshotEx', 'take', 'Create snapshot'],
      ['vim.VirtualMachine.createSnapshot', 'take', 'Create snapshot'],
      ['VirtualMachine.revertToCurrentSnapshot', 'restoreLatest', 'Revert to current snapshot'],
      ['VirtualMachine.revertSnapshot', 'restoreLatest', 'Revert to current snapshot'],
      ['vm.Snapshot.revert', 'restore', 'Revert to snapshot'],
      ['VirtualMachineSnapshot.revertToSnapshot', 'restore', 'Revert to snapshot'],
      ['vm.Snapshot.remove', 'delete', 'Remove snapshot'],
      ['VirtualMachineSnapshot.removeSnapshot', 'delete', 'Remove snapshot'],
      ['VirtualMachine.removeSnapshot', 'delete', 'Remove snapshot'],
      ['VirtualMachine.removeAllSnapshots', 'deleteAll', 'Remove all snapshots'],
      ['VirtualMachine.RemoveAllSnapshots', 'deleteAll', 'Remove all snapshots'],
      ['vm.Snapshot.rename', 'edit', 'Rename snapshot'],
      ['VirtualMachine.consolidateDisks', 'consolidate', 'Consolidate disks'],
      ['VirtualMachine.powerOn', 'powerOn', 'Power on'],
      ['Datacenter.powerOnMultiVm', undefined, 'Power on several VMs'],
      ['VirtualMachine.powerOff', undefined, 'Power off'],
      ['VirtualMachine.estimateStorageRequirementForConsolidate', undefined, 'Estimate space for consolidation'],
      ['VirtualMachine.reconfigure', undefined, 'Reconfigure VM'],
    ];
    for (const [id, operation, label] of cases) {
      assert.deepEqual(taskKind(id), { operation, label, isEstimate: label.startsWith('Estimate') }, id);
    }
  });

  it('makes words of an id that it does not know', () => {
    assert.equal(taskKind('com.vmware.vcIntegrity.ScanTask').label, 'Scan task');
    assert.equal(taskKind('HostSystem.enterMaintenanceMode').label, 'Enter maintenance mode');
    assert.equal(taskKind('').label, 'Task');
    assert.equal(taskKind(`x.${'long'.repeat(50)}`).label.length, 60);
    assert.doesNotMatch(taskKind('a.b\u202e\nc').label, /[\u202e\n]/);
  });
});
