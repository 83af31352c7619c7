import type { Operation } from '../model/operation';
import type { Reachability, VirtualMachine } from '../model/inventory';
import type { ServerTask } from '../model/task';
import type { Snapshot } from '../model/snapshot';
import type { DatastoreFact, Limitation, VmDetail } from '../model/vmDetail';
import type { VmState } from './predict';

/**
 * Why an operation cannot work now. `advisory` ones rest on flags that servers are known to set wrong or late: the
 * person may try anyway, and the server has the last word.
 */
export type Blocker = { readonly advisory: boolean } & (
  | { readonly kind: 'readOnlyServer' }
  | { readonly kind: 'unreachable'; readonly reachability: Exclude<Reachability, 'connected'> }
  | { readonly kind: 'template' }
  | { readonly kind: 'busy'; readonly task: ServerTask | undefined }
  | { readonly kind: 'question'; readonly text: string }
  | { readonly kind: 'noPrivilege'; readonly missing: readonly string[] }
  | { readonly kind: 'physicalRawDisk'; readonly disk: string }
  | { readonly kind: 'sharedDisk'; readonly disk: string }
  | { readonly kind: 'device'; readonly device: string }
  | { readonly kind: 'limitation'; readonly limitation: Limitation }
  | { readonly kind: 'disabledByOther' }
  | { readonly kind: 'chainFull'; readonly snapshots: number }
  | { readonly kind: 'memoryWithIndependentDisk'; readonly disk: string }
  | { readonly kind: 'toolsNotRunning' }
  | { readonly kind: 'snapshotGone' }
  | { readonly kind: 'noSnapshots' }
  | { readonly kind: 'noCurrentSnapshot' }
  | { readonly kind: 'alreadyOn' }
);

/** What the person should know before deciding, beyond the consequences themselves. */
export type Warning =
  | { readonly kind: 'backupProduct'; readonly snapshot: Snapshot; readonly pattern: string }
  | { readonly kind: 'newerOnOtherBranch'; readonly snapshot: Snapshot }
  | { readonly kind: 'domainTrust' }
  | { readonly kind: 'disksNotRestored'; readonly disks: readonly string[] }
  | { readonly kind: 'sideBranchesLost'; readonly tips: readonly Snapshot[] }
  | { readonly kind: 'dataOnNoOtherBranch' }
  | { readonly kind: 'consolidationNotNeeded' }
  | { readonly kind: 'managedByVCenter'; readonly address: string };

/** Free space that the server says a merge needs, beside what there is. */
export interface SpaceForecast {
  readonly datastore: DatastoreFact;
  readonly neededBytes: number;
}

/** What an operation will do to one VM, computed before anything is sent. */
export interface Plan {
  readonly operation: Operation;
  /** As read for this plan. */
  readonly vm: VirtualMachine;
  readonly detail: VmDetail;
  /** The snapshot that is restored, edited or deleted. */
  readonly target: Snapshot | undefined;
  /** The parent of the present state before the operation. */
  readonly current: Snapshot | undefined;
  readonly removed: readonly Snapshot[];
  readonly before: VmState;
  /** Unset when the operation cannot be carried out at all. */
  readonly after: VmState | undefined;
  readonly blockers: readonly Blocker[];
  readonly warnings: readonly Warning[];
  readonly space: readonly SpaceForecast[];
}
