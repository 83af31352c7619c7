import assert from 'node:assert/strict';
import { allSnapshots, treeDepth } from '../../../../src/hypervisor/model/snapshotTree';
import { toPowerState, toSnapshotTree } from '../../../../src/vsphere/inventory/snapshotMapping';
import { ManagedObjectReference } from '../../../../src/vsphere/vim/schema';
import type { VirtualMachineSnapshotTree } from '../../../../src/vsphere/vim/snapshot';

function tree(id: number, overrides: Partial<VirtualMachineSnapshotTree> = {}): VirtualMachineSnapshotTree {
  return {
    snapshot: new ManagedObjectReference('VirtualMachineSnapshot', `snapshot-${id}`),
    vm: new ManagedObjectReference('VirtualMachine', 'vm-1'),
    name: `s${id}`,
    description: '',
    id,
    createTime: '2026-11-22T14:05:00Z',
    state: 'poweredOff',
    quiesced: false,
    childSnapshotList: [],
    ...overrides,
  };
}

describe('toSnapshotTree', () => {
  it('is empty without snapshots', () => {
    assert.deepEqual(toSnapshotTree(undefined), { roots: [], currentId: undefined });
  });

  it('takes over every fact', () => {
    const mapped = toSnapshotTree({
      currentSnapshot: new ManagedObjectReference('VirtualMachineSnapshot', 'snapshot-2'),
      rootSnapshotList: [
        tree(1, { childSnapshotList: [tree(2, { name: '50%25 a%2fb', description: 'x%2fy', quiesced: true })] }),
      ],
    });
    assert.equal(mapped.currentId, 'VirtualMachineSnapshot:snapshot-2');
    assert.deepEqual(mapped.roots[0]?.children, [
      {
        id: 'VirtualMachineSnapshot:snapshot-2',
        number: 2,
        name: '50% a/b',
        description: 'x%2fy',
        createdAtMs: Date.UTC(2026, 10, 22, 14, 5),
        powerState: 'off',
        hasMemory: false,
        quiesced: true,
        children: [],
      },
    ]);
  });

  it('knows memory by the power state that was captured', () => {
    const states = ['poweredOn', 'poweredOff', 'suspended', 'hibernated'] as const;
    const mapped = toSnapshotTree({ rootSnapshotList: states.map((state, i) => tree(i, { state })) });
    assert.deepEqual(
      mapped.roots.map(({ powerState, hasMemory }) => [powerState, hasMemory]),
      [
        ['on', true],
        ['off', false],
        ['suspended', true],
        ['off', false],
      ],
    );
  });

  it('keeps the order of siblings, several roots, and a tree without a current snapshot', () => {
    const mapped = toSnapshotTree({
      rootSnapshotList: [tree(1, { childSnapshotList: [tree(3), tree(2), tree(4)] }), tree(5)],
    });
    assert.deepEqual(
      allSnapshots(mapped).map(({ number }) => number),
      [1, 3, 2, 4, 5],
    );
    assert.equal(mapped.currentId, undefined);
  });

  it('survives a chain as deep as a hostile server likes', () => {
    let chain = tree(0);
    for (let i = 1; i < 20_000; i++) {
      chain = tree(i, { childSnapshotList: [chain] });
    }
    assert.equal(treeDepth(toSnapshotTree({ rootSnapshotList: [chain] })), 20_000);
  });

  it('takes a time that cannot be read for the beginning of time', () => {
    assert.equal(toSnapshotTree({ rootSnapshotList: [tree(1, { createTime: 'never' })] }).roots[0]?.createdAtMs, 0);
    assert.equal(toPowerState(undefined), 'off');
  });
});
