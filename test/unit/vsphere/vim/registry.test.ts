import assert from 'node:assert/strict';
import { allMethods, allObjectTypes, findManagedType, findType } from '../../../../src/vsphere/vim/registry';
import { resolvePath, type VimType } from '../../../../src/vsphere/vim/schema';
import { VirtualMachine } from '../../../../src/vsphere/vim/virtualMachine';

describe('the registry of types', () => {
  it('knows types that only a field leads to', () => {
    const state = resolvePath(VirtualMachine, 'runtime.faultToleranceState')?.type;
    assert.ok(state?.kind === 'enum');
    assert.equal(findType('VirtualMachineFaultToleranceState'), state);
    assert.equal(findType('VirtualMachineDeviceRuntimeInfo')?.kind, 'object');
    assert.equal(findType('NoSuchType'), undefined);
  });

  it('finds by its name each type that can stand in a message, and no name means two of them', () => {
    const pending: VimType[] = allMethods().flatMap(({ parameters, result }) => [
      parameters,
      ...(result === undefined ? [] : [result.type]),
    ]);
    pending.push(...allObjectTypes());
    const seen = new Set<VimType>();
    for (let type = pending.pop(); type !== undefined; type = pending.pop()) {
      if ((type.kind !== 'object' && type.kind !== 'enum') || seen.has(type)) {
        continue;
      }
      seen.add(type);
      assert.ok(findType(type.name) === type, type.name);
      if (type.kind === 'object') {
        pending.push(...type.fields().map((field) => field.type));
      }
    }
    assert.ok(seen.size > 200, String(seen.size));
  });

  it('finds managed object types', () => {
    assert.equal(findManagedType('VirtualMachine'), VirtualMachine);
    assert.equal(findManagedType('VirtualMachinePowerState'), undefined);
  });
});
