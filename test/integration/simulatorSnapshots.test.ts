import assert from 'node:assert/strict';
import type { LocalizedMethodFault } from '../../src/vsphere/vim/fault';
import type { VirtualMachineFileLayoutEx } from '../../src/vsphere/vim/layout';
import { ReconfigVM_Task, RefreshStorageInfo } from '../../src/vsphere/vim/lifecycle';
import { AnswerVM, PowerOffVM_Task, PowerOnVM_Task } from '../../src/vsphere/vim/power';
import {
  ConsolidateVMDisks_Task,
  CreateSnapshot_Task,
  CreateSnapshotEx_Task,
  EstimateStorageForConsolidateSnapshots_Task,
  RemoveAllSnapshots_Task,
  RemoveSnapshot_Task,
  RenameSnapshot,
  RevertToCurrentSnapshot_Task,
  RevertToSnapshot_Task,
  VirtualMachineGuestQuiesceSpec,
  type VirtualMachineSnapshotInfo,
} from '../../src/vsphere/vim/snapshot';
import { typed } from '../../src/vsphere/vim/schema';
import { CancelTask, type TaskInfo } from '../../src/vsphere/vim/task';
import { faultOf, SimulatorFixture } from '../support/simulatorFixture';
import { treeText } from '../support/vmStates';

const disksOnly = { memory: false, quiesce: false };
const gb = 1_073_741_824;

function faultIn(info: TaskInfo): string {
  return info.error?.fault.$type ?? '';
}

