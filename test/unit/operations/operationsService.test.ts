import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/common/cancellation';
import { ManualClock } from '../../../src/common/clock';
import { nullLogger } from '../../../src/common/logger';
import type { HypervisorConnection } from '../../../src/hypervisor/connection';
import { HypervisorError } from '../../../src/hypervisor/errors';
import type { Operation } from '../../../src/hypervisor/model/operation';
import type { ServerTask } from '../../../src/hypervisor/model/task';
import type { VmDetail } from '../../../src/hypervisor/model/vmDetail';
import type { PlanDifference } from '../../../src/hypervisor/plan/comparePlans';
import type { Plan } from '../../../src/hypervisor/plan/plan';
import type { Confirmation, OperationDialogs } from '../../../src/operations/dialogs';
import { OperationHistory } from '../../../src/operations/operationHistory';
import { OperationRunner } from '../../../src/operations/operationRunner';
import { type OperationResult, OperationsService } from '../../../src/operations/operationsService';
import { type ConfirmationNeed, isTypedForMany, type OperationPolicy } from '../../../src/operations/policy';
import { chain, detail, objectId, serverTask, snapshotId, testNowMs, vm } from '../../support/domainBuilders';
import { eventually } from '../../support/eventually';
import { failure, Lever, ScriptedClient, ScriptedConnection } from '../../support/scriptedHypervisor';

const vmId = objectId('vm-1');
const deleteAll: Operation = { kind: 'deleteAll', vmId };
const restore: Operation = { kind: 'restore', vmId, snapshotId: snapshotId('a') };
const take: Operation = { kind: 'take', vmId, name: 'n', description: '', contents: 'disks' };

/** Answers as a test says, and remembers what it was asked. */
class ScriptedDialogs implements OperationDialogs {
  readonly asked: string[] = [];
  needs: ConfirmationNeed[] = [];
  onBlocked: (plan: Plan) => 'proceed' | undefined = () => undefined;
  onBusy: () => 'wait' | undefined = () => undefined;
  onConfirm: () => Promise<Confirmation | undefined> = () => Promise.resolve({ snapshotFirst: false });
  onChange: () => 'review' | undefined = () => undefined;

  explainBlocked(_: HypervisorConnection, plan: Plan): Promise<'proceed' | undefined> {
    this.asked.push(`blocked: ${plan.blockers.map((blocker) => blocker.kind).join(' ')}`);
    return Promise.resolve(this.onBlocked(plan));
  }

  askAboutBusy(_: HypervisorConnection, __: Plan, task: ServerTask | undefined): Promise<'wait' | undefined> {
    this.asked.push(`busy: ${task?.id ?? 'own'}`);
    return Promise.resolve(this.onBusy());
  }

  confirm(_: HypervisorConnection, plan: Plan, need: ConfirmationNeed): Promise<Confirmation | undefined> {
    this.asked.push(`confirm: ${plan.removed.length}`);
    this.needs.push(need);
    return this.onConfirm();
  }

  explainChange(
    _: HypervisorConnection,
    __: Plan,
    ___: Plan,
    differences: readonly PlanDifference[],
  ): Promise<'review' | undefined> {
    this.asked.push(`changed: ${differences.map((difference) => difference.kind).join(' ')}`);
    return Promise.resolve(this.onChange());
  }
}

class Scene {
  readonly clock = new ManualClock(testNowMs);
  readonly client = new ScriptedClient();
  readonly connection = new ScriptedConnection(this.client);
  readonly history = new OperationHistory();
  readonly dialogs = new ScriptedDialogs();
  typeToConfirm: OperationPolicy['typeToConfirm'] = 'bulkAndProtected';
  protectedVm = false;
  readonly service = new OperationsService(
    this.history,
    new OperationRunner(this.history, this.clock, nullLogger),
    () => ({
      typeToConfirm: this.typeToConfirm,
      backupNamePatterns: ['VEEAM*'],
      isProtected: () => this.protectedVm,
    }),
    this.clock,
    nullLogger,
  );

  constructor() {
    this.client.detailOf = () => withTree('a', 'b');
  }

  perform(operation: Operation): Promise<OperationResult | undefined> {
    return this.service.perform(
      { connection: this.connection, operation, safetySnapshotName: (plan) => `Before ${plan.target?.name ?? ''}` },
      this.dialogs,
    );
  }
}

function withTree(...ids: string[]): VmDetail {
  return detail({ vm: vm('vm-1', { snapshots: chain(...ids) }) });
}

