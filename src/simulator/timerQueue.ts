/** Something that is due at some time. */
export interface QueuedTimer {
  readonly dueMs: number;
  /** Of two that are due at the same time, the lower one comes first. */
  readonly order: number;
}

interface Entry<T extends QueuedTimer> {
  readonly timer: T;
  isCancelled: boolean;
}

// Below that, looking for what has been cancelled is not worth it.
const minToSweep = 64;

/**
 * Timers by their time: a binary heap, as every finished task leaves one behind for ten minutes.
 *
 * @remarks A cancelled timer stays in the heap until it comes to its top, or until half of all are cancelled.
 */
export class TimerQueue<T extends QueuedTimer> {
  private heap: Entry<T>[] = [];
  private cancelled = 0;

  /** Adds a timer; the returned function takes it out again, if it is still there. */
  add(timer: T): () => void {
    const entry: Entry<T> = { timer, isCancelled: false };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return () => {
      this.cancel(entry);
    };
  }

  /** The one that is due first; undefined when there is none. */
  get first(): T | undefined {
    while (this.heap[0]?.isCancelled === true) {
      this.cancelled--;
      this.removeTop();
    }
    return this.heap[0]?.timer;
  }

  /** Takes out the one that is due first. */
  shift(): T | undefined {
    const timer = this.first;
    const [top] = this.heap;
    if (top !== undefined) {
      // What is taken out can no longer be cancelled.
      top.isCancelled = true;
      this.removeTop();
    }
    return timer;
  }

  get size(): number {
    return this.heap.length - this.cancelled;
  }

  clear(): void {
    this.heap = [];
    this.cancelled = 0;
  }

  private cancel(entry: Entry<T>): void {
    if (entry.isCancelled) {
      return;
    }
    entry.isCancelled = true;
    this.cancelled++;
    if (this.cancelled > minToSweep && this.cancelled * 2 > this.heap.length) {
      this.heap = this.heap.filter(({ isCancelled }) => !isCancelled).sort((a, b) => compare(a.timer, b.timer));
      this.cancelled = 0;
    }
  }

  private removeTop(): void {
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
  }

  private rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.swapIfBefore(at, parent)) {
        return;
      }
      at = parent;
    }
  }

  private sink(from: number): void {
    for (let at = from; ;) {
      const left = at * 2 + 1;
      const child = this.isBefore(left + 1, left) ? left + 1 : left;
      if (!this.swapIfBefore(child, at)) {
        return;
      }
      at = child;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const first = this.heap[a];
    const second = this.heap[b];
    return first !== undefined && second !== undefined && compare(first.timer, second.timer) < 0;
  }

  private swapIfBefore(lower: number, upper: number): boolean {
    if (!this.isBefore(lower, upper)) {
      return false;
    }
    const moved = this.heap[lower] as Entry<T>;
    this.heap[lower] = this.heap[upper] as Entry<T>;
    this.heap[upper] = moved;
    return true;
  }
}

function compare(a: QueuedTimer, b: QueuedTimer): number {
  return a.dueMs - b.dueMs || a.order - b.order;
}
