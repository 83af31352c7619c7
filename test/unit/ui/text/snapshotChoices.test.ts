import assert from 'node:assert/strict';
import { Formats } from '../../../../src/ui/text/formats';
import { snapshotChoices } from '../../../../src/ui/text/snapshotChoices';
import { snapshot, snapshotId, testNowMs } from '../../../support/domainBuilders';

const dayMs = 86_400_000;
const formats = new Formats('en', 'UTC');

describe('snapshotChoices', () => {
  const tree = {
    roots: [
      snapshot('base', {
        createdAtMs: testNowMs - 41 * dayMs,
        children: [
          snapshot('nightly-1', { name: 'nightly', createdAtMs: testNowMs - 3 * dayMs, hasMemory: true }),
          snapshot('nightly-2', { name: 'nightly', createdAtMs: testNowMs - 2 * dayMs }),
        ],
      }),
    ],
    currentId: snapshotId('nightly-1'),
  };
  const choices = snapshotChoices(tree, formats, testNowMs).map(({ label, description }) => `${label}: ${description}`);

  it('lists the newest first, tells names that repeat apart, and says which branch', () => {
    assert.deepEqual(choices, [
      "nightly: 2d · 20 Nov 2026 14:05 · other branch, after 'base'",
      'nightly: 3d · 19 Nov 2026 14:05 · memory · current',
      'base: 41d',
    ]);
  });

  it('knows a branch without a beginning in another snapshot', () => {
    const [only] = snapshotChoices({ roots: [snapshot('a')], currentId: undefined }, formats, testNowMs);
    assert.equal(only?.description, '1d · other branch');
  });
});