describe('OperationsService', () => {
  it('confirms, looks again and sends', async () => {
    const scene = new Scene();
    const result = await scene.perform(deleteAll);
    assert.equal(result?.outcome.state, 'succeeded');
    assert.deepEqual(scene.dialogs.asked, ['confirm: 2']);
    assert.ok(scene.client.readings >= 2, 'once for the plan, once when it is sent');
    assert.deepEqual(scene.client.sent, [deleteAll]);
  });

  it('sends nothing and says nothing when the person gives up', async () => {
    const scene = new Scene();
    scene.dialogs.onConfirm = () => Promise.resolve(undefined);
    assert.equal(await scene.perform(deleteAll), undefined);
    assert.deepEqual(scene.client.sent, []);
    assert.deepEqual(scene.history.all(), []);
  });

  it('never goes on silently when the VM changed while the person was deciding', async () => {
    const scene = new Scene();
    scene.dialogs.onConfirm = () => {
      scene.client.detailOf = () => withTree('a', 'b', 'late');
      return Promise.resolve({ snapshotFirst: false });
    };
    assert.equal(await scene.perform(deleteAll), undefined);
    assert.deepEqual(scene.dialogs.asked, ['confirm: 2', 'changed: snapshotsAdded']);
    assert.deepEqual(scene.client.sent, []);

    const reviewed = new Scene();
    let round = 0;
    reviewed.dialogs.onChange = () => 'review';
    reviewed.dialogs.onConfirm = () => {
      if (round++ === 0) {
        reviewed.client.detailOf = () => withTree('a', 'b', 'late');
      }
      return Promise.resolve({ snapshotFirst: false });
    };
    const result = await reviewed.perform(deleteAll);
    assert.equal(result?.outcome.state, 'succeeded');
    assert.deepEqual(reviewed.dialogs.asked, ['confirm: 2', 'changed: snapshotsAdded', 'confirm: 3']);
    assert.equal(reviewed.client.sent.length, 1);
  });

  it('gives up on a VM that never comes to rest', async () => {
    const scene = new Scene();
    let count = 0;
    scene.dialogs.onChange = () => 'review';
    scene.client.detailOf = () => withTree(...Array.from({ length: (++count % 20) + 1 }, (_, i) => `s${i}`));
    await assert.rejects(scene.perform(deleteAll), /kept changing/);
    assert.deepEqual(scene.client.sent, []);
  });

  it('asks nothing before a take, an edit or a power-on, and does not mind an unrelated change then', async () => {
    const scene = new Scene();
    let reads = 0;
    scene.client.detailOf = () => (reads++ === 0 ? withTree('a') : withTree('a', 'b'));
    await scene.perform(take);
    assert.deepEqual(scene.dialogs.asked, []);
    assert.equal(scene.client.sent.length, 1);
  });

  it('explains what is in the way', async () => {
    const scene = new Scene();
    scene.client.missing = ['Virtual machine > Snapshot management > Remove snapshot'];
    assert.equal(await scene.perform(deleteAll), undefined);
    assert.deepEqual(scene.dialogs.asked, ['blocked: noPrivilege']);
    assert.deepEqual(scene.client.sent, []);
  });

  it('refuses every write on a read-only server, whatever the dialogs answer', async () => {
    for (const operation of [take, deleteAll, restore] as const) {
      const scene = new Scene();
      scene.connection.isReadOnly = true;
      scene.dialogs.onBlocked = () => 'proceed';
      await assert.rejects(scene.perform(operation), (error) => {
        const refused = HypervisorError.find(error, 'readOnlyServer');
        assert.equal(refused?.say(), "'vc-paris' is read-only here: nothing is changed on it.");
        assert.equal(refused.nextStep, 'allowChanges');
        return true;
      });
      assert.deepEqual(scene.dialogs.asked, []);
      assert.deepEqual(scene.client.sent, []);
      assert.deepEqual(scene.history.all(), []);
    }
  });

  it('sends nothing to a server that was made read-only while the person decided', async () => {
    const scene = new Scene();
    scene.dialogs.onConfirm = () => {
      scene.connection.isReadOnly = true;
      return Promise.resolve({ snapshotFirst: true });
    };
    await assert.rejects(scene.perform(restore), { kind: 'readOnlyServer' });
    assert.deepEqual(scene.client.sent, []);
    assert.deepEqual(scene.history.all(), []);
  });

  it('lets the person try what is only advised against', async () => {
    const scene = new Scene();
    scene.client.detailOf = () => detail({ limitations: new Set(['snapshotsUnsupported']) });
    scene.dialogs.onBlocked = () => 'proceed';
    const result = await scene.perform(take);
    assert.equal(result?.outcome.state, 'succeeded');
    assert.deepEqual(scene.dialogs.asked, ['blocked: limitation']);
  });

  it('runs when the other task has ended, and looks again first', async () => {
    const scene = new Scene();
    const other = serverTask('other');
    scene.client.detailOf = () => ({ ...withTree('a', 'b'), activeTasks: [other] });
    scene.dialogs.onBusy = () => 'wait';
    scene.client.onFollow = (id) => {
      scene.client.detailOf = () => withTree('a', 'b');
      return Promise.resolve(serverTask(id, { state: 'succeeded' }));
    };
    const result = await scene.perform(deleteAll);
    assert.equal(result?.outcome.state, 'succeeded');
    assert.deepEqual(scene.dialogs.asked, ['busy: other', 'confirm: 2']);
    assert.deepEqual(scene.client.followed[0], 'other');
  });

  it('asks nobody about an estimate, such as that of a preview, and waits for its end', async () => {
    const scene = new Scene();
    scene.client.detailOf = () => ({ ...withTree('a', 'b'), activeTasks: [serverTask('own', { isEstimate: true })] });
    scene.client.onFollow = (id) => {
      scene.client.detailOf = () => withTree('a', 'b');
      return Promise.resolve(serverTask(id, { state: 'succeeded' }));
    };
    const result = await scene.perform(deleteAll);
    assert.equal(result?.outcome.state, 'succeeded');
    assert.deepEqual(scene.dialogs.asked, ['confirm: 2']);
    assert.deepEqual(scene.client.followed[0], 'own');
  });

  it('asks again after waiting when the other task has changed the snapshots', async () => {
    const scene = new Scene();
    scene.client.detailOf = () => ({ ...withTree('a', 'b'), activeTasks: [serverTask('other')] });
    scene.dialogs.onBusy = () => 'wait';
    scene.client.onFollow = (id) => {
      scene.client.detailOf = () => withTree('a');
      return Promise.resolve(serverTask(id, { state: 'succeeded' }));
    };
    assert.equal(await scene.perform(deleteAll), undefined);
    assert.deepEqual(scene.dialogs.asked, ['busy: other', 'changed: snapshotsRemoved']);
  });

  it('lets one operation at a time on a VM: a second request waits for the first', async () => {
    const scene = new Scene();
    const running = new Lever<ServerTask>();
    scene.client.onFollow = () => running.promise;
    const first = scene.perform(take);
    await eventually('the first one runs', () => scene.client.followed.length === 1);
    scene.dialogs.onBusy = () => 'wait';
    const second = scene.perform(deleteAll);
    await eventually('the second one is told', () => scene.dialogs.asked.length === 1);
    assert.deepEqual(scene.dialogs.asked, ['busy: own']);
    assert.equal(scene.client.sent.length, 1);
    running.resolve(serverTask('task-1', { state: 'succeeded' }));
    await first;
    await second;
    assert.deepEqual(
      scene.client.sent.map((operation) => operation.kind),
      ['take', 'deleteAll'],
    );
  });

  it('does not wait for ever on an operation whose outcome becomes unknown', async () => {
    const scene = new Scene();
    const running = new Lever<ServerTask>();
    scene.client.onFollow = () => running.promise;
    const first = scene.perform(take);
    await eventually('the first one runs', () => scene.client.followed.length === 1);
    scene.dialogs.onBusy = () => 'wait';
    const second = scene.perform(deleteAll);
    await eventually('the second one is told', () => scene.dialogs.asked.length === 1);
    scene.client.onFollow = (id) => Promise.resolve(serverTask(id, { state: 'succeeded' }));
    running.reject(failure('outcomeUnknown'));
    await Promise.all([first, second]);
    assert.deepEqual(
      scene.client.sent.map((operation) => operation.kind),
      ['take', 'deleteAll'],
    );
  });

  it('rejects when the VM cannot even be read', async () => {
    const scene = new Scene();
    scene.client.detailOf = () => {
      throw failure('gone');
    };
    await assert.rejects(scene.perform(deleteAll), { kind: 'gone' });
  });
});

