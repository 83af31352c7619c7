import assert from 'node:assert/strict';
import { listDifference, Selection } from '../../../../src/simulator/collector/selection';
import { compileSpec } from '../../../../src/simulator/collector/selectionSpec';
import { contentsOf } from '../../../../src/simulator/model/containerViews';
import { relocateVm, removeVm } from '../../../../src/simulator/model/vmStore';
import { InventoryBuilder } from '../../../../src/simulator/inventory/inventoryBuilder';
import { smallDatacenter } from '../../../../src/simulator/inventory/smallInventory';
import { integerBetween, pick, seededRandom } from '../../../../src/simulator/random/random';
import type { VimServer } from '../../../../src/simulator/server/vimServer';
import { type ObjectSpec, TraversalSpec } from '../../../../src/vsphere/vim/property';
import { ManagedObjectReference, typed } from '../../../../src/vsphere/vim/schema';
import { adminSession, bareServer } from '../../../support/bareServer';
import { FaultError } from '../../../../src/simulator/faultError';

const everything = { type: 'ManagedEntity', pathSet: ['name'] };

/** What older clients send: down all folders, through datacenters and compute resources, by name and in circles. */
function walkSpec(server: VimServer): ObjectSpec {
  const again = ['folders', 'vmFolder', 'hostFolder', 'pools', 'poolVms', 'hosts', 'rootPool', 'hostVms'].map(
    (name) => ({ name }),
  );
  const step = (name: string, type: string, path: string) =>
    typed(TraversalSpec, { name, type, path, skip: false, selectSet: again });
  return {
    obj: server.content.rootFolder,
    skip: false,
    selectSet: [
      step('folders', 'Folder', 'childEntity'),
      step('vmFolder', 'Datacenter', 'vmFolder'),
      step('hostFolder', 'Datacenter', 'hostFolder'),
      step('hosts', 'ComputeResource', 'host'),
      step('rootPool', 'ComputeResource', 'resourcePool'),
      step('pools', 'ResourcePool', 'resourcePool'),
      step('poolVms', 'ResourcePool', 'vm'),
      step('hostVms', 'HostSystem', 'vm'),
    ],
  };
}

function selectionOf(server: VimServer, objectSet: ObjectSpec, log: string[] = []): Selection {
  const session = adminSession(server);
  const { roots } = compileSpec({ propSet: [everything], objectSet: [objectSet] }, '8.0.3.0');
  return new Selection(
    roots,
    () => server.viewerFor(session),
    (object) => log.push(`+${object.ref.value}`),
    (object) => log.push(`-${object.ref.value}`),
  );
}

function ids(selection: Selection): string[] {
  return [...selection.objects].map(({ ref }) => ref.key).sort();
}

