import { ManualClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import type { ObjectId, ServerId, TaskId } from '../../src/hypervisor/model/ids';
import type { Operation, OperationKind } from '../../src/hypervisor/model/operation';
import type { ServerTask } from '../../src/hypervisor/model/task';
import type { VmDetail } from '../../src/hypervisor/model/vmDetail';
import type { BulkDialogs, ReadingProgress } from '../../src/operations/bulk/bulkDialogs';
import { type BulkRow, type BulkTarget, choosable } from '../../src/operations/bulk/bulkRequest';
import { BulkService } from '../../src/operations/bulk/bulkService';
import { OperationHistory } from '../../src/operations/operationHistory';
import { OperationRunner } from '../../src/operations/operationRunner';
import { OperationsService } from '../../src/operations/operationsService';
import type { OperationGroup, TrackedOperation } from '../../src/operations/trackedOperation';
import { chain, detail, disk, objectId, serverTask, taskId, testNowMs, vm } from './domainBuilders';
import { failure, ScriptedClient, ScriptedConnection } from './scriptedHypervisor';

/** Answers for many VMs as a test says, and remembers what was asked. Ticks what is ticked by default. */
class ScriptedBulkDialogs implements BulkDialogs {
  readonly asked: string[] = [];
  /** The lists that were shown. */
  readonly lists: (readonly BulkRow[])[] = [];
  onReview: (rows: readonly BulkRow[]) => readonly BulkRow[] | undefined = (rows) =>
    rows.filter((row) => choosable(row) === 'yes');
  onTyped: (rows: readonly BulkRow[]) => true | undefined = () => true;
  onComplete: (row: BulkRow) => readonly Operation[] = ({ target }) => target.operations;
  giveUpReading = false;

  async whileReading<T>(
    _: OperationKind,
    total: number,
    read: (onProgress: ReadingProgress, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    this.asked.push(`reading ${total}`);
    const abort = new AbortController();
    const value = read(() => {
      if (this.giveUpReading) {
        abort.abort();
      }
    }, abort.signal);
    return await value;
  }

  review(kind: OperationKind, rows: readonly BulkRow[]): Promise<readonly BulkRow[] | undefined> {
    this.asked.push(`review ${kind} ${rows.length}`);
    this.lists.push(rows);
    return Promise.resolve(this.onReview(rows));
  }

  complete(): Promise<(row: BulkRow) => readonly Operation[]> {
    return Promise.resolve((row) => this.onComplete(row));
  }

  confirmTyped(_: OperationKind, rows: readonly BulkRow[]): Promise<true | undefined> {
    this.asked.push(`typed ${rows.length}`);
    return Promise.resolve(this.onTyped(rows));
  }
}

/** Servers whose every answer a test decides, and everything that works on many of their VMs at once. */
export class BulkScene {
  readonly clock = new ManualClock(testNowMs);
  readonly client = new ScriptedClient();
  readonly connection = new ScriptedConnection(this.client);
  readonly history = new OperationHistory();
  readonly runner = new OperationRunner(this.history, this.clock, nullLogger);
  readonly dialogs = new ScriptedBulkDialogs();
  maxVms = 500;
  parallelPerDatastore = 2;
  protectedVms = new Set<ObjectId>();
  /** VMs as the server has them; every delete of all snapshots and every take that succeeds changes them. */
  readonly details = new Map<ObjectId, VmDetail>();
  readonly service: OperationsService;
  readonly bulk: BulkService;

  constructor(count = 0) {
    const policy = {
      typeToConfirm: 'bulkAndProtected' as const,
      backupNamePatterns: ['VEEAM*'],
      isProtected: (_: unknown, vmId: ObjectId) => this.protectedVms.has(vmId),
    };
    const bulkPolicy = (): typeof policy & { maxVms: number; parallelPerDatastore: number } => ({
      ...policy,
      maxVms: this.maxVms,
      parallelPerDatastore: this.parallelPerDatastore,
    });
    this.service = new OperationsService(this.history, this.runner, () => policy, this.clock, nullLogger);
    this.bulk = new BulkService(this.service, this.runner, this.history, bulkPolicy, this.clock, nullLogger);
    for (let number = 1; number <= count; number++) {
      this.put(`vm-${number}`);
    }
    this.client.onStart = ({ vmId }) => Promise.resolve({ taskId: taskIdOf(vmId) });
    this.client.onFollow = (id) => Promise.resolve(taskOf(id));
    this.client.detailOf = (vmId) => {
      const known = this.details.get(vmId);
      if (known === undefined) {
        throw failure('gone');
      }
      return known;
    };
  }

  /** A VM with two snapshots. */
  put(id: string, facts: Partial<VmDetail> = {}, datastore = 'ds-1'): void {
    this.details.set(
      objectId(id),
      detail({
        vm: vm(id, { snapshots: chain(`${id}-a`, `${id}-b`) }),
        disks: [disk('Hard disk 1', { datastoreId: objectId(datastore) })],
        ...facts,
      }),
    );
  }

  targets(kind: 'deleteAll' | 'restoreLatest' | 'consolidate' = 'deleteAll'): BulkTarget[] {
    return [...this.details.keys()].map((vmId) => this.target({ kind, vmId }));
  }

  target(...operations: readonly [Operation, ...Operation[]]): BulkTarget {
    const { vmId } = operations[0];
    return { connection: this.connection, vmId, vmName: vmId, operations };
  }

  perform(targets = this.targets(), kind: OperationKind = 'deleteAll'): Promise<OperationGroup | undefined> {
    return this.bulk.perform({ kind, targets }, this.dialogs);
  }

  /** State of each operation of a group, as `vm-1 succeeded`. */
  states(group: OperationGroup | undefined): string[] {
    return this.operations(group).map(({ operation, state }) => `${operation.vmId} ${state}`);
  }

  operations(group: OperationGroup | undefined): TrackedOperation[] {
    return group === undefined ? [] : this.history.ofGroup(group.id);
  }

  /** Ids of the VMs for which something was sent, each as often as it was. */
  get sentVms(): string[] {
    return this.client.sent.map(({ vmId }) => vmId);
  }
}

const taskPrefix = 'task of ';

/** The task that the scene's server starts for a VM. */
export function taskIdOf(vmId: string): TaskId {
  return taskId(`${taskPrefix}${vmId}`);
}

/** The VM of a task of {@link taskIdOf}. */
export function vmOfTask(id: TaskId): ObjectId {
  return objectId(id.slice(taskPrefix.length));
}

/** A task of {@link taskIdOf}, by default one that has ended well. */
export function taskOf(id: TaskId, facts: Partial<ServerTask> = {}): ServerTask {
  return serverTask(id, { vmId: vmOfTask(id), state: 'succeeded', ...facts });
}

/** Another server beside the first one. */
export function otherConnection(client: ScriptedClient): ScriptedConnection {
  return Object.assign(new ScriptedConnection(client), { id: 'server-2' as ServerId, label: 'vc-lyon' });
}
