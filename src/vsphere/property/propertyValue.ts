import { findType } from '../vim/registry';
import {
  type Field,
  isA,
  ManagedObjectReference,
  type ManagedType,
  type ObjectType,
  resolvePath,
  type VimType,
} from '../vim/schema';

const keyedPath = /^(.+)\["[^"]*"\]$/;

/**
 * What a property path leads to, also one with a key at its end (`config.extraConfig["key"]`), which is one item of a
 * list; undefined when it leads nowhere.
 */
export function declaredField(type: ManagedType, path: string): Field | undefined {
  const listPath = keyedPath.exec(path)?.[1];
  const field = resolvePath(type, listPath ?? path);
  return field !== undefined && listPath !== undefined ? { ...field, array: false } : field;
}

/**
 * Whether a value has the type that the schema declares for its place.
 *
 * @remarks The values of properties travel as anyType: what they are is what the server says they are. Everything
 * behind this check may rely on the declared types.
 */
export function fits(field: Field, value: unknown): boolean {
  return field.array
    ? Array.isArray(value) && value.every((item) => fitsType(field.type, item))
    : fitsType(field.type, value);
}

function fitsType(type: VimType, value: unknown): boolean {
  switch (type.kind) {
    case 'scalar':
      return typeof value === scalarKind(type.name);
    case 'enum':
      return typeof value === 'string';
    case 'reference':
      return value instanceof ManagedObjectReference;
    case 'any':
      return true;
    case 'object':
      return fitsObject(type, value);
  }
}

function fitsObject(type: ObjectType, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const name = (value as { readonly $type?: string }).$type;
  if (name === undefined || name === type.name) {
    return true;
  }
  const actual = findType(name);
  if (actual !== undefined) {
    return actual.kind === 'object' && isA(actual, type);
  }
  // A type that is not known here. In a list it was read by the declared type of the list; standing alone it was not
  // read at all.
  const fields = value as Readonly<Record<string, unknown>>;
  return type.fields().every((field) => field.optional || fields[field.name] !== undefined);
}

function scalarKind(name: string): 'string' | 'boolean' | 'number' {
  switch (name) {
    case 'boolean':
      return 'boolean';
    case 'byte':
    case 'short':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    default:
      return 'string';
  }
}
