import assert from 'node:assert/strict';
import {
  CancelRetrievePropertiesEx,
  ContinueRetrievePropertiesEx,
  CreateFilter,
  CreatePropertyCollector,
  DestroyPropertyCollector,
  DestroyPropertyFilter,
  Fetch,
  type PropertyFilterSpec,
  RetrieveProperties,
  RetrievePropertiesEx,
  TraversalSpec,
  WaitForUpdatesEx,
} from '../../src/vsphere/vim/property';
import { FindAllByUuid, FindByInventoryPath, FindByUuid, FindChild } from '../../src/vsphere/vim/search';
import { CreateContainerView, CreateListView, DestroyView, ModifyListView } from '../../src/vsphere/vim/service';
import { ManagedObjectReference, typed } from '../../src/vsphere/vim/schema';
import { Destroy_Task, MoveIntoFolder_Task, Rename_Task, UnregisterVM } from '../../src/vsphere/vim/lifecycle';
import {
  CreateCollectorForTasks,
  ReadNextTasks,
  ReadPreviousTasks,
  ResetCollector,
  SetCollectorPageSize,
} from '../../src/vsphere/vim/history';
import { PowerOffVM_Task } from '../../src/vsphere/vim/power';
import { CreateSnapshot_Task } from '../../src/vsphere/vim/snapshot';
import type { TaskInfo } from '../../src/vsphere/vim/task';
import { faultOf, SimulatorFixture } from '../support/simulatorFixture';

const names = Array.from({ length: 25 }, (_, index) => `VM${index + 1}`);

