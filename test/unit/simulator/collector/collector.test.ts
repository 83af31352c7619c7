import assert from 'node:assert/strict';
import { Collector, waitRequest } from '../../../../src/simulator/collector/collector';
import { PropertyFilter } from '../../../../src/simulator/collector/propertyFilter';
import { compileSpec } from '../../../../src/simulator/collector/selectionSpec';
import type { TypedValue } from '../../../../src/simulator/collector/typedValue';
import { FaultError } from '../../../../src/simulator/faultError';
import { InventoryBuilder } from '../../../../src/simulator/inventory/inventoryBuilder';
import { relocateVm, removeVm, updateVm } from '../../../../src/simulator/model/vmStore';
import type { ManagedObject } from '../../../../src/simulator/model/registry';
import type { UpdateSet } from '../../../../src/vsphere/vim/property';
import { TraversalSpec } from '../../../../src/vsphere/vim/property';
import { typed } from '../../../../src/vsphere/vim/schema';
import { adminSession, bareServer } from '../../../support/bareServer';

const never = new AbortController().signal;

function setUp(names: readonly string[], paths: readonly string[] = ['name'], partialUpdates = false) {
  const { server, clock } = bareServer(names.map((name) => ({ name })));
  const session = adminSession(server);
  const collector = new Collector(clock);
  session.collectors.set('c', collector);
  const [datacenter] = server.registry.all('Datacenter');
  assert.ok(datacenter !== undefined);
  const spec = {
    propSet: [{ type: 'VirtualMachine', pathSet: paths }],
    objectSet: [
      {
        obj: datacenter.state.vmFolder,
        skip: true,
        selectSet: [typed(TraversalSpec, { type: 'Folder', path: 'childEntity', selectSet: [] })],
      },
    ],
  };
  const object = server.registry.update((change) =>
    change.add('PropertyFilter', 'f', { spec, partialUpdates }, session.key),
  );
  collector.add(
    new PropertyFilter(object, compileSpec(spec, '8.0.3.0'), partialUpdates, () => server.viewerFor(session)),
  );
  const vm = (name: string): ManagedObject<'VirtualMachine'> => {
    const found = [...server.registry.all('VirtualMachine')].find(({ state }) => state.name === name);
    assert.ok(found !== undefined);
    return found;
  };
  const rename = (from: string, to: string): void => {
    updateVm(server.registry, vm(from), (state) => ({ ...state, name: to }));
  };
  const poll = (version: string, limit?: number): Promise<UpdateSet | undefined> =>
    collector.wait(
      waitRequest(version, { maxWaitSeconds: 0, ...(limit !== undefined && { maxObjectUpdates: limit }) }),
      never,
    );
  return { server, clock, collector, vm, rename, poll, datacenter };
}

function text(set: UpdateSet | undefined): string {
  const updates = set?.filterSet.flatMap(({ objectSet }) => objectSet) ?? [];
  return updates
    .map(
      ({ kind, changeSet }) =>
        `${kind} ${changeSet.map(({ val }) => String((val as TypedValue | undefined)?.value)).join(',')}`,
    )
    .join('; ');
}

function fails(promise: Promise<unknown>, fault: string): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof FaultError && error.fault.$type === fault);
}

/** Takes everything that is left to be told; gives the version after it. */
async function drain(poll: (version: string) => Promise<UpdateSet | undefined>, from: string): Promise<string> {
  let version = from;
  for (let set = await poll(version); set !== undefined; set = await poll(version)) {
    version = set.version;
  }
  return version;
}