describe('simulator: snapshot operations over the wire', () => {
  let fixture: SimulatorFixture;
  async function start(...args: Parameters<typeof SimulatorFixture.start>): Promise<void> {
    fixture = await SimulatorFixture.start(...args);
  }
  afterEach(async () => {
    await fixture.stop();
  });

  const chain = [
    { name: 'a', ageDays: 3, children: [{ name: 'b', ageDays: 2, children: [{ name: 'c', ageDays: 1 }] }] },
  ];

  it('take: the result is the snapshot, and the tree shows it', async () => {
    await start();
    const vm = fixture.vm('VM1');
    const info = await fixture.run(CreateSnapshot_Task, vm, {
      name: 'x%2fy',
      description: 'line\r\nline',
      memory: true,
      quiesce: false,
    });
    assert.equal(info.state, 'success');
    assert.equal(info.descriptionId, 'VirtualMachine.createSnapshot');
    const [snapshot, roots] = await fixture.read(vm, ['snapshot', 'rootSnapshot']);
    const { currentSnapshot, rootSnapshotList } = snapshot as VirtualMachineSnapshotInfo;
    assert.deepEqual([info.result, roots], [currentSnapshot, [currentSnapshot]]);
    const [root] = rootSnapshotList;
    assert.deepEqual(
      [root?.name, root?.description, root?.id, root?.state, root?.quiesced, root?.createTime],
      [
        'x%2fy',
        'line\r\nline',
        1,
        'poweredOn',
        false,
        new Date(fixture.state('VM1').snapshots[0]?.createdAtMs ?? 0).toISOString(),
      ],
    );
  });

  it('take: names come back escaped, however they were sent', async () => {
    await start();
    for (const [sent, back] of [
      ['a/b', 'a%2fb'],
      ['50%25 off', '50%25 off'],
      ['C:\\x', 'C:%5cx'],
    ] as const) {
      await fixture.run(CreateSnapshot_Task, fixture.vm('VM1'), { name: sent, ...disksOnly });
      const [snapshot] = await fixture.read(fixture.vm('VM1'), ['snapshot']);
      assert.ok(JSON.stringify(snapshot).includes(JSON.stringify(back).slice(1, -1)), sent);
    }
  });

  it('take: quiesces as CreateSnapshotEx asks, and refuses an impossible time', async () => {
    await start();
    const vm = fixture.vm('VM1');
    const quiesceSpec = typed(VirtualMachineGuestQuiesceSpec, { timeout: 10 });
    await fixture.run(CreateSnapshotEx_Task, vm, { name: 'q', memory: false, quiesceSpec });
    assert.equal(fixture.state('VM1').snapshots[0]?.quiesced, true);
    const bad = fixture.session.call(CreateSnapshotEx_Task, vm, {
      name: 'q',
      memory: false,
      quiesceSpec: typed(VirtualMachineGuestQuiesceSpec, { timeout: 4 }),
    });
    assert.equal((await faultOf(bad)).type, 'InvalidArgument');
  });

  it('take: shows progress, its phase, what it locks, and whether it can be cancelled', async () => {
    await start([{ name: 'VM1', memoryMb: 40_960 }]);
    const vm = fixture.vm('VM1');
    const task = await fixture.session.call(CreateSnapshot_Task, vm, { name: 'm', memory: true, quiesce: false });
    const infoNow = async (): Promise<TaskInfo> => (await fixture.read(task, ['info']))[0] as TaskInfo;
    assert.equal((await infoNow()).state, 'queued');
    fixture.clock.advance(50_000);
    const running = await infoNow();
    assert.deepEqual([running.state, running.cancelable, running.locked], ['running', true, [vm]]);
    assert.ok((running.progress ?? 0) > 10 && (running.progress ?? 0) < 90);
    assert.match(running.description?.message ?? '', /memory/);
    assert.equal((running.reason as { readonly userName?: string }).userName, 'VSPHERE.LOCAL\\administrator');
    assert.deepEqual(await fixture.read(vm, ['recentTask']), [[task]]);
  });

  for (const [when, afterMs, isLeft] of [
    ['early leaves nothing', 20_000, false],
    ['late leaves disks', 80_000, true],
  ] as const) {
    it(`take: cancelled ${when}`, async () => {
      await start([{ name: 'VM1', memoryMb: 40_960 }]);
      const task = await fixture.session.call(CreateSnapshot_Task, fixture.vm('VM1'), {
        name: 'm',
        memory: true,
        quiesce: false,
      });
      fixture.clock.advance(afterMs);
      await fixture.session.call(CancelTask, task, {});
      const info = await fixture.finish(task);
      assert.equal(faultIn(info), 'RequestCanceled');
      assert.equal(info.cancelled, true);
      assert.equal(fixture.state('VM1').consolidationNeeded, isLeft);
      assert.equal(fixture.state('VM1').snapshots.length, 0);
    });
  }

  it('two at a time are one too many', async () => {
    await start();
    const task = await fixture.session.call(CreateSnapshot_Task, fixture.vm('VM1'), { name: 'a', ...disksOnly });
    const second = await faultOf(fixture.session.call(RemoveAllSnapshots_Task, fixture.vm('VM1'), {}));
    assert.equal(second.type, 'TaskInProgress');
    assert.deepEqual((second.fault.detail as unknown as { task: unknown }).task, task);
    await fixture.finish(task);
    const rename = fixture.session.call(RenameSnapshot, fixture.snapshot('VM1', 'a'), { name: 'b' });
    assert.equal(await rename, undefined);
  });

  it('revert: to any, to the current one, and to none', async () => {
    await start([{ name: 'VM1', snapshots: chain }, { name: 'VM2' }]);
    await fixture.run(RevertToSnapshot_Task, fixture.snapshot('VM1', 'a'), {});
    assert.equal(treeText(fixture.state('VM1')), 'a*(b(c))');
    assert.equal(fixture.state('VM1').power, 'poweredOff');
    const again = await fixture.run(RevertToCurrentSnapshot_Task, fixture.vm('VM1'), {});
    assert.equal(again.state, 'success');
    const none = await fixture.run(RevertToCurrentSnapshot_Task, fixture.vm('VM2'), {});
    assert.equal(faultIn(none), 'NotFound');
  });

  it('revert: brings back the hardware, and leaves the snapshot’s own configuration readable', async () => {
    await start([{ name: 'VM1', power: 'poweredOff', memoryMb: 1_024 }]);
    const vm = fixture.vm('VM1');
    await fixture.run(CreateSnapshot_Task, vm, { name: 'a', ...disksOnly });
    const spec = { numCPUs: 8, memoryMB: 8_192, annotation: 'bigger', deviceChange: [], extraConfig: [] };
    assert.equal((await fixture.run(ReconfigVM_Task, vm, { spec })).state, 'success');
    assert.deepEqual(await fixture.read(vm, ['config.hardware.memoryMB', 'config.hardware.numCPU']), [8_192, 8]);
    const snapshot = fixture.snapshot('VM1', 'a');
    assert.deepEqual(await fixture.read(snapshot, ['config.hardware.memoryMB']), [1_024]);
    await fixture.run(RevertToSnapshot_Task, snapshot, {});
    assert.deepEqual(await fixture.read(vm, ['config.hardware.memoryMB', 'config.annotation']), [1_024, undefined]);
  });

  it('revert: with memory wakes the VM, unless that is suppressed', async () => {
    await start([{ name: 'VM1', power: 'poweredOff', snapshots: [{ name: 'm', state: 'poweredOn' }] }]);
    await fixture.run(RevertToSnapshot_Task, fixture.snapshot('VM1', 'm'), { suppressPowerOn: true });
    assert.equal(fixture.state('VM1').power, 'poweredOff');
    await fixture.run(RevertToSnapshot_Task, fixture.snapshot('VM1', 'm'), {});
    assert.equal(fixture.state('VM1').power, 'poweredOn');
  });

  for (const [what, args, name, expected] of [
    ['one', { removeChildren: false }, 'b', 'a(c*)'],
    ['one with children', { removeChildren: true }, 'b', 'a*'],
    ['a root', { removeChildren: false }, 'a', 'b(c*)'],
    ['everything from the root', { removeChildren: true }, 'a', ''],
  ] as const) {
    it(`remove: ${what}`, async () => {
      await start([{ name: 'VM1', snapshots: chain }]);
      const info = await fixture.run(RemoveSnapshot_Task, fixture.snapshot('VM1', name), args);
      assert.equal(info.state, 'success');
      assert.equal(treeText(fixture.state('VM1')), expected);
      assert.equal(fixture.state('VM1').consolidationNeeded, false);
    });
  }

  it('remove: the tree forgets at once, the disks take their time', async () => {
    await start([{ name: 'VM1', disks: [{ capacityGb: 200 }], snapshots: chain, writtenGbSince: 100 }]);
    const task = await fixture.session.call(RemoveAllSnapshots_Task, fixture.vm('VM1'), {});
    fixture.clock.advance(60_000);
    assert.deepEqual(await fixture.read(fixture.vm('VM1'), ['snapshot']), [undefined]);
    assert.equal(fixture.state('VM1').files.length, 4);
    const info = await fixture.finish(task);
    assert.equal(info.state, 'success');
    assert.equal(fixture.state('VM1').files.length, 1);
    const seconds = (Date.parse(info.completeTime ?? '') - Date.parse(info.startTime ?? '')) / 1_000;
    assert.ok(seconds > 300, `a hundred gigabytes take ${seconds} s`);
  });

  it('remove: without consolidation leaves disks, and consolidating merges them', async () => {
    await start([{ name: 'VM1', snapshots: chain }]);
    await fixture.run(RemoveSnapshot_Task, fixture.snapshot('VM1', 'b'), { removeChildren: false, consolidate: false });
    assert.deepEqual(await fixture.read(fixture.vm('VM1'), ['runtime.consolidationNeeded']), [true]);
    assert.equal((await fixture.run(ConsolidateVMDisks_Task, fixture.vm('VM1'), {})).state, 'success');
    assert.deepEqual(await fixture.read(fixture.vm('VM1'), ['runtime.consolidationNeeded']), [false]);
  });

  it('remove: a locked file fails it and leaves disks', async () => {
    await start([{ name: 'VM1', snapshots: chain, trouble: { lockedFile: '[DS-01] VM1/VM1-000001.vmdk' } }]);
    const info = await fixture.run(RemoveSnapshot_Task, fixture.snapshot('VM1', 'b'), { removeChildren: false });
    assert.equal(faultIn(info), 'FileLocked');
    assert.match(
      info.error?.localizedMessage ?? '',
      /Unable to access file \[DS-01\] VM1\/VM1-000001\.vmdk since it is locked/,
    );
    assert.equal(fixture.state('VM1').consolidationNeeded, true);
    assert.equal(treeText(fixture.state('VM1')), 'a(c*)');
    fixture.simulator.execute({ command: 'changeVm', vm: 'VM1', change: { lockedFile: null } });
    assert.equal((await fixture.run(ConsolidateVMDisks_Task, fixture.vm('VM1'), {})).state, 'success');
  });

  it('remove all: can be told to keep what is young', async () => {
    await start([{ name: 'VM1', snapshots: chain }]);
    await fixture.run(RemoveAllSnapshots_Task, fixture.vm('VM1'), { spec: { retentionDays: 2 } });
    assert.equal(treeText(fixture.state('VM1')), 'c*');
  });

  it('rename: synchronous, part by part, and clears a description', async () => {
    await start([{ name: 'VM1', snapshots: [{ name: 'a', description: 'old' }] }]);
    const snapshot = fixture.snapshot('VM1', 'a');
    const rename = (args: { name?: string; description?: string }): Promise<unknown> =>
      fixture.session.call(RenameSnapshot, snapshot, args);
    await rename({ name: 'n/m' });
    await rename({ description: '' });
    const [state] = fixture.state('VM1').snapshots;
    assert.deepEqual([state?.name, state?.description], ['n/m', '']);
    assert.equal((await faultOf(rename({ name: '' }))).type, 'InvalidName');
    assert.equal((await faultOf(rename({}))).type, 'InvalidArgument');
  });

  it('space: a snapshot takes it, a full datastore refuses it, an estimate tells it', async () => {
    await start([
      { name: 'VM1', memoryMb: 2_048, disks: [{ capacityGb: 100, usedGb: 10 }], snapshots: chain, writtenGbSince: 5 },
    ]);
    const vm = fixture.vm('VM1');
    const free = async (): Promise<number> =>
      (await fixture.read(fixture.state('VM1').home.datastore, ['summary.freeSpace']))[0] as number;
    const before = await free();
    await fixture.run(CreateSnapshot_Task, vm, { name: 'm', memory: true, quiesce: false });
    const taken = before - (await free());
    assert.ok(taken > 2 * gb && taken < 2.2 * gb, String(taken));
    const estimate = await fixture.run(EstimateStorageForConsolidateSnapshots_Task, vm, {});
    const [{ freeSpaceRequiredInKb }] = estimate.result as [{ freeSpaceRequiredInKb: number }];
    assert.ok(freeSpaceRequiredInKb > 4 * 1_048_576, String(freeSpaceRequiredInKb));
    fixture.simulator.execute({ command: 'setFreeSpace', datastore: 'DS-01', bytes: gb });
    const full = await fixture.run(CreateSnapshot_Task, vm, { name: 'm2', memory: true, quiesce: false });
    assert.equal(faultIn(full), 'NoDiskSpace');
    const merge = await fixture.run(RemoveAllSnapshots_Task, vm, {});
    assert.equal(faultIn(merge), 'NoDiskSpace');
    assert.equal(fixture.state('VM1').consolidationNeeded, true);
  });

  it('files: layoutEx has each snapshot’s own, and grows when it is measured again', async () => {
    await start([{ name: 'VM1', memoryMb: 1_024, changeGbPerHour: 3, snapshots: [{ name: 'a', state: 'poweredOn' }] }]);
    const vm = fixture.vm('VM1');
    const layout = async (): Promise<VirtualMachineFileLayoutEx> =>
      (await fixture.read(vm, ['layoutEx']))[0] as VirtualMachineFileLayoutEx;
    const first = await layout();
    const [snapshot] = first.snapshot;
    const file = (of: VirtualMachineFileLayoutEx, key: number | undefined) => of.file.find((each) => each.key === key);
    assert.equal(file(first, snapshot?.dataKey)?.type, 'snapshotData');
    assert.equal(file(first, snapshot?.memoryKey)?.size, gb);
    assert.equal(first.disk[0]?.chain.length, 2);
    assert.equal(snapshot?.disk[0]?.chain.length, 1);
    const liveKey = first.disk[0].chain[1]?.fileKey[1];
    fixture.clock.advance(20 * 60_000);
    assert.equal(file(await layout(), liveKey)?.size, file(first, liveKey)?.size, 'not measured since');
    await fixture.session.call(RefreshStorageInfo, vm, {});
    assert.equal((await layout()).timestamp, first.timestamp, 'it answers before it has measured');
    fixture.clock.advance(5_000);
    assert.ok((file(await layout(), liveKey)?.size ?? 0) > gb, 'a third of three gigabytes');
  });

  it('power: only from where it makes sense', async () => {
    await start();
    const vm = fixture.vm('VM1');
    assert.equal(faultIn(await fixture.run(PowerOnVM_Task, vm, {})), 'InvalidPowerState');
    assert.equal((await fixture.run(PowerOffVM_Task, vm, {})).state, 'success');
    assert.equal((await fixture.run(PowerOnVM_Task, vm, {})).state, 'success');
    assert.equal(fixture.state('VM1').power, 'poweredOn');
  });

  it('a question holds up everything until it is answered', async () => {
    const question = { id: 'q1', text: '?', choices: [{ key: '0', label: 'Yes' }], defaultIndex: 0 };
    await start([{ name: 'VM1', question }]);
    const vm = fixture.vm('VM1');
    const task = await fixture.session.call(CreateSnapshot_Task, vm, { name: 'a', ...disksOnly });
    fixture.clock.advance(600_000);
    assert.equal(((await fixture.read(task, ['info']))[0] as TaskInfo).state, 'running');
    assert.equal(
      (await faultOf(fixture.session.call(AnswerVM, vm, { questionId: 'q1', answerChoice: '9' }))).type,
      'InvalidArgument',
    );
    await fixture.session.call(AnswerVM, vm, { questionId: 'q1', answerChoice: '0' });
    assert.equal((await fixture.finish(task)).state, 'success');
  });

  for (const [what, spec, fault] of [
    ['an orphaned VM', { connection: 'orphaned' }, 'InvalidState'],
    ['a VM on a host that is away', { connection: 'disconnected' }, 'HostNotConnected'],
    ['a template', { isTemplate: true, power: 'poweredOff' }, 'NotSupported'],
    ['a fault-tolerant VM', { faultTolerance: true }, 'NotSupported'],
    [
      'a VM that a backup product holds',
      { disabledMethods: [{ method: 'CreateSnapshot_Task', source: 'com.veeam.backup' }] },
      'MethodDisabled',
    ],
  ] as const) {
    it(`${what} is refused before a task starts`, async () => {
      await start([{ name: 'VM1', ...spec }]);
      const refused = await faultOf(
        fixture.session.call(CreateSnapshot_Task, fixture.vm('VM1'), { name: 'a', ...disksOnly }),
      );
      assert.equal(refused.type, fault);
      assert.equal(fixture.simulator.server.registry.count('Task'), 0);
    });
  }

  it('a raw disk is found out by the host, with the device in the way', async () => {
    await start([{ name: 'VM1', disks: [{ capacityGb: 10, kind: 'rawPhysical' }] }]);
    const info = await fixture.run(CreateSnapshot_Task, fixture.vm('VM1'), { name: 'a', ...disksOnly });
    const { fault } = info.error as LocalizedMethodFault;
    assert.equal(fault.$type, 'SnapshotIncompatibleDeviceInVm');
    const { fault: nested } = fault as unknown as { fault: LocalizedMethodFault };
    assert.deepEqual(
      [nested.fault.$type, (nested.fault as unknown as { device: string }).device],
      ['RawDiskNotSupported', 'Hard disk 1'],
    );
  });
});
