/** How work is spread over what it uses. */
export interface QueueRules<T> {
  /** Everything that an item uses, each of which may be used by so many at a time. */
  readonly uses: (item: T) => readonly { readonly key: string; readonly limit: number }[];
  /** Whether nothing more is to be begun. */
  readonly isStopped?: () => boolean;
}

/**
 * Does work on all items, in their order as far as what they use is free. Items that find something in use do not hold up
 * those behind them.
 *
 * @returns when nothing runs any more; items that were not begun because it was stopped are left out
 * @throws what `work` rejects with, after everything that had been begun has ended; nothing more is begun then
 */
export async function runQueued<T>(
  items: readonly T[],
  { uses, isStopped = () => false }: QueueRules<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const inUse = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const use = (item: T, by: 1 | -1): void => {
    for (const { key } of uses(item)) {
      inUse.set(key, (inUse.get(key) ?? 0) + by);
    }
  };
  const isFree = (item: T): boolean => uses(item).every(({ key, limit }) => (inUse.get(key) ?? 0) < Math.max(1, limit));
  const begin = async (item: T): Promise<void> => {
    use(item, 1);
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    } finally {
      use(item, -1);
    }
  };
  let pending = [...items];
  for (;;) {
    if (failures.length > 0 || isStopped()) {
      pending = [];
    }
    const waiting: T[] = [];
    for (const item of pending) {
      if (isFree(item)) {
        const done = begin(item).finally(() => running.delete(done));
        running.add(done);
      } else {
        waiting.push(item);
      }
    }
    pending = waiting;
    if (running.size === 0) {
      break;
    }
    await Promise.race(running);
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}
