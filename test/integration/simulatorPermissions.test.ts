import assert from 'node:assert/strict';
import {
  CreatePropertyCollector,
  CreateFilter,
  RetrievePropertiesEx,
  TraversalSpec,
  WaitForUpdatesEx,
} from '../../src/vsphere/vim/property';
import {
  CreateContainerView,
  FetchUserPrivilegeOnEntities,
  HasPrivilegeOnEntities,
  HasPrivilegeOnEntity,
} from '../../src/vsphere/vim/service';
import { CreateSnapshot_Task, RemoveAllSnapshots_Task } from '../../src/vsphere/vim/snapshot';
import { CancelTask } from '../../src/vsphere/vim/task';
import { typed } from '../../src/vsphere/vim/schema';
import type { NoPermission } from '../../src/vsphere/vim/fault';
import { faultOf, SimulatorFixture } from '../support/simulatorFixture';
import { SoapSession } from '../support/soapSession';

const take = 'VirtualMachine.State.CreateSnapshot';
const remove = 'VirtualMachine.State.RemoveSnapshot';

const users = [
  { name: 'root', password: 'root', permissions: [{ role: 'Admin' }] },
  { name: 'reader', password: 'reader', permissions: [{ role: 'ReadOnly' }] },
  { name: 'owner', password: 'owner', permissions: [{ role: 'Taker', on: 'DC1/vm/MINE' }] },
] as const;

