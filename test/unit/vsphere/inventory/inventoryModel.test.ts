import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/common/logger';
import { InventoryStore } from '../../../../src/hypervisor/inventory/inventoryStore';
import type { ObjectId } from '../../../../src/hypervisor/model/ids';
import type { InventoryObject, Layout } from '../../../../src/hypervisor/model/inventory';
import { InventoryModel } from '../../../../src/vsphere/inventory/inventoryModel';
import { ManagedObjectReference } from '../../../../src/vsphere/vim/schema';

type Properties = Readonly<Record<string, unknown>>;

function ref(key: string): ManagedObjectReference {
  return ManagedObjectReference.fromKey(key);
}

/** Properties as a server tells them; undefined stands for one that has become unset. */
function changes(properties: Properties): { name: string; val: unknown }[] {
  return Object.entries(properties).map(([name, val]) => ({ name, val }));
}

class Fixture {
  readonly warnings: string[] = [];
  readonly model = new InventoryModel('Folder:group-d1' as ObjectId, {
    ...nullLogger,
    warn: (message) => this.warnings.push(message),
  });
  readonly store = new InventoryStore();

  put(key: string, properties: Properties): void {
    this.model.apply(ref(key), changes(properties), []);
  }

  flush(): readonly InventoryObject[] {
    const { put, removed } = this.model.news();
    this.store.remove(removed);
    this.store.put(put);
    return put;
  }

  object(key: string): InventoryObject | undefined {
    this.flush();
    return this.store.get(key as ObjectId);
  }

  /** The tree as lines, children in the order of their names. */
  draw(layout: Layout, parent?: ObjectId, indent = ''): string[] {
    this.flush();
    return this.store
      .children(layout, parent)
      .sort((a, b) => a.name.localeCompare(b.name))
      .flatMap((each) => [`${indent}${each.kind} ${each.name}`, ...this.draw(layout, each.id, `${indent}  `)]);
  }
}

const folderTypes = {
  root: ['Folder', 'Datacenter'],
  vm: ['Folder', 'VirtualMachine', 'VirtualApp'],
  host: ['Folder', 'ComputeResource'],
  datastore: ['Folder', 'Datastore', 'StoragePod'],
  network: ['Folder', 'Network', 'DistributedVirtualSwitch'],
};

/** A small vCenter: a datacenter with all four folders, a cluster, a standalone host, pools, a vApp and VMs. */
const vCenter: readonly [key: string, properties: Properties][] = [
  ['Folder:group-d1', { name: 'Datacenters', childType: folderTypes.root }],
  ['Folder:group-d2', { name: 'Europe', parent: ref('Folder:group-d1'), childType: folderTypes.root }],
  ['Datacenter:dc-1', { name: 'Paris', parent: ref('Folder:group-d2') }],
  ['Folder:group-v1', { name: 'vm', parent: ref('Datacenter:dc-1'), childType: folderTypes.vm }],
  ['Folder:group-h1', { name: 'host', parent: ref('Datacenter:dc-1'), childType: folderTypes.host }],
  ['Folder:group-s1', { name: 'datastore', parent: ref('Datacenter:dc-1'), childType: folderTypes.datastore }],
  ['Folder:group-n1', { name: 'network', parent: ref('Datacenter:dc-1'), childType: folderTypes.network }],
  ['Folder:group-s2', { name: 'Fast', parent: ref('Folder:group-s1'), childType: folderTypes.datastore }],
  ['Folder:group-v2', { name: 'vm', parent: ref('Folder:group-v1'), childType: folderTypes.vm }],
  ['Folder:group-h2', { name: 'Racks', parent: ref('Folder:group-h1'), childType: folderTypes.host }],
  ['ClusterComputeResource:c-1', { name: 'Cluster', parent: ref('Folder:group-h2') }],
  ['HostSystem:host-1', { name: 'esx-1', parent: ref('ClusterComputeResource:c-1') }],
  ['ResourcePool:rp-1', { name: 'Resources', parent: ref('ClusterComputeResource:c-1') }],
  ['ResourcePool:rp-2', { name: 'Resources', parent: ref('ResourcePool:rp-1') }],
  ['ComputeResource:r-1', { name: 'esx-9', parent: ref('Folder:group-h1') }],
  ['HostSystem:host-9', { name: 'esx-9', parent: ref('ComputeResource:r-1') }],
  ['ResourcePool:rp-9', { name: 'Resources', parent: ref('ComputeResource:r-1') }],
  ['VirtualApp:app-1', { name: 'Shop', parent: ref('ResourcePool:rp-1'), parentFolder: ref('Folder:group-v1') }],
  ['VirtualApp:app-2', { name: 'Inner', parent: ref('VirtualApp:app-1') }],
  ['VirtualMachine:vm-1', { name: 'SQL01', parent: ref('Folder:group-v2'), resourcePool: ref('ResourcePool:rp-2') }],
  ['VirtualMachine:vm-2', { name: 'WEB', parentVApp: ref('VirtualApp:app-1'), resourcePool: ref('VirtualApp:app-1') }],
  ['VirtualMachine:vm-3', { name: 'DB', parentVApp: ref('VirtualApp:app-2'), resourcePool: ref('VirtualApp:app-2') }],
  ['VirtualMachine:vm-4', { name: 'LAB', parent: ref('Folder:group-v1'), resourcePool: ref('ResourcePool:rp-9') }],
  ['VirtualMachine:vm-5', { name: 'Gold', parent: ref('Folder:group-v1'), 'config.template': true }],
];

