import assert from 'node:assert/strict';
import { backupNameMatcher } from '../../../src/hypervisor/health/backupProduct';
import type { Operation } from '../../../src/hypervisor/model/operation';
import type { SnapshotTree } from '../../../src/hypervisor/model/snapshot';
import type { VmDetail } from '../../../src/hypervisor/model/vmDetail';
import { buildPlan, type PlanInput } from '../../../src/hypervisor/plan/buildPlan';
import { comparePlans } from '../../../src/hypervisor/plan/comparePlans';
import type { Blocker, Plan, Warning } from '../../../src/hypervisor/plan/plan';
import {
  chain,
  datastore,
  detail,
  disk,
  objectId,
  serverTask,
  snapshot,
  snapshotId,
  testNowMs,
  vm,
} from '../../support/domainBuilders';

const vmId = objectId('vm-1');
const day = 86_400_000;

const operations = {
  take: { kind: 'take', vmId, name: 'n', description: '', contents: 'disks' },
  takeMemory: { kind: 'take', vmId, name: 'n', description: '', contents: 'memory' },
  takeQuiesced: { kind: 'take', vmId, name: 'n', description: '', contents: 'quiesced' },
  edit: { kind: 'edit', vmId, snapshotId: snapshotId('a'), name: 'x' },
  restore: { kind: 'restore', vmId, snapshotId: snapshotId('a') },
  restoreLatest: { kind: 'restoreLatest', vmId },
  delete: { kind: 'delete', vmId, snapshotId: snapshotId('a') },
  deleteWithChildren: { kind: 'deleteWithChildren', vmId, snapshotId: snapshotId('a') },
  deleteAll: { kind: 'deleteAll', vmId },
  consolidate: { kind: 'consolidate', vmId },
  powerOn: { kind: 'powerOn', vmId },
} as const satisfies Record<string, Operation>;

function plan(operation: Operation, facts: Partial<VmDetail> = {}, input: Partial<PlanInput> = {}): Plan {
  return buildPlan({
    detail: detail(facts),
    operation,
    missingPrivileges: [],
    isReadOnlyServer: false,
    space: [],
    backupPattern: backupNameMatcher(['VEEAM BACKUP TEMPORARY SNAPSHOT', '_VCB-BACKUP_*']),
    nowMs: testNowMs,
    ...input,
  });
}

const withTree = (snapshots: SnapshotTree): Partial<VmDetail> => ({ vm: vm('vm-1', { snapshots }) });
const kinds = (blockers: readonly Blocker[]): string[] =>
  blockers.map((blocker) => `${blocker.kind}${blocker.advisory ? '?' : ''}`);
const warned = (warnings: readonly Warning[]): string[] => warnings.map((warning) => warning.kind);
const deep = (count: number): SnapshotTree => chain(...Array.from({ length: count }, (_, i) => `s${i}`));

