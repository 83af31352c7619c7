import assert from 'node:assert/strict';
import { hiddenVmMatcher } from '../../../../src/ui/text/hiddenVms';

describe('hidden VMs', () => {
  it('matches whole names, with * for any text and case ignored', () => {
    const isHidden = hiddenVmMatcher(['vCLS*', 'tmp', ' *-old ', '']);
    const names = ['vCLS-1', 'VCLS', 'x-vCLS', 'tmp', 'TMP', 'tmp1', 'sql-old', '-OLD', 'old', ''];
    assert.deepEqual(
      names.filter((name) => isHidden(name)),
      ['vCLS-1', 'VCLS', 'tmp', 'TMP', 'sql-old', '-OLD'],
    );
  });

  it('takes everything but * as it is written', () => {
    const isHidden = hiddenVmMatcher(['a.b', '(x', '[*]']);
    assert.deepEqual(
      ['a.b', 'axb', '(x', '[any]', 'a'].map((name) => isHidden(name)),
      [true, false, true, true, false],
    );
  });

  it('hides nothing without patterns', () => {
    assert.equal(hiddenVmMatcher([])('vCLS-1'), false);
  });
});
