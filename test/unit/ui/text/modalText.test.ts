import assert from 'node:assert/strict';
import { detailWithNames, fewNames } from '../../../../src/ui/text/modalText';

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`);

describe('details with names', () => {
  const lines = (before: number, count: number, after: number): string[] =>
    detailWithNames(Array<string>(before).fill('b'), names(count), Array<string>(after).fill('a')).split('\n');

  it('show up to ten names, however much room there is', () => {
    assert.deepEqual(lines(0, 10, 0), names(10));
    assert.deepEqual(lines(0, 11, 0), [...names(10), 'and 1 more']);
    assert.deepEqual(lines(0, 14, 0), [...names(10), 'and 4 more']);
    assert.deepEqual(lines(1, 10, 1), ['b', ...names(10), 'a']);
    assert.deepEqual(lines(0, 11, 1), [...names(10), 'and 1 more', 'a']);
  });

  it('show fewer where the lines around them need the room, and count exactly what is left out', () => {
    assert.deepEqual(lines(2, 10, 1), ['b', 'b', ...names(8), 'and 2 more', 'a']);
    assert.deepEqual(lines(1, 9, 2), ['b', ...names(9), 'a', 'a']);
    assert.deepEqual(lines(5, 9, 6), [...Array<string>(5).fill('b'), 'and 9 more', ...Array<string>(6).fill('a')]);
  });

  it('leave no empty line where there are no names', () => {
    assert.deepEqual(lines(1, 0, 1), ['b', 'a']);
  });
});

describe('a few names', () => {
  it('are all told up to three', () => {
    assert.equal(fewNames(names(1)), 'n1');
    assert.equal(fewNames(names(3)), 'n1, n2, n3');
    assert.equal(fewNames(names(4)), 'n1, n2, n3 and 1 more');
  });
});
