import { ManagedObjectReference } from '../../vsphere/vim/schema';
import { canSee } from '../access/accessControl';
import { isManagedA } from '../model/managedTypes';
import type { ManagedObject, ObjectChange } from '../model/registry';
import { readPath } from '../projection/readProperty';
import type { Viewer } from '../projection/viewer';
import type { Root, SelectSet, Traversal } from './selectionSpec';

/** An object at which traversals go on. */
interface Node {
  readonly object: ManagedObject;
  readonly select: SelectSet;
  /** How many edges lead here. */
  incoming: number;
  /** Where each traversal leads. */
  readonly targets: Map<Traversal, Targets>;
}

interface Targets {
  /** As they stood in the list. */
  refs: readonly ManagedObjectReference[];
  /** Those of them that count: that exist and may be seen. */
  readonly objects: Set<ManagedObject>;
}

/**
 * The objects that a filter selects, kept up to date.
 *
 * @remarks A change costs what the lists on its object cost, not what the inventory costs: every object and every place
 * in the traversal counts the ways that lead to it, and only what changes in those lists is followed.
 */
export class Selection {
  private nodes = new Map<ManagedObject, Map<SelectSet, Node>>();
  private counts = new Map<ManagedObject, number>();
  /** Whether places may be counted that only they themselves lead to. */
  private mayHoldCycle = false;

  /**
   * @param onAdded - called for each object that is selected from now on
   * @param onRemoved - called for each that no longer is
   */
  constructor(
    private readonly roots: readonly Root[],
    private readonly viewer: () => Viewer,
    private readonly onAdded: (object: ManagedObject) => void = () => undefined,
    private readonly onRemoved: (object: ManagedObject) => void = () => undefined,
  ) {
    for (const root of roots) {
      this.enterRoot(root, viewer());
    }
  }

  /** In the order in which they were found. */
  get objects(): IterableIterator<ManagedObject> {
    return this.counts.keys();
  }

  has(object: ManagedObject): boolean {
    return this.counts.has(object);
  }

  /** Follows what one update did. */
  apply(changes: readonly ObjectChange[]): void {
    let viewer: Viewer | undefined;
    for (const change of changes) {
      const { object, after } = change;
      if (after === undefined) {
        this.forget(object);
        continue;
      }
      const nodes = this.nodes.get(object);
      if (nodes === undefined) {
        if (change.before === undefined) {
          viewer ??= this.viewer();
          this.enterNewRoot(object, viewer);
        }
        continue;
      }
      viewer ??= this.viewer();
      for (const node of [...nodes.values()]) {
        this.follow(node, viewer);
      }
    }
    if (this.mayHoldCycle) {
      this.refresh();
    }
  }

  /** Selects anew from the roots: for changes that lists do not tell, such as in what the reader may see. */
  refresh(): void {
    this.mayHoldCycle = false;
    const fresh = new Selection(this.roots, this.viewer);
    const before = this.counts;
    this.nodes = fresh.nodes;
    this.counts = fresh.counts;
    for (const object of before.keys()) {
      if (!this.counts.has(object)) {
        this.onRemoved(object);
      }
    }
    for (const object of this.counts.keys()) {
      if (!before.has(object)) {
        this.onAdded(object);
      }
    }
  }

  private enterRoot(root: Root, viewer: Viewer): void {
    const object = viewer.registry.resolve(root.ref);
    if (object !== undefined && canSee(viewer.access, object)) {
      if (!root.skip) {
        this.select(object);
      }
      this.visit(object, root.select, viewer);
    }
  }

  private enterNewRoot(object: ManagedObject, viewer: Viewer): void {
    for (const root of this.roots) {
      if (root.ref.key === object.ref.key) {
        this.enterRoot(root, viewer);
      }
    }
  }

  private select(object: ManagedObject): void {
    const count = this.counts.get(object) ?? 0;
    this.counts.set(object, count + 1);
    if (count === 0) {
      this.onAdded(object);
    }
  }

  private deselect(object: ManagedObject): void {
    const count = this.counts.get(object);
    if (count === undefined) {
      return;
    }
    if (count > 1) {
      this.counts.set(object, count - 1);
    } else {
      this.counts.delete(object);
      this.onRemoved(object);
    }
  }

  /** Enters a place and, without recursion, everything that it leads to. */
  private visit(start: ManagedObject, startSelect: SelectSet, viewer: Viewer): void {
    const pending: [ManagedObject, SelectSet][] = [[start, startSelect]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [object, select] = next;
      if (select.length === 0) {
        continue;
      }
      const known = this.nodes.get(object)?.get(select);
      if (known !== undefined) {
        known.incoming++;
        continue;
      }
      const node: Node = { object, select, incoming: 1, targets: new Map() };
      this.store(node);
      for (const traversal of select) {
        const refs = this.refsOf(object, traversal, viewer);
        const objects = new Set(visibleObjects(refs, viewer));
        node.targets.set(traversal, { refs, objects });
        for (const target of objects) {
          if (!traversal.skip) {
            this.select(target);
          }
        }
        // Most traversals end where they lead; then there may be tens of thousands of objects and nothing to do.
        for (const target of traversal.select.length === 0 ? [] : [...objects].reverse()) {
          pending.push([target, traversal.select]);
        }
      }
    }
  }