describe('blockers', () => {
  const tree = withTree(chain('a', 'b'));
  const cases: readonly (readonly [
    what: string,
    operation: Operation,
    facts: Partial<VmDetail>,
    expected: readonly string[],
  ])[] = [
    ['nothing on a healthy VM', operations.take, {}, []],
    ['an orphaned VM', operations.take, { vm: vm('x', { reachability: 'orphaned' }) }, ['unreachable']],
    ['a template', operations.take, { vm: vm('x', { isTemplate: true }) }, ['template']],
    ['a running task', operations.deleteAll, { ...tree, activeTasks: [serverTask('t')] }, ['busy']],
    [
      'a VM with a question, perhaps',
      operations.restore,
      { vm: vm('x', { ...tree.vm, question: 'Moved or copied?' }) },
      ['question?'],
    ],
    ['a snapshot that is gone', operations.delete, withTree(chain('other')), ['snapshotGone']],
    ['an edit of one that is gone', operations.edit, {}, ['snapshotGone']],
    ['a delete of all without any', operations.deleteAll, {}, ['noSnapshots']],
    ['a restore to the latest without any', operations.restoreLatest, {}, ['noSnapshots']],
    [
      'a restore to the latest without a current one',
      operations.restoreLatest,
      withTree({ ...chain('a'), currentId: undefined }),
      ['noCurrentSnapshot'],
    ],
    [
      'a current snapshot that is not in the tree',
      operations.restoreLatest,
      withTree({ ...chain('a'), currentId: snapshotId('x') }),
      ['noCurrentSnapshot'],
    ],
    ['a power-on of a running VM', operations.powerOn, {}, ['alreadyOn']],
    ['no power-on of a VM that is off', operations.powerOn, { vm: vm('x', { powerState: 'off' }) }, []],
    [
      'a physical raw disk',
      operations.take,
      { disks: [disk('Hard disk 2', { physicalRaw: true })] },
      ['physicalRawDisk'],
    ],
    ['a shared disk', operations.take, { disks: [disk('Hard disk 2', { shared: true })] }, ['sharedDisk']],
    ['a device', operations.take, { blockingDevices: ['PCI device 0'] }, ['device']],
    ['no delete because of a device', operations.delete, { ...tree, blockingDevices: ['PCI device 0'] }, []],
    ['a full chain', operations.take, withTree(deep(32)), ['chainFull']],
    ['not a chain of 31', operations.take, withTree(deep(31)), []],
    [
      'a chain that is full by the VM’s own limit',
      operations.take,
      { ...withTree(deep(3)), maxSnapshots: 3 },
      ['chainFull'],
    ],
    ['fault tolerance, perhaps', operations.take, { limitations: new Set(['faultTolerance']) }, ['limitation?']],
    [
      'a second snapshot, perhaps',
      operations.take,
      { ...tree, limitations: new Set(['multipleUnsupported']) },
      ['limitation?'],
    ],
    ['not a first snapshot', operations.take, { limitations: new Set(['multipleUnsupported']) }, []],
    ['memory, perhaps', operations.takeMemory, { limitations: new Set(['memoryUnsupported']) }, ['limitation?']],
    [
      'memory with an independent disk',
      operations.takeMemory,
      { disks: [disk('d', { independent: true })] },
      ['memoryWithIndependentDisk'],
    ],
    [
      'memory of a suspended VM with an independent disk',
      operations.take,
      { vm: vm('x', { powerState: 'suspended' }), disks: [disk('d', { independent: true })] },
      ['memoryWithIndependentDisk'],
    ],
    ['not disks alone with an independent disk', operations.take, { disks: [disk('d', { independent: true })] }, []],
    ['quiescing, perhaps', operations.takeQuiesced, { limitations: new Set(['quiesceUnsupported']) }, ['limitation?']],
    ['quiescing without Tools, perhaps', operations.takeQuiesced, { toolsRunning: false }, ['toolsNotRunning?']],
    [
      'no quiescing of a VM that is off',
      operations.takeQuiesced,
      { vm: vm('x', { powerState: 'off' }), toolsRunning: false },
      [],
    ],
    [
      'a restore, perhaps',
      operations.restore,
      { ...tree, limitations: new Set(['restoreUnsupported']) },
      ['limitation?'],
    ],
    [
      'a backup in progress, perhaps',
      operations.delete,
      { ...tree, disabledOperations: new Set(['delete']) },
      ['disabledByOther?'],
    ],
  ];
  for (const [what, operation, facts, expected] of cases) {
    it(`find ${what}`, () => {
      assert.deepEqual(kinds(plan(operation, facts).blockers), expected);
    });
  }

  it('name missing privileges and read-only servers first', () => {
    const refused = plan(operations.deleteAll, tree, {
      missingPrivileges: ['Remove snapshot'],
      isReadOnlyServer: true,
    });
    assert.deepEqual(kinds(refused.blockers), ['readOnlyServer', 'noPrivilege']);
  });
});

