import type { InventoryObject } from './model/inventory';
import type { ObjectId, SnapshotId, TaskId } from './model/ids';
import type { Operation, OperationKind } from './model/operation';
import type { Snapshot } from './model/snapshot';
import type { SnapshotSizes, SpaceNeed, VmDetail } from './model/vmDetail';
import type { ServerTask } from './model/task';
import type { VmConfiguration } from './model/vmConfiguration';
import type { VmReportFacts } from './report/vmReportFacts';

/** What a server says about itself once somebody is signed in. */
export interface ServerIdentity {
  /** `vCenter` or `ESXi`. */
  readonly product: 'vCenter' | 'ESXi';
  /** Marketing version with build, for people: `8.0.3 build 24022515`. */
  readonly version: string;
  /** Stable identity of the installation; differs when another server answers under the same name. */
  readonly instanceId: string | undefined;
  /** Account as the server knows it: `VSPHERE.LOCAL\jdoe`. */
  readonly userName: string;
}

/**
 * Receives the inventory of a server, first as a whole and then as it changes.
 *
 * @remarks Calls come in this order: `begin`, any number of `put`, `complete`; after that `put` and `remove` for as long
 * as the feed lives. When the feed has to read everything again, because the server forgot what it had told, it starts
 * over with `begin`; what is not put before the following `complete` no longer exists. Nothing may be taken for gone
 * before `complete`.
 */
export interface InventorySink {
  begin(): void;
  put(objects: readonly InventoryObject[]): void;
  remove(ids: readonly ObjectId[]): void;
  complete(): void;
}

/** Receives tasks that concern VMs, whoever started them, whenever the server tells something new of one. */
export interface TaskSink {
  update(tasks: readonly ServerTask[]): void;
}

/** What a line of a script is about. */
export interface ScriptTarget {
  readonly vmId: ObjectId;
  readonly vmName: string;
  readonly isTemplate: boolean;
  /** Unset when it is about the VM. */
  readonly snapshot?: Pick<Snapshot, 'id' | 'name'>;
}

/** What the server started for an operation: a task to follow, or nothing because it was done at once. */
export type Started = { readonly taskId: TaskId } | { readonly taskId: undefined };

/**
 * One signed-in session with a hypervisor. Everything that the product does to a server goes through this interface.
 *
 * @remarks A client signs in again by itself, once, when its session has expired. When the network fails it does not:
 * calls reject with kind `connectionLost` and the owner connects anew. Every method rejects with a
 * {@link HypervisorError} or, when its signal is aborted, with a CancelledError.
 */
export interface HypervisorClient {
  readonly identity: ServerIdentity;

  /** Feeds `sink` until `signal` is aborted. Resolves when aborted; rejects when the feed cannot go on. One at a time. */
  watchInventory(sink: InventorySink, signal: AbortSignal): Promise<void>;

  /** Feeds `sink` with tasks of VMs until `signal` is aborted. Resolves when aborted; rejects when it cannot go on. */
  watchTasks(sink: TaskSink, signal: AbortSignal): Promise<void>;

  /** Reads everything that decides what an operation would do, straight from the server. Rejects with kind `gone`. */
  readVm(vmId: ObjectId, signal?: AbortSignal): Promise<VmDetail>;

  /** Reads how much each snapshot of the given VMs occupies. VMs that are gone or unreadable are left out. */
  readSizes(vmIds: readonly ObjectId[], signal?: AbortSignal): Promise<ReadonlyMap<ObjectId, SnapshotSizes>>;

  /**
   * Reads how a VM is made up now, or how it was when a snapshot was taken. Rejects with kind `gone`.
   *
   * @param snapshotId - undefined means now
   */
  readConfiguration(vmId: ObjectId, snapshotId: SnapshotId | undefined, signal?: AbortSignal): Promise<VmConfiguration>;

  /** Who took the given snapshots of a VM, as far as the server remembers. Costs several calls. */
  snapshotCreators(
    vmId: ObjectId,
    snapshots: readonly Snapshot[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<SnapshotId, string>>;

  /** Reads what reports say of VMs beyond the inventory. VMs that are gone are left out. */
  readReportFacts(vmIds: readonly ObjectId[], signal?: AbortSignal): Promise<ReadonlyMap<ObjectId, VmReportFacts>>;

  /** Address of the VM in the server's own web client. @throws HypervisorError of kind `notSupported` when it has none. */
  webPageOf(vmId: ObjectId): string;

  /** A line for the vendor's own scripting tool that gets a VM or a snapshot of it. */
  scriptLine(target: ScriptTarget): string;

  /** Free space that merging all redundant disks of the VM needs; empty when the server offers no estimate. */
  estimateSpace(vmId: ObjectId, signal?: AbortSignal): Promise<readonly SpaceNeed[]>;

  /**
   * Privileges that the account lacks for an operation on the VM, in the vSphere Client's words; empty when it has all
   * or when the server cannot say.
   */
  missingPrivileges(vmId: ObjectId, operation: OperationKind, signal?: AbortSignal): Promise<readonly string[]>;

  /**
   * Sends the operation, exactly once. Rejects with kind `outcomeUnknown` when the request may have reached the server
   * but its answer did not come back; any other rejection means that nothing was started.
   */
  start(operation: Operation, signal?: AbortSignal): Promise<Started>;

  /**
   * Follows a task to its real end, however long that takes. Resolves with the ended task, failed or not; rejects with
   * kind `outcomeUnknown` when the server no longer knows the task, `connectionLost` when it cannot be asked.
   */
  followTask(taskId: TaskId, onProgress: (task: ServerTask) => void, signal?: AbortSignal): Promise<ServerTask>;

  /** Reads a task once; undefined when the server no longer knows it. */
  readTask(taskId: TaskId, signal?: AbortSignal): Promise<ServerTask | undefined>;

  /** Tasks that the server still remembers for the VM, newest first, ended ones included. */
  recentTasks(vmId: ObjectId, signal?: AbortSignal): Promise<readonly ServerTask[]>;

  /**
   * Tasks of the VM that were asked for since then, oldest first, also those that the server counts as recent no longer;
   * empty where it keeps no history or this account may not read it. Costs several calls.
   *
   * @param sinceMs - by this machine's clock
   */
  pastTasks(vmId: ObjectId, sinceMs: number, signal?: AbortSignal): Promise<readonly ServerTask[]>;

  /** Asks the server to cancel a task; it ends later, as cancelled or, too late, as something else. */
  cancelTask(taskId: TaskId, signal?: AbortSignal): Promise<void>;

  /** Ends the session on the server, briefly and without an error when it cannot be reached. Idempotent. */
  close(): Promise<void>;
}
