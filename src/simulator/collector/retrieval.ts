import type { ObjectContent } from '../../vsphere/vim/property';
import { canSee } from '../access/accessControl';
import { faultError } from '../faultError';
import type { ManagedObject } from '../model/registry';
import type { Viewer } from '../projection/viewer';
import { objectContent } from './objectContent';
import type { PropertyPath } from './propertyPath';
import { Selection } from './selection';
import type { CompiledSpec } from './selectionSpec';

/** One read of properties, in as many pages as its client asks for. Objects are read when their page is. */
export class Retrieval {
  private readonly todo: Iterator<readonly [ManagedObject, readonly PropertyPath[]]>;
  private peeked: IteratorResult<readonly [ManagedObject, readonly PropertyPath[]]>;

  /** @throws FaultError ManagedObjectNotFound when a named object does not exist and is to be reported. */
  constructor(
    specs: readonly CompiledSpec[],
    private readonly viewer: () => Viewer,
  ) {
    const { registry } = viewer();
    for (const { roots, reportMissing } of specs) {
      const gone = roots.find(({ ref }) => registry.resolve(ref) === undefined);
      if (gone !== undefined && !reportMissing) {
        throw faultError('ManagedObjectNotFound', { obj: gone.ref });
      }
    }
    this.todo = this.select(specs);
    this.peeked = this.todo.next();
  }

  /** The next objects. One that went meanwhile is left out. */
  next(limit: number): { readonly objects: readonly ObjectContent[]; readonly isOver: boolean } {
    const viewer = this.viewer();
    const objects: ObjectContent[] = [];
    while (this.peeked.done !== true && objects.length < limit) {
      const [object, paths] = this.peeked.value;
      if (viewer.registry.resolve(object.ref) === object) {
        objects.push(objectContent(object, paths, viewer));
      }
      this.peeked = this.todo.next();
    }
    return { objects, isOver: this.peeked.done === true };
  }

  private *select(specs: readonly CompiledSpec[]): Generator<readonly [ManagedObject, readonly PropertyPath[]]> {
    for (const spec of specs) {
      const selection = new Selection(spec.roots, this.viewer);
      yield* this.unseen(spec, selection);
      for (const object of selection.objects) {
        const paths = spec.pathsOf(object.type);
        if (paths !== undefined) {
          yield [object, paths];
        }
      }
    }
  }

  /** Objects named by a reader who may not see them: he is told what he misses. */
  private *unseen(
    spec: CompiledSpec,
    selection: Selection,
  ): Generator<readonly [ManagedObject, readonly PropertyPath[]]> {
    const viewer = this.viewer();
    for (const { ref, skip } of spec.roots) {
      const object = viewer.registry.resolve(ref);
      const paths = object === undefined ? undefined : spec.pathsOf(object.type);
      if (object === undefined || paths === undefined || skip || selection.has(object)) {
        continue;
      }
      if (!canSee(viewer.access, object)) {
        yield [object, paths];
      }
    }
  }
}
