import type { ObjectId, SnapshotId } from './ids';
import type { OperationKind } from './operation';
import type { VirtualMachine } from './inventory';
import type { ServerTask } from './task';

/** A disk of a VM, as far as snapshots care. */
export interface DiskFact {
  /** As the vSphere Client shows it: `Hard disk 3`. */
  readonly label: string;
  /** Independent disks are in no snapshot. */
  readonly independent: boolean;
  /** A raw device in physical mode: the VM cannot have snapshots. */
  readonly physicalRaw: boolean;
  /** Shared with other VMs, by itself or through its controller: the VM cannot have snapshots. */
  readonly shared: boolean;
  readonly datastoreId: ObjectId | undefined;
}

export interface DatastoreFact {
  readonly id: ObjectId;
  readonly name: string;
  readonly capacityBytes: number;
  readonly freeBytes: number;
  readonly accessible: boolean;
}

/** Bytes on datastores that belong to one snapshot. What a delete frees is another figure: deltas are merged. */
export interface SnapshotSize {
  /** Disk changes that the snapshot has frozen, against its parent; 0 for a root. */
  readonly diskBytes: number;
  /** Memory file and state file. */
  readonly memoryBytes: number;
  /** For the current snapshot only: what has changed since, and grows. */
  readonly liveBytes: number;
}

export interface SnapshotSizes {
  readonly bySnapshot: ReadonlyMap<SnapshotId, SnapshotSize>;
  /** Each file once. */
  readonly totalBytes: number;
  /** Delta files in use that belong to no snapshot. */
  readonly leftoverBytes: number;
  /** When the server last measured, in milliseconds since 1970 UTC: figures may be minutes old. */
  readonly measuredAtMs: number;
}

/** Why the server or its configuration rules an operation out now, in its own terms. */
export type Limitation =
  | 'snapshotsUnsupported'
  | 'memoryUnsupported'
  | 'quiesceUnsupported'
  | 'restoreUnsupported'
  | 'multipleUnsupported'
  | 'faultTolerance';

/** Everything about one VM that decides what an operation will do. Read fresh for each plan, never cached. */
export interface VmDetail {
  readonly vm: VirtualMachine;
  /** Tasks that are queued or running on it now. */
  readonly activeTasks: readonly ServerTask[];
  readonly disks: readonly DiskFact[];
  /** Devices, by label, that rule snapshots out for another reason (PCI passthrough). */
  readonly blockingDevices: readonly string[];
  readonly datastores: readonly DatastoreFact[];
  readonly sizes: SnapshotSizes | undefined;
  readonly toolsRunning: boolean;
  readonly windowsGuest: boolean;
  /** Snapshots that this VM may have in a chain by its own configuration; unset when it sets none. */
  readonly maxSnapshots: number | undefined;
  readonly limitations: ReadonlySet<Limitation>;
  /** Operations that another product has switched off on this VM, as far as the server tells. */
  readonly disabledOperations: ReadonlySet<OperationKind>;
  /** Address of the vCenter that manages this ESXi, when the server is such an ESXi. */
  readonly managedBy: string | undefined;
}

/** Free space that a merge needs on one datastore, by the server's own estimate. */
export interface SpaceNeed {
  readonly datastoreId: ObjectId;
  readonly bytes: number;
}
