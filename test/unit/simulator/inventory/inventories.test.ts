import assert from 'node:assert/strict';
import { demoInventory } from '../../../../src/simulator/inventory/demoInventory';
import { generatedInventory } from '../../../../src/simulator/inventory/generatedInventory';
import { randomSnapshots } from '../../../../src/simulator/inventory/randomSnapshots';
import type { SnapshotSpec } from '../../../../src/simulator/inventory/snapshotHistory';
import { pathOf } from '../../../../src/simulator/model/inventoryPaths';
import type { ManagedObject } from '../../../../src/simulator/model/registry';
import { seededRandom } from '../../../../src/simulator/random/random';
import type { VimServer } from '../../../../src/simulator/server/vimServer';
import { bytesByDatastore } from '../../../../src/simulator/state/diskChain';
import { depthOf } from '../../../../src/simulator/state/snapshotTree';
import type { VmState } from '../../../../src/simulator/state/vmState';
import { isWritable } from '../../../../src/vsphere/soap/vimEncoder';
import { bareServer } from '../../../support/bareServer';
import { nowMs, treeText, vmState } from '../../../support/vmStates';

function vms(server: VimServer): ManagedObject<'VirtualMachine'>[] {
  return [...server.registry.all('VirtualMachine')];
}

/** What holds for every inventory: lists and back references agree, and space is booked. */
function checkInventory(server: VimServer): void {
  const { registry } = server;
  const used = new Map<string, number>();
  for (const vm of vms(server)) {
    const { parent, parentVApp, resourcePool, host } = vm.state;
    if (parent !== undefined) {
      assert.ok(registry.get('Folder', parent).state.children.includes(vm.ref), vm.state.name);
    }
    assert.equal(parent === undefined, parentVApp !== undefined, `${vm.state.name} is in a folder or in a vApp`);
    assert.equal(resourcePool === undefined, vm.state.isTemplate, `${vm.state.name}: templates have no pool`);
    assert.ok(host !== undefined && registry.get('HostSystem', host).state.vms.includes(vm.ref), vm.state.name);
    for (const [id, bytes] of bytesByDatastore(vm.state)) {
      used.set(id, (used.get(id) ?? 0) + bytes);
    }
    for (const { id } of vm.state.snapshots) {
      assert.equal(registry.find('VirtualMachineSnapshot', id)?.state.vm, vm.ref);
    }
  }
  for (const { ref, state } of registry.all('Datastore')) {
    assert.ok(state.usedBytes >= (used.get(ref.value) ?? 0), `${state.name}: all is booked`);
    assert.ok(state.usedBytes <= state.capacityBytes, `${state.name} holds what is on it`);
  }
}

