import { allObjectTypes } from '../../vsphere/vim/registry';
import { type Field, isA, type ManagedType, type ObjectType } from '../../vsphere/vim/schema';
import { type ApiVersion, knows } from '../apiVersion';
import type { Kind } from '../model/states';

/** One name of a property path, with the key of the array item that it picks: `device[2000]`, `extraConfig["key"]`. */
interface Step {
  readonly name: string;
  readonly key: string | number | undefined;
}

/** A property path that is known to lead somewhere. */
export interface PropertyPath {
  readonly text: string;
  readonly steps: readonly Step[];
  /** Declaration of the value at its end. */
  readonly field: Field;
  /** Whether a waiting collector hears of changes. */
  readonly isPushed: boolean;
  /** Version of the API in which its value is written. */
  readonly version: ApiVersion;
  /** Small number of its own among the paths of its server; unset when those have run out. */
  readonly slot: number | undefined;
}

// The reference warns that servers may skip notifications for these; a real one does.
const unpushedAnywhere = [
  'recentTask',
  'disabledMethod',
  'configStatus',
  'overallStatus',
  'triggeredAlarmState',
  'declaredAlarmState',
  'effectiveRole',
];
const unpushed: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  VirtualMachine: [
    'layout',
    'layoutEx',
    'storage',
    'runtime.device',
    'runtime.maxCpuUsage',
    'runtime.maxMemoryUsage',
    'summary.storage',
    'summary.quickStats',
    'summary.overallStatus',
  ],
  ResourcePool: ['runtime', 'summary'],
  VirtualApp: ['runtime', 'summary'],
};

function isPushed(type: ManagedType, text: string): boolean {
  const names = [...unpushedAnywhere, ...(unpushed[type.name as Kind] ?? [])];
  return !names.some((name) => text === name || text.startsWith(`${name}.`));
}

/** Takes a path apart; undefined when it is not written as one. */
function parseSteps(text: string): Step[] | undefined {
  const steps: Step[] = [];
  const step = /([A-Za-z][A-Za-z0-9_]*)(?:\["([^"]*)"\]|\[(-?\d+)\])?(?:\.|$)/y;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) {
      return undefined;
    }
    steps.push({ name: match[1] as string, key: match[2] ?? (match[3] === undefined ? undefined : Number(match[3])) });
  }
  return steps.length === 0 || text.endsWith('.') ? undefined : steps;
}

/**
 * Resolves a path against a type.
 *
 * @returns undefined when it leads nowhere at that version, or steps into an array without a key
 */
export function resolvePropertyPath(type: ManagedType, text: string, version: ApiVersion): PropertyPath | undefined {
  const steps = parseSteps(text);
  let field: Field | undefined;
  for (const [index, { name, key }] of (steps ?? []).entries()) {
    field = index === 0 ? type.property(name) : field === undefined ? undefined : fieldOf(field, name);
    if (field === undefined || !knows(version, field.since)) {
      return undefined;
    }
    if (key !== undefined) {
      if (!field.array || field.type.kind !== 'object' || field.type.field('key') === undefined) {
        return undefined;
      }
      field = { ...field, array: false };
    }
  }
  return steps === undefined || field === undefined
    ? undefined
    : { text, steps, field, isPushed: isPushed(type, text), version, slot: undefined };
}

function fieldOf(field: Field, name: string): Field | undefined {
  if (field.array || field.type.kind !== 'object') {
    return undefined;
  }
  return field.type.field(name) ?? fieldOfSubtype(field.type, name);
}

/** The field of one of the subtypes: what `device[2000].capacityInKB` names is known to VirtualDisk only. */
function fieldOfSubtype(type: ObjectType, name: string): Field | undefined {
  return allObjectTypes()
    .filter((candidate) => isA(candidate, type))
    .map((candidate) => candidate.field(name))
    .find((field) => field !== undefined);
}

/** Every property of a type, as `all` asks for them. */
export function allPaths(type: ManagedType, version: ApiVersion): PropertyPath[] {
  return type
    .properties()
    .filter((field) => knows(version, field.since))
    .map((field) => ({
      text: field.name,
      steps: [{ name: field.name, key: undefined }],
      field,
      isPushed: isPushed(type, field.name),
      version,
      slot: undefined,
    }));
}

// Clients ask for a few dozen paths over and over again; what somebody makes up beyond that is resolved each time.
const maxKept = 1_024;
const maxLists = 256;

/** Resolves property paths, the usual ones once. One for each server. */
export class PropertyPaths {
  private readonly kept = new Map<string, PropertyPath>();
  private readonly lists = new Map<string, readonly PropertyPath[]>();

  /** As {@link resolvePropertyPath}. */
  resolve(type: ManagedType, text: string, version: ApiVersion): PropertyPath | undefined {
    const key = `${version} ${type.name} ${text}`;
    const known = this.kept.get(key);
    if (known !== undefined) {
      return known;
    }
    const path = resolvePropertyPath(type, text, version);
    return path === undefined ? undefined : this.keep(key, path);
  }

  /**
   * Several paths of a type, without repetitions; always the same list for the same paths.
   *
   * @returns the first one that leads nowhere, as text, when there is one
   */
  resolveAll(type: ManagedType, texts: readonly string[], version: ApiVersion): readonly PropertyPath[] | string {
    // Joined by what no request can hold.
    const key = `${version} ${type.name} ${texts.join('\0')}`;
    const known = this.lists.get(key);
    if (known !== undefined) {
      return known;
    }
    const found = new Map<string, PropertyPath>();
    for (const text of texts) {
      const path = this.resolve(type, text, version);
      if (path === undefined) {
        return text;
      }
      found.set(text, path);
    }
    return this.keepList(key, [...found.values()]);
  }

  /** As {@link allPaths}. */
  all(type: ManagedType, version: ApiVersion): readonly PropertyPath[] {
    const key = `${version} ${type.name}`;
    return (
      this.lists.get(key) ??
      this.keepList(
        key,
        allPaths(type, version).map((path) => {
          const pathKey = `${key} ${path.text}`;
          return this.kept.get(pathKey) ?? this.keep(pathKey, path);
        }),
      )
    );
  }

  private keepList(key: string, paths: readonly PropertyPath[]): readonly PropertyPath[] {
    if (this.lists.size < maxLists) {
      this.lists.set(key, paths);
    }
    return paths;
  }

  private keep(key: string, path: PropertyPath): PropertyPath {
    if (this.kept.size >= maxKept) {
      return path;
    }
    const own = { ...path, slot: this.kept.size };
    this.kept.set(key, own);
    return own;
  }
}

/** Walks from the value of a path's first property to its end; undefined where something on the way is unset. */
export function valueAt(path: PropertyPath, root: unknown): unknown {
  let value = root;
  for (const [index, { name, key }] of path.steps.entries()) {
    if (index > 0) {
      value = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
    }
    if (key !== undefined) {
      const items = (value ?? []) as readonly { readonly key?: unknown }[];
      value = items.find((item) => item.key === key);
    }
    if (value === undefined) {
      return undefined;
    }
  }
  return value;
}
