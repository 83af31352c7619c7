import { Emitter, type Event } from '../../common/event';
import { findManagedType } from '../../vsphere/vim/registry';
import { ManagedObjectReference, type ManagedType } from '../../vsphere/vim/schema';
import type { EntityKind, EntityState, Kind, StateByKind } from './states';
import { isEntityKind } from './states';

/** One object that lives on the server. Its identity is this very value; its state is replaced, never changed. */
export interface ManagedObject<K extends Kind = Kind> {
  readonly kind: K;
  readonly ref: ManagedObjectReference;
  readonly type: ManagedType;
  /** Key of the session that it lives and dies with; unset for what everybody shares. */
  readonly session: string | undefined;
  readonly state: StateByKind[K];
}

/** An object of the inventory tree. */
export type Entity = ManagedObject<EntityKind> & { readonly state: EntityState };

type Writable<T> = { -readonly [P in keyof T]: T[P] };

/** What happened to one object within one update. `before` is unset for a new object, `after` for a removed one. */
export interface ObjectChange {
  readonly object: ManagedObject;
  readonly before: StateByKind[Kind] | undefined;
  readonly after: StateByKind[Kind] | undefined;
}

/** Makes changes, within one update. */
export interface Change {
  add<K extends Kind>(kind: K, id: string, state: StateByKind[K], session?: string): ManagedObject<K>;
  set<K extends Kind>(object: ManagedObject<K>, state: StateByKind[K]): void;
  remove(object: ManagedObject): void;
}

/**
 * Every object of the server, and the only place where one changes.
 *
 * @remarks Whoever shows objects to clients hears of changes from here, so no operation can forget to tell: an operation
 * cannot change anything but through {@link update}.
 */
export class Registry {
  private readonly byKind = new Map<Kind, Map<string, ManagedObject>>();
  private readonly changed = new Emitter<readonly ObjectChange[]>();
  private pending: Map<ManagedObject, ObjectChange> | undefined;

  /** Fires once for each update, after it is complete, with every object that it touched. */
  readonly onDidChange: Event<readonly ObjectChange[]> = this.changed.event;

  find<K extends Kind>(kind: K, id: string): ManagedObject<K> | undefined {
    return this.byKind.get(kind)?.get(id) as ManagedObject<K> | undefined;
  }

  /** @throws Error when there is no such object: for references that the model itself made. */
  get<K extends Kind>(kind: K, ref: ManagedObjectReference): ManagedObject<K> {
    const object = this.find(kind, ref.value);
    if (object === undefined) {
      throw new Error(`no ${kind} ${ref.value}`);
    }
    return object;
  }

  /** The object that a reference names, whatever it is. */
  resolve(ref: ManagedObjectReference): ManagedObject | undefined {
    return this.byKind.get(ref.type as Kind)?.get(ref.value);
  }

  /** The part of the inventory that a reference names. */
  resolveEntity(ref: ManagedObjectReference | undefined): Entity | undefined {
    const object = ref === undefined ? undefined : this.resolve(ref);
    return object !== undefined && isEntity(object) ? object : undefined;
  }

  all<K extends Kind>(kind: K): IterableIterator<ManagedObject<K>> {
    return (this.byKind.get(kind)?.values() ?? new Map().values()) as IterableIterator<ManagedObject<K>>;
  }

  count(kind: Kind): number {
    return this.byKind.get(kind)?.size ?? 0;
  }

  /**
   * Changes objects. All that `mutate` does is seen by others at once, when it is complete.
   *
   * @throws Error when called inside another update: what is part of one act belongs into one call.
   */
  update<T>(mutate: (change: Change) => T): T {
    if (this.pending !== undefined) {
      throw new Error('an update inside another update');
    }
    const pending = new Map<ManagedObject, ObjectChange>();
    this.pending = pending;
    let result: T;
    try {
      result = mutate(this.change);
    } finally {
      this.pending = undefined;
    }
    const changes = [...pending.values()].filter(({ before, after }) => before !== after);
    if (changes.length > 0) {
      this.changed.fire(changes);
    }
    return result;
  }

  private readonly change: Change = {
    add: (kind, id, state, session) => {
      const type = findManagedType(kind);
      if (type === undefined || this.find(kind, id) !== undefined) {
        throw new Error(`cannot add ${kind} ${id}`);
      }
      const ref = new ManagedObjectReference(kind, id);
      const object: ManagedObject<typeof kind> = { kind, ref, type, session, state };
      let objects = this.byKind.get(kind);
      if (objects === undefined) {
        objects = new Map();
        this.byKind.set(kind, objects);
      }
      objects.set(id, object);
      this.note(object, undefined, state);
      return object;
    },
    set: (object, state) => {
      const before = object.state;
      (object as Writable<typeof object>).state = state;
      this.note(object, before, state);
    },
    remove: (object) => {
      this.byKind.get(object.kind)?.delete(object.ref.value);
      this.note(object, object.state, undefined);
    },
  };

  private note(object: ManagedObject, before: ObjectChange['before'], after: ObjectChange['after']): void {
    if (this.pending === undefined) {
      throw new Error('a change outside of an update');
    }
    const earlier = this.pending.get(object);
    this.pending.set(object, { object, before: earlier === undefined ? before : earlier.before, after });
  }
}

export function isEntity(object: ManagedObject): object is Entity {
  return isEntityKind(object.kind);
}

/** Narrows an object to one kind. */
export function isKind<K extends Kind>(object: ManagedObject, ...kinds: readonly K[]): object is ManagedObject<K> {
  return (kinds as readonly Kind[]).includes(object.kind);
}
