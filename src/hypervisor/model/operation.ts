import type { ObjectId, SnapshotId } from './ids';

/** What of the VM a new snapshot holds. Memory and quiescing exclude each other. */
export type SnapshotContents = 'disks' | 'memory' | 'quiesced';

/** What a person asks for, for one VM. */
export type Operation =
  | {
      readonly kind: 'take';
      readonly vmId: ObjectId;
      readonly name: string;
      readonly description: string;
      readonly contents: SnapshotContents;
      /** Minutes that the guest gets to quiesce, 5 to 240. Only with `quiesced`; unset leaves it to the server. */
      readonly quiesceTimeoutMinutes?: number;
    }
  | {
      readonly kind: 'edit';
      readonly vmId: ObjectId;
      readonly snapshotId: SnapshotId;
      /** What is left out stays as it is. An empty description clears it. */
      readonly name?: string;
      readonly description?: string;
    }
  | { readonly kind: 'restore'; readonly vmId: ObjectId; readonly snapshotId: SnapshotId }
  /** To the current snapshot: the parent of the present state, which need not be the newest. */
  | { readonly kind: 'restoreLatest'; readonly vmId: ObjectId }
  | { readonly kind: 'delete'; readonly vmId: ObjectId; readonly snapshotId: SnapshotId }
  | { readonly kind: 'deleteWithChildren'; readonly vmId: ObjectId; readonly snapshotId: SnapshotId }
  | { readonly kind: 'deleteAll'; readonly vmId: ObjectId }
  | { readonly kind: 'consolidate'; readonly vmId: ObjectId }
  | { readonly kind: 'powerOn'; readonly vmId: ObjectId };

export type OperationKind = Operation['kind'];
