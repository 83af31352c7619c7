import type { InventoryBuilder, BuiltDatacenter } from './inventoryBuilder';
import type { VmSpec } from './vmSpec';

/** Puts VMs into an inventory. */
export type InventorySource = (builder: InventoryBuilder) => void;

/** One datacenter `DC1` with a cluster of two hosts, a datastore, a network, and the given VMs in its `vm` folder. */
export function smallInventory(vms: readonly VmSpec[]): InventorySource {
  return (builder) => {
    const datacenter = smallDatacenter(builder);
    for (const vm of vms) {
      builder.vm(datacenter, vm);
    }
  };
}

/** The frame of {@link smallInventory}, for tests that go on from there. */
export function smallDatacenter(builder: InventoryBuilder): BuiltDatacenter {
  if (builder.server.isEsx) {
    return esxDatacenter(builder);
  }
  const datacenter = builder.datacenter('DC1');
  builder.datastore(datacenter, 'DS-01', { capacityGb: 4_096 });
  builder.network(datacenter, 'VM Network');
  builder.cluster(datacenter, 'Cluster1', ['esx-01.example', 'esx-02.example']);
  return datacenter;
}

/** What every standalone host has, with the ids that it gives them. */
export function esxDatacenter(builder: InventoryBuilder): BuiltDatacenter {
  const datacenter = builder.datacenter('ha-datacenter', builder.root, {
    datacenter: 'ha-datacenter',
    vm: 'ha-folder-vm',
    host: 'ha-folder-host',
    datastore: 'ha-folder-datastore',
    network: 'ha-folder-network',
  });
  builder.datastore(datacenter, 'datastore1', { capacityGb: 4_096 }, '5f1c3a2e-7d1b6c9a-0d5e-3cecef012345');
  builder.network(datacenter, 'VM Network', 'HaNetwork-VM Network');
  builder.standaloneHost(
    datacenter,
    'esx-01.example',
    {},
    { compute: 'ha-compute-res', host: 'ha-host', pool: 'ha-root-pool' },
  );
  return datacenter;
}
