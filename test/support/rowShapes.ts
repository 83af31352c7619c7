import type { ConnectionState } from '../../src/hypervisor/connection';
import { type ErrorKind, HypervisorError, type NextStep } from '../../src/hypervisor/errors';
import { snapshotGroups } from '../../src/hypervisor/health/snapshotGroups';
import type { ContainerKind, Reachability } from '../../src/hypervisor/model/inventory';
import type { OperationGroup, OperationState, TrackedOperation } from '../../src/operations/trackedOperation';
import type { RowKind } from '../../src/ui/text/commandIds';
import { describeGroup } from '../../src/ui/text/groupedRows';
import { describeOperation } from '../../src/ui/text/operationRows';
import { describeNode } from '../../src/ui/text/rows';
import type { InventoryNode, NoticeNode } from '../../src/ui/text/treeNode';
import { chain, container, objectId, snapshot, snapshotId, testNowMs, vm } from './domainBuilders';
import { tracked } from './operationBuilder';
import { connectionWith, paris, rowContext, serverFacts } from './rowFixtures';

/** A kind of row in one of its states. */
export interface RowShape {
  readonly kind: RowKind;
  readonly contextValue: string;
}

/** Every row that there can be, as far as menus can tell rows apart. */
export function allRowShapes(): RowShape[] {
  const shapes = [
    ...serverShapes(),
    ...vmShapes(),
    ...snapshotShapes(),
    ...noticeShapes(),
    ...containerShapes(),
    ...groupShapes(),
    ...operationShapes(),
    ...bulkShapes(),
  ];
  return [...new Map(shapes.map((shape) => [shape.contextValue, shape])).values()];
}

function shapeOf(node: InventoryNode, facts = serverFacts, isFavorite = false): RowShape {
  const context = rowContext({ facts: () => facts, isFavorite: () => isFavorite });
  return { kind: node.kind, contextValue: describeNode(node, context).contextValue };
}

const error = new HypervisorError('noAnswer', 'log', () => 'Sentence.');
const states: readonly ConnectionState[] = [
  { kind: 'disconnected' },
  { kind: 'connecting' },
  { kind: 'loading' },
  { kind: 'live' },
  { kind: 'reconnecting', sinceMs: 0, attempt: 1, error },
  { kind: 'failed', sinceMs: 0, error },
];

function serverShapes(): RowShape[] {
  const flags = [false, true];
  return states.flatMap((state) =>
    flags.flatMap((isProtected) =>
      flags.flatMap((isReadOnly) =>
        [serverFacts, { ...serverFacts, passwordStore: undefined }, { ...serverFacts, isDemo: true }].map((facts) => {
          const connection = connectionWith();
          connection.setState(state);
          Object.assign(connection, { isProtected, isReadOnly });
          return shapeOf({ kind: 'server', connection }, facts);
        }),
      ),
    ),
  );
}

function vmShapes(): RowShape[] {
  const reachabilities: readonly Reachability[] = ['connected', 'inaccessible'];
  return (['on', 'off', 'suspended'] as const).flatMap((powerState) =>
    [chain(), chain('a')].flatMap((snapshots) =>
      [false, true].flatMap((flag) =>
        reachabilities.flatMap((reachability) => {
          const machine = vm('vm-1', {
            powerState,
            snapshots,
            reachability,
            needsConsolidation: flag,
            isTemplate: flag,
          });
          return [false, true].flatMap((isProtected) => {
            const connection = Object.assign(connectionWith(machine), { isProtected });
            const node = { kind: 'vm', connection, vm: machine } as const;
            return [shapeOf(node), shapeOf(node, serverFacts, true)];
          });
        }),
      ),
    ),
  );
}

function snapshotShapes(): RowShape[] {
  const child = snapshot('child');
  const parent = snapshot('VEEAM BACKUP TEMPORARY SNAPSHOT', { children: [child] });
  const machine = vm('vm-1', { snapshots: { roots: [parent], currentId: snapshotId('child') } });
  const connection = connectionWith(machine);
  return [
    ...[parent, child].map((each) => shapeOf({ kind: 'snapshot', connection, vmId: machine.id, snapshot: each })),
    shapeOf({ kind: 'present', connection, vmId: machine.id }),
  ];
}

function noticeShapes(): RowShape[] {
  const errors: readonly (readonly [ErrorKind, NextStep | undefined])[] = [
    ['noAnswer', 'retry'],
    ['nameNotFound', 'editServer'],
    ['loginRefused', 'enterPassword'],
    ['passwordNeeded', 'enterPassword'],
    ['passwordUnavailable', 'enterPassword'],
    ['certificate', 'reviewCertificate'],
    ['server', undefined],
  ];
  const failed = errors.map(([kind, nextStep]) => {
    const connection = connectionWith();
    const failure = new HypervisorError(kind, 'log', () => 'Sentence.', nextStep === undefined ? {} : { nextStep });
    connection.setState({ kind: 'failed', sinceMs: 0, error: failure });
    return shapeOf({ kind: 'notice', connection, notice: 'error' });
  });
  const others = (['loading', 'noVms', 'notConnected'] satisfies NoticeNode['notice'][]).map((notice) =>
    shapeOf({ kind: 'notice', connection: connectionWith(), notice }),
  );
  return [...failed, ...others];
}

function containerShapes(): RowShape[] {
  const kinds: readonly ContainerKind[] = ['datacenter', 'folder', 'cluster', 'host', 'resourcePool', 'vApp'];
  return kinds.flatMap((kind) =>
    [false, true].map((isProtected) =>
      shapeOf({
        kind: 'container',
        connection: Object.assign(connectionWith(), { isProtected }),
        layout: 'folders',
        containers: [container(objectId(kind), kind, { folders: null })],
      }),
    ),
  );
}

function groupShapes(): RowShape[] {
  return [...snapshotGroups, 'favorites' as const].map((group) => shapeOf({ kind: 'group', group }));
}

function operationShapes(): RowShape[] {
  const all: readonly OperationState[] = [
    'waiting',
    'sending',
    'running',
    'succeeded',
    'failed',
    'cancelled',
    'unknown',
  ];
  return all.flatMap((state) =>
    [false, true].map((cancelable) => ({
      kind: 'operation' as const,
      contextValue: describeOperation(tracked({ state, cancelable }), { formats: paris, nowMs: testNowMs })
        .contextValue,
    })),
  );
}

function bulkShapes(): RowShape[] {
  const group = {
    id: 1,
    kind: 'deleteAll',
    vmCount: 2,
    createdAtMs: 0,
    isStopping: false,
    endedAtMs: undefined,
  } as const;
  const member = (state: OperationState, facts: Partial<TrackedOperation> = {}): TrackedOperation =>
    tracked({ state, groupId: 1, ...facts });
  const ended = { ...group, endedAtMs: testNowMs };
  const shapes: readonly (readonly [OperationGroup, readonly TrackedOperation[]])[] = [
    [group, [member('running')]],
    [{ ...group, isStopping: true }, [member('running')]],
    [ended, [member('succeeded')]],
    [ended, [member('failed')]],
    [ended, [member('cancelled', { startedAtMs: undefined })]],
  ];
  return shapes.map(([each, operations]) => ({
    kind: 'bulk',
    contextValue: describeGroup(each, operations, { formats: paris, nowMs: testNowMs }).contextValue,
  }));
}
