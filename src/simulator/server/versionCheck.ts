import { findType } from '../../vsphere/vim/registry';
import type { Field, ObjectType, VimType } from '../../vsphere/vim/schema';
import { type ApiVersion, knows } from '../apiVersion';

export function isNewer(field: Field, version: ApiVersion): boolean {
  return field.since !== undefined && !knows(version, field.since);
}

/** The first element of a request that the client's version does not have; undefined when there is none. */
export function newerElement(type: ObjectType, value: object, version: ApiVersion): string | undefined {
  const values = value as Readonly<Record<string, unknown>>;
  for (const field of type.fields()) {
    const given = values[field.name];
    if (given === undefined || (field.array && (given as readonly unknown[]).length === 0)) {
      continue;
    }
    if (isNewer(field, version)) {
      return field.name;
    }
    for (const item of field.array ? (given as readonly unknown[]) : [given]) {
      const object = objectType(field.type, item);
      const newer = object === undefined ? undefined : newerElement(object, item as object, version);
      if (newer !== undefined) {
        return newer;
      }
    }
  }
  return undefined;
}

function objectType(declared: VimType, value: unknown): ObjectType | undefined {
  if (declared.kind !== 'object') {
    return undefined;
  }
  const name = (value as { readonly $type?: string }).$type;
  const actual = name === undefined ? declared : findType(name);
  return actual?.kind === 'object' ? actual : declared;
}