describe('OperationsService: the snapshot before a restore', () => {
  it('is taken first, and the restore names its target by identity', async () => {
    const scene = new Scene();
    scene.dialogs.onConfirm = () => Promise.resolve({ snapshotFirst: true });
    const result = await scene.perform({ kind: 'restoreLatest', vmId });
    assert.equal(result?.outcome.state, 'succeeded');
    assert.deepEqual(scene.client.sent, [
      { kind: 'take', vmId, name: 'Before b', description: '', contents: 'disks' },
      { kind: 'restore', vmId, snapshotId: snapshotId('b') },
    ]);
  });

  it('keeps the VM as it is when it could not be taken', async () => {
    const scene = new Scene();
    scene.dialogs.onConfirm = () => Promise.resolve({ snapshotFirst: true });
    scene.client.onStart = () => Promise.reject(failure('diskFull', 'DS-03 is full.'));
    const result = await scene.perform(restore);
    assert.equal(result?.outcome.state, 'failed');
    assert.match(result.outcome.error?.say() ?? '', /^Nothing was restored.*DS-03 is full\.$/);
    assert.deepEqual(
      scene.client.sent.map((operation) => operation.kind),
      ['take'],
    );
  });

  it('keeps the VM as it is when nobody knows whether it was taken', async () => {
    const scene = new Scene();
    scene.dialogs.onConfirm = () => Promise.resolve({ snapshotFirst: true });
    scene.client.onStart = () => Promise.reject(failure('outcomeUnknown'));
    const result = await scene.perform(restore);
    assert.equal(result?.outcome.state, 'failed');
    assert.deepEqual(
      scene.client.sent.map((operation) => operation.kind),
      ['take'],
    );
  });
});

