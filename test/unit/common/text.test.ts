import assert from 'node:assert/strict';
import { integerBetween, pick, seededRandom } from '../../../src/simulator/random/random';
import {
  clipEnd,
  clipMiddle,
  compareNatural,
  formatAgeShort,
  formatBytes,
  multiLine,
  oneLine,
} from '../../../src/common/text';

describe('oneLine', () => {
  it('takes out control and bidirectional characters and joins lines', () => {
    assert.equal(oneLine('a\r\nb\tc\u0000d'), 'a b c d');
    assert.equal(oneLine('\u202Egnp.exe\u202C'), 'gnp.exe');
    assert.equal(oneLine('  x  '), 'x');
  });

  it('shows the fallback for what is empty without them', () => {
    assert.equal(oneLine('\u200e \n', '(no name)'), '(no name)');
  });

  it('replaces lone surrogates and keeps emoji', () => {
    assert.equal(oneLine('a\ud800b'), 'a\ufffdb');
    assert.equal(oneLine('\udc00'), '\ufffd');
    assert.equal(oneLine('🚀 x'), '🚀 x');
  });
});

describe('multiLine', () => {
  it('keeps lines and nothing else that is invisible', () => {
    assert.equal(multiLine('a\r\nb\rc\u0007\u202e'), 'a\nb\nc ');
  });
});

describe('clipping', () => {
  it('leaves out the middle and never cuts a character in two', () => {
    assert.equal(clipMiddle('abcdefghij', 10), 'abcdefghij');
    assert.equal(clipMiddle('abcdefghijk', 10), 'abcde…hijk');
    assert.equal(clipMiddle('👩‍🚀👩‍🚀👩‍🚀👩‍🚀', 3), '👩‍🚀…👩‍🚀');
    assert.equal(clipMiddle('abc', 1), '…');
  });

  it('leaves out the end', () => {
    assert.equal(clipEnd('abcdef', 4), 'abc…');
    assert.equal(clipEnd('abcd', 4), 'abcd');
  });

  it('clips a megabyte of hostile text as fast as a short name', () => {
    const marks = `${'a'}${'\u0301'.repeat(1_000_000)}`;
    assert.equal(clipEnd(marks, 4).length < 1_000, true);
    assert.equal(clipMiddle('x'.repeat(1_000_000), 5), 'xx…xx');
  });
});

describe('compareNatural', () => {
  it('orders numbers by value and ignores case', () => {
    assert.deepEqual(['VM10', 'vm2', 'VM1'].sort(compareNatural), ['VM1', 'vm2', 'VM10']);
  });

  it('gives equal names a fixed order', () => {
    assert.equal(Math.sign(compareNatural('a', 'A')), -Math.sign(compareNatural('A', 'a')));
    assert.equal(compareNatural('a', 'a'), 0);
  });

  it('orders as the collator does, also what it compares by itself', () => {
    const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base', ignorePunctuation: false });
    // With digits of another script, a mark that joins what is before it, and half of a character.
    const letters = ['a', 'A', '-', '_', '.', ' ', '0', '0', '1', '1', '2', '9', '9', '\u0661', '\u0301', '\ud835'];
    const random = seededRandom(20_261_123);
    const text = (): string =>
      Array.from({ length: integerBetween(random, 0, 6) }, () => pick(random, letters)).join('');
    for (let i = 0; i < 5_000; i++) {
      const start = text();
      const [a, b] = [start + text(), start + text()];
      const expected = Math.sign(collator.compare(a, b));
      if (expected !== 0) {
        assert.equal(Math.sign(compareNatural(a, b)), expected, JSON.stringify([a, b]));
      }
    }
    const long = '1'.repeat(300);
    assert.ok(compareNatural(`${long}1`, `${long}2`) < 0);
  });
});

describe('formatBytes', () => {
  const cases: readonly (readonly [bytes: number, text: string])[] = [
    [0, '0 B'],
    [-1, '0 B'],
    [1_023, '1023 B'],
    [1_024, '1 KB'],
    [1_536, '1.5 KB'],
    [1_048_575, '1 MB'],
    [13_314_398_617, '12.4 GB'],
    [442_381_631_488, '412 GB'],
    [2 ** 60, '1024 PB'],
  ];
  for (const [bytes, text] of cases) {
    it(`${bytes} is ${text}`, () => {
      assert.equal(formatBytes(bytes), text);
    });
  }
});

describe('formatAgeShort', () => {
  const minute = 60_000;
  const cases: readonly (readonly [ageMs: number, text: string])[] = [
    [-5 * minute, 'now'],
    [59_999, 'now'],
    [minute, '1m'],
    [59 * minute, '59m'],
    [60 * minute, '1h'],
    [23 * 60 * minute, '23h'],
    [24 * 60 * minute, '1d'],
    [41 * 24 * 60 * minute, '41d'],
  ];
  for (const [ageMs, text] of cases) {
    it(`${ageMs} ms is ${text}`, () => {
      assert.equal(formatAgeShort(ageMs), text);
    });
  }
});
