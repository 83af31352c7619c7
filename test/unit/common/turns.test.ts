import assert from 'node:assert/strict';
import type { Clock } from '../../../src/common/clock';
import { type Disposable, toDisposable } from '../../../src/common/disposable';
import { Turns } from '../../../src/common/turns';

/** A thread on which time passes by what is done, and on which others wait for their turn. */
class Thread implements Clock {
  private nowMs = 0;
  private readonly next: (() => void)[] = [];

  now(): number {
    return this.nowMs;
  }

  schedule(_delayMs: number, callback: () => void): Disposable {
    this.next.push(callback);
    return toDisposable(() => undefined);
  }

  busy(ms: number): void {
    this.nowMs += ms;
  }

  /** Has everything that waits now do its turn. */
  turn(): void {
    for (const callback of this.next.splice(0)) {
      callback();
    }
  }
}

describe('Turns', () => {
  let thread: Thread;
  let turns: Turns;
  let done: string[];

  beforeEach(() => {
    thread = new Thread();
    turns = new Turns(thread, 8);
    done = [];
  });

  const work = (name: string, ms: number): string | Promise<string> =>
    turns.do(() => {
      thread.busy(ms);
      done.push(name);
      return name;
    });

  it('does at once what fits into a turn, and keeps the order of the rest', async () => {
    const all = [work('a', 5), work('b', 5), work('c', 5), work('d', 1)];
    assert.deepEqual(all.slice(0, 2), ['a', 'b']);
    assert.deepEqual(done, ['a', 'b']);
    thread.turn();
    assert.deepEqual([await all[2], await all[3]], ['c', 'd']);
  });

  it('lets others come to a turn before it goes on', async () => {
    const all = Promise.all([work('a', 9), work('b', 9), work('c', 9)]);
    thread.schedule(0, () => done.push('somebody else'));
    assert.deepEqual(done, ['a']);
    thread.turn();
    assert.deepEqual(done, ['a', 'b', 'somebody else']);
    thread.turn();
    assert.deepEqual(await all, ['a', 'b', 'c']);
  });

  it('begins anew when a turn is over', () => {
    void work('a', 9);
    thread.turn();
    assert.equal(work('b', 9), 'b');
  });

  it('tells what fails, at once or later, and does the rest', async () => {
    const fail = (): never => {
      throw new Error('no such row');
    };
    assert.throws(() => turns.do(fail), /no such row/);
    void work('a', 9);
    const late = [turns.do(fail), work('b', 1)];
    thread.turn();
    await assert.rejects(async () => await late[0], /no such row/);
    assert.equal(await late[1], 'b');
  });
});
