import assert from 'node:assert/strict';
import { integerBetween, pick, seededRandom } from '../../../src/simulator/random/random';
import { type QueuedTimer, TimerQueue } from '../../../src/simulator/timerQueue';

describe('simulator: its timers', () => {
  it('come in the order of their times, and of their making when those are equal', () => {
    const queue = new TimerQueue<QueuedTimer>();
    for (const [order, dueMs] of [5, 1, 3, 1, 9, 3].entries()) {
      queue.add({ dueMs, order });
    }
    const seen: string[] = [];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      seen.push(`${next.dueMs}/${next.order}`);
    }
    assert.deepEqual(seen, ['1/1', '1/3', '3/2', '3/5', '5/0', '9/4']);
  });

  it('do the same as a sorted list, whatever is added, cancelled and taken', () => {
    const random = seededRandom(7);
    const queue = new TimerQueue<QueuedTimer>();
    let model: { readonly timer: QueuedTimer; readonly cancel: () => void }[] = [];
    for (let order = 0; order < 4_000; order++) {
      const act = random();
      if (act < 0.5 || model.length === 0) {
        const timer = { dueMs: integerBetween(random, 0, 500), order };
        model.push({ timer, cancel: queue.add(timer) });
        model.sort((a, b) => a.timer.dueMs - b.timer.dueMs || a.timer.order - b.timer.order);
      } else if (act < 0.8) {
        const { timer, cancel } = pick(random, model);
        cancel();
        cancel();
        model = model.filter((each) => each.timer !== timer);
      } else {
        const [first, ...others] = model;
        assert.equal(queue.shift(), first?.timer);
        // Too late: it has been taken.
        first?.cancel();
        model = others;
      }
      assert.equal(queue.first, model[0]?.timer);
      assert.equal(queue.size, model.length);
    }
    queue.clear();
    assert.deepEqual([queue.first, queue.size], [undefined, 0]);
  });
});
