import assert from 'node:assert/strict';

import { ManualClock } from '../../../../src/common/clock';
import { ForgottenRows } from '../../../../src/ui/tree/forgottenRows';

describe('forgotten rows', () => {
  const row = { id: 'vm' };
  let clock: ManualClock;
  let redrawn: (typeof row | undefined)[];
  let forgotten: ForgottenRows<typeof row>;

  beforeEach(() => {
    clock = new ManualClock();
    redrawn = [];
    forgotten = new ForgottenRows(clock, (each) => redrawn.push(each));
  });

  for (const [what, each] of [
    ['a row', row],
    ['the whole tree', undefined],
  ] as const) {
    it(`has ${what} drawn again when nobody asks what stands under it after it was drawn anew`, () => {
      forgotten.childrenAsked(each);
      clock.advance(5);
      forgotten.openRowDrawn(each);
      clock.advance(1_999);
      assert.deepEqual(redrawn, []);
      clock.advance(1);
      assert.deepEqual(redrawn, [each]);
    });
  }

  it('has nothing drawn again that is asked for', () => {
    forgotten.childrenAsked(row);
    forgotten.openRowDrawn(row);
    clock.advance(1_000);
    forgotten.openRowDrawn(row);
    clock.advance(100);
    forgotten.childrenAsked(row);
    clock.advance(20_000);
    assert.deepEqual(redrawn, []);
  });

  it('has a row that is out of sight drawn again once, not for ever', () => {
    forgotten.childrenAsked(row);
    for (let second = 0; second < 30; second++) {
      forgotten.openRowDrawn(row);
      clock.advance(3_000);
    }
    assert.deepEqual(redrawn, [row]);
  });

  it('leaves rows alone whose children arrived long ago, or were never asked for', () => {
    forgotten.openRowDrawn(row);
    clock.advance(5_000);
    forgotten.childrenAsked(row);
    clock.advance(10_001);
    forgotten.openRowDrawn(row);
    clock.advance(5_000);
    assert.deepEqual(redrawn, []);
  });

  it('counts one row for nothing under another one', () => {
    const other = { id: 'other' };
    forgotten.childrenAsked(row);
    forgotten.childrenAsked(other);
    forgotten.openRowDrawn(row);
    forgotten.openRowDrawn(undefined);
    forgotten.childrenAsked(other);
    clock.advance(5_000);
    assert.deepEqual(redrawn, [row]);
  });

  it('does nothing any more once it is disposed', () => {
    forgotten.childrenAsked(row);
    forgotten.openRowDrawn(row);
    forgotten.dispose();
    clock.advance(5_000);
    assert.deepEqual(redrawn, []);
  });
});
