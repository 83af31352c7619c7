import { backupNameMatcher } from '../../src/hypervisor/health/backupProduct';
import type { ConnectionState } from '../../src/hypervisor/connection';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { Operation } from '../../src/hypervisor/model/operation';
import type { Snapshot } from '../../src/hypervisor/model/snapshot';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import type { SnapshotSizes, VmDetail } from '../../src/hypervisor/model/vmDetail';
import { buildPlan } from '../../src/hypervisor/plan/buildPlan';
import type { Plan } from '../../src/hypervisor/plan/plan';
import { panelParts, type PartsInput } from '../../src/ui/manager/panelParts';
import type { ManagerContext } from '../../src/ui/text/manager/context';
import { previewText } from '../../src/ui/text/manager/previewText';
import { presentRowId, type PreviewKind } from '../../src/webview/protocol/shapes';
import type { PageParts } from '../../src/webview/protocol/toPage';
import {
  chain,
  datastore,
  detail,
  disk,
  objectId,
  snapshot,
  snapshotId,
  testNowMs,
  vm,
} from '../support/domainBuilders';
import { connectionWith, paris } from '../support/rowFixtures';
import { failure } from '../support/scriptedHypervisor';

// Every state in which a panel can be, as the extension words it.

const gb = 1024 ** 3;
const day = 86_400_000;

const pageContext: ManagerContext = {
  formats: paris,
  nowMs: testNowMs,
  warnAfterDays: 3,
  oldAfterDays: 30,
  backupPattern: backupNameMatcher(['VEEAM*']),
  creators: new Map([[snapshotId('b'), 'CORP\\jdoe']]),
};

/** Three in a row, two branches, a snapshot of a backup product, and memory. */
const branched: VirtualMachine = vm('vm-1', {
  name: 'SQL01',
  needsConsolidation: true,
  snapshots: {
    roots: [
      snapshot('a', {
        name: 'before KB5034',
        createdAtMs: testNowMs - 41 * day,
        number: 1,
        children: [
          snapshot('b', {
            name: 'nightly',
            description: 'CHG-20402\nReason: index rebuild\nKeep until 1 Dec 2026\nTaken by CORP\\jdoe',
            createdAtMs: testNowMs - 5 * day,
            number: 2,
            hasMemory: true,
            powerState: 'on',
            children: [snapshot('d', { name: 'VEEAM BACKUP TEMPORARY SNAPSHOT', createdAtMs: testNowMs, number: 4 })],
          }),
          snapshot('c', {
            name: 'test',
            createdAtMs: testNowMs - 4 * day,
            number: 3,
            quiesced: true,
            children: [snapshot('e', { name: 'test 2', createdAtMs: testNowMs - day, number: 5 })],
          }),
          snapshot('f', { name: 'test', createdAtMs: testNowMs - 3 * day, number: 6 }),
        ],
      }),
    ],
    currentId: snapshotId('d'),
  },
});

/** As deep as vSphere allows. */
const deep: VirtualMachine = vm('vm-1', {
  name: 'KERNEL-LAB',
  snapshots: chain(...Array.from({ length: 32 }, (_, index) => `patch ${index + 1}`)),
});

/** Names and descriptions that break what was not made for them. */
const strange: VirtualMachine = vm('vm-1', {
  name: 'שרת בסיס נתונים 🚀 <b>x</b>',
  snapshots: {
    roots: [
      snapshot('rtl', {
        name: 'לפני עדכון KB5034 (חשוב)',
        description: 'נלקח לפני העדכון.\nCHG-20402',
        number: 1,
        children: [
          snapshot('long', {
            name: 'x'.repeat(300),
            description: 'a line of a log that somebody has pasted\n'.repeat(2_500),
            number: 2,
            children: [snapshot('emoji', { name: '👨‍👩‍👧‍👦 $(trash) **bold** \u202egpj.exe\ttab', number: 3 })],
          }),
        ],
      }),
    ],
    currentId: snapshotId('emoji'),
  },
});

function sizesOf({ snapshots }: VirtualMachine): SnapshotSizes {
  const all = allSnapshots(snapshots);
  const bySnapshot = new Map(
    all.map(({ id, hasMemory }, index) => [
      id,
      {
        diskBytes: index * gb,
        memoryBytes: hasMemory ? 8 * gb : 28_672,
        liveBytes: id === snapshots.currentId ? 3 * gb : 0,
      },
    ]),
  );
  return { bySnapshot, totalBytes: all.length * 2 * gb, leftoverBytes: gb, measuredAtMs: testNowMs };
}

function detailOf(machine: VirtualMachine, facts: Partial<VmDetail> = {}): VmDetail {
  return detail({
    vm: machine,
    sizes: machine.snapshots.roots.length === 0 ? undefined : sizesOf(machine),
    datastores: [datastore('DS-03', { freeBytes: 40 * gb })],
    ...facts,
  });
}

