import assert from 'node:assert/strict';
import { runQueued } from '../../../src/operations/workQueue';
import { integerBetween, pick, seededRandom } from '../../../src/simulator/random/random';
import { eventually } from '../../support/eventually';
import { Lever } from '../../support/scriptedHypervisor';
import { turn } from '../../support/serverFixtures';

const alone = { uses: () => [{ key: 'all', limit: 1 }] };

describe('runQueued', () => {
  it('works in order on what uses the same thing, and is done at once with nothing', async () => {
    const done: number[] = [];
    await runQueued([3, 1, 2], alone, (item) => {
      done.push(item);
      return Promise.resolve();
    });
    assert.deepEqual(done, [3, 1, 2]);
    await runQueued([], alone, () => assert.fail('there is nothing to do'));
  });

  it('does not let what waits hold up what need not', async () => {
    const first = new Lever<void>();
    const begun: string[] = [];
    const finished = runQueued(
      ['a1', 'a2', 'b1'],
      { uses: (item) => [{ key: item.charAt(0), limit: 1 }] },
      async (item) => {
        begun.push(item);
        await (item === 'a1' ? first.promise : undefined);
      },
    );
    await eventually('the third has begun', () => begun.includes('b1'));
    assert.deepEqual(begun, ['a1', 'b1']);
    first.resolve();
    await finished;
    assert.deepEqual(begun, ['a1', 'b1', 'a2']);
  });

  it('begins nothing more when it is stopped, and waits for what runs', async () => {
    const first = new Lever<void>();
    const begun: number[] = [];
    let isStopped = false;
    const finished = runQueued([1, 2, 3], { ...alone, isStopped: () => isStopped }, async (item) => {
      begun.push(item);
      await first.promise;
    });
    isStopped = true;
    first.resolve();
    await finished;
    assert.deepEqual(begun, [1]);
  });

  it('passes on what a piece of work throws, after the others have ended', async () => {
    const other = new Lever<void>();
    const ended: number[] = [];
    const finished = runQueued([1, 2, 3], { uses: () => [{ key: 'all', limit: 2 }] }, async (item) => {
      if (item === 1) {
        throw new RangeError('bug');
      }
      await other.promise;
      ended.push(item);
    });
    const rejected = assert.rejects(finished, RangeError);
    other.resolve();
    await rejected;
    assert.deepEqual(ended, [2], 'the second was under way, the third never began');
  });

  it('never uses more than there is, does everything once and leaves nothing idle, for any mixture', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const keys = ['ds-1', 'ds-2', 'ds-3'];
      const limits = new Map(keys.map((key) => [key, integerBetween(random, 1, 3)]));
      const items = Array.from({ length: integerBetween(random, 0, 25) }, (_, id) => ({
        id,
        keys: keys.filter(() => random() < 0.5),
      }));
      const open = new Map<number, Lever<void>>();
      const done: number[] = [];
      const usage = (key: string): number =>
        items.filter(({ id, keys: of }) => open.has(id) && of.includes(key)).length;
      const finished = runQueued(
        items,
        { uses: (item) => item.keys.map((key) => ({ key, limit: limits.get(key) ?? 0 })) },
        async ({ id }) => {
          const lever = new Lever<void>();
          open.set(id, lever);
          await lever.promise;
          open.delete(id);
          done.push(id);
        },
      );
      while (done.length < items.length) {
        const waiting = items.filter(({ id }) => !open.has(id) && !done.includes(id));
        for (const key of keys) {
          assert.ok(usage(key) <= (limits.get(key) ?? 0), `seed ${seed}: ${key} is used ${usage(key)} times`);
        }
        for (const item of waiting) {
          const isHeldUp = item.keys.some((key) => usage(key) >= (limits.get(key) ?? 0));
          assert.ok(isHeldUp, `seed ${seed}: ${item.id} waits for nothing`);
        }
        const running = [...open.keys()];
        const next = pick(random, running);
        open.get(next)?.resolve();
        await turn();
        assert.ok(done.includes(next));
      }
      await finished;
      assert.deepEqual(
        [...done].sort((a, b) => a - b),
        items.map(({ id }) => id),
      );
    }
  });
});
