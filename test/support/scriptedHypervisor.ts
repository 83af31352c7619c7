import { Emitter } from '../../src/common/event';
import type { HypervisorClient, ScriptTarget, ServerIdentity, Started } from '../../src/hypervisor/client';
import type { ConnectionState, HypervisorConnection } from '../../src/hypervisor/connection';
import { HypervisorError, type ErrorKind } from '../../src/hypervisor/errors';
import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { RunningTasks } from '../../src/hypervisor/inventory/runningTasks';
import type { ObjectId, ServerId, SnapshotId, TaskId } from '../../src/hypervisor/model/ids';
import type { Operation } from '../../src/hypervisor/model/operation';
import type { ServerTask } from '../../src/hypervisor/model/task';
import type { VmConfiguration } from '../../src/hypervisor/model/vmConfiguration';
import type { SpaceNeed, VmDetail } from '../../src/hypervisor/model/vmDetail';
import type { VmReportFacts } from '../../src/hypervisor/report/vmReportFacts';
import { detail, serverTask, vmConfiguration } from './domainBuilders';

/** An error of the given kind with a plain sentence. */
export function failure(kind: ErrorKind, sentence = `sentence of ${kind}`): HypervisorError {
  return new HypervisorError(kind, `message of ${kind}`, () => sentence);
}

/** A promise with its levers outside. */
export class Lever<T> {
  readonly promise: Promise<T>;
  private levers: { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.levers = { resolve, reject };
    });
    // Whoever waits for it sees the rejection; nobody has to wait.
    this.promise.catch(() => undefined);
  }

  resolve(value: T): void {
    this.levers?.resolve(value);
  }

  reject(error: unknown): void {
    this.levers?.reject(error);
  }
}

/**
 * A hypervisor whose every answer a test decides. What is not decided answers as a healthy server does: each operation
 * starts a task that succeeds at once.
 */
export class ScriptedClient implements HypervisorClient {
  readonly identity: ServerIdentity = { product: 'vCenter', version: '8.0.3', instanceId: 'i', userName: 'CORP\\jdoe' };
  /** Operations that were really sent. */
  readonly sent: Operation[] = [];
  readonly followed: TaskId[] = [];
  readonly cancelled: TaskId[] = [];
  readings = 0;
  detailOf: (vmId: ObjectId) => VmDetail = () => detail();
  missing: readonly string[] = [];
  configuration: VmConfiguration = vmConfiguration();
  creators: ReadonlyMap<SnapshotId, string> = new Map();
  estimate: () => Promise<readonly SpaceNeed[]> = () => Promise.resolve([]);
  recent: () => Promise<readonly ServerTask[]> = () => Promise.resolve([]);
  past: (sinceMs: number) => Promise<readonly ServerTask[]> = () => Promise.resolve([]);
  onStart: (operation: Operation) => Promise<Started> = () =>
    Promise.resolve({ taskId: `task-${this.sent.length}` as TaskId });
  onReport: (vmIds: readonly ObjectId[], signal?: AbortSignal) => Promise<ReadonlyMap<ObjectId, VmReportFacts>> = () =>
    Promise.resolve(new Map<ObjectId, VmReportFacts>());
  onFollow: (taskId: TaskId, onProgress: (task: ServerTask) => void) => Promise<ServerTask> = (taskId) =>
    Promise.resolve(serverTask(taskId, { state: 'succeeded' }));

  watchInventory(): Promise<void> {
    return Promise.resolve();
  }

  watchTasks(): Promise<void> {
    return Promise.resolve();
  }

  async readVm(vmId: ObjectId): Promise<VmDetail> {
    this.readings++;
    return await Promise.resolve(this.detailOf(vmId));
  }

  readSizes(): Promise<ReadonlyMap<ObjectId, never>> {
    return Promise.resolve(new Map<ObjectId, never>());
  }

  readConfiguration(): Promise<VmConfiguration> {
    return Promise.resolve(this.configuration);
  }

  snapshotCreators(): Promise<ReadonlyMap<SnapshotId, string>> {
    return Promise.resolve(this.creators);
  }

  readReportFacts(vmIds: readonly ObjectId[], signal?: AbortSignal): Promise<ReadonlyMap<ObjectId, VmReportFacts>> {
    return this.onReport(vmIds, signal);
  }

  webPageOf(vmId: ObjectId): string {
    return `https://vc-paris.corp/${vmId}`;
  }

  scriptLine({ vmId, snapshot }: ScriptTarget): string {
    return snapshot === undefined ? `get ${vmId}` : `get ${vmId} ${snapshot.id}`;
  }

  async estimateSpace(): Promise<readonly SpaceNeed[]> {
    return await this.estimate();
  }

  missingPrivileges(): Promise<readonly string[]> {
    return Promise.resolve(this.missing);
  }

  async start(operation: Operation): Promise<Started> {
    this.sent.push(operation);
    return await this.onStart(operation);
  }

  async followTask(taskId: TaskId, onProgress: (task: ServerTask) => void): Promise<ServerTask> {
    this.followed.push(taskId);
    return await this.onFollow(taskId, onProgress);
  }

  readTask(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async recentTasks(): Promise<readonly ServerTask[]> {
    return await this.recent();
  }

  async pastTasks(_vmId: ObjectId, sinceMs: number): Promise<readonly ServerTask[]> {
    return await this.past(sinceMs);
  }

  cancelTask(taskId: TaskId): Promise<void> {
    this.cancelled.push(taskId);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A connection whose state a test decides. */
export class ScriptedConnection implements HypervisorConnection {
  readonly id = 'server-1' as ServerId;
  readonly label = 'vc-paris';
  readonly userName = 'jdoe';
  readonly inventory = new InventoryStore();
  readonly runningTasks = new RunningTasks();
  isReadOnly = false;
  isProtected = false;
  holds = 0;
  whenConnectedCalls = 0;
  current: HypervisorClient | undefined;
  /** What `whenConnected` answers; unset answers with the client. */
  reconnect: (() => Promise<HypervisorClient>) | undefined;
  private readonly changed = new Emitter<ConnectionState>();
  private connectionState: ConnectionState = { kind: 'live' };

  readonly onDidChangeState = this.changed.event;

  constructor(client: HypervisorClient) {
    this.current = client;
  }

  get state(): ConnectionState {
    return this.connectionState;
  }

  setState(state: ConnectionState): void {
    this.connectionState = state;
    this.changed.fire(state);
  }

  client(): HypervisorClient {
    if (this.current === undefined) {
      throw failure('notConnected');
    }
    return this.current;
  }

  async whenConnected(): Promise<HypervisorClient> {
    this.whenConnectedCalls++;
    return this.reconnect === undefined ? this.client() : await this.reconnect();
  }

  hold(): { dispose(): void } {
    this.holds++;
    return {
      dispose: () => {
        this.holds--;
      },
    };
  }
}
