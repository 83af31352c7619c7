import type { InventoryChange, InventoryStore } from '../inventory/inventoryStore';
import type { ObjectId } from '../model/ids';
import type { Layout, VirtualMachine } from '../model/inventory';

// Deeper than any real inventory; a server that nests in a circle does not get to hang us.
const maxClimb = 1_000;

/**
 * What stays of a server's tree when only some VMs are shown: these VMs, and every container that leads to one.
 *
 * @remarks Follows changes at the cost of what has changed. Only when containers themselves have changed everything is
 * looked at again.
 */
export class MatchingTree {
  /** For each VM that matches, the containers above it, as they were counted. */
  private readonly chains = new Map<ObjectId, readonly ObjectId[]>();
  /** For each of these containers, the VMs below it that match. */
  private readonly counts = new Map<ObjectId, number>();

  /** @param matcher - gives what is asked of each VM; called once for each pass over them */
  constructor(
    private readonly store: InventoryStore,
    private readonly layout: Layout,
    private readonly matcher: () => (vm: VirtualMachine) => boolean,
  ) {
    this.rebuild();
  }

  /** How many VMs match. */
  get vmCount(): number {
    return this.chains.size;
  }

  has(id: ObjectId): boolean {
    return this.chains.has(id) || this.counts.has(id);
  }

  /** Looks at every VM again. @returns what has come or gone. */
  rebuild(): ReadonlySet<ObjectId> {
    const before = new Set([...this.chains.keys(), ...this.counts.keys()]);
    this.chains.clear();
    this.counts.clear();
    const chainOf = this.startPass();
    for (const vm of this.store.allVms()) {
      this.add(vm.id, chainOf(vm));
    }
    const after = new Set([...this.chains.keys(), ...this.counts.keys()]);
    return difference(before, after);
  }

  /** Follows a change of the inventory. @returns what has come or gone. */
  update(change: InventoryChange): ReadonlySet<ObjectId> {
    const isVm = (id: ObjectId): boolean => this.chains.has(id) || this.store.vm(id) !== undefined;
    if ([...change.objects].some((id) => !isVm(id)) || [...change.removed].some((id) => this.counts.has(id))) {
      return this.rebuild();
    }
    return this.review([...change.objects, ...change.removed]);
  }

  /** Looks at some VMs again. @returns what has come or gone. */
  review(vmIds: Iterable<ObjectId>): ReadonlySet<ObjectId> {
    const before = new Map<ObjectId, boolean>();
    const note = (id: ObjectId): void => {
      if (!before.has(id)) {
        before.set(id, this.has(id));
      }
    };
    const chainOf = this.startPass();
    for (const id of vmIds) {
      const vm = this.store.vm(id);
      const chain = vm && chainOf(vm);
      for (const each of [id, ...(this.chains.get(id) ?? []), ...(chain ?? [])]) {
        note(each);
      }
      this.delete(id);
      this.add(id, chain);
    }
    return new Set([...before].filter(([id, had]) => had !== this.has(id)).map(([id]) => id));
  }

  /** For one pass: gives the containers above a VM, if it matches and has a place in the layout. */
  private startPass(): (vm: VirtualMachine) => readonly ObjectId[] | undefined {
    const matches = this.matcher();
    // Thousands of VMs share few places.
    const known = new Map<ObjectId | null, readonly ObjectId[]>();
    return (vm) => {
      const place = vm.placement[this.layout];
      if (place === undefined || !matches(vm)) {
        return undefined;
      }
      let chain = known.get(place);
      if (chain === undefined) {
        chain = this.containersAbove(vm.id);
        known.set(place, chain);
      }
      return chain;
    };
  }

  private containersAbove(id: ObjectId): readonly ObjectId[] {
    const chain: ObjectId[] = [];
    let at = this.store.parent(this.layout, id);
    for (let i = 0; i < maxClimb && at !== undefined; i++) {
      chain.push(at);
      at = this.store.parent(this.layout, at);
    }
    return chain;
  }

  private add(vmId: ObjectId, chain: readonly ObjectId[] | undefined): void {
    if (chain === undefined) {
      return;
    }
    this.chains.set(vmId, chain);
    for (const id of chain) {
      this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    }
  }

  private delete(vmId: ObjectId): void {
    for (const id of this.chains.get(vmId) ?? []) {
      const left = (this.counts.get(id) ?? 0) - 1;
      if (left > 0) {
        this.counts.set(id, left);
      } else {
        this.counts.delete(id);
      }
    }
    this.chains.delete(vmId);
  }
}

function difference(a: ReadonlySet<ObjectId>, b: ReadonlySet<ObjectId>): ReadonlySet<ObjectId> {
  return new Set([...a, ...b].filter((id) => a.has(id) !== b.has(id)));
}
