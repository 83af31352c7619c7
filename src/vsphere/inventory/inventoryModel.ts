import type { Logger } from '../../common/logger';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { InventoryObject } from '../../hypervisor/model/inventory';
import { objectIdOf } from '../ids';
import { declaredField, fits } from '../property/propertyValue';
import type { ReadContent } from '../soap/readContent';
import type { MissingProperty, PropertyChange } from '../vim/property';
import { findManagedType } from '../vim/registry';
import type { Field, ManagedObjectReference } from '../vim/schema';
import { type Assign, assignments, EntityRecord, TextPool } from './entityRecord';
import { toInventoryObject } from './entityMapping';

/** What the domain has to be told. */
export interface InventoryNews {
  readonly put: readonly InventoryObject[];
  readonly removed: readonly ObjectId[];
}

/** What to do with a property, and what its value has to be; without a field, no value is right. */
interface Property {
  readonly assign: Assign;
  readonly field: Field | undefined;
}

/** Brings together what is read and what is pushed, property by property, and gives whole objects. */
export class InventoryModel {
  private readonly records = new Map<ObjectId, EntityRecord>();
  /** In the order in which they changed; those that have gone since are among them. */
  private pending: EntityRecord[] = [];
  private readonly removed = new Set<ObjectId>();
  /** Hosts by the standalone ComputeResource that stands for them. */
  private readonly standaloneHosts = new Map<ObjectId, EntityRecord>();
  private readonly texts = new TextPool();
  private readonly properties = new Map<string, ReadonlyMap<string, Property>>();
  private readonly complaints = new Set<string>();

  constructor(
    private readonly rootFolder: ObjectId,
    private readonly logger: Logger,
  ) {}

  /** Takes over properties of an object, which is new if it was not known. */
  apply(
    reference: ManagedObjectReference,
    changes: readonly Pick<PropertyChange, 'name' | 'val'>[],
    missing: readonly MissingProperty[],
  ): ObjectId {
    const record = this.record(reference);
    const properties = this.propertiesOf(record.type);
    for (const { name, val } of changes) {
      this.assign(record, properties, name, val);
    }
    for (const { path } of missing) {
      this.assign(record, properties, path, undefined);
    }
    this.note(record);
    return record.id;
  }

  /**
   * Takes over an object as a whole: what is not among its properties is unset, also when it was not a moment ago.
   *
   * @remarks API reference, PropertyChange: only what is set is told of an object that enters a filter.
   */
  enter(
    reference: ManagedObjectReference,
    changes: readonly Pick<PropertyChange, 'name' | 'val'>[],
    missing: readonly MissingProperty[],
  ): ObjectId {
    const record = this.record(reference);
    for (const { assign, field } of this.propertiesOf(record.type).values()) {
      if (field !== undefined) {
        assign(record, undefined, this.texts);
      }
    }
    return this.apply(reference, changes, missing);
  }

  /** Takes over what was read of an object. */
  take(reference: ManagedObjectReference, content: ReadContent, missing: readonly MissingProperty[]): void {
    const record = this.record(reference);
    const properties = this.propertiesOf(record.type);
    for (let i = 0; i < content.count; i++) {
      this.assign(record, properties, content.name(i), content.value(i));
    }
    for (const { path } of missing) {
      this.assign(record, properties, path, undefined);
    }
    this.note(record);
  }

  remove(id: ObjectId): void {
    const record = this.records.get(id);
    if (record === undefined) {
      return;
    }
    this.records.delete(id);
    this.removed.add(id);
    if (record.parent !== undefined && this.standaloneHosts.get(record.parent) === record) {
      this.standaloneHosts.delete(record.parent);
      this.noteById(record.parent);
    }
  }

  /** Removes everything but `ids`. */
  keepOnly(ids: ReadonlySet<ObjectId>): void {
    for (const id of [...this.records.keys()]) {
      if (!ids.has(id)) {
        this.remove(id);
      }
    }
  }

  /** What has changed since the last time. */
  news(): InventoryNews {
    const put: InventoryObject[] = [];
    const hostOf = (compute: ObjectId): EntityRecord | undefined => this.standaloneHosts.get(compute);
    for (const record of this.pending) {
      record.isNews = false;
      const object =
        this.records.get(record.id) === record
          ? toInventoryObject(record, this.rootFolder, hostOf, this.texts)
          : undefined;
      if (object !== undefined) {
        put.push(object);
      }
    }
    const removed = [...this.removed];
    this.pending = [];
    this.removed.clear();
    return { put, removed };
  }

  private record(reference: ManagedObjectReference): EntityRecord {
    const id = objectIdOf(reference);
    const known = this.records.get(id);
    if (known !== undefined) {
      return known;
    }
    const record = new EntityRecord(id, this.texts.one(reference.type));
    this.records.set(id, record);
    this.removed.delete(id);
    return record;
  }

  private note(record: EntityRecord): void {
    if (!record.isNews) {
      record.isNews = true;
      this.pending.push(record);
    }
    const { parent } = record;
    if (record.type === 'HostSystem' && parent?.startsWith('ComputeResource:') === true) {
      this.standaloneHosts.set(parent, record);
      this.noteById(parent);
    }
  }

  /** One that is not known yet is news when it comes. */
  private noteById(id: ObjectId): void {
    const record = this.records.get(id);
    if (record?.isNews === false) {
      record.isNews = true;
      this.pending.push(record);
    }
  }

  private assign(record: EntityRecord, properties: ReadonlyMap<string, Property>, path: string, value: unknown): void {
    const property = properties.get(path);
    if (property === undefined) {
      this.unsetBelow(record, path, value);
      return;
    }
    const { assign, field } = property;
    if (value === undefined || (field !== undefined && fits(field, value))) {
      assign(record, value, this.texts);
    } else {
      assign(record, undefined, this.texts);
      this.complain(record, path);
    }
  }

  /** What is known of the properties of a type. */
  private propertiesOf(typeName: string): ReadonlyMap<string, Property> {
    const known = this.properties.get(typeName);
    if (known !== undefined) {
      return known;
    }
    const type = findManagedType(typeName);
    const found = new Map(
      [...assignments].map(([path, assign]) => [
        path,
        { assign, field: type === undefined ? undefined : declaredField(type, path) },
      ]),
    );
    this.properties.set(typeName, found);
    return found;
  }

  /** When a part of an object goes away as a whole, as the configuration of a VM does, so does all that is in it. */
  private unsetBelow(record: EntityRecord, path: string, value: unknown): void {
    if (value === undefined) {
      for (const [below, assign] of assignments) {
        if (below.startsWith(`${path}.`)) {
          assign(record, undefined, this.texts);
        }
      }
    }
  }

  private complain(record: EntityRecord, path: string): void {
    const key = `${record.type}.${path}`;
    // Once: a server that does it does it for every object.
    if (!this.complaints.has(key)) {
      this.complaints.add(key);
      this.logger.warn(`The server gives ${key} a value of an unexpected type (${record.id}); it is taken for unset.`);
    }
  }
}
