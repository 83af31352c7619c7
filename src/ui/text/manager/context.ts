import type { SnapshotId } from '../../../hypervisor/model/ids';
import type { Formats } from '../formats';

/** What the parts of the snapshot manager are worded with. */
export interface ManagerContext {
  readonly formats: Formats;
  readonly nowMs: number;
  /** Ages from which a snapshot is marked, in days. */
  readonly warnAfterDays: number;
  readonly oldAfterDays: number;
  /** The pattern by which a snapshot's name belongs to a backup product. */
  backupPattern(snapshotName: string): string | undefined;
  /** Who took which snapshot, as far as that is known. */
  readonly creators: ReadonlyMap<SnapshotId, string>;
}