describe('OperationsService: space', () => {
  it('asks the server for its estimate only where everything is merged, before it reads the VM', async () => {
    const scene = new Scene();
    const log: string[] = [];
    scene.client.estimate = () => {
      log.push('estimate');
      return Promise.resolve([{ datastoreId: objectId('ds-1'), bytes: 5 }]);
    };
    scene.client.detailOf = () => {
      log.push('read');
      return withTree('a');
    };
    const plan = await scene.service.plan(scene.connection, deleteAll);
    assert.deepEqual(log, ['estimate', 'read']);
    assert.equal(plan.space[0]?.neededBytes, 5);
    await scene.service.plan(scene.connection, restore);
    assert.deepEqual(log, ['estimate', 'read', 'read']);
    // What was shown stays what it was: the figure is not asked for again when the operation is sent.
    scene.dialogs.onConfirm = () => Promise.resolve(undefined);
    await scene.perform(deleteAll);
    assert.equal(log.filter((entry) => entry === 'estimate').length, 2);
  });

  it('goes without an estimate that the server refuses, but not on after a cancellation', async () => {
    const scene = new Scene();
    scene.client.estimate = () => Promise.reject(failure('notSupported'));
    assert.deepEqual((await scene.service.plan(scene.connection, deleteAll)).space, []);
    scene.client.estimate = () => Promise.reject(new CancelledError());
    await assert.rejects(scene.service.plan(scene.connection, deleteAll), CancelledError);
    scene.client.estimate = () => Promise.reject(new TypeError('bug'));
    await assert.rejects(scene.service.plan(scene.connection, deleteAll), TypeError);
  });
});

describe('confirmation in proportion', () => {
  const need = async (scene: Scene, operation: Operation): Promise<ConfirmationNeed | undefined> => {
    await scene.perform(operation);
    return scene.dialogs.needs[0];
  };
  const remove: Operation = { kind: 'delete', vmId, snapshotId: snapshotId('a') };
  const removeTree: Operation = { kind: 'deleteWithChildren', vmId, snapshotId: snapshotId('a') };
  const consolidate: Operation = { kind: 'consolidate', vmId };

  const cases: readonly (readonly [operation: Operation, one: boolean, protectedVm: boolean])[] = [
    [remove, false, false],
    [consolidate, false, false],
    [removeTree, false, true],
    [deleteAll, false, true],
    [restore, false, true],
    [{ kind: 'restoreLatest', vmId }, false, true],
  ];
  for (const [operation, typedForOne, typedForProtected] of cases) {
    it(`of ${operation.kind}`, async () => {
      assert.deepEqual(await need(new Scene(), operation), { dialog: 'modal', typed: typedForOne });
      const marked = new Scene();
      marked.protectedVm = true;
      assert.deepEqual(await need(marked, operation), { dialog: 'modal', typed: typedForProtected });
      const careful = new Scene();
      careful.typeToConfirm = 'always';
      assert.deepEqual(await need(careful, operation), { dialog: 'modal', typed: typedForProtected });
      assert.equal(isTypedForMany(operation.kind), true);
    });
  }

  it('of a take: none for one VM, a list without typing for many', async () => {
    assert.equal(await need(new Scene(), take), undefined);
    assert.equal(isTypedForMany('take'), false);
  });

  it('of an edit of a backup product’s snapshot: a dialog', async () => {
    const scene = new Scene();
    scene.client.detailOf = () => withTree('VEEAM 1');
    const edit: Operation = { kind: 'edit', vmId, snapshotId: snapshotId('VEEAM 1'), name: 'x' };
    assert.deepEqual(await need(scene, edit), { dialog: 'modal', typed: false });
  });
});
