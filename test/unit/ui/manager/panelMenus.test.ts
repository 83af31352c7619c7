import assert from 'node:assert/strict';
import { type CommandName, managerViewType } from '../../../../src/ui/text/commandIds';
import { readManifest } from '../../../support/manifest';
import { matches, nameOf, titleOf, titles } from '../../../support/manifestMenus';

const items = readManifest().contributes.menus['webview/context'] ?? [];

/** What the native menu of a panel offers on a place with these flags. */
function menu(flags: string, webviewId: string = managerViewType): CommandName[] {
  return items
    .filter((item) => matches(item, { webviewId, vsphereSnapshotsFlags: flags }))
    .sort((a, b) => ((a.group ?? '') < (b.group ?? '') ? -1 : 1))
    .map(({ command }) => nameOf(command ?? ''));
}

describe('menus of the snapshot manager', () => {
  it('are those of the tree, on snapshots and on the present state', () => {
    for (const flags of [';snapshot;', ';snapshot;kids;', ';snapshot;kids;current;backup;']) {
      assert.deepEqual(
        menu(flags).map(titleOf),
        // What leads into the manager does not stand in it.
        titles('snapshot', flags).filter((title) => title !== 'Show in Snapshot Manager'),
      );
    }
    assert.deepEqual(menu(';present;').map(titleOf), titles('present', ';present;'));
  });

  it('offer on the VM what its snapshots allow', () => {
    assert.deepEqual(menu(';vm;on;snap;'), [
      'takeSnapshot',
      'restoreLatest',
      'consolidate',
      'openInVsphereClient',
      'copyName',
      'copyPath',
      'copyObjectId',
      'copyAsPowerCli',
      'markProtected',
      'addToFavorites',
      'deleteAllSnapshots',
    ]);
    assert.deepEqual(menu(';vm;off;'), [
      'takeSnapshot',
      'consolidate',
      'powerOn',
      'openInVsphereClient',
      'copyName',
      'copyPath',
      'copyObjectId',
      'copyAsPowerCli',
      'markProtected',
      'addToFavorites',
    ]);
    assert.ok(menu(';vm;on;protected;').includes('removeProtection'));
    assert.ok(!menu(';vm;on;protected;').includes('markProtected'));
    assert.ok(menu(';vm;on;favorite;').includes('removeFromFavorites'));
    assert.ok(!menu(';vm;on;favorite;').includes('addToFavorites'));
  });

  it('are nowhere else: not in pages of others, not beside what is there', () => {
    assert.deepEqual(menu(';snapshot;', 'other'), []);
    assert.deepEqual(menu(';former;'), []);
    assert.deepEqual(menu(''), []);
  });
});
