import { partOrGlobMatcher } from '../../common/glob';
import { millisecondsPerDay } from '../../common/text';
import type { VirtualMachine } from '../model/inventory';
import type { Snapshot } from '../model/snapshot';
import { oldestSnapshot } from '../model/snapshotTree';
import type { InventoryFilter, VmState } from './inventoryFilter';

const bytesPerGb = 1024 ** 3;

/** What is known beside the VM itself. */
export interface FilterFacts {
  readonly nowMs: () => number;
  /** What the snapshots of the VM, or the one snapshot, occupy; undefined when it was not read. */
  readonly sizeBytes: () => number | undefined;
}

/** A filter, ready to be asked about thousands of VMs. */
export class FilterMatcher {
  private readonly nameMatches: (name: string) => boolean;
  private readonly states: ReadonlySet<VmState>;

  constructor(private readonly filter: InventoryFilter) {
    const matches = filter.name === undefined ? undefined : partOrGlobMatcher(fold(filter.name));
    this.nameMatches = matches === undefined ? () => true : (name) => matches(fold(name));
    this.states = new Set(filter.states);
  }

  /** Whether a VM is wanted, for a list of VMs. */
  matchesVm(vm: VirtualMachine, facts: FilterFacts): boolean {
    return (
      this.nameMatches(vm.name) &&
      this.isWantedVm(vm) &&
      this.isOld(oldestSnapshot(vm.snapshots), facts) &&
      this.isLarge(facts)
    );
  }

  /** Whether a snapshot is wanted, for a list of snapshots. Its name or that of its VM may match. */
  matchesSnapshot(vm: VirtualMachine, snapshot: Snapshot, facts: FilterFacts): boolean {
    return (
      (this.nameMatches(snapshot.name) || this.nameMatches(vm.name)) &&
      this.isWantedVm(vm) &&
      this.isOld(snapshot, facts) &&
      this.isLarge(facts)
    );
  }

  private isWantedVm(vm: VirtualMachine): boolean {
    return (
      (this.states.size === 0 || this.states.has(vm.isTemplate ? 'template' : vm.powerState)) &&
      (!this.filter.hasSnapshots || vm.snapshots.roots.length > 0) &&
      (!this.filter.needsConsolidation || vm.needsConsolidation)
    );
  }

  private isOld(snapshot: Snapshot | undefined, { nowMs }: FilterFacts): boolean {
    const { olderThanDays } = this.filter;
    return (
      olderThanDays === undefined ||
      (snapshot !== undefined && nowMs() - snapshot.createdAtMs >= olderThanDays * millisecondsPerDay)
    );
  }

  private isLarge({ sizeBytes }: FilterFacts): boolean {
    const { largerThanGb } = this.filter;
    return largerThanGb === undefined || (sizeBytes() ?? -1) > largerThanGb * bytesPerGb;
  }
}

/** Full-width and composed characters compare as what they look like. */
function fold(text: string): string {
  return text.normalize('NFKC');
}
