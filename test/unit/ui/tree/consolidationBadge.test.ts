import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { ConsolidationBadge } from '../../../../src/ui/tree/consolidationBadge';

describe('consolidation badge', () => {
  it('counts once for many changes, and shows only another count', () => {
    const clock = new ManualClock();
    const shown: number[] = [];
    let needy = 2;
    let counted = 0;
    const badge = new ConsolidationBadge(
      clock,
      () => {
        counted++;
        return needy;
      },
      (count) => shown.push(count),
    );
    for (let i = 0; i < 100; i++) {
      badge.invalidate();
    }
    clock.advance(5_000);
    assert.deepEqual([counted, shown], [1, [2]]);
    badge.invalidate();
    clock.advance(5_000);
    assert.deepEqual([counted, shown], [2, [2]]);
    needy = 0;
    badge.invalidate();
    clock.advance(5_000);
    assert.deepEqual(shown, [2, 0]);
    badge.invalidate();
    badge.dispose();
    clock.advance(5_000);
    assert.equal(counted, 3);
  });

  it('counts nothing after its end', () => {
    const clock = new ManualClock();
    const badge = new ConsolidationBadge(
      clock,
      () => assert.fail('counted'),
      () => undefined,
    );
    badge.dispose();
    badge.invalidate();
    clock.advance(5_000);
    assert.equal(clock.pending, 0);
  });
});
