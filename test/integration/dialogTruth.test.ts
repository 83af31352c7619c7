import assert from 'node:assert/strict';
import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import type { HypervisorClient } from '../../src/hypervisor/client';
import type { HypervisorConnection } from '../../src/hypervisor/connection';
import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { RunningTasks } from '../../src/hypervisor/inventory/runningTasks';
import type { Operation, OperationKind } from '../../src/hypervisor/model/operation';
import type { ObjectId, ServerId } from '../../src/hypervisor/model/ids';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import type { Snapshot, SnapshotTree } from '../../src/hypervisor/model/snapshot';
import type { Plan } from '../../src/hypervisor/plan/plan';
import { newSnapshotId, type VmState } from '../../src/hypervisor/plan/predict';
import type { Confirmation, OperationDialogs } from '../../src/operations/dialogs';
import { OperationHistory } from '../../src/operations/operationHistory';
import { OperationRunner } from '../../src/operations/operationRunner';
import { OperationsService } from '../../src/operations/operationsService';
import { runQueued } from '../../src/operations/workQueue';
import { type VmTruth, vmTruth } from '../../src/simulator/control/groundTruth';
import { randomSnapshots } from '../../src/simulator/inventory/randomSnapshots';
import type { InventorySource } from '../../src/simulator/inventory/smallInventory';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import { integerBetween, pick, type Random, seededRandom } from '../../src/simulator/random/random';
import { Simulator } from '../../src/simulator/simulator';
import { confirmationText } from '../../src/ui/text/confirmations';
import { Formats } from '../../src/ui/text/formats';
import { connect } from '../../src/vsphere/index';

// What a dialog says is what happens: for random snapshot trees and every operation, the names that go, the power state
// and everything that stays, as foretold in the text and in the plan behind it, against the server's own state afterwards.

const trees = 500;
const seed = 20_261_122;
const kinds = [
  'take',
  'edit',
  'restore',
  'restoreLatest',
  'delete',
  'deleteWithChildren',
  'deleteAll',
  'consolidate',
  'powerOn',
] as const satisfies OperationKind[];

// Enough to keep both sides busy; more only waits.
const parallel = 8;

/** A VM for each tree and kind of operation: the same tree for every kind. */
function vmSpecs(): VmSpec[] {
  return Array.from({ length: trees }, (_, tree) =>
    kinds.map((kind): VmSpec => {
      const random = seededRandom(seed + tree);
      const snapshots = randomSnapshots(random, { maxSnapshots: 9 });
      return {
        name: `${kind}-${tree}`,
        snapshots,
        power: pick(random, ['poweredOn', 'poweredOn', 'poweredOff', 'suspended'] as const),
        memoryMb: 64,
        hasNoCurrent: snapshots.length > 0 && random() < 0.15,
        tools: pick(random, ['healthy', 'missing'] as const),
        leftoverLinks: random() < 0.3 ? integerBetween(random, 1, 2) : 0,
      };
    }),
  ).flat();
}

/** All of them in one datacenter, on a datastore that no tree can fill. */
const inventorySource: InventorySource = (builder) => {
  const datacenter = builder.datacenter('DC1');
  builder.datastore(datacenter, 'DS-01', { capacityGb: 10_000_000 });
  builder.network(datacenter, 'VM Network');
  builder.cluster(datacenter, 'Cluster1', ['esx-01.example']);
  for (const spec of vmSpecs()) {
    builder.vm(datacenter, spec);
  }
};

function operationFor(kind: OperationKind, vmId: ObjectId, tree: SnapshotTree, random: Random): Operation | undefined {
  const all = allSnapshots(tree);
  const target = all.length === 0 ? undefined : pick(random, all);
  switch (kind) {
    case 'take':
      return {
        kind,
        vmId,
        name: pick(random, ['new', '100 %', 'a/b\\c', ' x ', '<&>"\'', '🚀', '%2f']),
        description: pick(random, ['', 'line 1\nline 2']),
        contents: pick(random, ['disks', 'memory', 'quiesced'] as const),
      };
    case 'edit':
      return (
        target && { kind, vmId, snapshotId: target.id, ...pick(random, [{ name: 'renamed %' }, { description: '' }]) }
      );
    case 'restore':
    case 'delete':
    case 'deleteWithChildren':
      return target && { kind, vmId, snapshotId: target.id };
    case 'restoreLatest':
    case 'deleteAll':
    case 'consolidate':
    case 'powerOn':
      return { kind, vmId };
  }
}

/** As the client names a snapshot. */
const identity = (id: string): Snapshot['id'] => `VirtualMachineSnapshot:${id}` as Snapshot['id'];

