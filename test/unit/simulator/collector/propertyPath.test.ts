import assert from 'node:assert/strict';
import { allPaths, resolvePropertyPath, valueAt } from '../../../../src/simulator/collector/propertyPath';
import { findManagedType } from '../../../../src/vsphere/vim/registry';
import type { ManagedType } from '../../../../src/vsphere/vim/schema';

function type(name: string): ManagedType {
  const found = findManagedType(name);
  assert.ok(found !== undefined);
  return found;
}

describe('simulator: property paths', () => {
  for (const [path, isLegal] of [
    ['name', true],
    ['runtime.powerState', true],
    ['config.hardware.device', true],
    ['config.hardware.device[2000]', true],
    ['config.hardware.device[2000].capacityInKB', true],
    ['config.hardware.device[2000].backing.fileName', true],
    ['config.extraConfig["snapshot.maxSnapshots"]', true],
    ['config.extraConfig["snapshot.maxSnapshots"].value', true],
    ['config.hardware.device.key', false],
    ['nope', false],
    ['runtime.nope', false],
    ['runtime.', false],
    ['', false],
    ['.name', false],
    ['name.length', false],
    ['name[0]', false],
    ['config.hardware.device[', false],
  ] as const) {
    it(`${isLegal ? 'knows' : 'refuses'} ${JSON.stringify(path)} of a VM`, () => {
      assert.equal(resolvePropertyPath(type('VirtualMachine'), path, '8.0.3.0') !== undefined, isLegal);
    });
  }

  it('refuses what the client is too old for', () => {
    const path = 'capability.diskOnlySnapshotOnSuspendedVMSupported';
    assert.ok(resolvePropertyPath(type('VirtualMachine'), path, '6.7') !== undefined);
    assert.equal(resolvePropertyPath(type('VirtualMachine'), path, '6.5'), undefined);
    assert.ok(!allPaths(type('Folder'), '6.5').some(({ text }) => text === 'namespace'));
    assert.ok(allPaths(type('Folder'), '7.0.0.0').some(({ text }) => text === 'namespace'));
  });

  for (const [kind, path, isPushed] of [
    ['VirtualMachine', 'name', true],
    ['VirtualMachine', 'snapshot', true],
    ['VirtualMachine', 'runtime.consolidationNeeded', true],
    ['VirtualMachine', 'recentTask', false],
    ['VirtualMachine', 'disabledMethod', false],
    ['VirtualMachine', 'layoutEx', false],
    ['VirtualMachine', 'layoutEx.file', false],
    ['VirtualMachine', 'summary.storage.committed', false],
    ['VirtualMachine', 'summary.config.name', true],
    ['TaskManager', 'recentTask', false],
    ['Folder', 'overallStatus', false],
    ['Task', 'info', true],
    ['ResourcePool', 'summary', false],
    ['Datastore', 'summary.freeSpace', true],
  ] as const) {
    it(`${isPushed ? 'reports' : 'does not report'} changes of ${kind}.${path}`, () => {
      assert.equal(resolvePropertyPath(type(kind), path, '8.0.3.0')?.isPushed, isPushed);
    });
  }

  it('walks by keys to the value', () => {
    const path = resolvePropertyPath(type('VirtualMachine'), 'config.extraConfig["a.b"].value', '8.0.3.0');
    assert.ok(path !== undefined);
    const config = {
      extraConfig: [
        { key: 'x', value: '1' },
        { key: 'a.b', value: '2' },
      ],
    };
    assert.equal(valueAt(path, config), '2');
    assert.equal(valueAt(path, { extraConfig: [] }), undefined);
    assert.equal(valueAt(path, undefined), undefined);
  });
});
