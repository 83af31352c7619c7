import assert from 'node:assert/strict';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { PrivilegeError } from '../../src/hypervisor/errors';
import type { OperationKind } from '../../src/hypervisor/model/operation';
import type { SnapshotId } from '../../src/hypervisor/model/ids';
import { treeDepth } from '../../src/hypervisor/model/snapshotTree';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import { failsAs, RecordingLogger, RecordingSink } from '../support/clientRig';
import { ClientScene } from '../support/clientScene';
import { eventually } from '../support/eventually';

const bytesPerGb = 1_073_741_824;
const bytesPerMb = 1_048_576;

const vms: readonly VmSpec[] = [
  {
    name: 'A',
    memoryMb: 2_048,
    disks: [{ capacityGb: 40, usedGb: 10 }],
    snapshots: [
      {
        name: 'root',
        children: [
          { name: 'child', state: 'poweredOn', writtenGb: 3, children: [{ name: 'leaf', writtenGb: 2 }] },
          { name: 'branch', writtenGb: 1 },
        ],
      },
    ],
    writtenGbSince: 4,
    changeGbPerHour: 0,
  },
  { name: 'B', power: 'poweredOff', leftoverLinks: 2, leftoverGb: 1 },
  { name: 'C', power: 'poweredOff' },
];

const near = (actual: number | undefined, expected: number): void => {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) < 128 * bytesPerMb,
    `${actual} is not about ${expected}`,
  );
};

describe('what the client knows of VMs', () => {
  let scene: ClientScene;
  let client: HypervisorClient;
  async function start(options: Parameters<typeof ClientScene.start>[1] = {}): Promise<void> {
    scene = await ClientScene.start(vms, options);
    ({ client } = scene);
  }
  afterEach(async () => {
    await scene.stop();
  });

  it('sizes of snapshots, each file once: deltas, memory, what grows, what was left behind', async () => {
    await start();
    const { vm, sizes } = await client.readVm(scene.vm('A'));
    assert.equal(treeDepth(vm.snapshots), 3);
    const of = (
      name: string,
    ): NonNullable<typeof sizes>['bySnapshot'] extends ReadonlyMap<SnapshotId, infer T> ? T | undefined : never =>
      sizes?.bySnapshot.get(scene.snapshot('A', name));
    near(of('root')?.diskBytes, 0);
    near(of('child')?.diskBytes, 3 * bytesPerGb);
    near(of('child')?.memoryBytes, 2 * bytesPerGb);
    near(of('leaf')?.diskBytes, 2 * bytesPerGb);
    near(of('leaf')?.memoryBytes, 0);
    near(of('branch')?.diskBytes, 1 * bytesPerGb);
    const current = vm.snapshots.currentId;
    assert.ok(current !== undefined);
    near(sizes?.bySnapshot.get(current)?.liveBytes, 4 * bytesPerGb);
    near(sizes?.totalBytes, 12 * bytesPerGb);
    assert.equal(sizes?.leftoverBytes, 0);
    near((await client.readVm(scene.vm('B'))).sizes?.leftoverBytes, 2 * bytesPerGb);
  });

  it('sizes of many VMs in one call, without those that are gone', async () => {
    await start();
    const ids = ['A', 'B', 'C'].map((name) => scene.vm(name));
    const before = scene.calls('RetrievePropertiesEx');
    const all = await client.readSizes(ids);
    assert.equal(scene.calls('RetrievePropertiesEx'), before + 1);
    assert.deepEqual([...all.keys()].sort(), [...ids].sort());
    near(all.get(scene.vm('A'))?.totalBytes, 12 * bytesPerGb);
    assert.equal(all.get(scene.vm('C'))?.totalBytes, 0);
    scene.simulator.execute({ command: 'removeVm', vm: 'B' });
    assert.deepEqual([...(await client.readSizes(ids)).keys()].sort(), [ids[0], ids[2]]);
  });

  it('the space that merging needs, for each datastore, and nothing where the server offers no estimate', async () => {
    await start();
    const [need, ...others] = await scene.until(client.estimateSpace(scene.vm('A')));
    const [datastore] = (await client.readVm(scene.vm('A'))).datastores;
    assert.deepEqual([need?.datastoreId, others], [datastore?.id, []]);
    assert.ok((need?.bytes ?? 0) > bytesPerGb);
    const method = 'EstimateStorageForConsolidateSnapshots_Task';
    for (const kind of ['fault', 'taskFault'] as const) {
      scene.simulator.rules.add({ method, count: 1, action: { kind, type: 'NotSupported' } });
      assert.deepEqual(await scene.until(client.estimateSpace(scene.vm('A'))), []);
    }
    scene.simulator.rules.add({ method, action: { kind: 'close', when: 'before', how: 'reset' } });
    await failsAs('connectionLost', client.estimateSpace(scene.vm('A')));
  });

  it('reads every VM of the demo without a complaint', async () => {
    await start({ inventory: 'demo' });
    const logger = new RecordingLogger();
    const other = await scene.connect({ logger });
    const sink = new RecordingSink();
    const abort = new AbortController();
    const watching = other.watchInventory(sink, abort.signal);
    await eventually('the picture', () => sink.count('complete') > 0);
    for (const { id, kind } of sink.objects.values()) {
      if (kind === 'vm') {
        await other.readVm(id);
      }
    }
    abort.abort();
    await watching;
    assert.deepEqual(
      logger.lines.filter((line) => /^(?:warn|error)/.test(line)),
      [],
    );
  });

  it('a user who may only read sees everything, is told what is missing, and changes nothing', async () => {
    await start({
      users: [
        { name: 'admin', password: 'x', permissions: [{ role: 'Admin' }] },
        { name: 'reader', password: 'y', permissions: [{ role: 'ReadOnly' }] },
      ],
    });
    const reader = await scene.connect({}, { user: 'reader', password: 'y' });
    const vmId = scene.vm('A');
    const snapshotId = scene.snapshot('A', 'leaf');
    assert.equal((await reader.readVm(vmId)).vm.name, 'A');
    const labels: Readonly<Partial<Record<OperationKind, RegExp>>> = {
      take: /Create snapshot/,
      edit: /Rename snapshot/,
      restore: /Revert to snapshot/,
      delete: /Remove snapshot/,
      powerOn: /Power on/i,
    };
    for (const [kind, label] of Object.entries(labels)) {
      assert.match((await reader.missingPrivileges(vmId, kind as OperationKind)).join(), label);
      assert.deepEqual(await client.missingPrivileges(vmId, kind as OperationKind), []);
    }
    const error = await failsAs('noPrivilege', reader.start({ kind: 'delete', vmId, snapshotId }));
    assert.ok(error instanceof PrivilegeError);
    assert.match(error.missing.join(), /Remove snapshot/);
    await failsAs('noPrivilege', reader.start({ kind: 'edit', vmId, snapshotId, name: 'z' }));
    assert.equal((await client.readVm(vmId)).activeTasks.length, 0);
  });

  it('a right that was given meanwhile counts after a refusal', async () => {
    await start({
      users: [
        { name: 'admin', password: 'x', permissions: [{ role: 'Admin' }] },
        { name: 'other', password: 'y', permissions: [{ role: 'Admin' }] },
      ],
    });
    const other = await scene.connect({}, { user: 'other', password: 'y' });
    const vmId = scene.vm('C');
    const take = { kind: 'take', vmId, name: 'n', description: '', contents: 'disks' } as const;
    assert.deepEqual(await other.missingPrivileges(vmId, 'take'), []);
    scene.simulator.execute({ command: 'grant', user: 'other', role: 'ReadOnly' });
    await failsAs('noPrivilege', other.start(take));
    assert.match((await other.missingPrivileges(vmId, 'take')).join(), /Create snapshot/);
  });
});

