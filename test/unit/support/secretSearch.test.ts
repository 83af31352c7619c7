import assert from 'node:assert/strict';
import fs from 'node:fs';

import { filesWithSecret, holdsSecret } from '../../support/secretSearch';
import { TemporaryFolder } from '../../support/temporaryFolder';

const secret = 'p<ä"s>s & w%rd';

describe('the search for a secret', () => {
  it('finds it in every disguise', () => {
    const disguised = [
      secret,
      JSON.stringify({ secret }),
      encodeURIComponent(secret),
      '<password>p&lt;ä"s&gt;s &amp; w%rd</password>',
      Buffer.from(secret).toString('hex'),
      ...['', 'x', 'xy', 'xyz'].map((before) => Buffer.from(`${before}${secret} and more`).toString('base64')),
    ];
    for (const text of disguised) {
      assert.equal(holdsSecret(text, secret), true, text);
    }
  });

  it('finds nothing where there is nothing', () => {
    assert.equal(holdsSecret('p<ä"s>s & w', secret), false);
    assert.equal(holdsSecret(Buffer.from('something else of about this length').toString('base64'), secret), false);
    assert.throws(() => holdsSecret('', 'short'), /longer/);
  });

  it('names the files', () => {
    const folder = new TemporaryFolder('secret');
    try {
      const guilty = folder.resolve('a.bin');
      const innocent = folder.resolve('b.bin');
      fs.writeFileSync(guilty, Buffer.concat([Buffer.from([0, 255]), Buffer.from(secret, 'utf16le')]));
      fs.writeFileSync(innocent, 'nothing');
      assert.deepEqual(filesWithSecret([guilty, innocent], secret), [guilty]);
    } finally {
      folder.remove();
    }
  });
});
