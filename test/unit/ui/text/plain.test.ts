import assert from 'node:assert/strict';
import { plain } from '../../../../src/ui/text/plain';

describe('plain', () => {
  it('leaves nothing that the editor could take for an icon or a link', () => {
    const hostile = plain('$(trash) [x](command:workbench.action.quit) [y](https://evil.example) $($(a)');
    assert.doesNotMatch(hostile, /\$\(/);
    assert.doesNotMatch(hostile, /\]\(/);
  });

  it('changes nothing that can be seen', () => {
    const text = 'before $(trash) [a](b)';
    assert.equal(plain(text).replaceAll('\u200b', ''), text);
    assert.equal(plain('plain (text) [here] for $5'), 'plain (text) [here] for $5');
  });
});
