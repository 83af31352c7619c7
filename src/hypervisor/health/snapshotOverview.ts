import { compareNatural } from '../../common/text';
import type { HypervisorConnection } from '../connection';
import type { ObjectId, ServerId, SnapshotId } from '../model/ids';
import type { VirtualMachine } from '../model/inventory';
import type { Snapshot } from '../model/snapshot';
import { allSnapshots } from '../model/snapshotTree';
import { groupOfSnapshot, type AgeLimits, type SnapshotGroup, snapshotGroups } from './snapshotGroups';

/** One line of the overview: a snapshot, or in the group `consolidation` a VM. */
export interface OverviewEntry {
  readonly connection: HypervisorConnection;
  readonly vmId: ObjectId;
  /** Unset for a VM. */
  readonly snapshot: Snapshot | undefined;
}

/** By what the overview sorts and leaves out. Asked each time, so that settings count at once. */
export interface OverviewRules {
  readonly nowMs: () => number;
  readonly limits: () => AgeLimits;
  readonly isBackup: (snapshotName: string) => boolean;
  /** Whether the VM is shown as one that needs consolidation. */
  readonly acceptsVm: (connection: HypervisorConnection, vm: VirtualMachine) => boolean;
  readonly acceptsSnapshot: (connection: HypervisorConnection, vm: VirtualMachine, snapshot: Snapshot) => boolean;
}

interface Placed {
  readonly entry: OverviewEntry;
  readonly group: SnapshotGroup;
  /** What the entry is sorted by: time for snapshots, name for VMs. */
  readonly createdAtMs: number;
  readonly name: string;
  readonly key: string;
}

/**
 * The snapshots of all servers in one list, grouped by what they ask of a person, the oldest first.
 *
 * @remarks Follows changes at the cost of the VMs that have changed: a group is sorted once, and afterwards lines are
 * put in and taken out.
 */
export class SnapshotOverview {
  private readonly groups: Readonly<Record<SnapshotGroup, Placed[]>> = {
    old: [],
    aging: [],
    fresh: [],
    consolidation: [],
    backup: [],
  };
  private readonly byVm = new Map<string, readonly Placed[]>();

  constructor(private readonly rules: OverviewRules) {}

  /** The lines of a group, the oldest snapshot first, VMs by name. */
  entries(group: SnapshotGroup): OverviewEntry[] {
    return this.groups[group].map(({ entry }) => entry);
  }

  count(group: SnapshotGroup): number {
    return this.groups[group].length;
  }

  get isEmpty(): boolean {
    return snapshotGroups.every((group) => this.groups[group].length === 0);
  }

  /** The lines of one VM. */
  entriesOf(serverId: ServerId, vmId: ObjectId): OverviewEntry[] {
    return (this.byVm.get(vmKey(serverId, vmId)) ?? []).map(({ entry }) => entry);
  }

  /** Where a snapshot, or a VM as one that needs consolidation, stands; undefined when it is not in the list. */
  groupOf(serverId: ServerId, vmId: ObjectId, snapshotId: SnapshotId | undefined): SnapshotGroup | undefined {
    return this.byVm.get(vmKey(serverId, vmId))?.find(({ entry }) => entry.snapshot?.id === snapshotId)?.group;
  }

  /** Looks at everything again. */
  rebuild(connections: readonly HypervisorConnection[]): void {
    this.clear();
    for (const connection of connections) {
      for (const vm of connection.inventory.allVms()) {
        const placed = this.place(connection, vm);
        if (placed.length > 0) {
          this.byVm.set(vmKey(connection.id, vm.id), placed);
          for (const each of placed) {
            this.groups[each.group].push(each);
          }
        }
      }
    }
    for (const group of snapshotGroups) {
      this.groups[group].sort(compare);
    }
  }

