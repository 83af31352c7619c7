import assert from 'node:assert/strict';
import { CreateCollectorForTasks } from '../../src/vsphere/vim/history';
import { HasPrivilegeOnEntities, RetrieveServiceContent, SessionIsActive } from '../../src/vsphere/vim/service';
import { CreateSnapshot_Task, RemoveSnapshot_Task, RenameSnapshot } from '../../src/vsphere/vim/snapshot';
import { RetrievePropertiesEx } from '../../src/vsphere/vim/property';
import { faultOf, serviceInstance, SimulatorFixture } from '../support/simulatorFixture';

const disksOnly = { name: 'a', memory: false, quiesce: false };

describe('simulator: a standalone ESXi', () => {
  let fixture: SimulatorFixture | undefined;
  afterEach(async () => {
    await fixture?.stop();
  });

  it('has the ids that a host gives', async () => {
    fixture = await SimulatorFixture.start([{ name: 'VM1' }, { name: 'VM2' }], { esx: true });
    const content = await fixture.session.call(RetrieveServiceContent, serviceInstance, {});
    assert.deepEqual(
      [
        content.rootFolder.value,
        content.propertyCollector.value,
        content.sessionManager?.value,
        content.taskManager?.value,
      ],
      ['ha-folder-root', 'ha-property-collector', 'ha-sessionmgr', 'ha-taskmgr'],
    );
    assert.deepEqual(
      [content.about.apiType, content.about.productLineId, content.about.instanceUuid],
      ['HostAgent', 'embeddedEsx', undefined],
    );
    assert.deepEqual([fixture.vm('VM1').value, fixture.vm('VM2').value], ['1', '2']);
    assert.equal(fixture.state('VM1').parent?.value, 'ha-folder-vm');
    assert.equal(fixture.state('VM1').resourcePool?.value, 'ha-root-pool');
    const info = await fixture.run(CreateSnapshot_Task, fixture.vm('VM2'), disksOnly);
    assert.equal((info.result as { readonly value: string }).value, '2-snapshot-1');
    assert.match(info.key, /^haTask-2-vim\.VirtualMachine\.createSnapshot-\d+$/);
    const removal = await fixture.run(RemoveSnapshot_Task, fixture.snapshot('VM2', 'a'), { removeChildren: false });
    assert.match(removal.key, /^haTask-2-vim\.vm\.Snapshot\.remove-\d+$/);
  });

  it('lacks what only a vCenter has, and says so as a host does', async () => {
    fixture = await SimulatorFixture.start([{ name: 'VM1' }], { esx: true });
    const { session } = fixture;
    const filter = { activationId: [], state: [], eventChainId: [], tag: [], parentTaskKey: [], rootTaskKey: [] };
    const history = session.call(CreateCollectorForTasks, fixture.service('taskManager'), { filter });
    assert.equal((await faultOf(history)).type, 'NotSupported');
    const privileges = session.call(HasPrivilegeOnEntities, fixture.service('authorizationManager'), {
      entity: [fixture.vm('VM1')],
      sessionId: 'x',
      privId: [],
    });
    assert.equal((await faultOf(privileges)).type, 'NotImplemented');
    const active = session.call(SessionIsActive, fixture.service('sessionManager'), {
      sessionID: 'x',
      userName: 'root',
    });
    assert.equal((await faultOf(active)).type, 'NotImplemented');
    assert.deepEqual(await fixture.read(fixture.vm('VM1'), ['effectiveRole']), [[-1]]);
  });

  it('with a licence for viewing only refuses every change, and none of the reading', async () => {
    fixture = await SimulatorFixture.start([{ name: 'VM1', snapshots: [{ name: 'a' }] }], { esx: 'restricted' });
    const { session } = fixture;
    for (const call of [
      session.call(CreateSnapshot_Task, fixture.vm('VM1'), disksOnly),
      session.call(RenameSnapshot, fixture.snapshot('VM1', 'a'), { name: 'b' }),
    ]) {
      const refused = await faultOf(call);
      assert.equal(refused.type, 'RestrictedVersion');
      assert.equal(
        refused.fault.message,
        'Current license or ESXi version prohibits execution of the requested operation.',
      );
    }
    assert.deepEqual(await fixture.read(fixture.vm('VM1'), ['name']), ['VM1']);
  });

  it('names the vCenter that manages it', async () => {
    fixture = await SimulatorFixture.start([{ name: 'VM1' }], { esx: true });
    const [host] = fixture.simulator.server.registry.all('HostSystem');
    assert.ok(host !== undefined);
    fixture.simulator.server.registry.update((change) => {
      change.set(host, { ...host.state, managementServerIp: '10.0.0.5' });
    });
    const result = await fixture.session.call(RetrievePropertiesEx, fixture.collector, {
      specSet: [
        {
          propSet: [{ type: 'HostSystem', pathSet: ['summary.managementServerIp'] }],
          objectSet: [{ obj: host.ref, selectSet: [] }],
        },
      ],
      options: {},
    });
    assert.equal(result?.objects[0]?.propSet[0]?.val, '10.0.0.5');
  });
});
