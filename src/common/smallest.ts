/**
 * The first `count` items of a list as it would be sorted, without sorting the rest of it: of tens of thousands, of
 * which a person sees some hundred, most are looked at once.
 */
export function smallest<T>(items: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  const best: T[] = [];
  for (const item of items) {
    const last = best[count - 1];
    if (best.length === count && (last === undefined || compare(item, last) >= 0)) {
      continue;
    }
    if (best.length === count) {
      best.pop();
    }
    best.splice(placeOf(item, best, compare), 0, item);
  }
  return best;
}

/** Where an item belongs in a sorted list: behind those that are equal to it. */
function placeOf<T>(item: T, sorted: readonly T[], compare: (a: T, b: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as T, item) <= 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