describe('the client on a standalone ESXi', () => {
  let scene: ClientScene;
  afterEach(async () => {
    await scene.stop();
  });

  it('does all that it does on a vCenter', async () => {
    scene = await ClientScene.start(vms, { esx: true });
    const { client } = scene;
    assert.deepEqual([client.identity.product, client.identity.instanceId], ['ESXi', undefined]);
    const sink = new RecordingSink();
    const abort = new AbortController();
    const watching = client.watchInventory(sink, abort.signal);
    await eventually('the picture', () => sink.count('complete') > 0);
    assert.deepEqual(sink.vmNames(), ['A', 'B', 'C']);
    abort.abort();
    await watching;
    const vmId = scene.vm('A');
    const taken = await scene.run({ kind: 'take', vmId, name: 'n', description: 'd', contents: 'memory' });
    assert.equal(taken.state, 'succeeded');
    assert.ok(taken.snapshotId !== undefined);
    const { vm, managedBy } = await client.readVm(vmId);
    assert.deepEqual([vm.snapshots.currentId, managedBy], [taken.snapshotId, undefined]);
    for (const operation of [
      { kind: 'restore', vmId, snapshotId: scene.snapshot('A', 'leaf') },
      { kind: 'restoreLatest', vmId },
      { kind: 'delete', vmId, snapshotId: scene.snapshot('A', 'child') },
      { kind: 'deleteAll', vmId },
      { kind: 'consolidate', vmId: scene.vm('B') },
      { kind: 'powerOn', vmId: scene.vm('B') },
    ] as const) {
      assert.equal((await scene.run(operation)).state, 'succeeded', operation.kind);
    }
    // It keeps no history and cannot be asked about privileges; neither is an error.
    assert.deepEqual(await client.missingPrivileges(vmId, 'take'), []);
    assert.ok((await client.recentTasks(vmId)).length >= 4);
    assert.deepEqual(await client.pastTasks(vmId, 0), []);
    assert.equal(scene.calls('CreateCollectorForTasks'), 0);
  });

  it('says why one with a free licence refuses every change', async () => {
    scene = await ClientScene.start(vms, { esx: 'restricted' });
    const take = { kind: 'take', vmId: scene.vm('A'), name: 'n', description: '', contents: 'disks' } as const;
    const error = await failsAs('license', scene.client.start(take));
    assert.match(error.say(), /allows viewing only/);
  });
});
