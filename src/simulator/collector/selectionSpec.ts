import { TraversalSpec, type ObjectSpec, type PropertyFilterSpec, type PropertySpec } from '../../vsphere/vim/property';
import { findManagedType } from '../../vsphere/vim/registry';
import type { ManagedObjectReference, ManagedType, TypeOf } from '../../vsphere/vim/schema';
import type { ApiVersion } from '../apiVersion';
import { faultError, invalidArgument } from '../faultError';
import { isManagedA, isManagedTypeName } from '../model/managedTypes';
import { type PropertyPath, PropertyPaths } from './propertyPath';

/** A way from objects of one type to others. */
export interface Traversal {
  readonly type: string;
  /** What leads there; unset for a type of which this server has no objects. */
  readonly path: PropertyPath | undefined;
  readonly skip: boolean;
  /** Where to go on from what it leads to. May lead back to this very traversal. */
  readonly select: SelectSet;
}

/** Its identity stands for "being at an object with these ways to go on". */
export type SelectSet = readonly Traversal[];

export interface Root {
  readonly ref: ManagedObjectReference;
  readonly skip: boolean;
  readonly select: SelectSet;
}

/** A filter's specification, checked and resolved. */
export interface CompiledSpec {
  readonly roots: readonly Root[];
  readonly reportMissing: boolean;
  /** Whether named specs lead back to themselves. */
  readonly isRecursive: boolean;
  /** The paths that are asked of objects of a type; undefined when the type is not asked for at all. */
  pathsOf(type: ManagedType): readonly PropertyPath[] | undefined;
}

/**
 * Checks a specification as vSphere does: a path that leads nowhere fails all of it.
 *
 * @throws FaultError InvalidProperty, InvalidType or InvalidArgument
 */
export function compileSpec(
  spec: PropertyFilterSpec,
  version: ApiVersion,
  paths: PropertyPaths = new PropertyPaths(),
): CompiledSpec {
  for (const each of spec.propSet) {
    checkPropertySpec(each, version, paths);
  }
  let isRecursive = false;
  const roots = spec.objectSet.map((objectSpec): Root => {
    const compiler = new SelectCompiler(objectSpec, version, paths);
    const root = {
      ref: objectSpec.obj,
      skip: objectSpec.skip ?? false,
      select: compiler.compile(objectSpec.selectSet),
    };
    isRecursive ||= compiler.isRecursive;
    return root;
  });
  const byType = new Map<string, readonly PropertyPath[] | undefined>();
  return {
    roots,
    reportMissing: spec.reportMissingObjectsInResults ?? false,
    isRecursive,
    pathsOf: (type) => {
      if (!byType.has(type.name)) {
        byType.set(type.name, pathsFor(spec.propSet, type, version, paths));
      }
      return byType.get(type.name);
    },
  };
}

function checkPropertySpec(spec: PropertySpec, version: ApiVersion, paths: PropertyPaths): void {
  if (!isManagedTypeName(spec.type)) {
    throw faultError('InvalidType', { argument: spec.type });
  }
  const type = findManagedType(spec.type);
  const found = type === undefined ? [] : paths.resolveAll(type, spec.pathSet, version);
  if (typeof found === 'string') {
    throw faultError('InvalidProperty', { name: found });
  }
}

function pathsFor(
  specs: readonly PropertySpec[],
  type: ManagedType,
  version: ApiVersion,
  paths: PropertyPaths,
): readonly PropertyPath[] | undefined {
  const fitting = specs.filter((spec) => isManagedA(type, spec.type));
  if (fitting.length === 0) {
    return undefined;
  }
  if (fitting.some((spec) => spec.all === true)) {
    return paths.all(type, version);
  }
  const texts = fitting.flatMap((spec) => spec.pathSet);
  const found = paths.resolveAll(type, texts, version);
  // Paths of a base type that this server does not model are not checked; what an object lacks is left out.
  return typeof found === 'string'
    ? texts.map((text) => paths.resolve(type, text, version)).filter((path) => path !== undefined)
    : found;
}

type AnySelection = ObjectSpec['selectSet'][number];

class SelectCompiler {
  isRecursive = false;
  private readonly named = new Map<string, TypeOf<typeof TraversalSpec>>();
  private readonly compiled = new Map<string, Traversal & { select: SelectSet }>();

  constructor(
    spec: ObjectSpec,
    private readonly version: ApiVersion,
    private readonly paths: PropertyPaths,
  ) {
    const pending = [...spec.selectSet];
    for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
      if (isTraversal(each)) {
        if (each.name !== undefined && each.name !== '') {
          this.named.set(each.name, each);
        }
        pending.push(...each.selectSet);
      }
    }
  }

  compile(specs: readonly AnySelection[]): SelectSet {
    return specs.map((spec) => (isTraversal(spec) ? this.traversal(spec) : this.reference(spec.name ?? '')));
  }

  private reference(name: string): Traversal {
    const known = this.compiled.get(name);
    if (known !== undefined) {
      this.isRecursive = true;
      return known;
    }
    const spec = this.named.get(name);
    if (spec === undefined) {
      throw invalidArgument('selectSet');
    }
    return this.traversal(spec);
  }

  private traversal(spec: TypeOf<typeof TraversalSpec>): Traversal {
    const result = { type: spec.type, path: this.path(spec), skip: spec.skip ?? false, select: [] as SelectSet };
    if (spec.name !== undefined && spec.name !== '') {
      const known = this.compiled.get(spec.name);
      if (known !== undefined) {
        return known;
      }
      // Known before what it leads to is compiled, so that it can lead back here.
      this.compiled.set(spec.name, result);
    }
    result.select = this.compile(spec.selectSet);
    return result;
  }

  private path(spec: TypeOf<typeof TraversalSpec>): PropertyPath | undefined {
    if (!isManagedTypeName(spec.type)) {
      throw faultError('InvalidType', { argument: spec.type });
    }
    const type = findManagedType(spec.type);
    const path = type === undefined ? undefined : this.paths.resolve(type, spec.path, this.version);
    if (type !== undefined && path === undefined) {
      throw faultError('InvalidProperty', { name: spec.path });
    }
    return path;
  }
}

function isTraversal(spec: AnySelection): spec is TypeOf<typeof TraversalSpec> {
  return spec.$type === TraversalSpec.name;
}
