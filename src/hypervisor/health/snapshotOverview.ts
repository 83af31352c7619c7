import { countFirst } from '../../common/sorted';
import { compareExact, compareNatural } from '../../common/text';
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
  /** Says of a server's VMs which are shown at all; called once for each pass over them. */
  readonly wantedIn: (connection: HypervisorConnection) => (vm: VirtualMachine) => boolean;
  /** Whether the VM is shown as one that needs consolidation. */
  readonly acceptsVm: (connection: HypervisorConnection, vm: VirtualMachine) => boolean;
  readonly acceptsSnapshot: (connection: HypervisorConnection, vm: VirtualMachine, snapshot: Snapshot) => boolean;
}

interface Line extends OverviewEntry {
  readonly group: SnapshotGroup;
  /** What lines are sorted by: time for snapshots, name for VMs. */
  readonly createdAtMs: number;
  readonly name: string;
}

const none: readonly Line[] = [];

/**
 * The snapshots of all servers in one list, grouped by what they ask of a person, the oldest first.
 *
 * @remarks Follows changes at the cost of the VMs that have changed: a group is sorted once, and afterwards lines are
 * put in and taken out.
 */
export class SnapshotOverview {
  private readonly groups: Readonly<Record<SnapshotGroup, Line[]>> = {
    old: [],
    aging: [],
    fresh: [],
    consolidation: [],
    backup: [],
  };
  private readonly byVm = new Map<string, readonly Line[]>();

  constructor(private readonly rules: OverviewRules) {}

  /** The lines of a group, the oldest snapshot first, VMs by name. */
  entries(group: SnapshotGroup): readonly OverviewEntry[] {
    return this.groups[group];
  }

  count(group: SnapshotGroup): number {
    return this.groups[group].length;
  }

  get isEmpty(): boolean {
    return snapshotGroups.every((group) => this.groups[group].length === 0);
  }

  /** The lines of one VM. */
  entriesOf(serverId: ServerId, vmId: ObjectId): readonly OverviewEntry[] {
    return this.byVm.get(vmKey(serverId, vmId)) ?? none;
  }

  /** Where a snapshot, or a VM as one that needs consolidation, stands; undefined when it is not in the list. */
  groupOf(serverId: ServerId, vmId: ObjectId, snapshotId: SnapshotId | undefined): SnapshotGroup | undefined {
    return this.byVm.get(vmKey(serverId, vmId))?.find(({ snapshot }) => snapshot?.id === snapshotId)?.group;
  }

  /** Looks at everything again. */
  rebuild(connections: readonly HypervisorConnection[]): void {
    this.clear();
    for (const connection of connections) {
      const isWanted = this.rules.wantedIn(connection);
      for (const vm of connection.inventory.allVms()) {
        const lines = this.linesOf(connection, vm, isWanted);
        if (lines.length > 0) {
          this.byVm.set(vmKey(connection.id, vm.id), lines);
          for (const line of lines) {
            this.groups[line.group].push(line);
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
    const isWanted = this.rules.wantedIn(connection);
    for (const vmId of vmIds) {
      const key = vmKey(connection.id, vmId);
      const before = this.byVm.get(key) ?? none;
      const vm = connection.inventory.vm(vmId);
      const after = vm === undefined ? none : this.linesOf(connection, vm, isWanted);
      this.replace(before, after, changed);
      if (after.length > 0) {
        this.byVm.set(key, after);
      } else {
        this.byVm.delete(key);
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

  private linesOf(
    connection: HypervisorConnection,
    vm: VirtualMachine,
    isWanted: (vm: VirtualMachine) => boolean,
  ): readonly Line[] {
    const { rules } = this;
    // Most VMs.
    if ((vm.snapshots.roots.length === 0 && !vm.needsConsolidation) || !isWanted(vm)) {
      return none;
    }
    const lines: Line[] = [];
    if (vm.needsConsolidation && rules.acceptsVm(connection, vm)) {
      lines.push({
        connection,
        vmId: vm.id,
        snapshot: undefined,
        group: 'consolidation',
        createdAtMs: 0,
        name: vm.name,
      });
    }
    const limits = rules.limits();
    const nowMs = rules.nowMs();
    // A server that gives an identity twice would make two lines of one.
    const seen = new Set<SnapshotId>();
    for (const snapshot of allSnapshots(vm.snapshots)) {
      if (!seen.has(snapshot.id) && rules.acceptsSnapshot(connection, vm, snapshot)) {
        seen.add(snapshot.id);
        const group = groupOfSnapshot(snapshot, rules.isBackup(snapshot.name), limits, nowMs);
        const { createdAtMs } = snapshot;
        lines.push({ connection, vmId: vm.id, snapshot, group, createdAtMs, name: '' });
      }
    }
    return lines;
  }

  /**
   * Puts the lines of a VM into the place of those that it had. One that stays where it is costs a look: putting in and
   * taking out moves all that follow, which are tens of thousands.
   */
  private replace(before: readonly Line[], after: readonly Line[], changed: Set<SnapshotGroup>): void {
    const isNew = new Set(after);
    for (const was of before) {
      const is = after.find((line) => isSameLine(was, line));
      const group = this.groups[was.group];
      if (is === undefined) {
        group.splice(indexIn(group, was), 1);
        changed.add(was.group);
      } else {
        isNew.delete(is);
        if (is.snapshot !== was.snapshot) {
          group[indexIn(group, was)] = is;
        }
      }
    }
    for (const line of isNew) {
      const group = this.groups[line.group];
      group.splice(indexIn(group, line), 0, line);
      changed.add(line.group);
    }
  }
}

/** Where a line stands, or where it would have to. No two lines compare as equal. */
function indexIn(group: readonly Line[], line: Line): number {
  return countFirst(group, (each) => compare(each, line) < 0);
}

function compare(a: Line, b: Line): number {
  return (
    a.createdAtMs - b.createdAtMs ||
    compareNatural(a.name, b.name) ||
    compareExact(a.connection.id, b.connection.id) ||
    compareExact(a.vmId, b.vmId) ||
    compareExact(a.snapshot?.id ?? '', b.snapshot?.id ?? '')
  );
}

/** Whether two lines of one VM are of the same thing, in the same place. */
function isSameLine(a: Line, b: Line): boolean {
  return (
    a.snapshot?.id === b.snapshot?.id && a.group === b.group && a.createdAtMs === b.createdAtMs && a.name === b.name
  );
}

function vmKey(serverId: ServerId, vmId: ObjectId): string {
  return `${serverId}/${vmId}`;
}
