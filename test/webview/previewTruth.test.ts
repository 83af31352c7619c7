import assert from 'node:assert/strict';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import type { ToHost } from '../../src/webview/protocol/toHost';
import type { PreviewKind } from '../../src/webview/protocol/shapes';
import { formerPresentRowId, presentRowId } from '../../src/webview/protocol/shapes';
import type { PageParts, Row, ToPage } from '../../src/webview/protocol/toPage';
import { runQueued } from '../support/runQueued';
import { type VmTruth, vmTruth } from '../../src/simulator/control/groundTruth';
import { randomSnapshots } from '../../src/simulator/inventory/randomSnapshots';
import type { InventorySource } from '../../src/simulator/inventory/smallInventory';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import { integerBetween, pick, seededRandom } from '../../src/simulator/random/random';
import { eventually } from '../support/eventually';
import { ManagerRig } from './managerRig';

// What a panel draws before an operation is what the server has afterwards: for random trees and every operation, the
// drawn rows, read as a person reads them, against the server's own state.

const trees = 200;
const seed = 20_261_122;
const kinds: readonly (PreviewKind | 'restoreSafely')[] = [
  'restore',
  'restoreSafely',
  'restoreLatest',
  'delete',
  'deleteWithChildren',
  'deleteAll',
  'consolidate',
];
// Enough to keep both sides busy; more only waits.
const parallel = 6;

const inventorySource: InventorySource = (builder) => {
  const datacenter = builder.datacenter('DC1');
  builder.datastore(datacenter, 'DS-01', { capacityGb: 10_000_000 });
  builder.network(datacenter, 'VM Network');
  builder.cluster(datacenter, 'Cluster1', ['esx-01.example']);
  for (let tree = 0; tree < trees; tree++) {
    const random = seededRandom(seed + tree);
    const snapshots = randomSnapshots(random, { maxSnapshots: 14 });
    const spec: VmSpec = {
      name: `vm-${tree}`,
      snapshots,
      power: pick(random, ['poweredOn', 'poweredOff'] as const),
      memoryMb: 64,
      hasNoCurrent: snapshots.length > 0 && random() < 0.15,
      leftoverLinks: random() < 0.3 ? integerBetween(random, 1, 2) : 0,
    };
    builder.vm(datacenter, spec);
  }
};

interface ReadTree {
  /** Name and parent of every snapshot that stays, by identity; a new one is called `new`. */
  readonly parents: Readonly<Record<string, string | undefined>>;
  readonly current: string | undefined;
}

/**
 * Reads drawn rows by the rules that a person sees: a row hangs on the one above it in its list, or on what its list hangs
 * under; what is struck through is not there.
 */
function readRows(rows: readonly Row[]): ReadTree {
  const basedOn = new Map<string, string | undefined>();
  const open: (string | undefined)[] = [];
  for (const { id, level, branches } of rows) {
    const lane = level - 1;
    const above = open[lane];
    const under = lane === 0 ? undefined : open[lane - 1];
    basedOn.set(id, above === undefined || branches ? under : above);
    open.length = lane;
    open[lane] = id;
  }
  const goes = new Set(rows.filter(({ change }) => change === 'goes' || change === 'lost').map(({ id }) => id));
  const staying = (id: string | undefined): string | undefined => {
    let at = id;
    while (at !== undefined && goes.has(at)) {
      at = basedOn.get(at);
    }
    return at;
  };
  const parents: Record<string, string | undefined> = {};
  for (const { id, kind, change } of rows) {
    if (kind === 'snapshot' && change !== 'goes') {
      parents[change === 'comes' ? 'new' : id] = staying(basedOn.get(id));
    }
  }
  return { parents, current: staying(basedOn.get(presentRowId)) };
}

function readTruth({ snapshots, currentSnapshotId }: VmTruth, known: ReadonlySet<string>): ReadTree {
  const identity = (id: string | undefined): string | undefined => {
    const key = id === undefined ? undefined : `VirtualMachineSnapshot:${id}`;
    return key === undefined || known.has(key) ? key : 'new';
  };
  const parents: Record<string, string | undefined> = {};
  for (const { id, parentId } of snapshots) {
    parents[identity(id) ?? ''] = identity(parentId);
  }
  return {
    parents,
    current: identity(currentSnapshotId),
  };
}

/** A page that only remembers what it was told. */
class Reader {
  parts: Partial<PageParts> = {};