/** The state of a VM as the server itself has it, in the terms of the domain. */
function trueState(truth: VmTruth): VmState {
  const powers = { poweredOn: 'on', poweredOff: 'off', suspended: 'suspended' } as const;
  const below = (parentId: string | undefined): Snapshot[] =>
    truth.snapshots
      .filter((snapshot) => snapshot.parentId === parentId)
      .map((snapshot) => ({
        id: identity(snapshot.id),
        number: snapshot.number,
        name: snapshot.name,
        description: snapshot.description,
        createdAtMs: snapshot.createdAtMs,
        powerState: powers[snapshot.power],
        hasMemory: snapshot.power === 'poweredOn',
        quiesced: snapshot.quiesced,
        children: below(snapshot.id),
      }));
  return {
    tree: {
      roots: below(undefined),
      currentId: truth.currentSnapshotId === undefined ? undefined : identity(truth.currentSnapshotId),
    },
    powerState: powers[truth.power],
    needsConsolidation: truth.consolidationNeeded,
  };
}

/**
 * Everything of a state that a plan foretells: not what the server gives a new snapshot, not the order of siblings, and
 * not whether deleting one snapshot also merges what was left behind, of which no dialog says anything.
 */
function comparable(kind: OperationKind, state: VmState, knownIds: ReadonlySet<string>): unknown {
  const list = (snapshots: readonly Snapshot[]): unknown[] => snapshots.map(one).sort((a, b) => (a.id < b.id ? -1 : 1));
  const one = (snapshot: Snapshot): { readonly id: string } & Readonly<Record<string, unknown>> => {
    const isNew = !knownIds.has(snapshot.id);
    const { children, id, number, createdAtMs, ...facts } = snapshot;
    return {
      ...facts,
      id: isNew ? newSnapshotId : id,
      ...(!isNew && { number, createdAtMs }),
      children: list(children),
    };
  };
  const { currentId } = state.tree;
  return {
    roots: list(state.tree.roots),
    currentId: currentId === undefined || knownIds.has(currentId) ? currentId : newSnapshotId,
    powerState: state.powerState,
    ...(kind !== 'delete' && kind !== 'deleteWithChildren' && { needsConsolidation: state.needsConsolidation }),
  };
}

const formats = new Formats('en');

const idsOf = (tree: SnapshotTree): Set<string> => new Set(allSnapshots(tree).map(({ id }) => id));

/** What the text of the dialog claims, where it claims something that can be counted or compared. */
function checkText(plan: Plan, before: VmState, after: VmState): void {
  const { message, detail, buttons } = confirmationText(plan, {
    formats,
    nowMs: systemClock.now(),
    offerSnapshotFirst: false,
  });
  const remaining = idsOf(after.tree);
  const gone = allSnapshots(before.tree).filter(({ id }) => !remaining.has(id));
  const text = `${message}\n${detail}`;
  switch (plan.operation.kind) {
    case 'restore':
    case 'restoreLatest': {
      const claim = /^Then: (powered off|running|suspended)/m.exec(detail)?.[1];
      assert.equal(claim, { on: 'running', off: 'powered off', suspended: 'suspended' }[after.powerState], text);
      const kept = /^Kept: (?:all (\d+) snapshots|the snapshot)\.$/m.exec(detail);
      assert.equal(Number(kept?.[1] ?? 1), remaining.size, text);
      assert.equal(gone.length, 0, text);
      break;
    }
    case 'delete': {
      assert.deepEqual(
        gone.map(({ name }) => name),
        [plan.target?.name],
        text,
      );
      const stays = /^(\d+) snapshots? below it stays?\.$/m.exec(detail)?.[1] ?? '0';
      const target = allSnapshots(before.tree).find(({ id }) => id === plan.target?.id);
      const below = allSnapshots({ roots: target?.children ?? [], currentId: undefined });
      assert.equal(Number(stays), below.length, text);
      assert.ok(
        below.every(({ id }) => remaining.has(id)),
        text,
      );
      break;
    }
    case 'deleteWithChildren':
    case 'deleteAll': {
      const count = /^Delete (?:(\d+) Snapshots?)?$/.exec(buttons[0]?.title ?? '');
      assert.equal(Number(count?.[1] ?? 1), gone.length, text);
      if (gone.length > 1) {
        const named = [...detail.matchAll(/^'(.*)' \(.*\)$/gm)].map(([, name]) => name);
        const more = Number(/^and (\d+) more$/m.exec(detail)?.[1] ?? 0);
        assert.equal(named.length + more, gone.length, text);
        assert.deepEqual(
          named,
          gone.slice(0, named.length).map(({ name }) => name.trim()),
          text,
        );
      }
      break;
    }
    case 'take':
    case 'edit':
    case 'consolidate':
    case 'powerOn':
      assert.equal(gone.length, 0, text);
  }
}

