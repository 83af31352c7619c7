import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/common/clock';
import { SimulatorClock } from '../../../src/simulator/simulatorClock';

function setUp() {
  const base = new ManualClock(0);
  const clock = new SimulatorClock(base);
  const ran: string[] = [];
  const at = (ms: number, name: string): ReturnType<SimulatorClock['schedule']> =>
    clock.schedule(ms, () => ran.push(`${name}@${clock.now()}`));
  return { base, clock, ran, at };
}

describe('simulator: its clock', () => {
  it('runs with the clock under it', () => {
    const { base, clock, ran, at } = setUp();
    at(100, 'b');
    at(50, 'a');
    base.advance(60);
    assert.deepEqual(ran, ['a@50']);
    base.advance(60);
    assert.deepEqual(ran, ['a@50', 'b@100']);
    assert.equal(clock.now(), 120);
  });

  it('can be put forward, and runs what comes due on the way, new timers included', () => {
    const { base, clock, ran } = setUp();
    const again = (): void => {
      ran.push(`@${clock.now()}`);
      if (ran.length < 3) {
        clock.schedule(10, again);
      }
    };
    clock.schedule(10, again);
    clock.advance(100);
    assert.deepEqual(ran, ['@10', '@20', '@30']);
    assert.equal(clock.now(), 100);
    base.advance(5);
    assert.equal(clock.now(), 105);
  });

  it('keeps the times of timers after it was put forward', () => {
    const { base, clock, ran, at } = setUp();
    clock.advance(1_000);
    at(50, 'a');
    base.advance(49);
    assert.deepEqual(ran, []);
    base.advance(1);
    assert.deepEqual(ran, ['a@1050']);
  });

  it('drops a timer that is disposed', () => {
    const { base, ran, at } = setUp();
    at(10, 'a').dispose();
    base.advance(100);
    assert.deepEqual(ran, []);
  });

  it('stands still when frozen, but for being put forward, and goes on from there', () => {
    const { base, clock, ran, at } = setUp();
    base.advance(10);
    clock.freeze();
    at(5, 'a');
    base.advance(1_000);
    assert.deepEqual([clock.now(), ...ran], [10]);
    clock.advance(5);
    assert.deepEqual([clock.now(), ...ran], [15, 'a@15']);
    at(5, 'b');
    clock.resume();
    assert.equal(clock.now(), 15);
    base.advance(5);
    assert.deepEqual([clock.now(), ...ran], [20, 'a@15', 'b@20']);
  });

  it('forgets everything when it is over', () => {
    const { base, clock, ran, at } = setUp();
    at(10, 'a');
    clock.dispose();
    base.advance(100);
    assert.deepEqual(ran, []);
    assert.equal(base.pending, 0);
  });
});
