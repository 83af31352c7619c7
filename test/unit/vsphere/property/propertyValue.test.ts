import assert from 'node:assert/strict';
import { declaredField, fits } from '../../../../src/vsphere/property/propertyValue';
import { Folder } from '../../../../src/vsphere/vim/inventory';
import { ManagedObjectReference, type ManagedType } from '../../../../src/vsphere/vim/schema';
import { VirtualMachine } from '../../../../src/vsphere/vim/virtualMachine';

function fit(path: string, value: unknown, type: ManagedType = VirtualMachine): boolean {
  const field = declaredField(type, path);
  assert.ok(field !== undefined, path);
  return fits(field, value);
}

const vm = new ManagedObjectReference('VirtualMachine', 'vm-1');

describe('fits', () => {
  it('accepts what the schema declares', () => {
    assert.ok(fit('name', 'a'));
    assert.ok(fit('config.template', false));
    assert.ok(fit('summary.config.memorySizeMB', 1));
    assert.ok(fit('runtime.powerState', 'hibernated'), 'enumerations are open');
    assert.ok(fit('parent', vm));
    assert.ok(fit('disabledMethod', []));
    assert.ok(fit('childType', ['VirtualMachine'], Folder));
    assert.ok(fit('snapshot', { $type: 'VirtualMachineSnapshotInfo', rootSnapshotList: [] }));
    assert.ok(fit('snapshot', { rootSnapshotList: [] }));
    assert.ok(fit('config.extraConfig["snapshot.maxSnapshots"]', { $type: 'OptionValue', key: 'k', value: '3' }));
  });

  it('refuses everything else', () => {
    assert.ok(!fit('name', 7));
    assert.ok(!fit('config.template', 'true'));
    assert.ok(!fit('summary.config.memorySizeMB', '1'));
    assert.ok(!fit('runtime.powerState', { $type: 'X' }));
    assert.ok(!fit('parent', 'vm-1'));
    assert.ok(!fit('parent', { $type: 'ManagedObjectReference' }));
    assert.ok(!fit('disabledMethod', 'x'));
    assert.ok(!fit('disabledMethod', [7]));
    assert.ok(!fit('snapshot', []));
    assert.ok(!fit('snapshot', null));
    assert.ok(!fit('snapshot', { $type: 'AboutInfo' }));
    assert.ok(!fit('snapshot', { $type: 'Unheard' }), 'a value that was not read');
  });

  it('accepts items of types that came later, as far as they were read as what the list declares', () => {
    assert.ok(fit('config.hardware.device', [{ $type: 'VirtualDeviceOfTheFuture', key: 4_000 }]));
    assert.ok(!fit('config.hardware.device', [{ $type: 'AboutInfo' }]));
  });

  it('has no type for a path that leads nowhere or into a list', () => {
    assert.equal(declaredField(VirtualMachine, 'nowhere'), undefined);
    assert.equal(declaredField(VirtualMachine, 'config.hardware.device.key'), undefined);
  });
});