describe('what dialogs foretell', function () {
  this.timeout(300_000);
  let simulator: Simulator;
  let client: HypervisorClient;
  let connection: HypervisorConnection;
  const inventory = new InventoryStore();

  before(async () => {
    simulator = await Simulator.start({ inventory: inventorySource, speed: 1_000_000 });
    const { hostname, port } = new URL(simulator.url);
    client = await connect({
      address: { host: hostname, port: Number(port), useTls: false },
      trust: { mode: 'verify' },
      transport: 'direct',
      isProxyConfigured: false,
      userName: simulator.user,
      getPassword: () => Promise.resolve(simulator.password),
    });
    connection = {
      id: 'truth' as ServerId,
      label: 'truth',
      userName: simulator.user,
      state: { kind: 'live' },
      onDidChangeState: () => ({ dispose: () => undefined }),
      isReadOnly: false,
      isProtected: false,
      inventory,
      runningTasks: new RunningTasks(),
      client: () => client,
      whenConnected: () => Promise.resolve(client),
      hold: () => ({ dispose: () => undefined }),
    };
  });

  after(async () => {
    await client.close();
    await simulator.stop();
  });

  it(`is what happens: ${trees} random trees, every operation`, async () => {
    const history = new OperationHistory();
    const policy = {
      typeToConfirm: 'bulkAndProtected' as const,
      backupNamePatterns: [],
      isProtected: () => false,
    };
    const runner = new OperationRunner(history, systemClock, nullLogger);
    const service = new OperationsService(history, runner, () => policy, systemClock, nullLogger);
    const counts = new Map<OperationKind, { done: number; refused: number }>(
      kinds.map((kind) => [kind, { done: 0, refused: 0 }]),
    );

    const tryOne = async (ref: { readonly value: string }, index: number): Promise<void> => {
      const kind = kinds[index % kinds.length] as OperationKind;
      const random = seededRandom(seed * 7 + index);
      const vmId = `VirtualMachine:${ref.value}` as ObjectId;
      const before = trueState(vmTruth(simulator.server, ref.value));
      const operation = operationFor(kind, vmId, before.tree, random);
      const count = counts.get(kind) as { done: number; refused: number };
      if (operation === undefined) {
        count.refused++;
        return;
      }
      let foretold: Plan | undefined;
      const dialogs: OperationDialogs = {
        explainBlocked: (_, plan) => {
          foretold = plan;
          return Promise.resolve(undefined);
        },
        askAboutBusy: () => assert.fail('nothing else runs'),
        explainChange: () => assert.fail('nobody else changes anything'),
        confirm: (_, plan): Promise<Confirmation> => {
          foretold = plan;
          return Promise.resolve({ snapshotFirst: false });
        },
      };
      const request = { connection, operation, safetySnapshotName: () => '' };
      const result = await service.perform(request, dialogs);
      const after = trueState(vmTruth(simulator.server, ref.value));
      const what = `${kind} on VM ${index}, seed ${seed}`;
      if (result === undefined) {
        count.refused++;
        assert.deepEqual(after, before, `${what}: refused, and yet something changed`);
        assert.ok(foretold !== undefined && foretold.blockers.length > 0, what);
        return;
      }
      const plan = foretold ?? result.plan;
      assert.equal(result.outcome.state, 'succeeded', `${what}: ${result.outcome.error?.message ?? ''}`);
      const known = idsOf(before.tree);
      assert.ok(plan.after !== undefined, what);
      assert.deepEqual(comparable(kind, after, known), comparable(kind, plan.after, known), what);
      checkText(plan, before, after);
      count.done++;
    };

    const refs = [...simulator.server.registry.all('VirtualMachine')].map(({ ref }) => ref);
    assert.equal(refs.length, trees * kinds.length);
    const wrong: unknown[] = [];
    await runQueued([...refs.entries()], { uses: () => [{ key: 'server', limit: parallel }] }, async ([index, ref]) => {
      try {
        await tryOne(ref, index);
      } catch (error) {
        wrong.push(error);
      }
    });
    if (wrong.length > 0) {
      throw new Error(`${wrong.length} of ${refs.length} were not as foretold; the first one:`, { cause: wrong[0] });
    }
    for (const [kind, { done, refused }] of counts) {
      console.log(`      ${kind}: ${done} as foretold, ${refused} refused as foretold`);
      assert.equal(done + refused, trees, kind);
      assert.ok(done > trees / 5, `${kind} was carried out only ${done} times`);
    }
  });
});
