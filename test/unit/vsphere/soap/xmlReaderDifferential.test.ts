import assert from 'node:assert/strict';
import { fuzzXmlReader } from '../../../support/xmlFuzz';

describe('XmlReader beside saxes', () => {
  it('agrees on 20,000 damaged documents, whole and in pieces', function () {
    this.timeout(60_000);
    const { compared, accepted } = fuzzXmlReader(20_000, 20_261_122);
    // Neither all nor none: the comparison has something to compare.
    assert.ok(compared > 15_000, `${compared} were compared`);
    assert.ok(accepted > compared * 0.1 && accepted < compared * 0.9, `${accepted} were well-formed`);
  });
});
