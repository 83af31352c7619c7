import assert from 'node:assert/strict';
import { InventoryStore, type InventoryChange } from '../../../src/hypervisor/inventory/inventoryStore';
import type { Container, InventoryObject, Layout } from '../../../src/hypervisor/model/inventory';
import type { ObjectId } from '../../../src/hypervisor/model/ids';
import { container, objectId, snapshot, vm } from '../../support/domainBuilders';
import { pick, seededRandom } from '../../../src/simulator/random/random';

const dc = container('dc', 'datacenter', { folders: null, compute: null });
const vmFolder = container('vmFolder', 'folder', { folders: dc.id }, { structural: true });
const hostFolder = container('hostFolder', 'folder', { compute: dc.id }, { structural: true });
const prod = container('prod', 'folder', { folders: vmFolder.id });
const cluster = container('cluster', 'cluster', { compute: hostFolder.id });
const pool = container('pool', 'resourcePool', { compute: cluster.id }, { structural: true });
const sql = vm('sql', { placement: { folders: prod.id, compute: pool.id } });
const inventory = [dc, vmFolder, hostFolder, prod, cluster, pool, sql];

function filled(objects: readonly InventoryObject[] = inventory): InventoryStore {
  const store = new InventoryStore();
  store.begin();
  store.put(objects);
  store.complete();
  return store;
}

function ids(objects: readonly { readonly id: ObjectId }[]): string[] {
  return objects.map((object) => object.id).sort();
}

function recordChanges(store: InventoryStore): InventoryChange[] {
  const changes: InventoryChange[] = [];
  store.onDidChange((change) =>
    changes.push({
      objects: new Set(change.objects),
      removed: new Set(change.removed),
      parents: { folders: new Set(change.parents.folders), compute: new Set(change.parents.compute) },
    }),
  );
  return changes;
}

