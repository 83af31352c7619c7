import type { HypervisorError } from '../errors';
import type { ObjectId, SnapshotId, TaskId } from './ids';
import type { OperationKind } from './operation';

export type TaskState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** What the server says of one of its tasks. */
export interface ServerTask {
  readonly id: TaskId;
  /** Which of our operations it is; unset for everything else that a server does. */
  readonly operation: OperationKind | undefined;
  /** Whether it only estimates the space that a merge needs: it changes nothing and is over in a moment. */
  readonly isEstimate?: boolean;
  /** In words, whoever started it: `Remove snapshot`. */
  readonly label: string;
  readonly vmId: ObjectId | undefined;
  readonly vmName: string | undefined;
  readonly state: TaskState;
  /** 0 to 100; unset while the server reports none. */
  readonly progressPercent: number | undefined;
  /** What it is doing at the moment, in the server's words. */
  readonly phase: string | undefined;
  readonly cancelable: boolean;
  /** Account that started it; unset for the server's own. */
  readonly startedBy: string | undefined;
  readonly queuedAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly completedAtMs: number | undefined;
  /** Why it failed. */
  readonly error: HypervisorError | undefined;
  /** The snapshot that a take has made. */
  readonly snapshotId: SnapshotId | undefined;
}

export function isEnded(task: ServerTask): boolean {
  return task.state === 'succeeded' || task.state === 'failed' || task.state === 'cancelled';
}