function planOf(machine: VirtualMachine, operation: Operation, facts: Partial<VmDetail> = {}): Plan {
  return buildPlan({
    detail: detailOf(machine, facts),
    operation,
    missingPrivileges: [],
    isReadOnlyServer: false,
    space: operation.kind === 'deleteAll' ? [{ datastoreId: objectId('DS-03'), bytes: 38 * gb }] : [],
    backupPattern: (name) => pageContext.backupPattern(name),
    nowMs: testNowMs,
  });
}

const takeOf = ({ id }: VirtualMachine): Operation => ({
  kind: 'take',
  vmId: id,
  name: '',
  description: '',
  contents: 'disks',
});

const nothingSpecial = { error: undefined, trueAtMs: undefined, protection: undefined, isFavorite: false };

/** All parts of a panel on a live server, with changes. */
export function partsOf(machine: VirtualMachine, changes: Partial<PartsInput> = {}): PageParts {
  return panelParts(
    {
      panelId: 'panel',
      situation: {
        connection: connectionWith(machine),
        vm: machine,
        vmName: machine.name,
        ...nothingSpecial,
      },
      plan: planOf(machine, takeOf(machine)),
      history: { ofVm: () => undefined },
      selectedId: undefined,
      preview: null,
      edit: null,
      show: () => 1,
      ...changes,
    },
    pageContext,
  );
}

function previewOf(kind: PreviewKind, target: Snapshot['id'] | undefined, wantsFirst = false): PageParts['preview'] {
  const operation = (
    target === undefined ? { kind, vmId: branched.id } : { kind, vmId: branched.id, snapshotId: target }
  ) as Operation;
  const plan = planOf(branched, operation);
  const connection = connectionWith(branched);
  return previewText({ id: 1, kind, connection, plan, wantsFirst, offersFirst: true }, pageContext);
}

function situated(machine: VirtualMachine, state: ConnectionState): PageParts {
  const connection = connectionWith(machine);
  connection.setState(state);
  return partsOf(machine, {
    situation: {
      connection,
      vm: machine,
      vmName: machine.name,
      ...nothingSpecial,
      trueAtMs: testNowMs - 3_600_000,
    },
  });
}

const noAnswer = failure('noAnswer', "'vc-paris.corp' doesn't answer on port 443.");
const nowhere = { ...nothingSpecial, vm: undefined, vmName: 'SQL01' };

/** The states by name. */
export function pageStates(): Readonly<Record<string, PageParts>> {
  const bare = vm('vm-1', { name: 'ORA01' });
  const loading = connectionWith();
  loading.setState({ kind: 'connecting' });
  const gone = connectionWith();
  const blocked = planOf(bare, takeOf(bare), {
    disks: [disk('Hard disk 1', { physicalRaw: true }), disk('Hard disk 2', { independent: true })],
    toolsRunning: false,
    limitations: new Set(['faultTolerance']),
    maxSnapshots: 3,
  });
  const selected = { selectedId: 'b' };
  return {
    loading: partsOf(bare, { situation: { ...nowhere, connection: loading }, plan: undefined }),
    empty: partsOf(bare),
    blockers: partsOf(bare, { plan: blocked }),
    chain: partsOf(deep, { selectedId: 'patch 3' }),
    branches: partsOf(branched, selected),
    'strange names': partsOf(strange, { selectedId: 'rtl' }),
    'long description': partsOf(strange, { selectedId: 'long' }),
    present: partsOf(branched, { selectedId: presentRowId }),
    'preview of restore': partsOf(branched, { ...selected, preview: previewOf('restore', snapshotId('c')) }),
    'preview of restore, snapshot first': partsOf(branched, {
      ...selected,
      preview: previewOf('restore', snapshotId('c'), true),
    }),
    'preview of delete': partsOf(branched, { ...selected, preview: previewOf('delete', snapshotId('b')) }),
    'preview of delete with children': partsOf(branched, {
      ...selected,
      preview: previewOf('deleteWithChildren', snapshotId('c')),
    }),
    'preview of delete all': partsOf(branched, { preview: previewOf('deleteAll', undefined) }),
    'preview of consolidate': partsOf(branched, { preview: previewOf('consolidate', undefined) }),
    stale: situated(branched, { kind: 'reconnecting', sinceMs: testNowMs, attempt: 2, error: noAnswer }),
    error: partsOf(bare, { situation: { ...nowhere, connection: failedConnection() }, plan: undefined }),
    gone: partsOf(bare, { situation: { ...nowhere, connection: gone }, plan: undefined }),
    // Last, as the texts that are being typed stay.
    conflict: partsOf(branched, {
      ...selected,
      edit: {
        id: 'b',
        state: 'conflict',
        sentence: 'Somebody has changed this snapshot meanwhile.',
        theirName: 'other',
        theirDescription: '',
        revision: 2,
      },
    }),
  };
}

function failedConnection(): ReturnType<typeof connectionWith> {
  const connection = connectionWith();
  connection.setState({ kind: 'failed', sinceMs: testNowMs, error: noAnswer });
  return connection;
}
