import assert from 'node:assert/strict';
import type { HypervisorClient } from '../../src/hypervisor/client';
import type { SnapshotId } from '../../src/hypervisor/model/ids';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import { objectIdOf, snapshotIdOf } from '../../src/vsphere/ids';
import { VirtualDisk, VirtualDiskFlatVer2BackingInfo } from '../../src/vsphere/vim/device';
import { ReconfigVM_Task } from '../../src/vsphere/vim/lifecycle';
import { typed } from '../../src/vsphere/vim/schema';
import { CreateSnapshot_Task } from '../../src/vsphere/vim/snapshot';
import { connectAs, failsAs } from '../support/clientRig';
import { SimulatorFixture } from '../support/simulatorFixture';

describe('what a server knows of a snapshot', () => {
  let fixture: SimulatorFixture;
  let client: HypervisorClient;

  beforeEach(async () => {
    fixture = await SimulatorFixture.start([
      {
        name: 'VM1',
        power: 'poweredOff',
        cpus: 2,
        memoryMb: 2_048,
        disks: [{ capacityGb: 20 }],
        extraConfig: { a: '1' },
      },
    ]);
    client = await connectAs(fixture.simulator);
  });

  afterEach(async () => {
    await client.close();
    await fixture.stop();
  });

  const take = async (name: string): Promise<SnapshotId> => {
    await fixture.run(CreateSnapshot_Task, fixture.vm('VM1'), { name, memory: false, quiesce: false });
    return snapshotIdOf(fixture.snapshot('VM1', name));
  };

  it('is the configuration at that time, beside the one now', async () => {
    const first = await take('first');
    const vmId = objectIdOf(fixture.vm('VM1'));
    const disk = typed(VirtualDisk, {
      key: -1,
      controllerKey: 1_000,
      unitNumber: 3,
      capacityInKB: 5 * 1024 ** 2,
      backing: typed(VirtualDiskFlatVer2BackingInfo, { fileName: '', diskMode: 'persistent' }),
    });
    await fixture.run(ReconfigVM_Task, fixture.vm('VM1'), {
      spec: {
        numCPUs: 8,
        memoryMB: 16_384,
        deviceChange: [{ operation: 'add', fileOperation: 'create', device: disk }],
        extraConfig: [],
      },
    });
    const second = await take('second');
    const then = await client.readConfiguration(vmId, first);
    const later = await client.readConfiguration(vmId, second);
    const now = await client.readConfiguration(vmId, undefined);
    assert.deepEqual(
      [then, later].map(({ cpus, memoryMb, disks }) => [
        cpus,
        memoryMb,
        disks.map(({ capacityBytes }) => capacityBytes),
      ]),
      [
        [2, 2_048, [20 * 1024 ** 3]],
        [8, 16_384, [20 * 1024 ** 3, 5 * 1024 ** 3]],
      ],
    );
    // Snapshots put another file on top of each disk; the configuration is the same.
    assert.deepEqual(now, later);
    assert.equal(then.options.get('a'), '1');
    assert.equal(then.networks[0]?.network, 'VM Network');
    assert.match(then.disks[0]?.controller ?? '', /^SCSI controller 0:0$/);
    assert.ok(then.devices.some(({ label }) => label === 'Video card'));
  });

  it('is gone with the snapshot', async () => {
    const vmId = objectIdOf(fixture.vm('VM1'));
    await failsAs('gone', client.readConfiguration(vmId, 'VirtualMachineSnapshot:snapshot-999' as SnapshotId));
  });

  it('is who took it, from the history of tasks, page after page', async () => {
    const vmId = objectIdOf(fixture.vm('VM1'));
    await take('first');
    // More tasks than are read at once, and long enough ago for the list of recent ones.
    for (let number = 0; number < 105; number++) {
      await fixture.run(ReconfigVM_Task, fixture.vm('VM1'), {
        spec: { annotation: String(number), deviceChange: [], extraConfig: [] },
      });
    }
    fixture.clock.advance(3_600_000);
    const { vm } = await client.readVm(vmId);
    const snapshots = allSnapshots(vm.snapshots);
    const creators = await client.snapshotCreators(vmId, snapshots);
    assert.deepEqual([...creators.values()], [client.identity.userName]);
    assert.equal([...fixture.simulator.server.registry.all('TaskHistoryCollector')].length, 0);
  });
});
