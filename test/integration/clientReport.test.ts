import assert from 'node:assert/strict';
import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { objectIdOf } from '../../src/vsphere/ids';
import { ManagedObjectReference } from '../../src/vsphere/vim/schema';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { Simulator } from '../../src/simulator/simulator';
import { connectAs } from '../support/clientRig';
import { eventually } from '../support/eventually';

describe('reading for reports', () => {
  it('tells of many VMs in one call what the inventory does not hold, and leaves out what is gone', async () => {
    const simulator = await Simulator.start({
      inventory: smallInventory([
        {
          name: 'SQL01',
          annotation: 'Owner: DBA team',
          guest: 'windows2022',
          snapshots: [{ name: 'base', writtenGb: 2, children: [{ name: 'patch', writtenGb: 3 }] }],
          writtenGbSince: 1,
        },
        ...Array.from({ length: 60 }, (_, index) => ({ name: `VM${index}`, snapshots: [{ name: 's' }] })),
      ]),
    });
    const client = await connectAs(simulator);
    const abort = new AbortController();
    const store = new InventoryStore();
    const feed = client.watchInventory(store, abort.signal);
    try {
      await eventually('the inventory', () => store.isComplete);
      const vms = [...store.allVms()];
      const gone = objectIdOf(new ManagedObjectReference('VirtualMachine', 'vm-999999'));
      const calls = (): number => simulator.log.all.filter(({ method }) => method === 'RetrievePropertiesEx').length;
      const before = calls();
      const facts = await client.readReportFacts([...vms.map(({ id }) => id), gone]);
      // A list that is shorter than what was asked for makes it ask who it is; it does not read again.
      assert.equal(calls() - before, 1);
      assert.equal(facts.size, 61);
      const sql = vms.find(({ name }) => name === 'SQL01');
      assert.ok(sql);
      const ofSql = facts.get(sql.id);
      assert.ok(ofSql);
      assert.equal(ofSql.annotation, 'Owner: DBA team');
      assert.match(ofSql.uuid ?? '', /^[0-9a-f]{8}-/);
      assert.equal(`VirtualMachine:${ofSql.serverId}`, sql.id);
      for (const snapshot of allSnapshots(sql.snapshots)) {
        assert.equal(`VirtualMachineSnapshot:${ofSql.serverSnapshotIds.get(snapshot.id)}`, snapshot.id);
        assert.match(ofSql.files.get(snapshot.id)?.path ?? '', /^\[DS-01\] SQL01\/.+\.vmsn$/);
      }
      const sizes = await client.readSizes([sql.id]);
      assert.deepEqual(ofSql.sizes, sizes.get(sql.id));
      assert.equal(facts.get(vms.find(({ name }) => name === 'VM7')?.id ?? gone)?.annotation, '');
    } finally {
      abort.abort();
      await feed;
      await client.close();
      await simulator.stop();
    }
  });
});