describe('simulator: the demo', () => {
  const { server } = bareServer(demoInventory);
  const all = vms(server);
  const named = (name: string): VmState => {
    const found = all.find(({ state }) => state.name === name);
    assert.ok(found !== undefined, name);
    return found.state;
  };
  const some = (what: string, fits: (vm: VmState) => boolean): void => {
    it(`has ${what}`, () => {
      assert.ok(all.some(({ state }) => fits(state)));
    });
  };

  it('is whole', () => {
    checkInventory(server);
    assert.equal(server.registry.count('Datacenter'), 2);
    assert.ok(all.length >= 40);
  });

  some('a chain near the limit', (vm) => depthOf(vm, vm.currentId) >= 28);
  some('a chain that is old and large', (vm) =>
    vm.snapshots.some(({ createdAtMs }) => nowMs - createdAtMs > 900 * 86_400_000),
  );
  some('several roots', (vm) => vm.snapshots.filter(({ parentId }) => parentId === undefined).length > 1);
  some('branches', (vm) =>
    vm.snapshots.some(({ id }) => vm.snapshots.filter(({ parentId }) => parentId === id).length > 1),
  );
  some('a VM that needs consolidation', (vm) => vm.consolidationNeeded);
  some('an orphaned VM', (vm) => vm.connection === 'orphaned');
  some('an inaccessible VM', (vm) => vm.connection === 'inaccessible');
  some('a disconnected VM', (vm) => vm.connection === 'disconnected');
  some('a suspended VM', (vm) => vm.power === 'suspended');
  some('a snapshot with memory', (vm) => vm.snapshots.some(({ power }) => power === 'poweredOn'));
  some('a snapshot of a backup product', (vm) => vm.snapshots.some(({ name }) => name.startsWith('VEEAM BACKUP')));
  some('a raw disk', (vm) => vm.config.disks.some(({ kind }) => kind === 'rawPhysical'));
  some('an independent disk', (vm) =>
    vm.config.disks.some(({ kind, mode }) => kind === 'flat' && mode !== 'persistent'),
  );
  some('a shared bus', (vm) => vm.config.controllers.some(({ sharedBus }) => sharedBus !== 'noSharing'));
  some('a device that is passed through', (vm) => vm.config.passthrough.length > 0);
  some('a VM under Fault Tolerance', (vm) => vm.faultTolerance);
  some('a VM with a question', (vm) => vm.question !== undefined);
  some('a VM that another product has a hand on', (vm) => vm.disabledMethods.length > 0);
  some('a VM in a vApp', (vm) => vm.parentVApp !== undefined);
  some('a template', (vm) => vm.isTemplate);
  some('system VMs', (vm) => vm.name.startsWith('vCLS-'));
  some(
    'no current snapshot in a tree that is not empty',
    (vm) => vm.snapshots.length > 0 && vm.currentId === undefined,
  );
  some('a limit of its own', (vm) => vm.config.extraConfig.has('snapshot.maxSnapshots'));
  some('a name of more than 80 characters', (vm) => vm.name.length > 80);

  it('has VMs of one name in two folders, and snapshots of one name in one VM', () => {
    assert.equal(all.filter(({ state }) => state.name === 'APP01').length, 2);
    assert.equal(all.filter(({ state }) => state.name === 'SQL01').length, 2);
    assert.equal(named('WEB03').snapshots.filter(({ name }) => name === 'nightly').length, 3);
  });

  it('has names with every character that hurts, and all can be written', () => {
    const names = all.map(({ state }) => state.name).join('\n');
    for (const part of ['/', '\\', '%', '<', '&', '"', "'", '$(', '🚀', 'שרת', '\u202e', ' blanks around ', '007']) {
      assert.ok(names.includes(part), part);
    }
    for (const vm of all) {
      assert.ok(isWritable(pathOf(server.registry, vm)), vm.state.name);
      for (const { name, description } of vm.state.snapshots) {
        assert.ok(isWritable(name) && isWritable(description), name);
      }
    }
  });

  it('has a VM that was given processors, memory and a disk between two of its snapshots', () => {
    const { snapshots, config } = named('SQL01');
    const hardware = ({ cpus, memoryMb, disks }: typeof config): unknown => [cpus, memoryMb, disks.length];
    assert.deepEqual(
      snapshots.map((snapshot) => hardware(snapshot.config)),
      [
        [4, 8_192, 2],
        [8, 16_384, 3],
        [8, 16_384, 3],
      ],
    );
    assert.deepEqual(hardware(config), [8, 16_384, 3]);
    assert.equal(new Set(config.disks.map(({ uuid }) => uuid)).size, 3);
  });

  it('never grows old: nothing is in the future and the ages are those that were given', () => {
    const [oldest] = named('SQL01').snapshots.length > 0 ? named('SQL01').snapshots : [];
    assert.equal(Math.round((server.clock.now() - (oldest?.createdAtMs ?? 0)) / 86_400_000), 41);
    for (const { state } of all) {
      assert.ok(
        state.snapshots.every(({ createdAtMs }) => createdAtMs <= server.clock.now()),
        state.name,
      );
    }
  });
});

