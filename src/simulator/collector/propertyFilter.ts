import type { MissingProperty, ObjectUpdate, PropertyChange } from '../../vsphere/vim/property';
import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { ManagedObject, ObjectChange } from '../model/registry';
import type { Kind, StateByKind } from '../model/states';
import { PropertyReader } from '../projection/readProperty';
import type { Viewer } from '../projection/viewer';
import { missing, readsAllOf } from './objectContent';
import type { PropertyPath } from './propertyPath';
import { Selection } from './selection';
import type { CompiledSpec } from './selectionSpec';
import { assign, isSame, partialChanges } from './valueDiff';
import type { ValueTexts } from './valueTexts';

/** What a client has to be told of one object. `baseline` is the state that it knows. */
type Pending =
  /** `wasKnown` when the object left and came back before the client could be told. */
  | { readonly kind: 'enter'; readonly wasKnown: boolean }
  | { readonly kind: 'modify'; readonly baseline: StateByKind[Kind] }
  | { readonly kind: 'leave' };

const enter: Pending = { kind: 'enter', wasKnown: false };
const enterAgain: Pending = { kind: 'enter', wasKnown: true };
const leave: Pending = { kind: 'leave' };

/**
 * One filter of a collector: which objects and properties, and what of them its client does not know yet.
 *
 * @remarks Remembers states, not values: a state is immutable and shared with the registry. What was sent stays in mind
 * until the client comes with the next version, so that a lost reply can be sent again.
 */
export class PropertyFilter {
  private readonly selection: Selection;
  private pending = new Map<ManagedObject, Pending>();
  private sent = new Map<ManagedObject, Pending>();
  /** Objects named in the specification that are gone, not yet told. */
  private readonly lost: ManagedObjectReference[] = [];

  constructor(
    readonly object: ManagedObject<'PropertyFilter'>,
    private readonly spec: CompiledSpec,
    private readonly partialUpdates: boolean,
    private readonly viewer: () => Viewer,
    private readonly texts?: ValueTexts,
  ) {
    this.selection = new Selection(
      spec.roots,
      viewer,
      (added) => {
        this.added(added);
      },
      (removed) => {
        this.removed(removed);
      },
    );
    this.lost = spec.roots.filter(({ ref }) => viewer().registry.resolve(ref) === undefined).map(({ ref }) => ref);
  }

  get hasPending(): boolean {
    return this.pending.size > 0 || this.lost.length > 0;
  }

  /** Forgets what the client knows: everything enters again. */
  reset(): void {
    this.sent.clear();
    this.pending = new Map();
    for (const object of this.selection.objects) {
      this.added(object);
    }
  }

  /** The client has received everything that was sent. */
  acknowledge(): void {
    this.sent = new Map();
  }

  /** The client has not: it has to be told again, together with what came since. */
  recall(): void {
    for (const [object, sent] of this.sent) {
      const later = this.pending.get(object);
      this.pending.set(object, later === undefined ? sent : merge(sent, later));
    }
    this.sent = new Map();
  }

  /** Follows one update of the registry. */
  apply(changes: readonly ObjectChange[]): void {
    for (const { object, after } of changes) {
      if (after === undefined && this.spec.roots.some(({ ref }) => ref.key === object.ref.key)) {
        this.lost.push(object.ref);
      }
    }
    this.selection.apply(changes);
    for (const change of changes) {
      this.modified(change);
    }
  }

  /** What the reader may see has changed. */
  refresh(): void {
    this.selection.refresh();
  }

  /** Objects named in the specification that are gone; told once. */
  takeLost(): readonly ManagedObjectReference[] {
    return this.lost.splice(0);
  }

