import assert from 'node:assert/strict';
import { globMatcher, partOrGlobMatcher } from '../../../src/common/glob';
import { pick, seededRandom } from '../../../src/simulator/random/random';

describe('globs', () => {
  it('stand for whole texts, without regard to case', () => {
    assert.equal(globMatcher('vCLS*')('VCLS-12'), true);
    assert.equal(globMatcher('vCLS*')('my vCLS'), false);
    assert.equal(globMatcher('*.bak')('a.bak'), true);
    assert.equal(globMatcher('*.bak')('a.bakx'), false);
    assert.equal(globMatcher('a*a')('a'), false);
    assert.equal(globMatcher('[x]?')('[x]?'), true);
    assert.equal(globMatcher('[x]?')('x'), false);
    assert.equal(globMatcher('*')(''), true);
  });

  it('without a star may be a part, where that is meant', () => {
    assert.equal(partOrGlobMatcher('sql')('mySQL01'), true);
    assert.equal(partOrGlobMatcher('sql*')('mySQL01'), false);
  });

  it('agree with regular expressions', () => {
    const random = seededRandom(7);
    const text = (letters: string, length: number): string =>
      Array.from({ length: Math.floor(random() * length) }, () => pick(random, [...letters])).join('');
    for (let i = 0; i < 5_000; i++) {
      const pattern = text('ab*', 7);
      const value = text('abA', 9);
      const expression = new RegExp(`^${pattern.split('*').join('[^]*')}$`, 'i');
      assert.equal(globMatcher(pattern)(value), expression.test(value), `${pattern} on ${value}`);
    }
  });

  it('take no longer with many stars', () => {
    const startedAt = performance.now();
    assert.equal(globMatcher(`${'a*'.repeat(40)}b`)('a'.repeat(100_000)), false);
    assert.ok(performance.now() - startedAt < 1_000);
  });
});