describe('simulator: reading', () => {
  let fixture: SimulatorFixture;
  beforeEach(async () => {
    fixture = await SimulatorFixture.start(names.map((name) => ({ name })));
  });
  afterEach(async () => {
    await fixture.stop();
  });

  async function allVms(): Promise<ManagedObjectReference> {
    return await fixture.session.call(CreateContainerView, fixture.service('viewManager'), {
      container: fixture.simulator.server.content.rootFolder,
      type: ['VirtualMachine'],
      recursive: true,
    });
  }

  function through(
    view: ManagedObjectReference,
    paths: readonly string[],
    more: Partial<PropertyFilterSpec> = {},
  ): PropertyFilterSpec {
    return {
      propSet: [{ type: 'VirtualMachine', pathSet: paths }],
      objectSet: [
        {
          obj: view,
          skip: true,
          selectSet: [typed(TraversalSpec, { type: 'ContainerView', path: 'view', selectSet: [] })],
        },
      ],
      ...more,
    };
  }

  it('goes in pages, whose tokens work once and for their collector only', async () => {
    const { session, collector } = fixture;
    const specSet = [through(await allVms(), ['name'])];
    const seen: unknown[] = [];
    let page = await session.call(RetrievePropertiesEx, collector, { specSet, options: { maxObjects: 10 } });
    const own = await session.call(CreatePropertyCollector, collector, {});
    const { token } = page ?? {};
    assert.equal(
      (await faultOf(session.call(ContinueRetrievePropertiesEx, own, { token: token ?? '' }))).type,
      'InvalidArgument',
    );
    while (page !== undefined) {
      seen.push(...page.objects.map(({ propSet }) => propSet[0]?.val));
      page =
        page.token === undefined
          ? undefined
          : await session.call(ContinueRetrievePropertiesEx, collector, { token: page.token });
    }
    assert.deepEqual(seen.sort(), [...names].sort());
    assert.equal(
      (await faultOf(session.call(ContinueRetrievePropertiesEx, collector, { token: token ?? '' }))).type,
      'InvalidArgument',
    );
    const again = await session.call(RetrievePropertiesEx, collector, { specSet, options: { maxObjects: 10 } });
    await session.call(CancelRetrievePropertiesEx, collector, { token: again?.token ?? '' });
    assert.equal(
      (await faultOf(session.call(ContinueRetrievePropertiesEx, collector, { token: again?.token ?? '' }))).type,
      'InvalidArgument',
    );
    assert.equal(
      (await faultOf(session.call(RetrievePropertiesEx, collector, { specSet, options: { maxObjects: 0 } }))).type,
      'InvalidArgument',
    );
  });

  it('leaves out of a later page what went meanwhile', async () => {
    const specSet = [through(await allVms(), ['name'])];
    const page = await fixture.session.call(RetrievePropertiesEx, fixture.collector, {
      specSet,
      options: { maxObjects: 20 },
    });
    fixture.simulator.execute({ command: 'removeVm', vm: 'VM25' });
    const rest = await fixture.session.call(ContinueRetrievePropertiesEx, fixture.collector, {
      token: page?.token ?? '',
    });
    assert.equal(rest.objects.length, 4);
  });

  it('pages by itself when the server is set so', async () => {
    await fixture.stop();
    fixture = await SimulatorFixture.start(
      names.map((name) => ({ name })),
      { maxObjectsPerPage: 7 },
    );
    const specSet = [through(await allVms(), ['name'])];
    const page = await fixture.session.call(RetrievePropertiesEx, fixture.collector, { specSet, options: {} });
    assert.deepEqual([page?.objects.length, page?.token !== undefined], [7, true]);
    const old = await fixture.session.call(RetrieveProperties, fixture.collector, { specSet });
    assert.equal(old.length, 25, 'the old form knows no pages');
  });

  it('gives no result at all when nothing fits', async () => {
    const folder = fixture.simulator.server.content.rootFolder;
    const specSet = [
      { propSet: [{ type: 'VirtualMachine', pathSet: ['name'] }], objectSet: [{ obj: folder, selectSet: [] }] },
    ];
    assert.equal(
      await fixture.session.call(RetrievePropertiesEx, fixture.collector, { specSet, options: {} }),
      undefined,
    );
  });

  it('fails as a whole for a wrong path, an unknown type, and an object that is not there', async () => {
    const vm = fixture.vm('VM1');
    const gone = new ManagedObjectReference('VirtualMachine', 'vm-9999');
    const ask = (type: string, path: string, obj = vm, reportMissingObjectsInResults?: boolean): Promise<unknown> =>
      fixture.session.call(RetrievePropertiesEx, fixture.collector, {
        specSet: [
          {
            propSet: [{ type, pathSet: ['name', path] }],
            objectSet: [{ obj, selectSet: [] }],
            ...(reportMissingObjectsInResults !== undefined && { reportMissingObjectsInResults }),
          },
        ],
        options: {},
      });
    const wrong = await faultOf(ask('VirtualMachine', 'nope'));
    assert.equal(wrong.type, 'InvalidProperty');
    assert.equal((wrong.fault.detail as unknown as { name: string }).name, 'nope');
    assert.equal((await faultOf(ask('VirtualMachine', 'config.hardware.device.key'))).type, 'InvalidProperty');
    assert.equal((await faultOf(ask('Nonsense', 'name'))).type, 'InvalidType');
    assert.equal((await faultOf(ask('VirtualMachine', 'name', gone))).type, 'ManagedObjectNotFound');
    assert.equal(await ask('VirtualMachine', 'name', gone, true), undefined);
  });

  it('reads everything of an object, single items of lists, and by base type', async () => {
    const vm = fixture.vm('VM1');
    const read = async (type: string, all: boolean, pathSet: readonly string[]) => {
      const specSet = [{ propSet: [{ type, all, pathSet }], objectSet: [{ obj: vm, selectSet: [] }] }];
      const result = await fixture.session.call(RetrievePropertiesEx, fixture.collector, { specSet, options: {} });
      return new Map(result?.objects[0]?.propSet.map(({ name, val }) => [name, val]));
    };
    const all = await read('VirtualMachine', true, []);
    for (const name of ['config', 'summary', 'runtime', 'layoutEx', 'capability', 'effectiveRole', 'disabledMethod']) {
      assert.ok(all.has(name), name);
    }
    assert.ok(!all.has('snapshot'), 'unset is absent');
    const keyed = await read('VirtualMachine', false, [
      'config.hardware.device[2000].capacityInKB',
      'config.hardware.device[4000].macAddress',
    ]);
    assert.deepEqual([...keyed.values()], [41_943_040, '00:50:56:00:00:00']);
    assert.deepEqual([...(await read('ManagedEntity', false, ['name'])).values()], ['VM1']);
    assert.equal(await fixture.session.call(Fetch, vm, { prop: 'runtime.powerState' }), 'poweredOn');
    assert.equal((await faultOf(fixture.session.call(Fetch, vm, { prop: 'nope' }))).type, 'InvalidProperty');
  });

  it('follows a view and a list of objects', async () => {
    const { session, collector } = fixture;
    const view = await allVms();
    const list = await session.call(CreateListView, fixture.service('viewManager'), { obj: [fixture.vm('VM1')] });
    const own = await session.call(CreatePropertyCollector, collector, {});
    await session.call(CreateFilter, own, { spec: through(view, ['name']), partialUpdates: false });
    const listSpec = through(list, ['runtime.powerState']);
    const filter = await session.call(CreateFilter, own, {
      spec: {
        ...listSpec,
        objectSet: [
          {
            obj: list,
            skip: true,
            selectSet: [typed(TraversalSpec, { type: 'ListView', path: 'view', selectSet: [] })],
          },
        ],
      },
      partialUpdates: false,
    });
    const poll = async (version: string) =>
      await session.call(WaitForUpdatesEx, own, { version, options: { maxWaitSeconds: 0 } });
    const first = await poll('');
    assert.deepEqual(
      first?.filterSet.map(({ objectSet }) => objectSet.length),
      [25, 1],
    );
    const unknown = await session.call(ModifyListView, list, {
      add: [fixture.vm('VM2'), new ManagedObjectReference('Task', 'task-0')],
      remove: [fixture.vm('VM1')],
    });
    assert.deepEqual(
      unknown.map(({ value }) => value),
      ['task-0'],
    );
    const second = await poll(first.version);
    assert.deepEqual(
      second?.filterSet.map(({ objectSet }) => objectSet.map(({ kind }) => kind).sort()),
      [['enter', 'leave']],
    );
    await session.call(DestroyPropertyFilter, filter, {});
    fixture.simulator.execute({ command: 'removeVm', vm: 'VM2' });
    const third = await poll(second.version);
    assert.deepEqual(
      third?.filterSet.map(({ objectSet }) => objectSet.map(({ kind }) => kind)),
      [['leave']],
    );
    await session.call(DestroyPropertyCollector, own, {});
    await session.call(DestroyView, view, {});
    assert.equal((await faultOf(poll(''))).type, 'ManagedObjectNotFound');
  });

  it('tells of a task to its end, and of one that is forgotten', async () => {
    const { session, collector } = fixture;
    const task = await session.call(CreateSnapshot_Task, fixture.vm('VM1'), {
      name: 'a',
      memory: false,
      quiesce: false,
    });
    const own = await session.call(CreatePropertyCollector, collector, {});
    await session.call(CreateFilter, own, {
      spec: {
        propSet: [{ type: 'Task', pathSet: ['info'] }],
        objectSet: [{ obj: task, selectSet: [] }],
        reportMissingObjectsInResults: true,
      },
      partialUpdates: false,
    });
    const states: string[] = [];
    let version = '';
    for (let step = 0; step < 10; step++) {
      const set = await session.call(WaitForUpdatesEx, own, { version, options: { maxWaitSeconds: 0 } });
      const [update] = set?.filterSet ?? [];
      version = set?.version ?? version;
      for (const { kind, changeSet } of update?.objectSet ?? []) {
        states.push(kind === 'leave' ? 'gone' : (changeSet[0]?.val as TaskInfo).state);
      }
      states.push(...(update?.missingSet ?? []).map(({ fault }) => fault.fault.$type ?? ''));
      fixture.clock.advance(step < 4 ? 700 : 300_000);
    }
    assert.deepEqual([...new Set(states)], ['queued', 'running', 'success', 'gone', 'ManagedObjectNotFound']);
  });

  it('finds by path, name and identity', async () => {
    const { session } = fixture;
    const index = fixture.service('searchIndex');
    const { state } = { state: fixture.state('VM3') };
    const byPath = (inventoryPath: string) => session.call(FindByInventoryPath, index, { inventoryPath });
    assert.deepEqual(await byPath('DC1/vm/VM3'), fixture.vm('VM3'));
    assert.deepEqual(await byPath('/DC1/vm/VM3/'), fixture.vm('VM3'));
    assert.equal(await byPath('DC1/vm/nobody'), undefined);
    assert.deepEqual(
      await session.call(FindChild, index, { entity: state.parent ?? index, name: 'VM3' }),
      fixture.vm('VM3'),
    );
    const identity = { uuid: state.instanceUuid.toUpperCase(), vmSearch: true, instanceUuid: true };
    assert.deepEqual(await session.call(FindByUuid, index, identity), fixture.vm('VM3'));
    assert.deepEqual(await session.call(FindAllByUuid, index, { ...identity, uuid: state.uuid }), []);
  });

  it('shows VMs that are renamed, moved, unregistered and destroyed', async () => {
    const { session } = fixture;
    await fixture.run(Rename_Task, fixture.vm('VM1'), { newName: 'new%2fname' });
    assert.deepEqual(await fixture.read(fixture.vm('new/name'), ['name']), ['new%2fname']);
    const taken = await fixture.run(Rename_Task, fixture.vm('VM2'), { newName: 'VM3' });
    assert.equal(taken.error?.fault.$type, 'DuplicateName');
    const running = await fixture.run(Destroy_Task, fixture.vm('VM2'), {});
    assert.equal(running.error?.fault.$type, 'InvalidPowerState');
    assert.equal((await faultOf(session.call(UnregisterVM, fixture.vm('VM2'), {}))).type, 'InvalidPowerState');
    await fixture.run(PowerOffVM_Task, fixture.vm('VM2'), {});
    const gone = fixture.vm('VM2');
    assert.equal((await fixture.run(Destroy_Task, gone, {})).state, 'success');
    assert.equal((await faultOf(session.call(UnregisterVM, gone, {}))).type, 'ManagedObjectNotFound');
    const root = fixture.state('VM4').parent;
    assert.ok(root !== undefined);
    const { CreateFolder } = await import('../../src/vsphere/vim/lifecycle');
    const folder = await session.call(CreateFolder, root, { name: 'F' });
    await fixture.run(MoveIntoFolder_Task, folder, { list: [fixture.vm('VM4')] });
    assert.deepEqual(await fixture.read(fixture.vm('VM4'), ['parent']), [folder]);
    assert.equal((await faultOf(session.call(CreateFolder, root, { name: 'F' }))).type, 'DuplicateName');
  });

  it('remembers tasks, and reads them in both directions', async () => {
    const { session } = fixture;
    const filter = { activationId: [], state: [], eventChainId: [], tag: [], parentTaskKey: [], rootTaskKey: [] };
    for (const name of ['VM1', 'VM2', 'VM3']) {
      await fixture.run(CreateSnapshot_Task, fixture.vm(name), { name: 'a', memory: false, quiesce: false });
    }
    const all = await session.call(CreateCollectorForTasks, fixture.service('taskManager'), { filter });
    await session.call(SetCollectorPageSize, all, { maxCount: 2 });
    const [page] = await fixture.read(all, ['latestPage']);
    assert.deepEqual(
      (page as TaskInfo[]).map(({ entityName }) => entityName),
      ['VM3', 'VM2'],
    );
    const entities = (infos: readonly TaskInfo[]): unknown[] => infos.map(({ entityName }) => entityName);
    assert.deepEqual(entities(await session.call(ReadNextTasks, all, { maxCount: 2 })), ['VM1', 'VM2']);
    assert.deepEqual(entities(await session.call(ReadNextTasks, all, { maxCount: 2 })), ['VM3']);
    await session.call(ResetCollector, all, {});
    assert.deepEqual(entities(await session.call(ReadPreviousTasks, all, { maxCount: 2 })), ['VM3', 'VM2']);
    const one = await session.call(CreateCollectorForTasks, fixture.service('taskManager'), {
      filter: { ...filter, entity: { entity: fixture.vm('VM2'), recursion: 'self' }, state: ['success'] },
    });
    assert.deepEqual(entities(await session.call(ReadNextTasks, one, { maxCount: 10 })), ['VM2']);
    for (let number = 2; number < 32; number++) {
      await session.call(CreateCollectorForTasks, fixture.service('taskManager'), { filter });
    }
    const tooMany = session.call(CreateCollectorForTasks, fixture.service('taskManager'), { filter });
    assert.equal((await faultOf(tooMany)).type, 'InvalidState');
  });
});
