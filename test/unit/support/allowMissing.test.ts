import assert from 'node:assert/strict';

import { allowedMissing, canInstallPackages, MissingPartError, requirePart } from '../../support/allowMissing';

describe('a part that a machine lacks', () => {
  let before: string | undefined;

  beforeEach(() => {
    before = process.env['ALLOW_MISSING'];
  });

  afterEach(() => {
    if (before === undefined) {
      delete process.env['ALLOW_MISSING'];
    } else {
      process.env['ALLOW_MISSING'] = before;
    }
  });

  it('is named, with what to do about it', () => {
    delete process.env['ALLOW_MISSING'];
    assert.throws(
      () => requirePart('go', false, 'Install Go.'),
      (error) =>
        error instanceof MissingPartError && /Missing: go\. Install Go\..*--allow-missing=go/.test(error.message),
    );
  });

  it('may be missing when somebody said so, except where it can be installed', () => {
    process.env['ALLOW_MISSING'] = 'keyring,go';
    assert.deepEqual([...allowedMissing()], ['keyring', 'go']);
    if (canInstallPackages()) {
      assert.throws(() => requirePart('go', false, 'Install Go.'), MissingPartError);
    } else {
      assert.equal(requirePart('go', false, 'Install Go.'), false);
    }
    assert.throws(() => requirePart('browser', false, 'Install Chromium.'), MissingPartError);
  });

  it('is none when it is there', () => {
    assert.equal(requirePart('go', true, ''), true);
  });
});
