import { TraversalSpec, type ObjectSpec, type PropertyFilterSpec, type PropertySpec } from '../../vsphere/vim/property';
import { findManagedType } from '../../vsphere/vim/registry';
import type { ManagedObjectReference, ManagedType, TypeOf } from '../../vsphere/vim/schema';
import type { ApiVersion } from '../apiVersion';
import { faultError, invalidArgument } from '../faultError';
import { isManagedA, isManagedTypeName } from '../model/managedTypes';
import { allPaths, type PropertyPath, resolvePropertyPath } from './propertyPath';

/** A way from objects of one type to others. */
export interface Traversal {
  readonly type: string;
  readonly path: string;
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
export function compileSpec(spec: PropertyFilterSpec, version: ApiVersion): CompiledSpec {
  for (const each of spec.propSet) {
    checkPropertySpec(each, version);
  }
  let isRecursive = false;
  const roots = spec.objectSet.map((objectSpec): Root => {
    const compiler = new SelectCompiler(objectSpec, version);
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
        byType.set(type.name, pathsFor(spec.propSet, type, version));
      }
      return byType.get(type.name);
    },
  };
}

function checkPropertySpec(spec: PropertySpec, version: ApiVersion): void {
  if (!isManagedTypeName(spec.type)) {
    throw faultError('InvalidType', { argument: spec.type });
  }
  const type = findManagedType(spec.type);
  for (const path of type === undefined ? [] : spec.pathSet) {
    if (type !== undefined && resolvePropertyPath(type, path, version) === undefined) {
      throw faultError('InvalidProperty', { name: path });
    }
  }
}

function pathsFor(
  specs: readonly PropertySpec[],
  type: ManagedType,
  version: ApiVersion,
): readonly PropertyPath[] | undefined {
  const fitting = specs.filter((spec) => isManagedA(type, spec.type));
  if (fitting.length === 0) {
    return undefined;
  }
  if (fitting.some((spec) => spec.all === true)) {
    return allPaths(type, version);
  }
  const paths = new Map<string, PropertyPath>();
  for (const text of fitting.flatMap((spec) => spec.pathSet)) {
    const path = resolvePropertyPath(type, text, version);
    if (path !== undefined) {
      paths.set(text, path);
    }
  }
  return [...paths.values()];
}

type AnySelection = ObjectSpec['selectSet'][number];

class SelectCompiler {
  isRecursive = false;
  private readonly named = new Map<string, TypeOf<typeof TraversalSpec>>();
  private readonly compiled = new Map<string, Traversal & { select: SelectSet }>();

  constructor(
    spec: ObjectSpec,
    private readonly version: ApiVersion,
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
    this.check(spec);
    const result = { type: spec.type, path: spec.path, skip: spec.skip ?? false, select: [] as SelectSet };
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

  private check(spec: TypeOf<typeof TraversalSpec>): void {
    if (!isManagedTypeName(spec.type)) {
      throw faultError('InvalidType', { argument: spec.type });
    }
    const type = findManagedType(spec.type);
    if (type !== undefined && resolvePropertyPath(type, spec.path, this.version) === undefined) {
      throw faultError('InvalidProperty', { name: spec.path });
    }
  }
}

function isTraversal(spec: AnySelection): spec is TypeOf<typeof TraversalSpec> {
  return spec.$type === TraversalSpec.name;
}