  /**
   * Takes up to `limit` updates out of what is pending. What turns out to be no change any more is dropped.
   */
  take(limit: number): ObjectUpdate[] {
    const viewer = this.viewer();
    const updates: ObjectUpdate[] = [];
    for (const [object, pending] of this.pending) {
      if (updates.length >= limit) {
        break;
      }
      this.pending.delete(object);
      const update = this.updateOf(object, pending, viewer);
      if (update !== undefined) {
        updates.push(update);
        const earlier = this.sent.get(object);
        this.sent.set(object, earlier === undefined ? pending : merge(earlier, pending));
      }
    }
    return updates;
  }

  private added(object: ManagedObject): void {
    if (this.spec.pathsOf(object.type) !== undefined) {
      this.pending.set(object, this.pending.get(object)?.kind === 'leave' ? enterAgain : enter);
    }
  }

  private removed(object: ManagedObject): void {
    const pending = this.pending.get(object);
    if (pending?.kind === 'enter' && !pending.wasKnown && !this.sent.has(object)) {
      // The client never heard of it.
      this.pending.delete(object);
    } else if (this.spec.pathsOf(object.type) !== undefined) {
      this.pending.set(object, leave);
    }
  }

  private modified({ object, before, after }: ObjectChange): void {
    if (before === undefined || after === undefined || this.pending.has(object) || !this.selection.has(object)) {
      return;
    }
    const paths = this.spec.pathsOf(object.type);
    if (paths !== undefined && this.differs(object, paths, before, after)) {
      this.pending.set(object, { kind: 'modify', baseline: before });
    }
  }

  private differs(
    object: ManagedObject,
    paths: readonly PropertyPath[],
    before: StateByKind[Kind],
    after: StateByKind[Kind],
  ): boolean {
    const viewer = this.viewer();
    const old = new PropertyReader(object, before, viewer);
    const now = new PropertyReader(object, after, viewer);
    return paths.some((path) => path.isPushed && !isSame(path.field, old.read(path), now.read(path)));
  }

  private updateOf(object: ManagedObject, pending: Pending, viewer: Viewer): ObjectUpdate | undefined {
    const paths = this.spec.pathsOf(object.type) ?? [];
    switch (pending.kind) {
      case 'leave':
        return { kind: 'leave', obj: object.ref, changeSet: [], missingSet: [] };
      case 'enter':
        return this.texts !== undefined && readsAllOf(object, viewer)
          ? (this.texts.entered(object, paths, viewer) as unknown as ObjectUpdate)
          : entered(object, paths, viewer);
      case 'modify': {
        const before = new PropertyReader(object, pending.baseline, viewer);
        const after = new PropertyReader(object, object.state, viewer);
        const changeSet = paths.flatMap((path) =>
          path.isPushed && missing(object, path, viewer) === undefined
            ? this.changesOf(path, before.read(path), after.read(path))
            : [],
        );
        return changeSet.length === 0 ? undefined : { kind: 'modify', obj: object.ref, changeSet, missingSet: [] };
      }
    }
  }

  private changesOf(path: PropertyPath, before: unknown, after: unknown): PropertyChange[] {
    if (this.partialUpdates) {
      return partialChanges(path.text, path.field, before, after);
    }
    return isSame(path.field, before, after) ? [] : [assign(path.text, path.field, after)];
  }
}

function entered(object: ManagedObject, paths: readonly PropertyPath[], viewer: Viewer): ObjectUpdate {
  const changeSet: PropertyChange[] = [];
  const missingSet: MissingProperty[] = [];
  const reader = new PropertyReader(object, object.state, viewer);
  for (const path of paths) {
    const reason = missing(object, path, viewer);
    const value = reason === undefined ? reader.read(path) : undefined;
    if (reason !== undefined) {
      missingSet.push(reason);
    } else if (value !== undefined) {
      changeSet.push(assign(path.text, path.field, value));
    }
  }
  return { kind: 'enter', obj: object.ref, changeSet, missingSet };
}

/** One pending that says what two did, one after the other. */
function merge(earlier: Pending, later: Pending): Pending {
  if (later.kind !== 'modify') {
    return later;
  }
  // Whatever the client was told first, it still has to be told that, as the object is now.
  return earlier;
}
