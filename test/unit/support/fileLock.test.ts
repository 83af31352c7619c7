import assert from 'node:assert/strict';
import fs from 'node:fs';

import { TemporaryFolder } from '../../support/temporaryFolder';
import { withFileLock } from '../../support/workbench/fileLock';

describe('a file lock', () => {
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = new TemporaryFolder('lock');
  });

  afterEach(() => {
    folder.remove();
  });

  it('lets one at a time work, and says who waits', async () => {
    const file = folder.resolve('install.lock');
    const order: string[] = [];
    let second = Promise.resolve(0);
    await withFileLock(file, assert.fail, async () => {
      order.push('first');
      await new Promise<void>((resolve) => {
        second = withFileLock(
          file,
          () => {
            order.push('second waits');
            resolve();
          },
          () => Promise.resolve(order.push('second')),
        );
      });
      order.push('first done');
    });
    await second;
    assert.deepEqual(order, ['first', 'second waits', 'first done', 'second']);
    assert.equal(fs.existsSync(file), false);
  });

  it('is let go of when the work fails', async () => {
    const file = folder.resolve('install.lock');
    await assert.rejects(
      withFileLock(file, assert.fail, () => Promise.reject(new Error('broken'))),
      /broken/,
    );
    assert.equal(fs.existsSync(file), false);
  });

  it('is taken over from a process that was killed', async () => {
    const file = folder.resolve('install.lock');
    fs.writeFileSync(file, '1\n');
    const longAgo = new Date(Date.now() - 120_000);
    fs.utimesSync(file, longAgo, longAgo);
    assert.equal(
      await withFileLock(
        file,
        () => undefined,
        () => Promise.resolve('done'),
      ),
      'done',
    );
  });
});
