import { isWritable } from '../../vsphere/soap/vimEncoder';
import { MethodFault } from '../../vsphere/vim/fault';
import { findType } from '../../vsphere/vim/registry';
import {
  type Field,
  isA,
  ManagedObjectReference,
  type ObjectType,
  type ScalarType,
  type VimType,
} from '../../vsphere/vim/schema';
import { fault, type FaultValue } from '../state/faultValues';
import { type FaultOccasion, fieldsKnownToServer } from './knownFaultFields';

// Faults that a rule asks for. A rule names a type and some fields; what it sends has to be a fault as vSphere has it.

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a fault that a rule asks for.
 *
 * @param isOfTask - it is to be the error of a task
 * @throws Error in words when it could not be sent as it is
 */
export function checkInjectedFault(name: string, fields: Fields, isOfTask: boolean): void {
  const type = findType(name);
  if (type === undefined) {
    // A fault that is newer than its reader can be sent, but there is no telling what is in it.
    if (isOfTask || Object.keys(fields).length > 0 || !/^[A-Z]\w*$/.test(name)) {
      throw new Error(
        `"${name}" is no fault that this server knows: it can only be the answer to a call, and without fields.`,
      );
    }
    return;
  }
  if (type.kind !== 'object' || !isA(type, MethodFault)) {
    throw new Error(`"${name}" is no fault.`);
  }
  const filledIn = fieldsKnownToServer(type);
  valuesOf(type, fields, (field) => filledIn.has(field));
}

/** The fault of a rule that {@link checkInjectedFault} has let pass, with all that the server itself has to say in it. */
export function injectedFault(name: string, fields: Fields, occasion: FaultOccasion): FaultValue {
  const type = findType(name);
  if (type?.kind !== 'object') {
    return fault(name);
  }
  const known = [...fieldsKnownToServer(type)].map(([field, value]) => [field, value(occasion)] as const);
  return fault(name, { ...Object.fromEntries(known), ...valuesOf(type, fields, () => true) });
}

/** The fields as the encoder wants them. @throws Error in words. */
function valuesOf(type: ObjectType, fields: Fields, mayBeMissing: (field: string) => boolean): Fields {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    if (name !== '$type' && type.field(name) === undefined) {
      throw new Error(`${type.name} has no field "${name}".`);
    }
  }
  for (const field of type.fields()) {
    const value = fields[field.name];
    if (value !== undefined) {
      values[field.name] = listOrValue(type, field, value);
    } else if (!field.optional && !mayBeMissing(field.name)) {
      throw new Error(`${type.name} needs the field "${field.name}".`);
    }
  }
  return values;
}

function listOrValue(type: ObjectType, field: Field, value: unknown): unknown {
  const place = `${type.name}.${field.name}`;
  if (!field.array) {
    return valueOf(field.type, value, place);
  }
  if (!Array.isArray(value) || (value.length === 0 && !field.optional)) {
    throw new Error(`${place} has to be a list${field.optional ? '' : ' of at least one'}.`);
  }
  return value.map((item) => valueOf(field.type, item, place));
}

function valueOf(type: VimType, value: unknown, place: string): unknown {
  switch (type.kind) {
    case 'scalar':
      return fitting(fitsScalar(type, value), value, place, scalarWords[type.name] ?? 'a text that XML can carry');
    case 'enum':
      return fitting(isText(value), value, place, 'a text that XML can carry');
    case 'any':
      return fitting(
        isText(value) || typeof value === 'number' || typeof value === 'boolean',
        value,
        place,
        'a plain value',
      );
    case 'reference': {
      const { type: kind, value: id } = recordOf(value) ?? {};
      fitting(isText(kind) && isText(id), value, place, 'a reference, with "type" and "value"');
      return new ManagedObjectReference(String(kind), String(id));
    }
    case 'object': {
      const fields = recordOf(value);
      const name = fields?.['$type'] ?? type.name;
      const dynamic = isText(name) ? findType(name) : undefined;
      if (fields === undefined || dynamic?.kind !== 'object' || !isA(dynamic, type)) {
        throw new Error(`${place} has to be a ${type.name}.`);
      }
      const values = valuesOf(dynamic, fields, () => false);
      return dynamic.name === type.name ? values : { ...values, $type: dynamic.name };
    }
  }
}

function fitting(fits: boolean, value: unknown, place: string, wanted: string): unknown {
  if (!fits) {
    throw new Error(`${place} has to be ${wanted}.`);
  }
  return value;
}

const scalarWords: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  byte: 'a whole number',
  short: 'a whole number',
  int: 'a whole number',
  long: 'a whole number',
  float: 'a number',
  double: 'a number',
};

function fitsScalar({ name }: ScalarType, value: unknown): boolean {
  switch (scalarWords[name]) {
    case 'true or false':
      return typeof value === 'boolean';
    case 'a whole number':
      return Number.isInteger(value);
    case 'a number':
      return Number.isFinite(value);
    default:
      return isText(value);
  }
}

/** @throws Error in words when XML cannot carry the text. */
export function checkText(text: string, place: string): void {
  fitting(isText(text), text, place, 'a text that XML can carry');
}

/** A text that XML can carry. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && isWritable(value);
}

function recordOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
