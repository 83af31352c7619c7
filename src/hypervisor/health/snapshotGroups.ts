import { millisecondsPerDay } from '../../common/text';
import type { Snapshot } from '../model/snapshot';

/** Where a snapshot, or a VM with disks left behind, belongs in a list of everything that wants attention. */
export type SnapshotGroup = 'old' | 'aging' | 'fresh' | 'consolidation' | 'backup';

/** In the order in which they are shown. */
export const snapshotGroups: readonly SnapshotGroup[] = ['old', 'aging', 'fresh', 'consolidation', 'backup'];

/** Ages in days from which a snapshot deserves a look, and from which it should be gone. */
export interface AgeLimits {
  readonly warnAfterDays: number;
  readonly oldAfterDays: number;
}

/**
 * The group of a snapshot.
 *
 * @param isBackup - whether a backup product made it: then its age is that product's affair
 */
export function groupOfSnapshot(
  { createdAtMs }: Snapshot,
  isBackup: boolean,
  { warnAfterDays, oldAfterDays }: AgeLimits,
  nowMs: number,
): Exclude<SnapshotGroup, 'consolidation'> {
  if (isBackup) {
    return 'backup';
  }
  const days = (nowMs - createdAtMs) / millisecondsPerDay;
  if (days >= oldAfterDays) {
    return 'old';
  }
  return days >= warnAfterDays ? 'aging' : 'fresh';
}
