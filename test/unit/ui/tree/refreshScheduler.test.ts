import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { RefreshScheduler } from '../../../../src/ui/tree/refreshScheduler';

describe('refresh scheduler', () => {
  let clock: ManualClock;
  let drawn: { readonly atMs: number; readonly ids: readonly string[] | undefined }[];
  let scheduler: RefreshScheduler;
  let startMs: number;

  beforeEach(() => {
    clock = new ManualClock();
    startMs = clock.now();
    drawn = [];
    scheduler = new RefreshScheduler(clock, (ids) => {
      drawn.push({ atMs: clock.now() - startMs, ids: ids && [...ids].sort() });
    });
  });

  afterEach(() => {
    scheduler.dispose();
  });

  it('draws the first change at once, but never within the call', () => {
    scheduler.mark(['a'], 'soon');
    assert.deepEqual(drawn, []);
    clock.advance(0);
    assert.deepEqual(drawn, [{ atMs: 0, ids: ['a'] }]);
  });

  it('draws what happens together together', () => {
    scheduler.mark(['a', 'b'], 'soon');
    scheduler.mark(['b', 'c'], 'soon');
    clock.advance(1_000);
    assert.deepEqual(drawn, [{ atMs: 0, ids: ['a', 'b', 'c'] }]);
  });

  it('leaves 250 ms between two drawings, under a thousand changes a second', () => {
    for (let i = 0; i < 1_000; i++) {
      scheduler.mark([`row-${i % 7}`], 'soon');
      clock.advance(1);
    }
    clock.advance(1_000);
    assert.deepEqual(
      drawn.map(({ atMs }) => atMs),
      [0, 250, 500, 750, 1_000],
    );
  });

  it('leaves more time after many rows, and none that somebody would feel who has asked for all', () => {
    let rows = 0;
    scheduler.dispose();
    scheduler = new RefreshScheduler(
      clock,
      (ids) => {
        drawn.push({ atMs: clock.now() - startMs, ids: ids && [...ids] });
      },
      () => ({ rows, lastMs: Number.NEGATIVE_INFINITY }),
    );
    scheduler.mark(['a'], 'soon');
    clock.advance(0);
    scheduler.mark(['b'], 'soon');
    // They are asked for when the next drawing has been planned.
    rows += 10_000;
    clock.advance(2_000);
    scheduler.mark(['c'], 'soon');
    clock.advance(0);
    rows += 10_000;
    scheduler.markAll();
    clock.advance(2_000);
    assert.deepEqual(
      drawn.map(({ atMs }) => atMs),
      [0, 1_250, 2_000, 2_250],
    );
  });

  it('draws nothing in the 250 ms after VS Code has asked what stands under a row', () => {
    let lastMs = clock.now();
    scheduler.dispose();
    scheduler = new RefreshScheduler(
      clock,
      (ids) => {
        drawn.push({ atMs: clock.now() - startMs, ids: ids && [...ids] });
      },
      () => ({ rows: 0, lastMs }),
    );
    scheduler.mark(['a'], 'soon');
    clock.advance(200);
    // It asks again before it was drawn, as for a row that somebody opens.
    lastMs = clock.now();
    clock.advance(5_000);
    scheduler.markAll();
    lastMs = clock.now();
    clock.advance(5_000);
    assert.deepEqual(drawn, [
      { atMs: 450, ids: ['a'] },
      { atMs: 5_450, ids: undefined },
    ]);
  });

  it('draws the progress of a row every two seconds at most', () => {
    for (let i = 0; i < 100; i++) {
      scheduler.mark(['a'], 'progress');
      clock.advance(100);
    }
    assert.deepEqual(
      drawn.map(({ atMs }) => atMs),
      [0, 2_000, 4_000, 6_000, 8_000, 10_000],
    );
    assert.deepEqual(new Set(drawn.flatMap(({ ids }) => ids)), new Set(['a']));
  });

  it('draws what says something else at once, whatever waits for its turn', () => {
    scheduler.mark(['a'], 'progress');
    clock.advance(500);
    scheduler.mark(['a'], 'progress');
    scheduler.mark(['a'], 'soon');
    clock.advance(5_000);
    assert.deepEqual(
      drawn.map(({ atMs }) => atMs),
      [0, 500],
    );
  });

  it('keeps what is due later when something else is drawn', () => {
    scheduler.mark(['count'], 'rarely');
    clock.advance(0);
    scheduler.mark(['count'], 'rarely');
    scheduler.mark(['a'], 'soon');
    clock.advance(60_000);
    assert.deepEqual(drawn, [
      { atMs: 0, ids: ['count'] },
      { atMs: 250, ids: ['a'] },
      { atMs: 30_000, ids: ['count'] },
    ]);
  });

  it('draws everything once and forgets what it holds', () => {
    scheduler.mark(['a'], 'soon');
    scheduler.markAll();
    clock.advance(10_000);
    assert.deepEqual(drawn, [{ atMs: 0, ids: undefined }]);
  });

  it('draws nothing while paused, and everything that was marked afterwards', () => {
    scheduler.setPaused(true);
    scheduler.mark(['a'], 'soon');
    clock.advance(60_000);
    assert.deepEqual(drawn, []);
    scheduler.setPaused(false);
    clock.advance(0);
    assert.deepEqual(drawn, [{ atMs: 60_000, ids: ['a'] }]);
  });

  it('draws on demand without waiting, and nothing twice', () => {
    scheduler.mark(['a'], 'soon');
    scheduler.flush();
    clock.advance(1_000);
    assert.deepEqual(drawn, [{ atMs: 0, ids: ['a'] }]);
    scheduler.flush();
    assert.equal(drawn.length, 1);
  });

  it('draws rows that belong together at the same time, whichever of them was drawn last', () => {
    scheduler.mark(['old'], 'progress', 'groups');
    clock.advance(1_000);
    scheduler.mark(['old', 'fresh'], 'progress', 'groups');
    clock.advance(5_000);
    assert.deepEqual(drawn, [
      { atMs: 0, ids: ['old'] },
      { atMs: 2_000, ids: ['fresh', 'old'] },
    ]);
  });

  it('holds no timer when there is nothing to draw, nor after its end', () => {
    scheduler.mark(['a'], 'soon');
    clock.advance(1_000);
    assert.equal(clock.pending, 0);
    scheduler.mark(['a'], 'soon');
    scheduler.dispose();
    scheduler.mark(['b'], 'soon');
    clock.advance(1_000);
    assert.equal(clock.pending, 0);
    assert.equal(drawn.length, 1);
  });
});
