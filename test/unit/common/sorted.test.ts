import assert from 'node:assert/strict';

import { smallest } from '../../../src/common/sorted';

describe('smallest', () => {
  const byKey = (a: { readonly key: number }, b: { readonly key: number }): number => a.key - b.key;

  it('is the beginning of the sorted list, equal ones in their order', () => {
    // Numbers that come again and again, in no order.
    const items = Array.from({ length: 1_000 }, (_, place) => ({ key: (place * 7_919) % 97, place }));
    const sorted = items.toSorted(byKey);
    for (const count of [0, 1, 2, 97, 500, 999, 1_000, 1_001]) {
      assert.deepEqual(smallest(items, count, byKey), sorted.slice(0, count), `${count} of them`);
    }
  });

  it('of nothing is nothing', () => {
    assert.deepEqual(smallest([], 3, byKey), []);
  });
});
