import { Emitter } from '../../common/event';
import type { InventorySink } from '../client';
import type { InventoryObject, Layout, Placement, VirtualMachine } from '../model/inventory';
import type { ObjectId } from '../model/ids';
import { sameTree } from '../model/snapshotTree';

/** What an update has changed, as small as it can be said. */
export interface InventoryChange {
  /** Objects that are new or whose own facts differ. */
  readonly objects: ReadonlySet<ObjectId>;
  readonly removed: ReadonlySet<ObjectId>;
  /** Visible objects whose list of children differs, by layout; undefined is the top level. */
  readonly parents: Readonly<Record<Layout, ReadonlySet<ObjectId | undefined>>>;
}

const layouts: readonly Layout[] = ['folders', 'compute'];

// Deeper than any real inventory; a server that nests further, or in a circle, does not get to hang us.
const maxClimb = 1_000;

/**
 * One flat map of everything in a server's inventory, and both of its layouts on top of it.
 *
 * @remarks Objects may arrive in any order. The children index is kept by the parent that an object names, whether that
 * parent is known or not: an object whose parent is unknown shows at top level, and moves when the parent arrives.
 * What was read stays after a connection is lost; a new picture is compared with it and only true differences are told.
 */
export class InventoryStore implements InventorySink {
  private readonly objects = new Map<ObjectId, InventoryObject>();
  private readonly childIds: Record<Layout, Map<ObjectId | null, Set<ObjectId>>> = {
    folders: new Map(),
    compute: new Map(),
  };
  /** How many VMs bear a name. Made when somebody asks for the first time. */
  private vmNames: Map<string, number> | undefined;
  private readonly changed = new Emitter<InventoryChange>();
  /** While a picture comes in that may lack what is here: what it has shown so far. */
  private seen: Set<ObjectId> | undefined;
  private wasComplete = false;
  private vms = 0;

  readonly onDidChange = this.changed.event;

  /** Whether a whole picture has been read at least once. */
  get isComplete(): boolean {
    return this.wasComplete;
  }

  get vmCount(): number {
    return this.vms;
  }

  get(id: ObjectId): InventoryObject | undefined {
    return this.objects.get(id);
  }

  vm(id: ObjectId): VirtualMachine | undefined {
    const object = this.objects.get(id);
    return object?.kind === 'vm' ? object : undefined;
  }

  *allVms(): Iterable<VirtualMachine> {
    for (const object of this.objects.values()) {
      if (object.kind === 'vm') {
        yield object;
      }
    }
  }

  /** Whether several VMs of the server bear this name, so that it needs its folder to be told apart. */
  isAmbiguousVmName(name: string): boolean {
    this.vmNames ??= this.countNames();
    return (this.vmNames.get(name) ?? 0) > 1;
  }

  /** The objects shown under `parent`, or at top level; unordered. Structural objects are replaced by their children. */
  children(layout: Layout, parent: ObjectId | undefined): InventoryObject[] {
    return [...this.eachChild(layout, parent)];
  }

