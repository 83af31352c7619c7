import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { SnapshotSpec } from '../../src/simulator/inventory/snapshotHistory';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { type VmTruth, vmTruth } from '../../src/simulator/control/groundTruth';
import type { ManagerModel } from '../../src/ui/manager/managerModel';
import type { PageChannel } from '../../src/ui/manager/pageChannel';
import type { ToHost } from '../../src/webview/protocol/toHost';
import { eventually } from '../support/eventually';
import { launchBrowser } from '../support/workbench/browser';
import { buildPage, ManagerPage } from './managerPage';
import { ManagerRig } from './managerRig';

// A person without a mouse, on the page that is shipped, with an embedded vCenter behind it.

const snapshots: readonly SnapshotSpec[] = [
  {
    name: 'base',
    children: [
      { name: 'left', children: [{ name: 'left tip' }] },
      { name: 'right', children: [{ name: 'right tip', isCurrent: true }] },
    ],
  },
];

describe('the snapshot manager, with the keyboard alone', function () {
  this.timeout(120_000);
  let browser: Browser;
  let rig: ManagerRig;
  let manager: ManagerPage;
  let model: ManagerModel;

  before(async () => {
    browser = await launchBrowser();
    rig = await ManagerRig.start(smallInventory([{ name: 'SQL01', snapshots, power: 'poweredOff', leftoverLinks: 1 }]));
    const files = await buildPage();
    const queue: ToHost[] = [];
    const behind: { channel?: PageChannel } = {};
    manager = await ManagerPage.open(browser, files, {
      onMessage: (message) => {
        if (behind.channel === undefined) {
          queue.push(message);
        } else {
          behind.channel.receive(message);
        }
      },
    });
    const opened = rig.open(rig.vm('SQL01'), {
      post: (message) => {
        // A page that is closed meanwhile does not get it.
        manager.post(message).catch(() => undefined);
      },
    });
    behind.channel = opened.channel;
    model = opened.model;
    for (const message of queue) {
      opened.channel.receive(message);
    }
    await manager.page.locator('#grid .row').nth(1).waitFor();
  });

  after(async () => {
    // It looks at the clock until then.
    model.dispose();
    await manager.close();
    await rig.stop();
    await browser.close();
  });

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await manager.page.keyboard.press(key);
    }
    await manager.settled();
  };

  /** Tabs until the focus is on an element, as often as a person would. */
  const tabTo = async (id: string): Promise<void> => {
    await eventually(`a way by Tab to ${id}`, async () => {
      await manager.page.keyboard.press('Tab');
      return (await focusedId()) === id;
    });
  };

  const focusedId = async (): Promise<string> => await manager.page.evaluate(() => document.activeElement?.id ?? '');

  const focusedRow = async (): Promise<string> =>
    await manager.page.evaluate(
      () => document.activeElement?.closest('.row')?.querySelector('.name')?.textContent ?? '',
    );

  const truth = (): VmTruth => vmTruth(rig.simulator.server, rig.vm('SQL01').id.split(':')[1] ?? '');

  const names = (): string[] => truth().snapshots.map(({ name }) => name);

  const rows = async (): Promise<string[]> =>
    await manager.page.locator('#grid .row:not(.head) .name').allTextContents();

  /** Into the tree, to the row of that name. */
  const toRow = async (name: string): Promise<void> => {
    await eventually('the tree', async () => {
      await manager.page.keyboard.press('Tab');
      return (await focusedRow()) !== '';
    });
    await press('Home');
    await eventually(`the row ${name}`, async () => {
      if ((await focusedRow()) === name) {
        return true;
      }
      await press('ArrowDown');
      return false;
    });
  };

  const goThrough = async (): Promise<void> => {
    await manager.page.locator('#preview-go').waitFor();
    await tabTo('preview-go');
    await press('Enter');
  };

  it('walks the tree: arrows, ends, folding, letters', async () => {
    await toRow('base');
    assert.deepEqual(await rows(), ['base', 'left', 'left tip', 'right', 'right tip', 'You are here']);
    await press('End');
    assert.equal(await focusedRow(), 'You are here');
    await press('Home', 'ArrowLeft');
    assert.deepEqual(await rows(), ['base', 'right', 'right tip', 'You are here']);
    await press('ArrowRight', 'ArrowRight');
    assert.equal(await focusedRow(), 'left');
    await press('ArrowLeft');
    assert.equal(await focusedRow(), 'base');
    await press('r');
    assert.equal(await focusedRow(), 'right');
  });

  it('sorts, and makes columns wider', async () => {
    const head = manager.page.locator('.head-button').first();
    await eventually('the head of a column', async () => {
      await manager.page.keyboard.press('Shift+Tab');
      return await head.evaluate((element) => element === document.activeElement);
    });
    await press('Enter');
    assert.equal((await rows())[0], 'base');
    await press('Enter');
    assert.equal((await rows())[0], 'right tip');
    await press('Enter');
    assert.equal((await rows())[1], 'left');
    const width = async (): Promise<number> =>
      (await manager.page.locator('.head-cell').first().boundingBox())?.width ?? 0;
    const before = await width();
    await press('Tab', 'ArrowRight');
    assert.equal(await width(), before + 16);
  });

  it('takes a snapshot', async () => {
    await tabTo('action-take');
    await press('Enter');
    await eventually('the snapshot', () => names().includes('taken from the panel'));
    await manager.page.getByText('taken from the panel', { exact: true }).first().waitFor();
  });

  it('edits where the text stands, and can give it up', async () => {
    await toRow('left');
    await press('F2');
    assert.equal(await focusedId(), 'edit-name');
    await manager.page.keyboard.type('x');
    await press('Escape');
    await eventually('nothing but the old name', async () => (await rows()).includes('left'));
    await toRow('left');
    await press('F2');
    await manager.page.keyboard.press('Control+A');
    await manager.page.keyboard.type('left, renamed <b>');
    await tabTo('edit-description');
    await manager.page.keyboard.type('why not');
    await tabTo('edit-save');
    await press('Enter');
    await eventually('the new name', () => names().includes('left, renamed <b>'));
    await eventually('the end of editing', async () => (await manager.page.locator('#edit-name').count()) === 0);
    assert.equal(truth().snapshots.find(({ name }) => name === 'left, renamed <b>')?.description, 'why not');
  });

  it('compares with now and with another snapshot', async () => {
    await toRow('base');
    await manager.page.locator('#action-compare').waitFor();
    await tabTo('action-compare');
    await press('Enter');
    await eventually('a comparison', () => rig.compared.length === 1);
    assert.equal(rig.compared[0]?.[1], undefined);
    await press('Shift+Tab', 'ArrowDown');
    await tabTo('action-compare');
    await press('Enter');
    await eventually('another comparison', () => rig.compared.length === 2);
    assert.notEqual(rig.compared[1]?.[1], undefined);
  });

  it('previews a restore, goes back, and restores', async () => {
    await toRow('base');
    await manager.page.locator('#action-restore').waitFor();
    await tabTo('action-restore');
    await press('Enter');
    await manager.page.locator('#preview-title').waitFor();
    await press('Escape');
    await manager.page.locator('#grid').waitFor();
    assert.equal(await focusedRow(), 'base');
    await tabTo('action-restore');
    await press('Enter');
    await manager.page.locator('#preview-first').waitFor();
    await tabTo('preview-first');
    await press('Space');
    await goThrough();
    const base = truth().snapshots.find(({ name }) => name === 'base');
    await eventually('the restore', () => truth().currentSnapshotId === base?.id);
    await manager.page.locator('#grid').waitFor();
  });

  it('restores to the latest, with a snapshot first', async () => {
    await tabTo('action-restoreLatest');
    await press('Enter');
    await goThrough();
    await eventually('the safety snapshot', () => names().includes("Before restore to 'base'"));
    await manager.page.locator('#grid').waitFor();
  });

  it('deletes one by the key, one with what hangs on it, and consolidates', async () => {
    await toRow('left tip');
    await press('Delete');
    await goThrough();
    await eventually('the delete', () => !names().includes('left tip'));
    await manager.page.locator('#grid').waitFor();
    await toRow('right');
    await manager.page.locator('#action-deleteWithChildren').waitFor();
    await tabTo('action-deleteWithChildren');
    await press('Enter');
    await goThrough();
    await eventually('the delete with children', () => !names().includes('right tip'));
    await manager.page.locator('#grid').waitFor();
    await tabTo('action-consolidate');
    await press('Enter');
    await goThrough();
    await eventually('the consolidation', () => rig.asked.some(({ operation }) => operation.kind === 'consolidate'));
    await manager.page.locator('#grid').waitFor();
  });

  it('deletes all', async () => {
    await tabTo('action-deleteAll');
    await press('Enter');
    await goThrough();
    await eventually('the end of all snapshots', () => names().length === 0);
    await manager.page.locator('#empty-take').waitFor();
    assert.match((await manager.page.locator('#status').textContent()) ?? '', /Delete all snapshots/);
  });

  it('has done every action that the panel offers, and nothing went wrong', () => {
    assert.deepEqual([...new Set(rig.asked.map(({ operation }) => operation.kind))].sort(), [
      'consolidate',
      'delete',
      'deleteAll',
      'deleteWithChildren',
      'edit',
      'restore',
      'restoreLatest',
      'take',
    ]);
    assert.deepEqual(manager.problems, []);
    assert.deepEqual(
      rig.logger.lines.filter((line) => /^(warn|error)/.test(line)),
      [],
    );
  });
});