describe('simulator: generated inventories', () => {
  it('have the counts that were asked for, and predictable names', () => {
    const { server } = bareServer(
      generatedInventory({ vms: 250, vmsPerCluster: 100, hostsPerCluster: 3, vmsPerFolder: 50 }),
    );
    checkInventory(server);
    assert.equal(server.registry.count('VirtualMachine'), 250);
    assert.equal(server.registry.count('ClusterComputeResource'), 3);
    assert.equal(server.registry.count('HostSystem'), 9);
    const withSnapshots = vms(server).filter(({ state }) => state.snapshots.length > 0);
    assert.equal(withSnapshots.length, 50);
    assert.ok(withSnapshots.every(({ state }) => state.snapshots.length === 3));
    assert.ok(vms(server).some(({ state }) => state.name === 'VM-00250'));
  });

  it('have snapshots that are called as people of all countries call them', () => {
    const { server } = bareServer(generatedInventory({ vms: 500 }));
    const snapshots = vms(server).flatMap(({ state }) => state.snapshots);
    const all = snapshots.map(({ name, description }) => `${name} ${description}`).join(' ');
    assert.ok(isWritable(all));
    for (const script of [/[à-ÿ]/, /[а-я]/, /[α-ω]/, /\p{Script=Han}/u, /\p{Script=Hangul}/u, /📸/u, /</, /&/]) {
      assert.match(all, script);
    }
    assert.ok(new Set(snapshots.map(({ name }) => name)).size > snapshots.length * 0.9);
    assert.ok(snapshots.some(({ description }) => description === ''));
    assert.ok(
      snapshots.every(({ name }) => name.length <= 80),
      'as long as the vSphere Client allows',
    );
  });

  it('are the same for the same seed, and others for another', () => {
    const sizes = (seed: number): string =>
      vms(bareServer(generatedInventory({ vms: 60, seed })).server)
        .map(({ state }) => `${state.config.memoryMb} ${treeText(state)}`)
        .join('\n');
    assert.equal(sizes(1), sizes(1));
    assert.notEqual(sizes(1), sizes(2));
  });

  it('may be empty', () => {
    assert.equal(bareServer(generatedInventory({ vms: 0 })).server.registry.count('VirtualMachine'), 0);
  });
});

describe('simulator: a past for a VM', () => {
  const text = (specs: readonly SnapshotSpec[], current: SnapshotSpec | undefined): string =>
    specs
      .map((spec) => {
        const below = text(spec.children ?? [], current);
        return `${spec.name}${spec === current ? '*' : ''}${below === '' ? '' : `(${below})`}`;
      })
      .sort()
      .join(',');
  const flat = (specs: readonly SnapshotSpec[]): SnapshotSpec[] =>
    specs.flatMap((spec) => [spec, ...flat(spec.children ?? [])]);
  const sorted = (vm: VmState, parentId?: string): string =>
    vm.snapshots
      .filter((snapshot) => snapshot.parentId === parentId)
      .map(({ id, name }) => {
        const below = sorted(vm, id);
        return `${name}${id === vm.currentId ? '*' : ''}${below === '' ? '' : `(${below})`}`;
      })
      .sort()
      .join(',');

  it('gives exactly the tree that was asked for', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const specs = randomSnapshots(seededRandom(seed));
      const vm = vmState({}, specs);
      const current = flat(specs).find(({ isCurrent }) => isCurrent);
      assert.equal(sorted(vm), text(specs, current), `seed ${seed}`);
      for (const spec of flat(specs)) {
        const atMs = nowMs - (spec.ageDays ?? 0) * 86_400_000;
        assert.ok(
          vm.snapshots.some(({ name, createdAtMs }) => name === spec.name && createdAtMs === atMs),
          `seed ${seed}`,
        );
      }
      assert.equal(vm.power, 'poweredOn', 'the VM is what it was');
    }
  });

  it('refuses a snapshot that is older than its parent', () => {
    assert.throws(
      () => vmState({}, [{ name: 'a', ageDays: 1, children: [{ name: 'b', ageDays: 2 }] }]),
      /older than its parent/,
    );
  });
});