describe('InventoryStore', () => {
  it('arranges one map in both layouts and hides what is structural', () => {
    const store = filled();
    assert.deepEqual(ids(store.children('folders', undefined)), ['dc']);
    assert.deepEqual(ids(store.children('folders', dc.id)), ['prod']);
    assert.deepEqual(ids(store.children('folders', prod.id)), ['sql']);
    assert.deepEqual(ids(store.children('compute', dc.id)), ['cluster']);
    assert.deepEqual(ids(store.children('compute', cluster.id)), ['sql']);
    assert.equal(store.parent('compute', sql.id), cluster.id);
    assert.deepEqual(store.path('folders', sql.id), ['dc', 'prod']);
    assert.equal(store.vmCount, 1);
    assert.equal(store.isComplete, true);
  });

  it('gives the same whatever the order of arrival', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 50; round++) {
      const shuffled = inventory
        .map((object) => [random(), object] as const)
        .sort(([a], [b]) => a - b)
        .map(([, object]) => object);
      const store = new InventoryStore();
      store.begin();
      for (const object of shuffled) {
        store.put([object]);
      }
      store.complete();
      for (const layout of ['folders', 'compute'] as const) {
        for (const parent of [undefined, dc.id, prod.id, cluster.id]) {
          assert.deepEqual(ids(store.children(layout, parent)), ids(filled().children(layout, parent)));
        }
      }
    }
  });

  it('shows an object whose parent is unreadable at top level, and moves it when the parent arrives', () => {
    const store = filled([sql]);
    assert.deepEqual(ids(store.children('folders', undefined)), ['sql']);
    const changes = recordChanges(store);
    store.put([prod]);
    assert.deepEqual(ids(store.children('folders', undefined)), ['prod']);
    assert.equal(store.parent('folders', sql.id), prod.id);
    assert.ok(changes[0]?.parents.folders.has(undefined), 'the top level has to be drawn again');
  });

  it('tells only what differs', () => {
    const store = filled();
    const changes = recordChanges(store);
    store.put([...inventory]);
    assert.equal(changes.length, 0, 'the same facts again are no change');

    store.put([{ ...sql, powerState: 'off' }]);
    assert.deepEqual([...(changes[0]?.objects ?? [])], ['sql']);
    assert.equal(changes[0]?.parents.folders.size, 0, 'a fact of a VM does not touch its parent');

    store.put([{ ...sql, powerState: 'off', snapshots: { roots: [snapshot('s')], currentId: undefined } }]);
    assert.deepEqual([...(changes[1]?.objects ?? [])], ['sql']);

    store.put([{ ...sql, name: 'renamed', powerState: 'off' }]);
    assert.ok(changes[2]?.parents.folders.has(prod.id), 'a new name changes the order of siblings');
  });

  it('moves an object between parents and tells both', () => {
    const lab = container('lab', 'folder', { folders: vmFolder.id });
    const store = filled([...inventory, lab]);
    const changes = recordChanges(store);
    store.put([{ ...sql, placement: { folders: lab.id, compute: pool.id } }]);
    assert.deepEqual(ids(store.children('folders', prod.id)), []);
    assert.deepEqual(ids(store.children('folders', lab.id)), ['sql']);
    assert.deepEqual([...(changes[0]?.parents.folders ?? [])].sort(), ['lab', 'prod']);
    assert.equal(changes[0]?.parents.compute.size, 0);
  });

  it('takes nothing for gone before a new picture is complete', () => {
    const store = filled();
    const changes = recordChanges(store);
    store.begin();
    store.put([dc]);
    assert.equal(store.vmCount, 1);
    assert.equal(changes.length, 0);
    // The feed broke off and started over.
    store.begin();
    store.put(inventory.filter((object) => object !== sql));
    store.complete();
    assert.equal(store.vmCount, 0);
    assert.deepEqual(
      changes.flatMap((change) => [...change.removed]),
      ['sql'],
    );
  });

  it('removes, and shows orphans of a removed container at top level', () => {
    const store = filled();
    store.remove([prod.id, objectId('never seen')]);
    assert.deepEqual(ids(store.children('folders', undefined)), ['dc', 'sql']);
    store.clear();
    assert.equal(store.vmCount, 0);
    assert.equal(store.isComplete, false);
    assert.deepEqual(store.children('folders', undefined), []);
  });

  it('knows VM names that repeat', () => {
    const twin = vm('twin', { name: 'sql' });
    const store = filled([...inventory, twin]);
    assert.equal(store.isAmbiguousVmName('sql'), true);
    store.remove([twin.id]);
    assert.equal(store.isAmbiguousVmName('sql'), false);
    assert.equal(store.vm(prod.id), undefined);
    assert.equal(store.vm(sql.id)?.name, 'sql');
    assert.deepEqual(ids([...store.allVms()]), ['sql']);
  });

  it('does not hang on containers that hang under each other', () => {
    const a = container('a', 'folder', { folders: objectId('b') }, { structural: true });
    const b = container('b', 'folder', { folders: objectId('a') }, { structural: true });
    const lost = vm('lost', { placement: { folders: a.id } });
    const store = filled([a, b, lost]);
    assert.equal(store.parent('folders', lost.id), undefined);
    assert.deepEqual(store.children('folders', undefined), []);
    assert.deepEqual(ids(store.children('folders', a.id)), ['lost']);
    assert.deepEqual(store.path('folders', lost.id), []);
  });

  it('announces a first complete picture even when it is empty', () => {
    const store = new InventoryStore();
    const changes = recordChanges(store);
    store.begin();
    store.complete();
    assert.equal(store.isComplete, true);
    assert.ok(changes[0]?.parents.folders.has(undefined));
  });
});

