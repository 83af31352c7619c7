import assert from 'node:assert/strict';
import { TypedValue } from '../../../../src/simulator/collector/typedValue';
import { isSame, partialChanges } from '../../../../src/simulator/collector/valueDiff';
import { findManagedType } from '../../../../src/vsphere/vim/registry';
import { type Field, ManagedObjectReference } from '../../../../src/vsphere/vim/schema';

function field(kind: string, name: string): Field {
  const found = findManagedType(kind)?.property(name);
  assert.ok(found !== undefined);
  return found;
}

const ref = (value: string): ManagedObjectReference => new ManagedObjectReference('VirtualMachine', value);

function changes(of: Field, before: unknown, after: unknown): unknown[] {
  return partialChanges('p', of, before, after).map(({ name, op, val }) => [
    name,
    op,
    val instanceof TypedValue ? val.value : val,
  ]);
}

describe('simulator: differences of values', () => {
  const runtime = field('VirtualMachine', 'runtime');
  const base = { connectionState: 'connected', powerState: 'poweredOff', device: [] };

  it('compares by the schema and not by identity', () => {
    assert.ok(isSame(runtime, base, { ...base, device: [] }));
    assert.ok(!isSame(runtime, base, { ...base, powerState: 'poweredOn' }));
    assert.ok(isSame(field('Folder', 'childEntity'), [ref('1')], [ref('1')]));
    assert.ok(!isSame(field('Folder', 'childEntity'), [ref('1')], [ref('2')]));
    assert.ok(!isSame(field('Folder', 'childEntity'), [ref('1')], [ref('1'), ref('2')]));
  });

  it('takes an empty list and none for the same', () => {
    assert.ok(isSame(field('Folder', 'childEntity'), [], undefined));
    assert.ok(!isSame(field('VirtualMachine', 'snapshot'), undefined, { rootSnapshotList: [] }));
  });

  it('names single fields of a data object', () => {
    assert.deepEqual(changes(runtime, base, { ...base, powerState: 'poweredOn', consolidationNeeded: true }), [
      ['p.powerState', 'assign', 'poweredOn'],
      ['p.consolidationNeeded', 'assign', true],
    ]);
  });

  it('says that something is unset by assigning nothing', () => {
    assert.deepEqual(changes(field('VirtualMachine', 'snapshot'), { rootSnapshotList: [] }, undefined), [
      ['p', 'assign', undefined],
    ]);
  });

  it('names items of a list by their key', () => {
    const extra = field('VirtualMachine', 'config');
    const config = (values: readonly (readonly [string, string])[]): object => ({
      extraConfig: values.map(([key, value]) => ({ key, value })),
    });
    assert.deepEqual(
      changes(
        extra,
        config([
          ['a', '1'],
          ['b', '2'],
        ]),
        config([
          ['b', '3'],
          ['c', '4'],
        ]),
      ),
      [
        ['p.extraConfig["a"]', 'remove', undefined],
        ['p.extraConfig["b"].value', 'assign', '3'],
        ['p.extraConfig["c"]', 'add', { key: 'c', value: '4' }],
      ],
    );
  });

  it('gives a list without keys as a whole', () => {
    const children = field('Folder', 'childEntity');
    assert.deepEqual(changes(children, [ref('1')], [ref('1'), ref('2')]), [['p', 'assign', [ref('1'), ref('2')]]]);
  });

  it('finds nothing where nothing differs', () => {
    assert.deepEqual(changes(runtime, base, { ...base }), []);
  });
});