describe('simulator: permissions over the wire', () => {
  let fixture: SimulatorFixture;
  let reader: SoapSession;
  let owner: SoapSession;
  beforeEach(async () => {
    fixture = await SimulatorFixture.start([{ name: 'MINE', memoryMb: 65_536 }, { name: 'OTHER' }], {
      users,
      roles: [{ name: 'Taker', privileges: [take] }],
    });
    reader = await fixture.sessionOf('reader', 'reader');
    owner = await fixture.sessionOf('owner', 'owner');
  });
  afterEach(async () => {
    await fixture.stop();
  });

  const disksOnly = { name: 'a', memory: false, quiesce: false };

  async function seen(session: SoapSession): Promise<unknown[]> {
    const view = await session.call(CreateContainerView, fixture.service('viewManager'), {
      container: fixture.simulator.server.content.rootFolder,
      type: ['VirtualMachine'],
      recursive: true,
    });
    const result = await session.call(RetrievePropertiesEx, fixture.collector, {
      specSet: [
        {
          propSet: [{ type: 'VirtualMachine', pathSet: ['name'] }],
          objectSet: [
            {
              obj: view,
              skip: true,
              selectSet: [typed(TraversalSpec, { type: 'ContainerView', path: 'view', selectSet: [] })],
            },
          ],
        },
      ],
      options: {},
    });
    return result?.objects.map(({ propSet }) => propSet[0]?.val) ?? [];
  }

  it('deny what the role lacks, and say what it is', async () => {
    const vm = fixture.vm('MINE');
    const denied = await faultOf(reader.call(CreateSnapshot_Task, vm, disksOnly));
    assert.equal(denied.type, 'NoPermission');
    const detail = denied.fault.detail as unknown as NoPermission;
    assert.deepEqual([detail.object, detail.privilegeId], [vm, take]);
    assert.deepEqual(detail.missingPrivileges, [{ entity: vm, privilegeIds: [take] }]);
    assert.ok(await owner.call(CreateSnapshot_Task, vm, disksOnly));
    const lacking = await faultOf(owner.call(RemoveAllSnapshots_Task, vm, {}));
    assert.equal((lacking.fault.detail as unknown as NoPermission).privilegeId, remove);
  });

  it('hide the missing privileges from clients that are too old for them', async () => {
    const old = new SoapSession(fixture.simulator.url, '6.7');
    await fixture.login(old, 'reader', 'reader');
    const denied = await faultOf(old.call(CreateSnapshot_Task, fixture.vm('MINE'), disksOnly));
    assert.deepEqual((denied.fault.detail as unknown as NoPermission).missingPrivileges, []);
  });

  it('show only what may be seen, and parents that may not are unset', async () => {
    assert.deepEqual((await seen(reader)).sort(), ['MINE', 'OTHER']);
    assert.deepEqual(await seen(owner), ['MINE']);
    assert.deepEqual(await fixture.read(fixture.vm('MINE'), ['name', 'parent', 'resourcePool'], owner), [
      'MINE',
      undefined,
      fixture.state('MINE').resourcePool,
    ]);
    assert.deepEqual(await fixture.read(fixture.vm('OTHER'), ['name'], owner), [undefined]);
    assert.equal((await faultOf(owner.call(CreateSnapshot_Task, fixture.vm('OTHER'), disksOnly))).type, 'NoPermission');
  });

  it('can be asked for', async () => {
    const manager = fixture.service('authorizationManager');
    const [own] = fixture.simulator.server.sessionStore.all.filter(({ userName }) => userName === 'owner');
    const sessionId = own?.key ?? '';
    const privId = [take, remove, 'Bogus.Privilege'];
    assert.deepEqual(
      await owner.call(HasPrivilegeOnEntity, manager, { entity: fixture.vm('MINE'), sessionId, privId }),
      [true, false, false],
    );
    const both = await fixture.session.call(HasPrivilegeOnEntities, manager, {
      entity: [fixture.vm('MINE'), fixture.vm('OTHER')],
      sessionId,
      privId: [take],
    });
    assert.deepEqual(
      both.map(({ privAvailability }) => privAvailability[0]?.isGranted),
      [true, false],
    );
    const [all] = await fixture.session.call(FetchUserPrivilegeOnEntities, manager, {
      entities: [fixture.vm('MINE')],
      userName: 'owner',
    });
    assert.deepEqual([...(all?.privileges ?? [])].sort(), ['System.Anonymous', 'System.Read', 'System.View', take]);
    assert.deepEqual(await fixture.read(fixture.vm('MINE'), ['effectiveRole'], owner), [[1_000]]);
    assert.deepEqual(await fixture.read(fixture.vm('MINE'), ['effectiveRole'], reader), [[-2]]);
  });

  it('follow changes: objects leave and come for those who watch', async () => {
    const collector = await owner.call(CreatePropertyCollector, fixture.collector, {});
    const view = await owner.call(CreateContainerView, fixture.service('viewManager'), {
      container: fixture.simulator.server.content.rootFolder,
      type: ['VirtualMachine'],
      recursive: true,
    });
    await owner.call(CreateFilter, collector, {
      spec: {
        propSet: [{ type: 'VirtualMachine', pathSet: ['name'] }],
        objectSet: [
          {
            obj: view,
            skip: true,
            selectSet: [typed(TraversalSpec, { type: 'ContainerView', path: 'view', selectSet: [] })],
          },
        ],
      },
      partialUpdates: false,
    });
    const poll = async (version: string) =>
      await owner.call(WaitForUpdatesEx, collector, { version, options: { maxWaitSeconds: 0 } });
    const first = await poll('');
    assert.equal(first?.filterSet[0]?.objectSet.length, 1);
    fixture.simulator.execute({ command: 'grant', user: 'owner', role: 'ReadOnly', on: 'DC1/vm/OTHER' });
    const second = await poll(first.version);
    assert.deepEqual(
      second?.filterSet[0]?.objectSet.map(({ kind, obj }) => [kind, obj]),
      [['enter', fixture.vm('OTHER')]],
    );
    fixture.simulator.execute({ command: 'grant', user: 'owner', role: null, on: 'DC1/vm/MINE' });
    const third = await poll(second.version);
    assert.deepEqual(
      third?.filterSet[0]?.objectSet.map(({ kind, obj }) => [kind, obj]),
      [['leave', fixture.vm('MINE')]],
    );
  });

  it('let everybody cancel his own tasks, and others’ only with the right', async () => {
    const task = await owner.call(CreateSnapshot_Task, fixture.vm('MINE'), { ...disksOnly, memory: true });
    fixture.clock.advance(2_000);
    const denied = await faultOf(reader.call(CancelTask, task, {}));
    assert.equal((denied.fault.detail as unknown as NoPermission).privilegeId, 'Global.CancelTask');
    await owner.call(CancelTask, task, {});
  });
});
