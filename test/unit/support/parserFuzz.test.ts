import assert from 'node:assert/strict';
import { fuzzParsers } from '../../support/parserFuzz';

describe('parsers of what comes from outside', () => {
  it('take what is damaged whole, or refuse it', () => {
    for (const { parser, accepted, refused } of fuzzParsers(500, 20_261_123)) {
      // Neither all nor none: what is damaged is nearly right.
      assert.ok(accepted > 5 && refused > 100, `${parser}: ${accepted} accepted, ${refused} refused`);
    }
  });
});
