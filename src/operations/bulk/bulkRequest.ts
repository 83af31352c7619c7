import type { HypervisorConnection } from '../../hypervisor/connection';
import type { HypervisorError } from '../../hypervisor/errors';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { Operation, OperationKind } from '../../hypervisor/model/operation';
import type { Snapshot, SnapshotTree } from '../../hypervisor/model/snapshot';
import { allSnapshots, withDescendants } from '../../hypervisor/model/snapshotTree';
import type { Plan } from '../../hypervisor/plan/plan';

/** What is asked for on one of many VMs: one operation, or one after the other. */
export interface BulkTarget {
  readonly connection: HypervisorConnection;
  readonly vmId: ObjectId;
  /** As it was when it was asked for: the VM may be gone by now. */
  readonly vmName: string;
  /** At least one, all on this VM and of the kind of the request, in the order in which they are to be sent. */
  readonly operations: readonly Operation[];
}

/** One kind of operation on many VMs, of one server or several. */
export interface BulkRequest {
  readonly kind: OperationKind;
  /** At most one for a VM. */
  readonly targets: readonly BulkTarget[];
}

/** A VM of a request with what would happen to it, as a person reviews it. */
export interface BulkRow {
  readonly target: BulkTarget;
  readonly outlook: Outlook;
  /** Whether the VM is marked, so that losing data on it is worth a second look. */
  readonly isProtected: boolean;
}

export type Outlook =
  /** A plan for each operation of the target. */
  | { readonly kind: 'planned'; readonly plans: readonly Plan[] }
  /** The VM could not be read: it is gone, its server is not connected and so on. */
  | { readonly kind: 'unreadable'; readonly error: HypervisorError };

/**
 * Whether a row can be chosen.
 *
 * - `yes`: chosen unless the person takes it out
 * - `onRequest`: something speaks against it; the person may choose it all the same
 * - `no`: nothing would be sent
 */
export type Choosable = 'yes' | 'onRequest' | 'no';

export function choosable({ outlook }: BulkRow): Choosable {
  if (outlook.kind === 'unreadable') {
    return 'no';
  }
  const blockers = outlook.plans.flatMap((plan) => plan.blockers);
  if (blockers.some(({ advisory }) => !advisory)) {
    return 'no';
  }
  const warnings = outlook.plans.flatMap((plan) => plan.warnings);
  const isDiscouraged =
    blockers.length > 0 || warnings.some(({ kind }) => kind === 'backupProduct' || kind === 'consolidationNotNeeded');
  return isDiscouraged ? 'onRequest' : 'yes';
}

/** The snapshots that go when everything in the rows is carried out, each once. */
export function removedBy(rows: readonly BulkRow[]): Snapshot[] {
  return rows.flatMap(({ outlook }) => {
    if (outlook.kind === 'unreadable') {
      return [];
    }
    const gone = new Map<SnapshotId, Snapshot>();
    for (const snapshot of outlook.plans.flatMap(({ removed }) => removed)) {
      gone.set(snapshot.id, snapshot);
    }
    return [...gone.values()];
  });
}

/**
 * The deletes of several snapshots of one VM in an order in which each finds the tree above it as it was: children
 * before their parents. With children, those that go along with another are left out.
 */
export function deletesInOrder(
  kind: 'delete' | 'deleteWithChildren',
  vmId: ObjectId,
  tree: SnapshotTree,
  snapshotIds: readonly SnapshotId[],
): Operation[] {
  const wanted = new Set(snapshotIds);
  const found = allSnapshots(tree).filter(({ id }) => wanted.has(id));
  const covered = new Set(
    kind === 'delete' ? [] : found.flatMap((snapshot) => withDescendants(...snapshot.children).map(({ id }) => id)),
  );
  const known = new Set(found.map(({ id }) => id));
  return [
    // A tree lists parents before children. What is no longer in it is asked for all the same, to be told so.
    ...found
      .filter(({ id }) => !covered.has(id))
      .reverse()
      .map(({ id }) => id),
    ...[...wanted].filter((id) => !known.has(id)),
  ].map((snapshotId) => ({ kind, vmId, snapshotId }));
}