describe('simulator: what a filter selects', () => {
  it('follows named traversals in circles', () => {
    const { server } = bareServer([{ name: 'A' }, { name: 'B' }]);
    const names = [...selectionOf(server, walkSpec(server)).objects].map(
      ({ state }) => (state as { readonly name?: string }).name,
    );
    for (const name of ['A', 'B', 'DC1', 'Cluster1', 'esx-01.example', 'Resources', 'vm', 'host', 'Datacenters']) {
      assert.ok(names.includes(name), name);
    }
    assert.equal(new Set(names).size, names.length, 'each once');
  });

  it('refuses a name that no traversal has', () => {
    const { server } = bareServer();
    const objectSpec = { obj: server.content.rootFolder, selectSet: [{ name: 'nobody' }] };
    assert.throws(
      () => selectionOf(server, objectSpec),
      (error) => error instanceof FaultError && error.fault.$type === 'InvalidArgument',
    );
  });

  it('agrees, after any change, with a selection made anew', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = seededRandom(seed);
      const { server } = bareServer((builder) => {
        const datacenter = smallDatacenter(builder);
        const inner = builder.folder(builder.folder(datacenter.vmFolder, 'F1'), 'F2');
        for (const name of ['A', 'B', 'C']) {
          builder.vm(datacenter, { name }, { folder: inner });
        }
      });
      const log: string[] = [];
      const spec = walkSpec(server);
      const selection = selectionOf(server, spec, log);
      server.registry.onDidChange((changes) => {
        selection.apply(changes);
      });
      for (let step = 0; step < 30; step++) {
        change(server, random, step);
        assert.deepEqual(ids(selection), ids(selectionOf(server, spec)), `seed ${seed}, step ${step}`);
      }
      const told = new Set<string>();
      for (const entry of log) {
        assert.ok(
          entry.startsWith('+') ? !told.has(entry.slice(1)) : told.delete(entry.slice(1)),
          `seed ${seed}: ${entry}`,
        );
        if (entry.startsWith('+')) {
          told.add(entry.slice(1));
        }
      }
    }
  });

  it('lets go of objects that only lead to each other', () => {
    const { server } = bareServer((builder) => {
      const datacenter = smallDatacenter(builder);
      const folder = builder.folder(datacenter.vmFolder, 'F');
      builder.vm(datacenter, { name: 'A' }, { folder });
    });
    const [vm] = server.registry.all('VirtualMachine');
    const folder = [...server.registry.all('Folder')].find(({ state }) => state.name === 'F');
    assert.ok(vm !== undefined && folder !== undefined);
    const again = [{ name: 'host' }, { name: 'vms' }];
    const selection = selectionOf(server, {
      obj: folder.ref,
      selectSet: [
        typed(TraversalSpec, { name: 'children', type: 'Folder', path: 'childEntity', selectSet: again }),
        typed(TraversalSpec, { name: 'host', type: 'VirtualMachine', path: 'runtime.host', selectSet: again }),
        typed(TraversalSpec, { name: 'vms', type: 'HostSystem', path: 'vm', selectSet: again }),
      ],
    });
    server.registry.onDidChange((changes) => {
      selection.apply(changes);
    });
    assert.equal(ids(selection).length, 3);
    const outside = server.registry.resolveEntity(folder.state.parent);
    server.registry.update((update) => {
      relocateVm(server.registry, update, vm, { parent: outside?.ref });
    });
    assert.deepEqual(ids(selection), [folder.ref.key]);
  });

  it('takes everything along when a folder moves into a view, or out of it', () => {
    const { server } = bareServer((builder) => {
      const datacenter = smallDatacenter(builder);
      builder.folder(datacenter.vmFolder, 'Seen');
      builder.vm(datacenter, { name: 'A' }, { folder: builder.folder(datacenter.vmFolder, 'Moved') });
    });
    const session = adminSession(server);
    const folder = (name: string) => {
      const found = [...server.registry.all('Folder')].find(({ state }) => state.name === name);
      assert.ok(found !== undefined);
      return found;
    };
    const spec = { container: folder('Seen').ref, types: ['VirtualMachine'], recursive: true };
    const view = server.registry.update((update) =>
      update.add('ContainerView', 'v', { ...spec, view: [] }, session.key),
    );
    const move = (to: string): void => {
      const moved = folder('Moved');
      const target = folder(to);
      const source = server.registry.get('Folder', moved.state.parent ?? target.ref);
      server.registry.update((update) => {
        update.set(source, { ...source.state, children: source.state.children.filter((ref) => ref !== moved.ref) });
        update.set(target, { ...target.state, children: [...target.state.children, moved.ref] });
        update.set(moved, { ...moved.state, parent: target.ref });
      });
    };
    move('Seen');
    assert.equal(view.state.view.length, 1);
    move('vm');
    assert.equal(view.state.view.length, 0);
  });

  it('keeps a view as full as one made anew', () => {
    const { server } = bareServer([{ name: 'A' }, { name: 'B' }, { name: 'C' }]);
    const session = adminSession(server);
    const spec = { container: server.content.rootFolder, types: ['VirtualMachine'], recursive: true };
    const view = server.registry.update((update) =>
      update.add(
        'ContainerView',
        'v',
        { ...spec, view: contentsOf(server.registry, spec, session.access) },
        session.key,
      ),
    );
    const random = seededRandom(3);
    for (let step = 0; step < 40; step++) {
      change(server, random, step);
      const expected = contentsOf(server.registry, spec, session.access).map(({ value }) => value);
      assert.deepEqual(view.state.view.map(({ value }) => value).sort(), expected.sort(), `step ${step}`);
    }
  });
});

function change(server: VimServer, random: () => number, step: number): void {
  const { registry } = server;
  const builder = new InventoryBuilder(server);
  const vms = [...registry.all('VirtualMachine')];
  const folders = [...registry.all('Folder')].filter(({ state }) => state.childType.includes('VirtualMachine'));
  const folder = pick(random, folders);
  const kind = vms.length < 2 ? 0 : integerBetween(random, 0, 4);
  if (kind === 0) {
    builder.vm(builder.datacenterOf(folder), { name: `N${step}` }, { folder });
  } else if (kind === 1) {
    registry.update((update) => {
      removeVm(registry, update, pick(random, vms), true);
    });
  } else if (kind === 2) {
    registry.update((update) => {
      relocateVm(registry, update, pick(random, vms), { parent: folder.ref });
    });
  } else if (kind === 3) {
    registry.update((update) => {
      relocateVm(registry, update, pick(random, vms), { host: pick(random, [...registry.all('HostSystem')]).ref });
    });
  } else {
    builder.folder(folder, `G${step}`);
  }
}

describe('simulator: difference of lists', () => {
  const refs = (...values: readonly number[]): ManagedObjectReference[] =>
    values.map((value) => new ManagedObjectReference('VirtualMachine', String(value)));
  for (const [before, after, gone, come] of [
    [[1, 2, 3], [1, 2, 3], [], []],
    [[1, 2, 3], [1, 3], [2], []],
    [[1, 3], [1, 2, 3], [], [2]],
    [[], [1], [], [1]],
    [[1], [], [1], []],
    [[1, 2], [2, 1], [], []],
    [
      [1, 2, 3, 4],
      [1, 5, 6, 4],
      [2, 3],
      [5, 6],
    ],
  ] as const) {
    it(`from ${before.join(' ')} to ${after.join(' ')}`, () => {
      assert.deepEqual(listDifference(refs(...before), refs(...after)), { gone: refs(...gone), come: refs(...come) });
    });
  }
});