describe('simulator: a property collector', () => {
  it('starts with everything that is there, and then tells what changes', async () => {
    const { poll, rename } = setUp(['A', 'B']);
    const first = await poll('');
    assert.equal(text(first), 'enter A; enter B');
    assert.equal(await poll(first?.version ?? ''), undefined);
    rename('A', 'A2');
    assert.equal(text(await poll(first?.version ?? '')), 'modify A2');
  });

  it('tells of objects that come, go, and move out of sight', async () => {
    const { poll, server, vm, datacenter } = setUp(['A', 'B']);
    const { version } = (await poll('')) ?? { version: '' };
    const builder = new InventoryBuilder(server);
    const folder = server.registry.get('Folder', datacenter.state.vmFolder);
    builder.vm(builder.datacenterOf(folder), { name: 'C' });
    const second = await poll(version);
    assert.equal(text(second), 'enter C');
    const elsewhere = builder.folder(folder, 'F');
    server.registry.update((change) => {
      removeVm(server.registry, change, vm('A'), true);
      relocateVm(server.registry, change, vm('B'), { parent: elsewhere.ref });
    });
    assert.equal(text(await poll(second?.version ?? '')), 'leave ; leave ');
  });

  it('says nothing of what came and went unseen, or changed and changed back', async () => {
    const { poll, server, rename, vm, datacenter } = setUp(['A']);
    const { version } = (await poll('')) ?? { version: '' };
    const builder = new InventoryBuilder(server);
    builder.vm(builder.datacenterOf(server.registry.get('Folder', datacenter.state.vmFolder)), { name: 'C' });
    server.registry.update((change) => {
      removeVm(server.registry, change, vm('C'), true);
    });
    rename('A', 'X');
    rename('X', 'A');
    assert.equal(await poll(version), undefined);
  });

  it('tells of a leave when an object left, came back and left again', async () => {
    const { poll, server, vm, datacenter } = setUp(['A']);
    const { version } = (await poll('')) ?? { version: '' };
    assert.equal(await poll(version), undefined);
    const folder = server.registry.get('Folder', datacenter.state.vmFolder);
    const elsewhere = new InventoryBuilder(server).folder(folder, 'F');
    for (const parent of [elsewhere.ref, folder.ref, elsewhere.ref]) {
      server.registry.update((change) => {
        relocateVm(server.registry, change, vm('A'), { parent });
      });
    }
    assert.equal(text(await poll(version)), 'leave ');
  });

  it('sends a lost reply again, with what came since', async () => {
    const { poll, rename } = setUp(['A', 'B']);
    const { version } = (await poll('')) ?? { version: '' };
    rename('A', 'A2');
    assert.equal(text(await poll(version)), 'modify A2');
    rename('B', 'B2');
    const again = await poll(version);
    assert.equal(text(again), 'modify B2; modify A2');
    assert.equal(await poll(again?.version ?? ''), undefined);
  });

  it('refuses a version that is too old, or none of its own', async () => {
    const { poll, rename } = setUp(['A']);
    const first = (await poll('')) ?? { version: '' };
    rename('A', 'B');
    const second = (await poll(first.version)) ?? { version: '' };
    await poll(second.version);
    rename('B', 'C');
    await poll(second.version);
    await fails(poll(first.version), 'InvalidCollectorVersion');
    await fails(poll('nonsense'), 'InvalidCollectorVersion');
    await fails(poll('99'), 'InvalidCollectorVersion');
  });

  it('starts over with the empty version', async () => {
    const { poll, rename } = setUp(['A']);
    const first = (await poll('')) ?? { version: '' };
    rename('A', 'B');
    await poll(first.version);
    assert.equal(text(await poll('')), 'enter B');
  });

  it('cuts long answers into pieces, each to be fetched once', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `VM${index}`);
    const { poll, rename } = setUp(names);
    const first = await poll('');
    assert.equal(first?.filterSet[0]?.objectSet.length, 100);
    assert.equal(first.truncated, true);
    rename('VM0', 'renamed');
    const second = await poll(first.version);
    assert.equal(second?.truncated, true);
    const third = await poll(second.version);
    assert.equal(third?.truncated, undefined);
    const tail = text(third);
    assert.ok(tail.endsWith('modify renamed'), 'changes meanwhile come last');
    await fails(poll(first.version), 'InvalidCollectorVersion');
  });

  it('takes a smaller limit from the client, and no greater one', async () => {
    const { poll } = setUp(Array.from({ length: 150 }, (_, index) => `VM${index}`));
    assert.equal((await poll('', 7))?.filterSet[0]?.objectSet.length, 7);
    assert.equal((await poll('', 1_000))?.filterSet[0]?.objectSet.length, 100);
  });

  it('ends a truncated series even when what was left turns out to be no change', async () => {
    const { poll, rename } = setUp(['A', 'B', 'C']);
    const { version } = (await poll('')) ?? { version: '' };
    rename('A', 'A2');
    rename('B', 'B2');
    const first = await poll(version, 1);
    assert.equal(first?.truncated, true);
    rename('B2', 'B');
    const second = await poll(first.version, 1);
    assert.ok(second !== undefined && second.truncated === undefined && second.filterSet.length === 0);
  });

  it('keeps what is not pushed to itself', async () => {
    const { poll, server, vm } = setUp(['A'], ['name', 'layoutEx', 'disabledMethod']);
    const first = await poll('');
    assert.equal(first?.filterSet[0]?.objectSet[0]?.changeSet.length, 3);
    updateVm(server.registry, vm('A'), (state) => ({ ...state, power: 'poweredOff', measuredAtMs: 0 }));
    assert.equal(await poll(first.version), undefined);
  });

  it('gives a changed snapshot tree as a whole, or in parts on request', async () => {
    for (const [partial, expected] of [
      [false, ['snapshot']],
      [true, ['snapshot.currentSnapshot', 'snapshot.rootSnapshotList']],
    ] as const) {
      const { poll, server } = setUp(['A'], ['snapshot'], partial);
      const { execute } = await import('../../../../src/simulator/control/controller');
      const control = { server } as Parameters<typeof execute>[0];
      execute(control, { command: 'takeSnapshot', vm: 'A', name: 'one' });
      const { version } = (await poll('')) ?? { version: '' };
      execute(control, { command: 'takeSnapshot', vm: 'A', name: 'two' });
      const changed = (await poll(version))?.filterSet[0]?.objectSet[0]?.changeSet.map(({ name }) => name);
      assert.deepEqual(changed, expected);
    }
  });

  it('wakes a waiting call once for everything that one act changed', async () => {
    const { collector, poll, rename } = setUp(['A', 'B']);
    const { version } = (await poll('')) ?? { version: '' };
    const waiting = collector.wait(waitRequest(version), never);
    await Promise.resolve();
    rename('A', 'A2');
    rename('B', 'B2');
    assert.equal(text(await waiting), 'modify A2; modify B2');
  });

  it('answers with nothing when its time is over', async () => {
    const { collector, poll, clock } = setUp(['A']);
    const { version } = (await poll('')) ?? { version: '' };
    const waiting = collector.wait(waitRequest(version, { maxWaitSeconds: 60 }), never);
    await new Promise(setImmediate);
    clock.advance(60_000);
    assert.equal(await waiting, undefined);
  });

  it('cancels a waiting call, and one that waits when the collector goes', async () => {
    const { collector, poll } = setUp(['A']);
    const { version } = (await poll('')) ?? { version: '' };
    const first = collector.wait(waitRequest(version), never);
    await new Promise(setImmediate);
    collector.cancelWait();
    await fails(first, 'RequestCanceled');
    const second = collector.wait(waitRequest(version), never);
    await new Promise(setImmediate);
    collector.dispose();
    await fails(second, 'RequestCanceled');
  });

  it('loses nothing when its client goes away while waiting', async () => {
    const { collector, poll, rename } = setUp(['A']);
    const { version } = (await poll('')) ?? { version: '' };
    const client = new AbortController();
    const waiting = collector.wait(waitRequest(version), client.signal);
    await new Promise(setImmediate);
    client.abort();
    assert.equal(await waiting, undefined);
    rename('A', 'B');
    assert.equal(text(await poll(version)), 'modify B');
  });

  it('lets calls on it take turns', async () => {
    const { collector, poll, rename } = setUp(['A']);
    const { version } = (await poll('')) ?? { version: '' };
    const first = collector.wait(waitRequest(version), never);
    let isSecondDone = false;
    const second = poll(version).finally(() => {
      isSecondDone = true;
    });
    await new Promise(setImmediate);
    assert.equal(isSecondDone, false);
    rename('A', 'B');
    assert.equal(text(await first), 'modify B');
    assert.equal(text(await second), 'modify B', 'the same version again is the lost reply');
  });

  it('refuses waits that make no sense', () => {
    assert.throws(() => waitRequest('', { maxWaitSeconds: -1 }), FaultError);
    assert.throws(() => waitRequest('', { maxObjectUpdates: 0 }), FaultError);
  });

  it('does as much for a change in a large inventory as in a small one', async () => {
    const lookUps = async (count: number): Promise<number> => {
      const { server, poll, rename } = setUp(Array.from({ length: count }, (_, index) => `V${index}`));
      const first = await poll('', count);
      const rest = first?.truncated === true ? await drain(poll, first.version) : (first?.version ?? '');
      const { registry } = server;
      let asked = 0;
      const resolve = registry.resolve.bind(registry);
      registry.resolve = (ref) => {
        asked++;
        return resolve(ref);
      };
      rename('V7', 'renamed');
      assert.equal(text(await poll(rest)), 'modify renamed');
      return asked;
    };
    assert.equal(await lookUps(1_000), await lookUps(10));
  });
});
