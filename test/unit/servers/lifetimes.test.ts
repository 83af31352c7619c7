import assert from 'node:assert/strict';

import { CancelledError } from '../../../src/common/cancellation';
import { type Clock, ManualClock } from '../../../src/common/clock';
import { Emitter } from '../../../src/common/event';
import { IdleTimer } from '../../../src/servers/idleTimer';
import { mayRecover, reconnectDelayMs } from '../../../src/servers/reconnectPolicy';
import { TimeLimitError, withTimeLimit } from '../../../src/servers/timeLimit';
import { waitFor } from '../../../src/servers/waitFor';
import { WakeDetector } from '../../../src/servers/wakeDetector';
import { failure, Lever } from '../../support/scriptedHypervisor';
import { turn } from '../../support/serverFixtures';

describe('reconnectDelayMs', () => {
  it('doubles up to a minute', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 1_000]
        .map((attempt) => reconnectDelayMs(attempt, () => 0.999_999_999) / 1_000)
        .map(Math.round),
      [1, 2, 4, 8, 16, 32, 60, 60, 60],
    );
  });

  it('takes a random half off', () => {
    assert.equal(
      reconnectDelayMs(3, () => 0),
      2_000,
    );
    assert.equal(
      reconnectDelayMs(3, () => 0.5),
      3_000,
    );
  });

  it('is not for what trying again cannot mend', () => {
    assert.ok(mayRecover(failure('connectionLost')));
    assert.ok(mayRecover(failure('serverUnavailable')));
    assert.ok(mayRecover(failure('nameNotFound')));
    assert.ok(!mayRecover(failure('loginRefused')));
    assert.ok(!mayRecover(failure('certificate')));
    assert.ok(!mayRecover(failure('passwordNeeded')));
  });
});

describe('withTimeLimit', () => {
  it('gives what comes in time, and leaves no timer', async () => {
    const clock = new ManualClock();
    assert.equal(await withTimeLimit(clock, 10, 'It', Promise.resolve(7)), 7);
    await assert.rejects(withTimeLimit(clock, 10, 'It', Promise.reject(new Error('no'))), /no/);
    assert.equal(clock.pending, 0);
  });

  it('rejects when the time is over, and hands over what comes late', async () => {
    const clock = new ManualClock();
    const work = new Lever<number>();
    const late: number[] = [];
    const limited = withTimeLimit(clock, 2_000, 'It', work.promise, (result) => late.push(result));
    clock.advance(2_000);
    await assert.rejects(
      limited,
      (error) => error instanceof TimeLimitError && /It did not answer within 2 s/.test(error.message),
    );
    work.resolve(7);
    await turn();
    assert.deepEqual(late, [7]);
  });
});

describe('waitFor', () => {
  it('gives what is there at once, or what a change brings', async () => {
    const changes = new Emitter<void>();
    let value: number | undefined = 1;
    assert.equal(await waitFor(changes.event, () => value), 1);
    value = undefined;
    const waiting = waitFor(changes.event, () => value);
    changes.fire();
    value = 2;
    changes.fire();
    assert.equal(await waiting, 2);
    assert.equal(changes.hasListeners, false);
  });

  it('ends with what looking throws, at once or later', async () => {
    const changes = new Emitter<void>();
    let broken = false;
    const look = (): undefined => {
      if (broken) {
        throw new Error('given up');
      }
    };
    const waiting = waitFor(changes.event, look);
    broken = true;
    changes.fire();
    await assert.rejects(waiting, /given up/);
    await assert.rejects(waitFor(changes.event, look), /given up/);
    assert.equal(changes.hasListeners, false);
  });

  it('ends when it is given up', async () => {
    const changes = new Emitter<void>();
    const abort = new AbortController();
    const waiting = waitFor(changes.event, () => undefined, abort.signal);
    abort.abort();
    await assert.rejects(waiting, CancelledError);
    await assert.rejects(
      waitFor(changes.event, () => 1, abort.signal),
      CancelledError,
    );
    assert.equal(changes.hasListeners, false);
  });
});

describe('IdleTimer', () => {
  function setUp(minutes = 20): { clock: ManualClock; timer: IdleTimer; ended: () => number } {
    const clock = new ManualClock();
    let count = 0;
    const timer = new IdleTimer(
      clock,
      () => minutes,
      () => count++,
    );
    return { clock, timer, ended: () => count };
  }
  const minute = 60_000;

  it('ends what nobody looks at after the set time', () => {
    const { clock, timer, ended } = setUp();
    timer.start();
    clock.advance(19 * minute);
    timer.start();
    assert.equal(ended(), 0);
    clock.advance(minute);
    assert.equal(ended(), 1);
  });

  it('counts from when it was last visible', () => {
    const { clock, timer, ended } = setUp();
    timer.start();
    timer.setVisible(true);
    clock.advance(60 * minute);
    timer.setVisible(false);
    clock.advance(19 * minute);
    assert.equal(ended(), 0);
    clock.advance(minute);
    assert.equal(ended(), 1);
  });

  it('waits while held, and from then on the whole time again', () => {
    const { clock, timer, ended } = setUp();
    timer.start();
    const first = timer.hold();
    const second = timer.hold();
    clock.advance(60 * minute);
    first.dispose();
    first.dispose();
    clock.advance(60 * minute);
    assert.equal(ended(), 0);
    second.dispose();
    clock.advance(19 * minute);
    assert.equal(ended(), 0);
    clock.advance(minute);
    assert.equal(ended(), 1);
  });

  it('never ends anything when set to 0, or when there is nothing to end', () => {
    const never = setUp(0);
    never.timer.start();
    const stopped = setUp();
    stopped.timer.start();
    stopped.timer.stop();
    const idle = setUp();
    idle.timer.setVisible(true);
    idle.timer.setVisible(false);
    for (const { clock, ended } of [never, stopped, idle]) {
      clock.advance(1_000 * minute);
      assert.equal(ended(), 0);
    }
  });
});

describe('WakeDetector', () => {
  /** A clock whose time can jump while its timers stand still, as on a machine that sleeps. */
  class SleepingClock implements Clock {
    readonly timers = new ManualClock();
    sleptMs = 0;
    now = (): number => this.timers.now() + this.sleptMs;
    schedule = (delayMs: number, callback: () => void): ReturnType<Clock['schedule']> =>
      this.timers.schedule(delayMs, callback);
  }

  it('notices that the machine slept, once', () => {
    const clock = new SleepingClock();
    let wakes = 0;
    const detector = new WakeDetector(clock, () => wakes++);
    detector.start();
    detector.start();
    clock.timers.advance(3_600_000);
    assert.equal(wakes, 0);
    clock.sleptMs = 3_600_000;
    clock.timers.advance(20_000);
    assert.equal(wakes, 1);
    clock.timers.advance(3_600_000);
    assert.equal(wakes, 1);
  });

  it('bears a busy machine, and a clock that is set back', () => {
    const clock = new SleepingClock();
    let wakes = 0;
    const detector = new WakeDetector(clock, () => wakes++);
    detector.start();
    clock.sleptMs = 30_000;
    clock.timers.advance(20_000);
    clock.sleptMs = -3_600_000;
    clock.timers.advance(20_000);
    assert.equal(wakes, 0);
  });

  it('leaves no timer', () => {
    const clock = new SleepingClock();
    const detector = new WakeDetector(clock, () => undefined);
    detector.start();
    detector.stop();
    assert.equal(clock.timers.pending, 0);
  });
});
