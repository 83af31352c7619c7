import type { PropertyChange } from '../../vsphere/vim/property';
import { findType } from '../../vsphere/vim/registry';
import { type Field, ManagedObjectReference, type ObjectType } from '../../vsphere/vim/schema';
import { TypedValue } from './typedValue';

type Fields = Readonly<Record<string, unknown>>;

/** Whether two values of a field say the same, compared by the schema. */
export function isSame(field: Field, a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (a === undefined || b === undefined) {
    // An empty list and none are one.
    return field.array && ((a ?? b) as readonly unknown[]).length === 0;
  }
  if (!field.array) {
    return isSameItem(field, a, b);
  }
  const left = a as readonly unknown[];
  const right = b as readonly unknown[];
  return left.length === right.length && left.every((item, index) => isSameItem(field, item, right[index]));
}

function isSameItem({ type }: Field, a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (a instanceof ManagedObjectReference && b instanceof ManagedObjectReference) {
    return a.type === b.type && a.value === b.value;
  }
  const object = actualType(type.kind === 'object' ? type : undefined, a);
  if (object === undefined || actualType(object, b) !== object || typeof a !== 'object' || typeof b !== 'object') {
    return false;
  }
  return object.fields().every((each) => isSame(each, (a as Fields)[each.name], (b as Fields)[each.name]));
}

function actualType(declared: ObjectType | undefined, value: unknown): ObjectType | undefined {
  const name = (value as { readonly $type?: string } | null)?.$type;
  const type = name === undefined ? declared : findType(name);
  return type?.kind === 'object' ? type : undefined;
}

/** The change that replaces a value as a whole; without a value it says that the property is unset now. */
export function assign(path: string, field: Field, value: unknown): PropertyChange {
  return { name: path, op: 'assign', ...(value !== undefined && { val: new TypedValue(field, value) }) };
}

/**
 * The changes between two values, in as small pieces as vSphere reports them to a filter with `partialUpdates`: single
 * fields of data objects, and single items of lists whose items have a key.
 */
export function partialChanges(path: string, field: Field, before: unknown, after: unknown): PropertyChange[] {
  if (isSame(field, before, after)) {
    return [];
  }
  if (before === undefined || after === undefined) {
    return [assign(path, field, after)];
  }
  if (field.array) {
    return keyedChanges(path, field, before as readonly unknown[], after as readonly unknown[]);
  }
  const type = actualType(field.type.kind === 'object' ? field.type : undefined, before);
  if (type === undefined || actualType(type, after) !== type) {
    return [assign(path, field, after)];
  }
  return type
    .fields()
    .flatMap((each) =>
      partialChanges(`${path}.${each.name}`, each, (before as Fields)[each.name], (after as Fields)[each.name]),
    );
}

function keyedChanges(
  path: string,
  field: Field,
  before: readonly unknown[],
  after: readonly unknown[],
): PropertyChange[] {
  const hasKey = field.type.kind === 'object' && field.type.field('key') !== undefined;
  const item: Field = { ...field, array: false };
  const old = new Map(before.map((value) => [(value as Fields)['key'], value]));
  const now = new Map(after.map((value) => [(value as Fields)['key'], value]));
  const areSimple = [...old.keys(), ...now.keys()].every((key) => typeof key === 'number' || typeof key === 'string');
  if (!hasKey || !areSimple || old.size !== before.length || now.size !== after.length) {
    return [assign(path, field, after)];
  }
  const changes: PropertyChange[] = [];
  for (const key of old.keys()) {
    if (!now.has(key)) {
      changes.push({ name: keyedPath(path, key), op: 'remove' });
    }
  }
  for (const [key, value] of now) {
    const earlier = old.get(key);
    if (earlier === undefined) {
      changes.push({ name: keyedPath(path, key), op: 'add', val: new TypedValue(item, value) });
    } else {
      changes.push(...partialChanges(keyedPath(path, key), item, earlier, value));
    }
  }
  return changes;
}

function keyedPath(path: string, key: unknown): string {
  return typeof key === 'number' ? `${path}[${key}]` : `${path}["${String(key)}"]`;
}
