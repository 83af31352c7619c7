import * as description from './description';
import * as device from './device';
import * as fault from './fault';
import * as history from './history';
import * as inventory from './inventory';
import * as layout from './layout';
import * as lifecycle from './lifecycle';
import * as power from './power';
import * as property from './property';
import type { EnumType, ManagedType, MethodType, ObjectType, VimType } from './schema';
import * as search from './search';
import * as service from './service';
import * as snapshot from './snapshot';
import * as task from './task';
import * as virtualMachine from './virtualMachine';

// Finds a type by the name that a server writes into xsi:type.

const modules: readonly Readonly<Record<string, unknown>>[] = [
  description,
  device,
  fault,
  history,
  inventory,
  layout,
  lifecycle,
  power,
  property,
  search,
  service,
  snapshot,
  task,
  virtualMachine,
];

const entries: readonly unknown[] = modules.flatMap((module) => Object.values(module));

const types: ReadonlyMap<string, ObjectType | EnumType> = collectTypes();

/** Every type that a server may name: those that are declared by themselves and those that only some field leads to. */
function collectTypes(): Map<string, ObjectType | EnumType> {
  const found = new Map<string, ObjectType | EnumType>();
  const pending: VimType[] = [
    ...entries.filter(isSchemaEntry),
    ...entries.filter(isManaged).flatMap((type) => type.properties().map((field) => field.type)),
    ...entries.filter(isMethod).flatMap(({ parameters, result }) => [parameters, ...(result ? [result.type] : [])]),
  ];
  for (let type = pending.pop(); type !== undefined; type = pending.pop()) {
    if ((type.kind === 'object' || type.kind === 'enum') && !found.has(type.name)) {
      found.set(type.name, type);
      pending.push(...(type.kind === 'object' ? type.fields().map((field) => field.type) : []));
    }
  }
  return found;
}

function isManaged(value: unknown): value is ManagedType {
  return typeof value === 'object' && value !== null && 'properties' in value;
}

function isMethod(value: unknown): value is MethodType {
  return typeof value === 'object' && value !== null && 'parameters' in value;
}

function isSchemaEntry(value: unknown): value is ObjectType | EnumType {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  return kind === 'object' || kind === 'enum';
}

/** The data object or enumeration of that name; undefined for one that is not in the slice. */
export function findType(name: string): ObjectType | EnumType | undefined {
  return types.get(name);
}

const objectTypes: readonly ObjectType[] = [...types.values()].filter((type) => type.kind === 'object');

/** Every data object of the slice. */
export function allObjectTypes(): readonly ObjectType[] {
  return objectTypes;
}

const managedTypes: ReadonlyMap<string, ManagedType> = new Map(
  entries.filter(isManaged).map((type) => [type.name, type]),
);

/** The managed object type of that name; undefined for one that is not in the slice. */
export function findManagedType(name: string): ManagedType | undefined {
  return managedTypes.get(name);
}

const methods: ReadonlyMap<string, MethodType> = new Map(
  entries.filter(isMethod).map((method) => [method.name, method]),
);

/** The method of that name; undefined for one that is not in the slice. */
export function findMethod(name: string): MethodType | undefined {
  return methods.get(name);
}

/** Every method of the slice. */
export function allMethods(): readonly MethodType[] {
  return [...methods.values()];
}