describe('warnings', () => {
  // base ─┬─ a (current)
  //       └─ side ── tip
  const branched: SnapshotTree = {
    roots: [
      snapshot('base', {
        createdAtMs: testNowMs - 60 * day,
        children: [
          snapshot('a', { createdAtMs: testNowMs - 40 * day }),
          snapshot('side', {
            createdAtMs: testNowMs - 2 * day,
            children: [snapshot('tip', { createdAtMs: testNowMs - day })],
          }),
        ],
      }),
    ],
    currentId: snapshotId('a'),
  };
  const remove = (id: string): Operation => ({ kind: 'delete', vmId, snapshotId: snapshotId(id) });

  it('tell when a delete loses data: only at the tip of a side branch', () => {
    assert.deepEqual(warned(plan(remove('tip'), withTree(branched)).warnings), ['dataOnNoOtherBranch']);
    assert.deepEqual(warned(plan(remove('side'), withTree(branched)).warnings), []);
    assert.deepEqual(warned(plan(remove('a'), withTree(branched)).warnings), []);
  });

  it('name the tips that a delete of all loses', () => {
    const [warning] = plan(operations.deleteAll, withTree(branched)).warnings;
    assert.ok(warning?.kind === 'sideBranchesLost');
    assert.deepEqual(
      warning.tips.map((tip) => tip.id),
      ['tip'],
    );
    assert.deepEqual(warned(plan(operations.deleteAll, withTree(chain('a', 'b'))).warnings), []);
  });

  it('say that the latest is not the newest', () => {
    const [warning] = plan(operations.restoreLatest, withTree(branched)).warnings;
    assert.ok(warning?.kind === 'newerOnOtherBranch');
    assert.equal(warning.snapshot.id, 'tip');
    assert.deepEqual(warned(plan(operations.restoreLatest, withTree(chain('a', 'b'))).warnings), []);
  });

  it('mind the domain of an old Windows snapshot and disks that stay as they are', () => {
    const facts = { ...withTree(branched), windowsGuest: true, disks: [disk('Hard disk 3', { independent: true })] };
    assert.deepEqual(warned(plan(operations.restore, facts).warnings), ['disksNotRestored', 'domainTrust']);
    const young = { ...withTree(chain('a')), windowsGuest: true };
    assert.deepEqual(warned(plan(operations.restore, young).warnings), []);
  });

  it('recognise a backup product among whatever is touched', () => {
    const backup: SnapshotTree = {
      roots: [snapshot('a', { name: 'mine', children: [snapshot('v', { name: 'Veeam Backup Temporary Snapshot' })] })],
      currentId: snapshotId('v'),
    };
    assert.deepEqual(warned(plan(remove('v'), withTree(backup)).warnings), ['backupProduct']);
    assert.deepEqual(warned(plan(operations.deleteWithChildren, withTree(backup)).warnings), ['backupProduct']);
    assert.deepEqual(warned(plan(operations.deleteAll, withTree(backup)).warnings), ['backupProduct']);
    assert.deepEqual(warned(plan(remove('a'), withTree(backup)).warnings), []);
    assert.deepEqual(warned(plan(operations.take, withTree(backup)).warnings), []);
  });

  it('say that a consolidation is not needed, and that a vCenter manages the host', () => {
    assert.deepEqual(warned(plan(operations.consolidate).warnings), ['consolidationNotNeeded']);
    const needed = { vm: vm('vm-1', { needsConsolidation: true }), managedBy: '192.0.2.1' };
    assert.deepEqual(warned(plan(operations.consolidate, needed).warnings), ['managedByVCenter']);
  });
});

