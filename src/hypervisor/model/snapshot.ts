import type { SnapshotId } from './ids';

/** Power state of a VM now, or of what a snapshot holds. */
export type PowerState = 'on' | 'off' | 'suspended';

/** One snapshot of a VM, with the snapshots that were taken after it on the same branch. */
export interface Snapshot {
  readonly id: SnapshotId;
  /** The number that the server shows beside the name; unique within the VM. */
  readonly number: number;
  /** As the person typed it. May be empty, may repeat within the VM, may hold any character. */
  readonly name: string;
  readonly description: string;
  /** Milliseconds since 1970 UTC by the server's clock. */
  readonly createdAtMs: number;
  /** What a restore leaves: `on` means that memory was captured. */
  readonly powerState: PowerState;
  readonly hasMemory: boolean;
  /** Whether the guest's file systems were really quiesced, whatever had been asked for. */
  readonly quiesced: boolean;
  readonly children: readonly Snapshot[];
}

/** All snapshots of one VM. */
export interface SnapshotTree {
  /** Several roots are possible, and no snapshots at all is an empty list. */
  readonly roots: readonly Snapshot[];
  /**
   * The parent of the VM's present state. Unset when the VM has no snapshots, and sometimes also when it has some (after
   * a failed backup, or with the VM back at its base).
   */
  readonly currentId: SnapshotId | undefined;
}

export const noSnapshots: SnapshotTree = { roots: [], currentId: undefined };