/** What the store must say, worked out from scratch. */
function naiveChildren(
  objects: ReadonlyMap<ObjectId, InventoryObject>,
  layout: Layout,
  parent: ObjectId | undefined,
): string[] {
  const visibleParent = (object: InventoryObject): ObjectId | undefined | 'hidden' => {
    let at = object.placement[layout];
    if (at === undefined) {
      return 'hidden';
    }
    while (at !== null && at !== undefined) {
      const up: InventoryObject | undefined = objects.get(at);
      if (up === undefined) {
        return undefined;
      }
      if (up.kind === 'vm' || !up.structural) {
        return up.id;
      }
      at = up.placement[layout];
    }
    return at === undefined ? 'hidden' : undefined;
  };
  return [...objects.values()]
    .filter((object) => (object.kind === 'vm' || !object.structural) && visibleParent(object) === parent)
    .map((object) => object.id)
    .sort();
}

describe('InventoryStore against a naive model', () => {
  it('agrees after every one of 3,000 random changes, and tells of every list that differs', () => {
    const seed = 20_261_122;
    const random = seededRandom(seed);
    const store = new InventoryStore();
    const model = new Map<ObjectId, InventoryObject>();
    const changes = recordChanges(store);
    const names = ['a', 'b', 'c'];
    const containerIds = Array.from({ length: 12 }, (_, i) => objectId(`c${i}`));
    store.begin();
    store.complete();
    for (let step = 0; step < 3_000; step++) {
      const before = snapshotOf(model, containerIds);
      changes.length = 0;
      const roll = random();
      if (roll < 0.15 && model.size > 0) {
        const id = pick(random, [...model.keys()]);
        model.delete(id);
        store.remove([id]);
      } else {
        const object =
          roll < 0.5 ? randomContainer(random, containerIds, names) : randomVm(random, containerIds, names);
        model.set(object.id, object);
        store.put([object]);
      }
      const after = snapshotOf(model, containerIds);
      for (const [key, expected] of after) {
        const [layout, parent] = key;
        assert.deepEqual(
          ids(store.children(layout, parent)),
          expected,
          `seed ${seed} step ${step}: ${layout} ${parent ?? 'top'}`,
        );
        const old = before.find(([[l, p]]) => l === layout && p === parent)?.[1] ?? [];
        if (JSON.stringify(old) !== JSON.stringify(expected) && (parent === undefined || model.has(parent))) {
          assert.ok(
            changes.some(
              (change) => change.parents[layout].has(parent) || (parent !== undefined && change.objects.has(parent)),
            ),
            `seed ${seed} step ${step}: nobody was told of ${layout} ${parent ?? 'top'}`,
          );
        }
      }
    }
  });
});

type ListKey = readonly [layout: Layout, parent: ObjectId | undefined];

function snapshotOf(
  model: ReadonlyMap<ObjectId, InventoryObject>,
  containerIds: readonly ObjectId[],
): (readonly [ListKey, string[]])[] {
  const visible = containerIds.filter((id) => {
    const object = model.get(id);
    return object !== undefined && object.kind !== 'vm' && !object.structural;
  });
  return (['folders', 'compute'] as const).flatMap((layout) =>
    [undefined, ...visible].map((parent) => [[layout, parent], naiveChildren(model, layout, parent)] as const),
  );
}

// A container may hang only under one with a smaller number, so that no circle arises.
function randomContainer(random: () => number, all: readonly ObjectId[], names: readonly string[]): Container {
  const index = Math.floor(random() * all.length);
  const parents = [null, ...all.slice(0, index)];
  return container(
    all[index] as string,
    'folder',
    { folders: pick(random, parents), compute: pick(random, parents) },
    { structural: random() < 0.3, name: pick(random, names) },
  );
}

function randomVm(random: () => number, all: readonly ObjectId[], names: readonly string[]): InventoryObject {
  const placement = {
    folders: pick(random, [null, ...all]),
    ...(random() < 0.8 && { compute: pick(random, [null, ...all]) }),
  };
  return vm(`vm${Math.floor(random() * 15)}`, { placement, name: pick(random, names) });
}