  /** The same one after the other, for whoever does not need all of them. */
  *eachChild(layout: Layout, parent: ObjectId | undefined): Generator<InventoryObject, undefined> {
    const visited = new Set<ObjectId | null>();
    const pending: (ObjectId | null)[] = parent === undefined ? this.topKeys(layout) : [parent];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      if (visited.has(key)) {
        continue;
      }
      visited.add(key);
      for (const id of this.childIds[layout].get(key) ?? []) {
        const object = this.objects.get(id);
        if (object !== undefined && object.kind !== 'vm' && object.structural) {
          pending.push(id);
        } else if (object !== undefined) {
          yield object;
        }
      }
    }
    return undefined;
  }

  /** The object under which `id` is shown; undefined at top level and for what the layout does not show. */
  parent(layout: Layout, id: ObjectId): ObjectId | undefined {
    let at = this.objects.get(id)?.placement[layout];
    for (let i = 0; i < maxClimb && at !== null && at !== undefined; i++) {
      const object = this.objects.get(at);
      if (object === undefined) {
        return undefined;
      }
      if (object.kind === 'vm' || !object.structural) {
        return at;
      }
      at = object.placement[layout];
    }
    return undefined;
  }

  /** Names from the top level down to the parent of `id`. */
  path(layout: Layout, id: ObjectId): string[] {
    const names: string[] = [];
    let at = this.parent(layout, id);
    for (let i = 0; i < maxClimb && at !== undefined; i++) {
      names.unshift(this.objects.get(at)?.name ?? '');
      at = this.parent(layout, at);
    }
    return names;
  }

  begin(): void {
    this.seen = this.objects.size === 0 ? undefined : new Set();
  }

  put(objects: readonly InventoryObject[]): void {
    const change = new ChangeBuilder();
    for (const object of objects) {
      this.seen?.add(object.id);
      this.putOne(object, change);
    }
    this.tell(change);
  }

  remove(ids: readonly ObjectId[]): void {
    const change = new ChangeBuilder();
    for (const id of ids) {
      this.removeOne(id, change);
    }
    this.tell(change);
  }

  complete(): void {
    const change = new ChangeBuilder();
    if (this.seen !== undefined) {
      for (const id of [...this.objects.keys()]) {
        if (!this.seen.has(id)) {
          this.removeOne(id, change);
        }
      }
    }
    this.seen = undefined;
    if (!this.wasComplete) {
      this.wasComplete = true;
      for (const layout of layouts) {
        change.parents[layout].add(undefined);
      }
    }
    this.tell(change);
  }

  /** Forgets everything, for a server that turned out to be another one. */
  clear(): void {
    const change = new ChangeBuilder();
    for (const id of [...this.objects.keys()]) {
      this.removeOne(id, change);
    }
    this.seen = undefined;
    this.wasComplete = false;
    this.tell(change);
  }

  private putOne(object: InventoryObject, change: ChangeBuilder): void {
    const before = this.objects.get(object.id);
    if (before === undefined && object.kind === 'vm') {
      this.putNewVm(object, change);
      return;
    }
    change.lastPlacement = undefined;
    if (before !== undefined && sameObject(before, object)) {
      return;
    }
    for (const layout of layouts) {
      const moved =
        before === undefined ||
        before.placement[layout] !== object.placement[layout] ||
        isStructural(before) !== isStructural(object) ||
        // A new name changes the order among its siblings.
        before.name !== object.name;
      if (!moved) {
        continue;
      }
      if (before !== undefined) {
        this.noteVisibleParent(layout, before.id, change);
        this.unlink(layout, before);
      } else if (this.childIds[layout].has(object.id)) {
        // Children that arrived first were at top level until now.
        change.parents[layout].add(undefined);
      }
      this.link(layout, object);
    }
    this.count(before, -1);
    this.objects.set(object.id, object);
    this.count(object, 1);
    change.objects.add(object.id);
    for (const layout of layouts) {
      if (
        before === undefined ||
        before.placement[layout] !== object.placement[layout] ||
        before.name !== object.name
      ) {
        this.noteVisibleParent(layout, object.id, change);
      }
    }
    if (before !== undefined && isStructural(before) !== isStructural(object)) {
      for (const layout of layouts) {
        this.noteVisibleParent(layout, object.id, change);
      }
    }
  }

  /** What {@link putOne} does, without what only others need: of a first picture nearly everything is new VMs. */
  private putNewVm(vm: VirtualMachine, change: ChangeBuilder): void {
    for (const layout of layouts) {
      if (this.childIds[layout].has(vm.id)) {
        change.parents[layout].add(undefined);
      }
      this.link(layout, vm);
    }
    this.objects.set(vm.id, vm);
    this.count(vm, 1);
    change.objects.add(vm.id);
    if (vm.placement !== change.lastPlacement) {
      for (const layout of layouts) {
        this.noteVisibleParent(layout, vm.id, change);
      }
      change.lastPlacement = vm.placement;
    }
  }

  private removeOne(id: ObjectId, change: ChangeBuilder): void {
    const object = this.objects.get(id);
    if (object === undefined) {
      return;
    }
    for (const layout of layouts) {
      this.noteVisibleParent(layout, id, change);
      if (this.childIds[layout].has(id)) {
        // What hung under it, if anything stays, shows at top level now.
        change.parents[layout].add(undefined);
      }
      this.unlink(layout, object);
    }
    this.count(object, -1);
    this.objects.delete(id);
    change.objects.delete(id);
    change.removed.add(id);
  }

  private noteVisibleParent(layout: Layout, id: ObjectId, change: ChangeBuilder): void {
    if (this.objects.get(id)?.placement[layout] !== undefined) {
      change.parents[layout].add(this.parent(layout, id));
    }
  }

  private link(layout: Layout, object: InventoryObject): void {
    const parent = object.placement[layout];
    if (parent === undefined) {
      return;
    }
    const siblings = this.childIds[layout].get(parent);
    if (siblings === undefined) {
      this.childIds[layout].set(parent, new Set([object.id]));
    } else {
      siblings.add(object.id);
    }
  }

  private unlink(layout: Layout, object: InventoryObject): void {
    const parent = object.placement[layout];
    if (parent === undefined) {
      return;
    }
    const siblings = this.childIds[layout].get(parent);
    siblings?.delete(object.id);
    if (siblings?.size === 0) {
      this.childIds[layout].delete(parent);
    }
  }

  /** Parents whose children are at top level: none at all, and every one that is not known. */
  private topKeys(layout: Layout): (ObjectId | null)[] {
    return [...this.childIds[layout].keys()].filter((key) => key === null || !this.objects.has(key));
  }

  private count(object: InventoryObject | undefined, by: 1 | -1): void {
    if (object?.kind !== 'vm') {
      return;
    }
    this.vms += by;
    if (this.vmNames !== undefined) {
      addTo(this.vmNames, object.name, by);
    }
  }

  private countNames(): Map<string, number> {
    const names = new Map<string, number>();
    for (const { name } of this.allVms()) {
      addTo(names, name, 1);
    }
    return names;
  }

  private tell(change: ChangeBuilder): void {
    if (!change.isEmpty) {
      this.changed.fire(change);
    }
  }
}

