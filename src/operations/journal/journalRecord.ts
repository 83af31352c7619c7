import type { ServerId, TaskId } from '../../hypervisor/model/ids';
import type { Operation } from '../../hypervisor/model/operation';
import type { StateMark } from '../expectation';

/** By what a server is recognised in another window, or after this one was closed. */
export interface ServerMark {
  /** Identity of the saved profile. */
  readonly serverId: ServerId;
  /** Identity of the installation; unset for a server that tells none. */
  readonly instanceId?: string | undefined;
  /** The name that the person gave it. */
  readonly label: string;
}

/** What is asked for on one VM, before anything is sent. */
export interface RequestedRecord {
  readonly kind: 'requested';
  /** Counts up within the journal of a window. */
  readonly op: number;
  /** What many were asked for with; counts up within the journal, too. */
  readonly bulk?: number | undefined;
  readonly atMs: number;
  readonly server: ServerMark;
  readonly vmName: string;
  readonly snapshotName?: string | undefined;
  readonly operation: Operation;
  /** The account as whom it is asked for. */
  readonly userName: string;
  /** The operation in the journal of a window that is gone, from which this one takes over: `window/op`. */
  readonly from?: string | undefined;
}

/** The request goes out. Written down before it does: what has no such record has not been sent. */
export interface SentRecord {
  readonly kind: 'sent';
  readonly op: number;
  readonly atMs: number;
  /** Tasks of the VM that there were before. */
  readonly knownTaskIds: readonly TaskId[];
  readonly before: StateMark;
  readonly after?: StateMark | undefined;
}

export interface TaskRecord {
  readonly kind: 'task';
  readonly op: number;
  readonly atMs: number;
  readonly taskId: TaskId;
}

export interface EndedRecord {
  readonly kind: 'ended';
  readonly op: number;
  readonly atMs: number;
  /** `notSent`: given up, or somebody else carries it on. */
  readonly state: 'succeeded' | 'failed' | 'cancelled' | 'notSent';
  /** Which kind of failure it was. */
  readonly error?: string | undefined;
}

/**
 * One line of the journal: what a window asked servers for and what became of it. Holds no secret; names and
 * descriptions are those that the person typed or saw.
 */
export type JournalRecord = RequestedRecord | SentRecord | TaskRecord | EndedRecord;

/** An operation that a journal says nothing more of. */
export interface OpenEntry {
  /** `window/op`. */
  readonly key: string;
  readonly requested: RequestedRecord;
  readonly sent: SentRecord | undefined;
  readonly taskId: TaskId | undefined;
}
