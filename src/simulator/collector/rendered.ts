/** A value that has been written already: all that stands between its tags. */
export class Rendered {
  constructor(readonly xml: string) {}
}

/** A list whose items are made one after the other while they are written, so that a long reply never lies in memory whole. */
export class LazyList {
  constructor(readonly items: Iterable<unknown>) {}
}

/** Stands for a list of the schema; only a {@link VersionedEncoder} can write it. */
export function lazyList<T>(items: Iterable<T | Rendered>): readonly T[] {
  return new LazyList(items) as unknown as readonly T[];
}
