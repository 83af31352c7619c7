import assert from 'node:assert/strict';

import { Checksum, type SnapshotFacts, type VmFacts } from '../../../bench/checksum';
import { govcFacts } from '../../../bench/clients/govc';

const snapshot: SnapshotFacts = {
  id: 'snapshot-1',
  number: 1,
  name: 'ä & <b>',
  description: '日本 😀',
  createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  state: 'poweredOff',
  quiesced: true,
  children: [],
};

const vm: VmFacts = {
  id: 'vm-7',
  name: 'web1',
  parent: 'group-v3',
  powerState: 'poweredOn',
  host: 'host-9',
  needsConsolidation: true,
  isTemplate: false,
  current: 'snapshot-1',
  roots: [snapshot],
};

function sumOf(...vms: readonly VmFacts[]): string {
  const checksum = new Checksum();
  for (const each of vms) {
    checksum.add(each);
  }
  return checksum.toString();
}

describe('Bench: checksum', () => {
  it('is the same in any order, and counts', () => {
    const other = { ...vm, id: 'vm-8' };
    assert.equal(sumOf(vm, other), sumOf(other, vm));
    assert.match(sumOf(vm, other), /^2 [0-9a-f]{8}$/);
  });

  it('covers every field', () => {
    const changed: readonly VmFacts[] = [
      { ...vm, id: 'vm-8' },
      { ...vm, name: 'web2' },
      { ...vm, parent: 'group-v4' },
      { ...vm, powerState: 'suspended' },
      { ...vm, host: 'host-8' },
      { ...vm, needsConsolidation: false },
      { ...vm, isTemplate: true },
      { ...vm, current: 'snapshot-2' },
      ...(
        [
          { id: 'snapshot-2' },
          { number: 2 },
          { name: 'ä & <c>' },
          { description: '日本 🚀' },
          { createdAtMs: 0 },
          { state: 'poweredOn' },
          { quiesced: false },
          { children: [snapshot] },
        ] satisfies readonly Partial<SnapshotFacts>[]
      ).map((facts) => ({ ...vm, roots: [{ ...snapshot, ...facts }] })),
      { ...vm, roots: [snapshot, snapshot] },
    ];
    const sums = new Set([vm, ...changed].map((each) => sumOf(each)));
    assert.equal(sums.size, changed.length + 1);
  });

  it('is made of what govc prints', () => {
    const tree = {
      snapshot: { type: 'VirtualMachineSnapshot', value: 'snapshot-1' },
      ...{ name: snapshot.name, description: snapshot.description, id: 1, createTime: '2026-01-02T03:04:05.006Z' },
      ...{ state: 'poweredOff', quiesced: true, childSnapshotList: null },
    };
    const update = (id: string, values: Readonly<Record<string, unknown>>): string =>
      JSON.stringify(
        { kind: 'enter', obj: { value: id }, changeSet: Object.entries(values).map(([name, val]) => ({ name, val })) },
        null,
        2,
      );
    const printed = [
      update('vm-7', {
        name: 'web1',
        parent: { value: 'group-v3' },
        'runtime.powerState': 'poweredOn',
        'runtime.host': { value: 'host-9' },
        'runtime.consolidationNeeded': true,
        'config.template': false,
        snapshot: { currentSnapshot: { value: 'snapshot-1' }, rootSnapshotList: [tree] },
      }),
      update('vm-8', { name: '{' }),
    ].join('\n');
    const bare: VmFacts = {
      ...{ id: 'vm-8', name: '{', parent: '', powerState: '', host: '', current: '', roots: [] },
      ...{ needsConsolidation: false, isTemplate: false },
    };
    assert.equal(govcFacts(printed), sumOf(vm, bare));
  });
});
