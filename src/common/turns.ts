import type { Clock } from './clock';

/**
 * Does small works in their order, as many in one turn of the event loop as fit into it, so that whoever shares the
 * thread comes to a turn in between.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private startedAtMs: number | undefined;

  /**
   * @param turnMs - after how many milliseconds the next work waits for another turn. The usual ones leave room for what
   * comes on top of the works, such as what VS Code does with their results.
   */
  constructor(
    private readonly clock: Clock,
    private readonly turnMs = 8,
  ) {}

  /**
   * @returns what the work gives: at once while there is room in this turn, else as a promise
   * @throws whatever the work throws, or the promise is rejected with that
   */
  do<T>(work: () => T): T | Promise<T> {
    if (this.waiting.length === 0 && this.hasRoom()) {
      return work();
    }
    return new Promise<T>((resolve, reject) => {
      this.waiting.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  private hasRoom(): boolean {
    if (this.startedAtMs === undefined) {
      this.start();
    }
    return this.clock.now() - (this.startedAtMs ?? 0) < this.turnMs;
  }

  private start(): void {
    this.startedAtMs = this.clock.now();
    this.clock.schedule(0, () => {
      this.startedAtMs = undefined;
      this.goOn();
    });
  }

  private goOn(): void {
    let next = 0;
    while (next < this.waiting.length && this.hasRoom()) {
      this.waiting[next++]?.();
    }
    this.waiting.splice(0, next);
  }
}
