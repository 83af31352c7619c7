import { type PropertyFilterSpec, type PropertySpec, TraversalSpec } from '../vim/property';
import { type ManagedObjectReference, type ManagedType, typed } from '../vim/schema';

// The shapes of questions to a PropertyCollector that this client asks.

/** What to read of the objects of one type, subtypes included. */
export interface Wanted {
  readonly type: ManagedType;
  readonly paths: readonly string[];
}

function propSet(wanted: readonly Wanted[]): PropertySpec[] {
  return wanted.map(({ type, paths }) => ({ type: type.name, pathSet: paths }));
}

/** Properties of objects that are named one by one. Those that are gone are left out of the answer. */
export function ofObjects(wanted: readonly Wanted[], objects: readonly ManagedObjectReference[]): PropertyFilterSpec {
  return {
    propSet: propSet(wanted),
    objectSet: objects.map((obj) => ({ obj, selectSet: [] })),
    reportMissingObjectsInResults: true,
  };
}

/** Properties of the members of a view, and of objects that are named in addition. */
export function ofView(
  wanted: readonly Wanted[],
  view: ManagedObjectReference,
  besides: readonly ManagedObjectReference[] = [],
): PropertyFilterSpec {
  return {
    propSet: propSet(wanted),
    objectSet: [
      {
        obj: view,
        skip: true,
        selectSet: [typed(TraversalSpec, { name: 'view', type: view.type, path: 'view', skip: false, selectSet: [] })],
      },
      ...besides.map((obj) => ({ obj, selectSet: [] })),
    ],
    // Members come and go while the server works on the answer.
    reportMissingObjectsInResults: true,
  };
}

/** Properties of an object and of those to which some of its properties lead. */
export function followed(
  wanted: readonly Wanted[],
  from: ManagedObjectReference,
  paths: readonly string[],
): PropertyFilterSpec {
  return {
    propSet: propSet(wanted),
    objectSet: [
      {
        obj: from,
        skip: false,
        selectSet: paths.map((path) =>
          typed(TraversalSpec, { name: path, type: from.type, path, skip: false, selectSet: [] }),
        ),
      },
    ],
    reportMissingObjectsInResults: true,
  };
}

/** The specification without a path, for a server that does not know it. */
export function withoutPath(spec: PropertyFilterSpec, path: string): PropertyFilterSpec {
  return {
    ...spec,
    propSet: spec.propSet
      .map((each) => ({ ...each, pathSet: each.pathSet.filter((other) => other !== path) }))
      // Nothing asked for would mean: only that the object exists. That is still worth knowing of the others.
      .filter((each, _, all) => each.pathSet.length > 0 || all.length === 1),
  };
}
