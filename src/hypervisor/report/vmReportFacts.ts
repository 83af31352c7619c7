import type { SnapshotId } from '../model/ids';
import type { SnapshotSizes } from '../model/vmDetail';

/** The file in which a server keeps what it knows of a snapshot. */
export interface SnapshotFile {
  /** `[DS-03] SQL01/SQL01-Snapshot7.vmsn` */
  readonly path: string;
  readonly bytes: number;
}

/** What a report says of a VM beyond the inventory: read for many VMs at once. */
export interface VmReportFacts {
  /** As the server calls the VM itself: `vm-1042`. */
  readonly serverId: string;
  readonly uuid: string | undefined;
  /** The notes that people keep on the VM. */
  readonly annotation: string;
  /** Guest operating system as the guest itself tells it. */
  readonly runningGuestName: string | undefined;
  readonly sizes: SnapshotSizes | undefined;
  /** As the server calls each snapshot: `snapshot-17`. */
  readonly serverSnapshotIds: ReadonlyMap<SnapshotId, string>;
  readonly files: ReadonlyMap<SnapshotId, SnapshotFile>;
}
