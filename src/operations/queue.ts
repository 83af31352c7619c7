/**
 * Runs work on all items, at most `parallel` at a time for each key, in the order of the items.
 *
 * @param work - must not reject; one that does ends the whole run
 * @returns the results in the order of the items
 */
export async function runQueued<T, R>(
  items: readonly T[],
  keyOf: (item: T) => string,
  parallel: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queues = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    queues.set(key, [...(queues.get(key) ?? []), index]);
  }
  const workers = [...queues.values()].flatMap((queue) =>
    Array.from({ length: Math.min(parallel, queue.length) }, async () => {
      for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
        results[index] = await work(items[index] as T);
      }
    }),
  );
  await Promise.all(workers);
  return results;
}
