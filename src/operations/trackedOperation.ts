import type { HypervisorConnection } from '../hypervisor/connection';
import type { HypervisorError } from '../hypervisor/errors';
import type { SnapshotId, TaskId } from '../hypervisor/model/ids';
import type { Operation, OperationKind } from '../hypervisor/model/operation';

/**
 * Where an operation stands.
 *
 * - `waiting`: for another one to end, or for its turn
 * - `sending`: the request is on its way
 * - `running`: the server is carrying it out
 * - `unknown`: the connection broke before the server confirmed; it may have happened and is not sent again
 */
export type OperationState = 'waiting' | 'sending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'unknown';

/** One operation on one VM from the confirmation to its end, as views show it. */
export interface TrackedOperation {
  /** Counts up within a window. */
  readonly id: number;
  /** The group with which it was asked for; undefined for one that stands alone. */
  readonly groupId: number | undefined;
  readonly connection: HypervisorConnection;
  readonly operation: Operation;
  /** As they were when it was confirmed: the VM or snapshot may be gone by now. */
  readonly vmName: string;
  readonly snapshotName: string | undefined;
  readonly state: OperationState;
  readonly taskId: TaskId | undefined;
  readonly progressPercent: number | undefined;
  readonly phase: string | undefined;
  readonly cancelable: boolean;
  /** The server cannot be asked at the moment; the operation goes on there. */
  readonly outOfTouch: boolean;
  readonly createdAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly error: HypervisorError | undefined;
  /** The snapshot that a take has made. */
  readonly snapshotId: SnapshotId | undefined;
}

/** What was asked for on many VMs at once, as views show it. How it stands is in its operations. */
export interface OperationGroup {
  /** Counts up within a window, apart from operations. */
  readonly id: number;
  readonly kind: OperationKind;
  /** How many VMs it is about; a VM may have several operations. */
  readonly vmCount: number;
  readonly createdAtMs: number;
  /** Set when the last of its operations has ended, or is of unknown outcome. */
  readonly endedAtMs: number | undefined;
  /** Nothing more of it is sent. */
  readonly isStopping: boolean;
}

export function isOver(operation: TrackedOperation): boolean {
  return operation.state === 'succeeded' || operation.state === 'failed' || operation.state === 'cancelled';
}