  /** Looks at some VMs again. @returns the groups whose lines are others now, or in another order. */
  update(connection: HypervisorConnection, vmIds: Iterable<ObjectId>): ReadonlySet<SnapshotGroup> {
    const changed = new Set<SnapshotGroup>();
    for (const vmId of vmIds) {
      const key = vmKey(connection.id, vmId);
      const before = this.byVm.get(key) ?? [];
      const vm = connection.inventory.vm(vmId);
      const after = vm === undefined ? [] : this.place(connection, vm);
      if (before.length === 0 && after.length === 0) {
        continue;
      }
      const stay = sameLines(before, after);
      for (const each of before) {
        this.takeOut(each);
        if (!stay.has(each.key)) {
          changed.add(each.group);
        }
      }
      for (const each of after) {
        this.putIn(each);
        if (!stay.has(each.key)) {
          changed.add(each.group);
        }
      }
      if (after.length > 0) {
        this.byVm.set(key, after);
      } else {
        this.byVm.delete(key);
      }
    }
    return changed;
  }

  /** Lets time pass: what has become older may stand elsewhere. @returns as {@link update}. */
  advance(connections: readonly HypervisorConnection[]): ReadonlySet<SnapshotGroup> {
    const changed = new Set<SnapshotGroup>();
    for (const connection of connections) {
      const vmIds = [...connection.inventory.allVms()].map(({ id }) => id);
      for (const group of this.update(connection, vmIds)) {
        changed.add(group);
      }
    }
    return changed;
  }

  clear(): void {
    this.byVm.clear();
    for (const group of snapshotGroups) {
      this.groups[group].length = 0;
    }
  }

  private place(connection: HypervisorConnection, vm: VirtualMachine): Placed[] {
    const { rules } = this;
    const placed: Placed[] = [];
    if (vm.needsConsolidation && rules.acceptsVm(connection, vm)) {
      placed.push({
        entry: { connection, vmId: vm.id, snapshot: undefined },
        group: 'consolidation',
        createdAtMs: 0,
        name: vm.name,
        key: vmKey(connection.id, vm.id),
      });
    }
    // A server that gives an identity twice would make two lines of one.
    const seen = new Set<SnapshotId>();
    for (const snapshot of allSnapshots(vm.snapshots)) {
      if (!seen.has(snapshot.id) && rules.acceptsSnapshot(connection, vm, snapshot)) {
        seen.add(snapshot.id);
        placed.push({
          entry: { connection, vmId: vm.id, snapshot },
          group: groupOfSnapshot(snapshot, rules.isBackup(snapshot.name), rules.limits(), rules.nowMs()),
          createdAtMs: snapshot.createdAtMs,
          name: '',
          key: `${vmKey(connection.id, vm.id)}/${snapshot.id}`,
        });
      }
    }
    return placed;
  }

  private putIn(placed: Placed): void {
    const group = this.groups[placed.group];
    group.splice(indexIn(group, placed), 0, placed);
  }

  private takeOut(placed: Placed): void {
    const group = this.groups[placed.group];
    group.splice(indexIn(group, placed), 1);
  }
}

/** Where a line stands, or where it would have to. No two lines compare as equal. */
function indexIn(group: readonly Placed[], placed: Placed): number {
  let low = 0;
  let high = group.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(group[middle] as Placed, placed) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function compare(a: Placed, b: Placed): number {
  return (
    a.createdAtMs - b.createdAtMs || compareNatural(a.name, b.name) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

/** Keys of the lines that are in both, in the same place. */
function sameLines(before: readonly Placed[], after: readonly Placed[]): ReadonlySet<string> {
  const old = new Map(before.map((each) => [each.key, each]));
  return new Set(
    after
      .filter((each) => {
        const was = old.get(each.key);
        return was?.group === each.group && compare(was, each) === 0;
      })
      .map(({ key }) => key),
  );
}

function vmKey(serverId: ServerId, vmId: ObjectId): string {
  return `${serverId}/${vmId}`;
}
