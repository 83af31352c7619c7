import assert from 'node:assert/strict';
import path from 'node:path';

import * as vscode from 'vscode';

// The first test of the host: afterwards the extension is active. Files run in the order of their names.

describe('activation', () => {
  const extension = vscode.extensions.getExtension('vsphere-snapshots.vsphere-snapshots');

  it('does not happen before somebody uses the extension', () => {
    assert.equal(extension?.isActive, false);
  });

  it('takes no time that anybody would notice, and loads nothing that may never be needed', async () => {
    const before = performance.now();
    await extension?.activate();
    const durationMs = performance.now() - before;
    console.log(`activation took ${Math.round(durationMs)} ms`);
    // 20 to 130 ms on a busy machine; a keychain or a server that were asked would take far longer.
    assert.ok(durationMs < 1_000, `it took ${durationMs} ms`);
    const loaded = Object.keys(require.cache);
    assert.deepEqual(
      loaded.filter((file) => file.includes('keytar')),
      [],
    );
    const dist = path.join(extension?.extensionPath ?? '', 'dist');
    assert.deepEqual(
      loaded.filter((file) => path.dirname(file) === dist).map((file) => path.basename(file)),
      ['extension.js'],
    );
  });
});
