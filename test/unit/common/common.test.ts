import assert from 'node:assert/strict';
import {
  CancelledError,
  isCancelled,
  LinkedAbort,
  onAbort,
  sleep,
  throwIfCancelled,
} from '../../../src/common/cancellation';
import { ManualClock, systemClock } from '../../../src/common/clock';
import { DisposableStore, toDisposable } from '../../../src/common/disposable';
import { Emitter } from '../../../src/common/event';

describe('DisposableStore', () => {
  it('disposes in reverse order, once', () => {
    const log: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => log.push('a')));
    store.add(toDisposable(() => log.push('b')));
    store.dispose();
    store.dispose();
    assert.deepEqual(log, ['b', 'a']);
    assert.equal(store.isDisposed, true);
  });

  it('disposes at once what comes after its own end', () => {
    const store = new DisposableStore();
    store.dispose();
    let released = false;
    store.add(
      toDisposable(() => {
        released = true;
      }),
    );
    assert.equal(released, true);
  });

  it('disposes everything although one member throws, and throws that error', () => {
    const log: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => log.push('a')));
    store.add({
      dispose: () => {
        throw new Error('stuck');
      },
    });
    assert.throws(() => {
      store.dispose();
    }, /stuck/);
    assert.deepEqual(log, ['a']);
  });
});

describe('Emitter', () => {
  it('tells every listener, also after one of them threw', () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    emitter.event(() => {
      throw new Error('listener');
    });
    emitter.event((value) => heard.push(value));
    assert.throws(() => {
      emitter.fire(7);
    }, /listener/);
    assert.deepEqual(heard, [7]);
  });

  it('counts the same function subscribed twice as two subscriptions', () => {
    const emitter = new Emitter<string>();
    const heard: string[] = [];
    const listener = (value: string): void => {
      heard.push(value);
    };
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire('x');
    first.dispose();
    emitter.fire('y');
    assert.deepEqual(heard, ['x', 'x', 'y']);
  });

  it('is silent after it was disposed', () => {
    const emitter = new Emitter<string>();
    let calls = 0;
    emitter.event(() => calls++);
    emitter.dispose();
    emitter.fire('x');
    assert.equal(calls, 0);
    assert.equal(emitter.hasListeners, false);
  });
});

describe('ManualClock', () => {
  it('runs timers at their time and in their order, new ones included', () => {
    const clock = new ManualClock(1_000);
    const log: string[] = [];
    clock.schedule(20, () => log.push(`b@${clock.now()}`));
    clock.schedule(10, () => {
      log.push(`a@${clock.now()}`);
      clock.schedule(5, () => log.push(`c@${clock.now()}`));
    });
    clock.schedule(20, () => log.push(`d@${clock.now()}`));
    clock.advance(20);
    assert.deepEqual(log, ['a@1010', 'c@1015', 'b@1020', 'd@1020']);
    assert.equal(clock.now(), 1_020);
    assert.equal(clock.pending, 0);
  });

  it('does not run what was disposed', () => {
    const clock = new ManualClock();
    let ran = false;
    clock
      .schedule(1, () => {
        ran = true;
      })
      .dispose();
    clock.advance(10);
    assert.equal(ran, false);
  });
});

describe('sleep', () => {
  it('ends when its time has come', async () => {
    const clock = new ManualClock();
    let over = false;
    const sleeping = sleep(clock, 100).then(() => {
      over = true;
    });
    clock.advance(99);
    await Promise.resolve();
    assert.equal(over, false);
    clock.advance(1);
    await sleeping;
    assert.equal(over, true);
  });

  it('rejects as cancelled and leaves no timer behind', async () => {
    const clock = new ManualClock();
    const abort = new AbortController();
    const sleeping = sleep(clock, 100, abort.signal);
    abort.abort();
    await assert.rejects(sleeping, CancelledError);
    assert.equal(clock.pending, 0);
    await assert.rejects(sleep(clock, 1, abort.signal), CancelledError);
  });

  it('works on the system clock', async () => {
    await sleep(systemClock, 1);
  });
});

describe('cancellation', () => {
  it('is recognised through causes and in nothing else', () => {
    assert.equal(isCancelled(new Error('outer', { cause: new CancelledError() })), true);
    assert.equal(isCancelled(new Error('outer', { cause: 'cancelled' })), false);
    assert.equal(isCancelled('Cancelled'), false);
  });

  it('throws only for an aborted signal', () => {
    const abort = new AbortController();
    throwIfCancelled(undefined);
    throwIfCancelled(abort.signal);
    abort.abort();
    assert.throws(() => {
      throwIfCancelled(abort.signal);
    }, CancelledError);
  });

  it('calls an abort listener once, at once when it is late, and never after it was disposed', () => {
    const abort = new AbortController();
    const log: string[] = [];
    onAbort(abort.signal, () => log.push('early'));
    onAbort(abort.signal, () => log.push('disposed')).dispose();
    abort.abort();
    onAbort(abort.signal, () => log.push('late'));
    onAbort(undefined, () => log.push('never'));
    assert.deepEqual(log, ['early', 'late']);
  });

  it('links: follows its parent and ends with its own disposal', () => {
    const parent = new AbortController();
    const follows = new LinkedAbort(parent.signal);
    parent.abort();
    assert.equal(follows.signal.aborted, true);
    const own = new LinkedAbort();
    own.dispose();
    assert.equal(own.signal.aborted, true);
  });
});