  readonly post = (message: unknown): void => {
    const { type } = message as ToPage;
    if (type === 'update') {
      this.parts = { ...this.parts, ...(message as { readonly parts: Partial<PageParts> }).parts };
    }
  };
}

describe('what a preview draws', function () {
  this.timeout(240_000);
  let rig: ManagerRig;

  before(async () => {
    rig = await ManagerRig.start(inventorySource);
  });

  after(async () => {
    await rig.stop();
  });

  const tryOne = async (vm: VirtualMachine, index: number): Promise<'done' | 'refused'> => {
    const kind = kinds[index % kinds.length] ?? 'delete';
    const previewKind = kind === 'restoreSafely' ? 'restore' : kind;
    const random = seededRandom(seed * 3 + index);
    const snapshots = allSnapshots(vm.snapshots);
    const needsSnapshot = previewKind === 'restore' || previewKind === 'delete' || previewKind === 'deleteWithChildren';
    if (needsSnapshot && snapshots.length === 0) {
      return 'refused';
    }
    const reader = new Reader();
    const { model, channel } = rig.open(vm, reader);
    const say = (message: ToHost): void => {
      channel.receive(message);
    };
    try {
      say({ type: 'ready' });
      say({ type: 'preview', kind: previewKind, id: needsSnapshot ? pick(random, snapshots).id : null });
      const drawn = await eventually('a preview', () => {
        const { preview } = reader.parts;
        return preview !== null && preview?.isLoading === false ? preview : undefined;
      });
      const truthBefore = vmTruth(rig.simulator.server, vm.id.split(':')[1] ?? '');
      if (drawn.go === '') {
        assert.ok(
          drawn.notes.some(({ tone }) => tone === 'error'),
          'refused without a reason',
        );
        return 'refused';
      }
      if (previewKind === 'restore' || previewKind === 'restoreLatest') {
        assert.notEqual(drawn.first, null);
        say({ type: 'takeFirst', preview: drawn.id, isOn: kind === 'restoreSafely' });
      }
      const preview = await eventually('the preview as wanted', () => {
        const { preview: now } = reader.parts;
        const isOn = now?.first?.isOn ?? false;
        return now !== null && now !== undefined && isOn === (kind === 'restoreSafely') ? now : undefined;
      });
      say({ type: 'go', preview: preview.id });
      await eventually('the operation', () =>
        rig.asked.some(({ operation, plan }) => operation.vmId === vm.id && plan !== undefined),
      );
      const truth = vmTruth(rig.simulator.server, vm.id.split(':')[1] ?? '');
      const known = new Set(snapshots.map(({ id }) => String(id)));
      assert.deepEqual(readRows(preview.rows), readTruth(truth, known), `${kind} on tree ${index}, seed ${seed}`);
      const present = preview.rows.find(({ id }) => id === presentRowId);
      const words = { poweredOn: 'running', poweredOff: 'powered off', suspended: 'suspended' };
      assert.equal(present?.power, words[truth.power], `${kind} on tree ${index}: power state`);
      const struck = preview.rows.filter(({ change }) => change === 'goes').length;
      assert.equal(struck, Math.max(0, truthBefore.snapshots.length - truth.snapshots.length));
      assert.equal(
        preview.rows.some(({ id }) => id === formerPresentRowId),
        kind === 'restore' || kind === 'restoreLatest',
      );
      return 'done';
    } finally {
      model.dispose();
    }
  };

  it(`is what the server has afterwards: ${trees} random trees`, async () => {
    const wrong: unknown[] = [];
    const done = new Map<string, number>();
    const vms = [...rig.connection.inventory.allVms()];
    assert.equal(vms.length, trees);
    await runQueued([...vms.entries()], parallel, async ([index, vm]) => {
      try {
        const kind = kinds[index % kinds.length] ?? '';
        if ((await tryOne(vm, index)) === 'done') {
          done.set(kind, (done.get(kind) ?? 0) + 1);
        }
      } catch (error) {
        wrong.push(error);
      }
    });
    if (wrong.length > 0) {
      throw new Error(`${wrong.length} of ${trees} were drawn wrong; the first one:`, { cause: wrong[0] });
    }
    for (const kind of kinds) {
      assert.ok((done.get(kind) ?? 0) >= 10, `${kind} was carried out only ${done.get(kind) ?? 0} times`);
    }
  });
});
