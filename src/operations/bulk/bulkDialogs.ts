import type { Operation, OperationKind } from '../../hypervisor/model/operation';
import type { BulkRow } from './bulkRequest';

/** How far the reading of many VMs is. */
export type ReadingProgress = (done: number, total: number) => void;

/** The questions about many VMs. Every answer `undefined` means that the person gave up: nothing has been sent then. */
export interface BulkDialogs {
  /**
   * Shows that VMs are being read. Rejects with CancelledError when the person does not want to wait, and aborts the
   * signal.
   */
  whileReading<T>(
    kind: OperationKind,
    total: number,
    read: (onProgress: ReadingProgress, signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** The rows that the person has left ticked, of those that can be chosen. */
  review(kind: OperationKind, rows: readonly BulkRow[]): Promise<readonly BulkRow[] | undefined>;
  /** Asks what is still open after the list: for a take its name and contents. @returns what to ask of each VM */
  complete(
    kind: OperationKind,
    rows: readonly BulkRow[],
  ): Promise<((row: BulkRow) => readonly Operation[]) | undefined>;
  /** Has the person type how much it is about. */
  confirmTyped(kind: OperationKind, rows: readonly BulkRow[]): Promise<true | undefined>;
}
