import type { ObjectContent } from '../../vsphere/vim/property';
import { canSee } from '../access/accessControl';
import { faultError } from '../faultError';
import type { ManagedObject } from '../model/registry';
import type { Viewer } from '../projection/viewer';
import { objectContent, readsAllOf } from './objectContent';
import type { PropertyPath } from './propertyPath';
import { lazyList, type Rendered } from './rendered';
import { Selection } from './selection';
import type { CompiledSpec } from './selectionSpec';
import type { ValueTexts } from './valueTexts';

type Item = readonly [ManagedObject, readonly PropertyPath[]];

/** Some objects of a read. */
export interface RetrievedPage {
  /** Read and written when the reply is; can be gone through once. */
  readonly objects: readonly ObjectContent[];
  readonly isEmpty: boolean;
  /** Whether there are no more. */
  readonly isLast: boolean;
}

/** One read of properties, in as many pages as its client asks for. Objects are read when their page is. */
export class Retrieval {
  private readonly todo: Iterator<Item>;
  private peeked: IteratorResult<Item>;

  /** @throws FaultError ManagedObjectNotFound when a named object does not exist and is to be reported. */
  constructor(
    specs: readonly CompiledSpec[],
    private readonly viewer: () => Viewer,
    private readonly texts: ValueTexts,
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
  next(limit: number): RetrievedPage {
    const viewer = this.viewer();
    const items: Item[] = [];
    while (this.peeked.done !== true && items.length < limit) {
      const item = this.peeked.value;
      if (viewer.registry.resolve(item[0].ref) === item[0]) {
        items.push(item);
      }
      this.peeked = this.todo.next();
    }
    return {
      objects: lazyList(this.read(items, viewer)),
      isEmpty: items.length === 0,
      isLast: this.peeked.done === true,
    };
  }

  private *read(items: readonly Item[], viewer: Viewer): Generator<ObjectContent | Rendered> {
    for (const [object, paths] of items) {
      yield readsAllOf(object, viewer)
        ? this.texts.content(object, paths, viewer)
        : objectContent(object, paths, viewer);
    }
  }

  private *select(specs: readonly CompiledSpec[]): Generator<Item> {
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
  private *unseen(spec: CompiledSpec, selection: Selection): Generator<Item> {
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