class ChangeBuilder implements InventoryChange {
  readonly objects = new Set<ObjectId>();
  readonly removed = new Set<ObjectId>();
  /** Of the VMs that came last: the parents that they have in common are noted. */
  lastPlacement: Placement | undefined;
  readonly parents = { folders: new Set<ObjectId | undefined>(), compute: new Set<ObjectId | undefined>() };

  get isEmpty(): boolean {
    return (
      this.objects.size === 0 &&
      this.removed.size === 0 &&
      this.parents.folders.size === 0 &&
      this.parents.compute.size === 0
    );
  }
}

function addTo(names: Map<string, number>, name: string, by: 1 | -1): void {
  const uses = (names.get(name) ?? 0) + by;
  if (uses === 0) {
    names.delete(name);
  } else {
    names.set(name, uses);
  }
}

function isStructural(object: InventoryObject): boolean {
  return object.kind !== 'vm' && object.structural;
}

function sameObject(a: InventoryObject, b: InventoryObject): boolean {
  if (a.kind !== b.kind || a.name !== b.name || !samePlacement(a, b)) {
    return false;
  }
  if (a.kind !== 'vm' || b.kind !== 'vm') {
    return a.kind !== 'vm' && b.kind !== 'vm' && a.structural === b.structural && a.condition === b.condition;
  }
  return (
    a.powerState === b.powerState &&
    a.reachability === b.reachability &&
    a.isTemplate === b.isTemplate &&
    a.needsConsolidation === b.needsConsolidation &&
    a.hostId === b.hostId &&
    a.memoryBytes === b.memoryBytes &&
    a.guestName === b.guestName &&
    a.question === b.question &&
    sameTree(a.snapshots, b.snapshots)
  );
}

function samePlacement(a: InventoryObject, b: InventoryObject): boolean {
  return layouts.every((layout) => a.placement[layout] === b.placement[layout]);
}
