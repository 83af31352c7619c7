import assert from 'node:assert/strict';

import { addCounts, judgeRun, readCounts, writeCounts } from '../../support/run/testCounts';
import { TemporaryFolder } from '../../support/temporaryFolder';

describe('the numbers of a run', () => {
  it('are what its reporter counted', () => {
    assert.deepEqual(judgeRun({ passed: 7, failed: 0 }, 0), { passed: 7, failed: 0 });
    assert.deepEqual(judgeRun({ passed: 7, failed: 2 }, 2), { passed: 7, failed: 2 });
  });

  it('have a failed test more when the run crashed, or failed without naming one, or was empty', () => {
    assert.deepEqual(judgeRun(undefined, 0), { passed: 0, failed: 1 });
    assert.deepEqual(judgeRun(undefined, null), { passed: 0, failed: 1 });
    assert.deepEqual(judgeRun({ passed: 7, failed: 0 }, 1), { passed: 7, failed: 1 });
    assert.deepEqual(judgeRun({ passed: 7, failed: 0 }, null), { passed: 7, failed: 1 });
    assert.deepEqual(judgeRun({ passed: 0, failed: 0 }, 0), { passed: 0, failed: 1 });
  });

  it('add up', () => {
    assert.deepEqual(addCounts([]), { passed: 0, failed: 0 });
    assert.deepEqual(
      addCounts([
        { passed: 1, failed: 2 },
        { passed: 3, failed: 4 },
      ]),
      { passed: 4, failed: 6 },
    );
  });

  it('come back from the file in which a run left them', () => {
    const folder = new TemporaryFolder('test');
    try {
      const file = folder.resolve('counts.json');
      assert.equal(readCounts(file), undefined);
      const counts = { passed: 1, failed: 0, suites: { one: { passed: 1, failed: 0 } } };
      writeCounts(file, counts);
      assert.deepEqual(readCounts(file), counts);
    } finally {
      folder.remove();
    }
  });
});