  private store(node: Node): void {
    const nodes = this.nodes.get(node.object);
    if (nodes === undefined) {
      this.nodes.set(node.object, new Map([[node.select, node]]));
    } else {
      nodes.set(node.select, node);
    }
  }

  /** Compares where a place leads now with where it led. */
  private follow(node: Node, viewer: Viewer): void {
    for (const traversal of node.select) {
      const targets = node.targets.get(traversal);
      if (targets === undefined) {
        continue;
      }
      const refs = this.refsOf(node.object, traversal, viewer);
      const { gone, come } = listDifference(targets.refs, refs);
      targets.refs = refs;
      for (const target of visibleObjects(come, viewer)) {
        if (!targets.objects.has(target)) {
          targets.objects.add(target);
          if (!traversal.skip) {
            this.select(target);
          }
          this.visit(target, traversal.select, viewer);
        }
      }
      for (const ref of gone) {
        // What has been removed from the server as well is forgotten when that is told.
        const target = viewer.registry.resolve(ref);
        if (target !== undefined && targets.objects.delete(target)) {
          this.leave(target, traversal);
        }
      }
    }
  }

  private leave(start: ManagedObject, through: Traversal): void {
    const pending: [ManagedObject, Traversal][] = [[start, through]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [object, traversal] = next;
      if (!traversal.skip) {
        this.deselect(object);
      }
      const node = this.nodes.get(object)?.get(traversal.select);
      if (node === undefined) {
        continue;
      }
      node.incoming--;
      if (node.incoming === 0) {
        this.drop(node);
        pending.push(...outgoing(node));
      } else {
        this.mayHoldCycle = true;
      }
    }
  }

  private drop(node: Node): void {
    const nodes = this.nodes.get(node.object);
    nodes?.delete(node.select);
    if (nodes?.size === 0) {
      this.nodes.delete(node.object);
    }
  }

  /** An object is gone from the server, whatever still points at it. */
  private forget(object: ManagedObject): void {
    if (this.counts.delete(object)) {
      this.onRemoved(object);
    }
    const nodes = this.nodes.get(object);
    this.nodes.delete(object);
    for (const node of nodes?.values() ?? []) {
      for (const [target, traversal] of outgoing(node)) {
        this.leave(target, traversal);
      }
    }
  }

  private refsOf(object: ManagedObject, traversal: Traversal, viewer: Viewer): readonly ManagedObjectReference[] {
    const path = isManagedA(object.type, traversal.type) ? traversal.path : undefined;
    if (path?.field.type.kind !== 'reference') {
      return [];
    }
    const value = readPath(object, path, viewer);
    if (value instanceof ManagedObjectReference) {
      return [value];
    }
    return (value ?? []) as readonly ManagedObjectReference[];
  }
}

function outgoing(node: Node): [ManagedObject, Traversal][] {
  return [...node.targets].flatMap(([traversal, { objects }]) =>
    [...objects].map((target): [ManagedObject, Traversal] => [target, traversal]),
  );
}

function visibleObjects(refs: readonly ManagedObjectReference[], viewer: Viewer): ManagedObject[] {
  return refs
    .map((ref) => viewer.registry.resolve(ref))
    .filter((object) => object !== undefined && canSee(viewer.access, object)) as ManagedObject[];
}

type Ref = ManagedObjectReference;

/** What was added to and taken from a list. Cheap when, as usual, one item of a long list changed. */
export function listDifference(
  before: readonly Ref[],
  after: readonly Ref[],
): { readonly gone: Ref[]; readonly come: Ref[] } {
  let start = 0;
  while (start < before.length && start < after.length && isSameRef(before[start], after[start])) {
    start++;
  }
  let fromEnd = 0;
  while (
    fromEnd < before.length - start &&
    fromEnd < after.length - start &&
    isSameRef(before[before.length - 1 - fromEnd], after[after.length - 1 - fromEnd])
  ) {
    fromEnd++;
  }
  const old = before.slice(start, before.length - fromEnd);
  const fresh = after.slice(start, after.length - fromEnd);
  return { gone: without(old, fresh), come: without(fresh, old) };
}

function isSameRef(a: Ref | undefined, b: Ref | undefined): boolean {
  return a === b || (a?.value === b?.value && a?.type === b?.type);
}

function without(refs: readonly Ref[], others: readonly Ref[]): Ref[] {
  const keys = new Set(others.map(({ key }) => key));
  return refs.filter(({ key }) => !keys.has(key));
}
