import assert from 'node:assert/strict';
import { objectContent } from '../../../../src/simulator/collector/objectContent';
import { type PropertyPath, PropertyPaths } from '../../../../src/simulator/collector/propertyPath';
import { ValueTexts } from '../../../../src/simulator/collector/valueTexts';
import { demoInventory } from '../../../../src/simulator/inventory/demoInventory';
import type { ManagedObject } from '../../../../src/simulator/model/registry';
import { allKinds } from '../../../../src/simulator/model/states';
import { updateVm } from '../../../../src/simulator/model/vmStore';
import type { Viewer } from '../../../../src/simulator/projection/viewer';
import { VersionedEncoder } from '../../../../src/simulator/server/versionedEncoder';
import type { VimServer } from '../../../../src/simulator/server/vimServer';
import { changePower } from '../../../../src/simulator/state/snapshotOperations';
import { ObjectContent, ObjectUpdate } from '../../../../src/vsphere/vim/property';
import { adminSession, bareServer } from '../../../support/bareServer';

/** What is written when nothing is kept. */
function plainContent(object: ManagedObject, paths: readonly PropertyPath[], viewer: Viewer): string {
  const encoder = new VersionedEncoder('8.0.3.0');
  encoder.fields(ObjectContent, objectContent(object, paths, viewer));
  return encoder.toString();
}

const deepPaths = [
  'name',
  'parent',
  'runtime.powerState',
  'runtime.host',
  'runtime.bootTime',
  'config.template',
  'config.annotation',
  'config.datastoreUrl',
  'config.hardware.memoryMB',
  'config.hardware.device',
  'config.hardware.device[2000]',
  'config.extraConfig["snapshot.maxSnapshots"]',
  'snapshot',
  'snapshot.currentSnapshot',
  'summary.quickStats.uptimeSeconds',
  'guest.toolsRunningStatus',
  'layoutEx',
  'recentTask',
  'effectiveRole',
];

describe('simulator: values that have been written before', () => {
  function setUp() {
    const { server, clock } = bareServer(demoInventory);
    const session = adminSession(server);
    const texts = new ValueTexts();
    const paths = new PropertyPaths();
    const vm = [...server.registry.all('VirtualMachine')].find(({ state }) => state.name === 'SQL01');
    assert.ok(vm !== undefined);
    const deep = deepPaths.map((text) => {
      const path = paths.resolve(vm.type, text, '8.0.3.0');
      assert.ok(path?.slot !== undefined, text);
      return path;
    });
    return { server, clock, viewer: () => server.viewerFor(session), texts, paths, vm, deep };
  }

  function* everything(server: VimServer): Generator<ManagedObject> {
    for (const kind of allKinds) {
      yield* server.registry.all(kind);
    }
  }

  it('are the same as without, for every object and property, at the first look and at the second', () => {
    const { server, viewer, texts, paths, deep } = setUp();
    for (const object of everything(server)) {
      const all = [...paths.all(object.type, '8.0.3.0'), ...(object.kind === 'VirtualMachine' ? deep : [])];
      const plain = plainContent(object, all, viewer());
      assert.equal(texts.content(object, all, viewer()).xml, plain, object.ref.key);
      assert.equal(texts.content(object, all, viewer()).xml, plain, object.ref.key);
    }
  });

  it('are the same in an update', () => {
    const { viewer, texts, vm, deep } = setUp();
    const { obj, propSet } = objectContent(vm, deep, viewer());
    const encoder = new VersionedEncoder('8.0.3.0');
    const changeSet = propSet.map(({ name, val }) => ({ name, op: 'assign' as const, val }));
    encoder.fields(ObjectUpdate, { kind: 'enter', obj, changeSet, missingSet: [] });
    assert.equal(texts.entered(vm, deep, viewer()).xml, encoder.toString());
  });

  it('are forgotten with the state that they show', () => {
    const { server, clock, viewer, texts, vm, deep } = setUp();
    assert.match(texts.content(vm, deep, viewer()).xml, />poweredOn</);
    updateVm(server.registry, vm, (state) => changePower(state, 'poweredOff', clock.now()));
    const { xml } = texts.content(vm, deep, viewer());
    assert.match(xml, />poweredOff</);
    assert.equal(xml, plainContent(vm, deep, viewer()));
  });

  it('are not kept when the time or another object has a part in them', () => {
    const { server, clock, viewer, texts, vm, deep } = setUp();
    const before = texts.content(vm, deep, viewer()).xml;
    clock.advance(3_600_000);
    const later = texts.content(vm, deep, viewer()).xml;
    assert.notEqual(later, before, 'uptime and the sizes of the files');
    assert.equal(later, plainContent(vm, deep, viewer()));
    server.registry.update((change) => {
      const datastore = server.registry.get('Datastore', vm.state.home.datastore);
      change.set(datastore, { ...datastore.state, name: 'moved' });
    });
    assert.match(texts.content(vm, deep, viewer()).xml, /moved/, 'name of the datastore');
  });

  it('are kept otherwise', () => {
    const { viewer, texts, paths, vm } = setUp();
    const asked = ['name', 'parent', 'runtime.powerState', 'config.template', 'summary.config.template', 'snapshot'];
    const list = paths.resolveAll(vm.type, asked, '8.0.3.0');
    assert.ok(typeof list !== 'string');
    const [content, entered] = [texts.content(vm, list, viewer()).xml, texts.entered(vm, list, viewer()).xml];
    // A state never changes. This one does, to see that nobody looks at it again.
    Object.assign(vm.state, { name: 'X', parent: undefined, power: 'suspended', isTemplate: true, snapshots: [] });
    assert.equal(texts.content(vm, list, viewer()).xml, content);
    assert.equal(texts.entered(vm, list, viewer()).xml, entered);
  });
});