describe('a plan', () => {
  it('always captures the memory of a suspended VM', () => {
    for (const asked of [operations.take, operations.takeQuiesced]) {
      const { operation, after } = plan(asked, { vm: vm('vm-1', { powerState: 'suspended' }) });
      assert.ok(operation.kind === 'take');
      assert.equal(operation.contents, 'memory');
      assert.equal(after?.tree.roots[0]?.powerState, 'suspended');
    }
  });

  it('holds the state before and after, the target and what goes', () => {
    const result = plan(operations.deleteWithChildren, withTree(chain('a', 'b')));
    assert.equal(result.target?.id, 'a');
    assert.equal(result.current?.id, 'b');
    assert.deepEqual(
      result.removed.map((each) => each.id),
      ['a', 'b'],
    );
    assert.deepEqual(result.after?.tree, { roots: [], currentId: undefined });
  });

  it('names the datastore of an estimate and drops one that nobody knows', () => {
    const space = [
      { datastoreId: objectId('ds-1'), bytes: 7 },
      { datastoreId: objectId('ds-9'), bytes: 8 },
    ];
    const result = plan(operations.consolidate, {}, { space });
    assert.deepEqual(result.space, [{ datastore: datastore('ds-1'), neededBytes: 7 }]);
  });
});

describe('comparePlans', () => {
  const before = plan(operations.deleteAll, withTree(chain('a', 'b')));
  const difference = (facts: Partial<VmDetail>): string[] =>
    comparePlans(before, plan(operations.deleteAll, facts)).map((each) =>
      'count' in each ? `${each.kind} ${each.count}` : each.kind,
    );

  it('finds nothing where only figures moved', () => {
    const moved = {
      ...withTree(chain('a', 'b')),
      datastores: [datastore('ds-1', { freeBytes: 1 })],
      toolsRunning: false,
    };
    assert.deepEqual(difference(moved), []);
  });

  it('counts snapshots that came and went', () => {
    assert.deepEqual(difference(withTree(chain('a', 'b', 'c'))), ['snapshotsAdded 1']);
    assert.deepEqual(difference(withTree(chain('a'))), ['snapshotsRemoved 1']);
    assert.deepEqual(difference(withTree(chain('a', 'x', 'y'))), ['snapshotsAdded 2', 'snapshotsRemoved 1']);
  });

  it('sees an edit, a move of the present state, power, consolidation and new blockers', () => {
    const edited: SnapshotTree = {
      ...chain('a', 'b'),
      roots: chain('a', 'b').roots.map((root) => ({ ...root, name: 'z' })),
    };
    assert.deepEqual(difference(withTree(edited)), ['snapshotsEdited']);
    assert.deepEqual(difference(withTree({ ...chain('a', 'b'), currentId: snapshotId('a') })), ['currentMoved']);
    assert.deepEqual(difference({ vm: vm('vm-1', { snapshots: chain('a', 'b'), powerState: 'off' }) }), ['powerState']);
    assert.deepEqual(difference({ vm: vm('vm-1', { snapshots: chain('a', 'b'), needsConsolidation: true }) }), [
      'consolidation',
    ]);
    assert.deepEqual(difference({ ...withTree(chain('a', 'b')), activeTasks: [serverTask('t')] }), ['blocked']);
  });
});

describe('backupNameMatcher', () => {
  const match = backupNameMatcher(['VEEAM BACKUP TEMPORARY SNAPSHOT', 'Consolidate Helper*', 'smvi_*', ' ', '*[x]']);
  const cases: readonly (readonly [name: string, pattern: string | undefined])[] = [
    ['VEEAM BACKUP TEMPORARY SNAPSHOT', 'VEEAM BACKUP TEMPORARY SNAPSHOT'],
    ['before Veeam Backup Temporary Snapshot 2', 'VEEAM BACKUP TEMPORARY SNAPSHOT'],
    ['Consolidate Helper-0', 'Consolidate Helper*'],
    ['my Consolidate Helper', undefined],
    ['SMVI_20261122\nline', 'smvi_*'],
    ['a[x]', '*[x]'],
    ['ax', undefined],
    ['', undefined],
  ];
  for (const [name, pattern] of cases) {
    it(`${JSON.stringify(name)} matches ${pattern ?? 'nothing'}`, () => {
      assert.equal(match(name), pattern);
    });
  }
});
