import assert from 'node:assert/strict';
import {
  disabledOperations,
  limitationsOf,
  maxSnapshotsOf,
  type SnapshotCapabilities,
} from '../../../../src/vsphere/vm/vmLimits';

const all: SnapshotCapabilities = {
  snapshotOperationsSupported: true,
  multipleSnapshotsSupported: true,
  poweredOffSnapshotsSupported: true,
  memorySnapshotsSupported: true,
  revertToSnapshotSupported: true,
  quiescedSnapshotsSupported: true,
};
const none = Object.fromEntries(Object.keys(all).map((key) => [key, false])) as unknown as SnapshotCapabilities;

function limits(flags: Partial<SnapshotCapabilities>, power: 'on' | 'off' = 'on', ft?: string): string[] {
  return [...limitationsOf({ ...all, ...flags }, power, ft)].sort();
}

describe('limitationsOf', () => {
  it('finds nothing where everything is supported', () => {
    assert.deepEqual(limits({}), []);
    assert.deepEqual(limits({}, 'off', 'notConfigured'), []);
  });

  it('finds each thing that is not', () => {
    assert.deepEqual(limits({ multipleSnapshotsSupported: false }), ['multipleUnsupported']);
    assert.deepEqual(limits({ memorySnapshotsSupported: false }), ['memoryUnsupported']);
    assert.deepEqual(limits({ quiescedSnapshotsSupported: false }), ['quiesceUnsupported']);
    assert.deepEqual(limits({ revertToSnapshotSupported: false }), ['restoreUnsupported']);
    assert.deepEqual(limits({ poweredOffSnapshotsSupported: false }, 'on'), []);
    assert.deepEqual(limits({ poweredOffSnapshotsSupported: false }, 'off'), ['snapshotsUnsupported']);
  });

  it('believes that snapshots are not supported only beside flags that mean something', () => {
    assert.deepEqual(limits({ snapshotOperationsSupported: false }), ['snapshotsUnsupported']);
    assert.deepEqual([...limitationsOf(none, 'on', undefined)], [], 'vcsim');
    assert.deepEqual(limits({ snapshotOperationsSupported: undefined, memorySnapshotsSupported: false }), []);
  });

  it('knows Fault Tolerance by its state', () => {
    for (const state of ['enabled', 'needSecondary', 'starting', 'running']) {
      assert.deepEqual(limits({}, 'on', state), ['faultTolerance']);
    }
    assert.deepEqual(limits({}, 'on', 'disabled'), []);
  });
});

describe('disabledOperations', () => {
  it('knows operations by their methods, each once, and passes over the rest', () => {
    const methods = ['RemoveSnapshot_Task', 'RemoveSnapshot_Task', 'CreateSnapshot_Task', 'MigrateVM_Task'];
    assert.deepEqual([...disabledOperations(methods)], ['delete', 'deleteWithChildren', 'take']);
    assert.deepEqual([...disabledOperations([])], []);
  });
});

describe('maxSnapshotsOf', () => {
  it('reads a number from the option, whatever its type', () => {
    assert.equal(maxSnapshotsOf({ key: 'snapshot.maxSnapshots', value: '3' }), 3);
    assert.equal(maxSnapshotsOf({ value: 0 }), 0);
    for (const option of [undefined, {}, { value: '' }, { value: '-1' }, { value: 'many' }, { value: '1e3' }, 'x']) {
      assert.equal(maxSnapshotsOf(option), undefined);
    }
  });
});