const foldersLayout = [
  'folder Europe',
  '  datacenter Paris',
  '    vm Gold',
  '    vm LAB',
  '    vApp Shop',
  '      vApp Inner',
  '        vm DB',
  '      vm WEB',
  '    folder vm',
  '      vm SQL01',
];

const computeLayout = [
  'folder Europe',
  '  datacenter Paris',
  '    host esx-9',
  '      vm LAB',
  '    folder Racks',
  '      cluster Cluster',
  '        host esx-1',
  '        resourcePool Resources',
  '          vm SQL01',
  '        vApp Shop',
  '          vApp Inner',
  '            vm DB',
  '          vm WEB',
];

describe('InventoryModel', () => {
  it('builds both layouts of the vSphere Client, whatever the order of arrival', () => {
    for (const order of [vCenter, [...vCenter].reverse()]) {
      const fixture = new Fixture();
      for (const [key, properties] of order) {
        fixture.put(key, properties);
        fixture.flush();
      }
      assert.deepEqual(fixture.draw('folders'), foldersLayout);
      assert.deepEqual(fixture.draw('compute'), computeLayout);
    }
  });

  it('builds those of an ESXi', () => {
    const fixture = new Fixture();
    const esxi: readonly [string, Properties][] = [
      ['Folder:group-d1', { name: 'ha-folder-root', childType: ['Datacenter'] }],
      ['Datacenter:ha-datacenter', { name: 'ha-datacenter', parent: ref('Folder:group-d1') }],
      ['Folder:ha-folder-vm', { name: 'vm', parent: ref('Datacenter:ha-datacenter'), childType: ['VirtualMachine'] }],
      [
        'Folder:ha-folder-host',
        { name: 'host', parent: ref('Datacenter:ha-datacenter'), childType: ['ComputeResource'] },
      ],
      ['ComputeResource:ha-compute-res', { name: 'esx.lab', parent: ref('Folder:ha-folder-host') }],
      ['HostSystem:ha-host', { name: 'esx.lab', parent: ref('ComputeResource:ha-compute-res') }],
      ['ResourcePool:ha-root-pool', { name: 'Resources', parent: ref('ComputeResource:ha-compute-res') }],
      [
        'VirtualMachine:12',
        { name: 'a', parent: ref('Folder:ha-folder-vm'), resourcePool: ref('ResourcePool:ha-root-pool') },
      ],
    ];
    for (const [key, properties] of esxi) {
      fixture.put(key, properties);
    }
    assert.deepEqual(fixture.draw('folders'), ['datacenter ha-datacenter', '  vm a']);
    assert.deepEqual(fixture.draw('compute'), ['datacenter ha-datacenter', '  host esx.lab', '    vm a']);
  });

  it('shows at top level what an account sees without its parents', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', {
      name: 'a',
      parent: ref('Folder:group-v7'),
      resourcePool: ref('ResourcePool:rp-7'),
    });
    fixture.put('VirtualMachine:vm-2', { name: 'b' });
    fixture.put('VirtualApp:app-1', { name: 'c' });
    fixture.put('Folder:group-v8', { name: 'd' });
    assert.deepEqual(fixture.draw('folders'), ['vm a', 'vm b', 'vApp c', 'folder d']);
    assert.deepEqual(fixture.draw('compute'), ['vm a', 'vm b', 'vApp c', 'folder d']);
  });

  it('takes a folder that bears a structural name for a folder', () => {
    const fixture = new Fixture();
    for (const [key, properties] of vCenter) {
      fixture.put(key, properties);
    }
    const folder = fixture.object('Folder:group-v2');
    assert.ok(folder?.kind === 'folder' && !folder.structural);
    const pool = fixture.object('ResourcePool:rp-2');
    assert.ok(pool?.kind === 'resourcePool' && !pool.structural);
  });

  it('shows a VM of a vApp in its folder where the server gives it one, as vcsim does', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', {
      name: 'a',
      parent: ref('Folder:group-v1'),
      resourcePool: ref('VirtualApp:app-1'),
    });
    assert.deepEqual(fixture.object('VirtualMachine:vm-1')?.placement, {
      folders: 'Folder:group-v1',
      compute: 'VirtualApp:app-1',
    });
  });

  it('finds the vApp of a VM that has neither a folder nor a vApp of its own', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', { name: 'a', resourcePool: ref('VirtualApp:app-1') });
    assert.equal(fixture.object('VirtualMachine:vm-1')?.placement.folders, 'VirtualApp:app-1');
  });

  it('shows templates in the folders only', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', { name: 'a', parent: ref('Folder:f'), 'config.template': true });
    assert.deepEqual(fixture.object('VirtualMachine:vm-1')?.placement, { folders: 'Folder:f' });
    fixture.put('VirtualMachine:vm-1', { 'config.template': false, resourcePool: ref('ResourcePool:p') });
    assert.deepEqual(fixture.object('VirtualMachine:vm-1')?.placement, {
      folders: 'Folder:f',
      compute: 'ResourcePool:p',
    });
  });

  it('gives the condition of a standalone host to the one that stands for it', () => {
    const fixture = new Fixture();
    const condition = (key: string): unknown => {
      const object = fixture.object(key);
      return object?.kind === 'host' ? object.condition : 'no host';
    };
    fixture.put('ComputeResource:r', { name: 'esx', parent: ref('Folder:h') });
    fixture.put('HostSystem:h', {
      name: 'esx',
      parent: ref('ComputeResource:r'),
      'runtime.connectionState': 'notResponding',
    });
    assert.equal(condition('ComputeResource:r'), 'notResponding');
    assert.deepEqual(fixture.object('HostSystem:h')?.placement, {});
    fixture.put('HostSystem:h', { 'runtime.connectionState': 'connected', 'runtime.inMaintenanceMode': true });
    assert.equal(condition('ComputeResource:r'), 'maintenance');
    fixture.put('HostSystem:h', { 'runtime.connectionState': 'disconnected' });
    assert.equal(condition('ComputeResource:r'), 'disconnected');
    fixture.model.remove('HostSystem:h' as ObjectId);
    assert.equal(condition('ComputeResource:r'), undefined);
  });

  it('takes over every fact of a VM', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', {
      name: 'centos%2f7',
      parent: ref('Folder:f'),
      resourcePool: ref('ResourcePool:p'),
      'runtime.powerState': 'suspended',
      'runtime.connectionState': 'orphaned',
      'runtime.host': ref('HostSystem:h'),
      'runtime.consolidationNeeded': true,
      'runtime.question': { id: '1', text: 'Retry?', choice: { choiceInfo: [] } },
      'summary.config.memorySizeMB': 2_048,
      'summary.config.guestFullName': 'CentOS 7 (64-bit)',
      snapshot: {
        rootSnapshotList: [
          {
            snapshot: ref('VirtualMachineSnapshot:s-1'),
            vm: ref('VirtualMachine:vm-1'),
            name: 's',
            description: '',
            id: 1,
            createTime: '2026-11-22T14:05:00Z',
            state: 'poweredOff',
            quiesced: false,
            childSnapshotList: [],
          },
        ],
      },
    });
    const vm = fixture.object('VirtualMachine:vm-1');
    assert.ok(vm?.kind === 'vm');
    assert.deepEqual(
      { ...vm, snapshots: vm.snapshots.roots.length },
      {
        kind: 'vm',
        id: 'VirtualMachine:vm-1',
        name: 'centos/7',
        placement: { folders: 'Folder:f', compute: 'ResourcePool:p' },
        powerState: 'suspended',
        reachability: 'orphaned',
        isTemplate: false,
        needsConsolidation: true,
        hostId: 'HostSystem:h',
        memoryBytes: 2_147_483_648,
        guestName: 'CentOS 7 (64-bit)',
        question: 'Retry?',
        snapshots: 1,
      },
    );
  });

  it('keeps the row of a VM of which almost nothing can be read, or that is being created', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', {});
    fixture.put('VirtualMachine:vm-2', { name: 'b', 'runtime.connectionState': 'inaccessible' });
    fixture.put('VirtualMachine:vm-3', { name: 'c', 'runtime.connectionState': 'haunted' });
    const states = ['vm-1', 'vm-2', 'vm-3'].map((id) => {
      const vm = fixture.object(`VirtualMachine:${id}`);
      return vm?.kind === 'vm' ? [vm.name, vm.reachability, vm.powerState] : undefined;
    });
    assert.deepEqual(states, [
      ['', 'connected', 'off'],
      ['b', 'inaccessible', 'off'],
      ['c', 'invalid', 'off'],
    ]);
  });

  it('merges what has changed into what was known', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', {
      name: 'a',
      'runtime.powerState': 'poweredOn',
      'runtime.host': ref('HostSystem:1'),
    });
    fixture.flush();
    fixture.put('VirtualMachine:vm-1', { 'runtime.host': ref('HostSystem:2') });
    const [vm] = fixture.flush();
    assert.ok(vm?.kind === 'vm');
    assert.deepEqual([vm.name, vm.powerState, vm.hostId], ['a', 'on', 'HostSystem:2']);
    assert.deepEqual(fixture.flush(), [], 'told once');
  });

  it('takes a change without a value for unset, also of a part that goes away as a whole', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', {
      name: 'a',
      'summary.config.guestFullName': 'g',
      'summary.config.memorySizeMB': 1,
      'runtime.question': { id: '1', text: '?', choice: { choiceInfo: [] } },
    });
    fixture.put('VirtualMachine:vm-1', { 'runtime.question': undefined, 'summary.config': undefined });
    const vm = fixture.object('VirtualMachine:vm-1');
    assert.ok(vm?.kind === 'vm');
    assert.deepEqual([vm.question, vm.guestName, vm.memoryBytes, vm.name], [undefined, undefined, undefined, 'a']);
  });

  it('takes what may no longer be read for unset', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', { name: 'a', parent: ref('Folder:f') });
    const fault = { fault: { $type: 'NoPermission', faultMessage: [] } };
    fixture.model.apply(ref('VirtualMachine:vm-1'), [], [{ path: 'parent', fault }]);
    assert.equal(fixture.object('VirtualMachine:vm-1')?.placement.folders, null);
  });

  it('takes a value of the wrong type for unset and says so once', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', { name: 7, parent: 'group-v1', 'config.template': 'true', snapshot: [] });
    fixture.put('VirtualMachine:vm-2', { name: 8, 'runtime.host': { $type: 'AboutInfo' } });
    const vm = fixture.object('VirtualMachine:vm-1');
    assert.ok(vm?.kind === 'vm');
    assert.deepEqual([vm.name, vm.isTemplate, vm.placement.folders, vm.snapshots.roots.length], ['', false, null, 0]);
    assert.equal(fixture.warnings.length, 5);
    assert.equal(fixture.warnings.filter((line) => line.includes('VirtualMachine.name')).length, 1);
  });

  it('tells of removals, and nothing of what came and went in between', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', { name: 'a' });
    fixture.put('VirtualMachine:vm-2', { name: 'b' });
    fixture.flush();
    fixture.put('VirtualMachine:vm-2', { name: 'bb' });
    fixture.model.remove('VirtualMachine:vm-2' as ObjectId);
    fixture.model.remove('VirtualMachine:vm-9' as ObjectId);
    assert.deepEqual(fixture.model.news(), { put: [], removed: ['VirtualMachine:vm-2'] });
    fixture.model.keepOnly(new Set());
    assert.deepEqual(fixture.model.news(), { put: [], removed: ['VirtualMachine:vm-1'] });
  });

  it('gives an object back that was removed and came again', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', { name: 'a' });
    fixture.flush();
    fixture.model.remove('VirtualMachine:vm-1' as ObjectId);
    fixture.put('VirtualMachine:vm-1', { name: 'again' });
    const { put, removed } = fixture.model.news();
    assert.deepEqual([put.map(({ name }) => name), removed], [['again'], []]);
  });

  it('passes over objects of types that are in no layout', () => {
    const fixture = new Fixture();
    fixture.put('Datastore:ds-1', { name: 'DS' });
    assert.deepEqual(fixture.flush(), []);
  });

  it('forgets what an object no longer has that enters anew, and nothing else', () => {
    const fixture = new Fixture();
    fixture.put('VirtualMachine:vm-1', {
      name: 'A',
      'runtime.question': { text: 'Retry?' },
      'runtime.powerState': 'poweredOn',
    });
    fixture.model.enter(ref('VirtualMachine:vm-1'), changes({ name: 'A' }), []);
    const entered = fixture.object('VirtualMachine:vm-1');
    assert.ok(entered?.kind === 'vm');
    assert.deepEqual([entered.name, entered.question, entered.powerState], ['A', undefined, 'off']);
    fixture.put('VirtualMachine:vm-1', { 'runtime.powerState': 'poweredOn' });
    const changed = fixture.object('VirtualMachine:vm-1');
    assert.ok(changed?.kind === 'vm');
    assert.deepEqual([changed.name, changed.powerState], ['A', 'on']);
  });
});
