/**
 * The first `count` items of a list as it would be sorted, without sorting the rest of it: of tens of thousands, of
 * which a person sees some hundred, most are looked at once.
 */
export function smallest<T>(items: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  const best: T[] = [];
  for (const item of items) {
    if (best.length === count) {
      const last = best.at(-1);
      if (last === undefined || compare(item, last) >= 0) {
        continue;
      }
      best.pop();
    }
    // Behind those that are equal to it.
    const place = countFirst(best, (each) => compare(each, item) <= 0);
    best.splice(place, 0, item);
  }
  return best;
}

/** How many items at the beginning of a list are such ones. None may be behind one that is not. */
export function countFirst<T>(items: readonly T[], isSuch: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSuch(items[middle] as T)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
