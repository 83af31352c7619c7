import assert from 'node:assert/strict';

import { eventually } from '../../support/eventually';
import type { Stage } from '../operations/stage';
import { managedVm } from './openManager';

/** What is previewed before it is confirmed; each time the server's tree is compared with what was drawn. */
export function decisionScenarios(stage: () => Stage): void {
  it('previews a restore, can go back, and restores', async () => {
    const vm = await managedVm(stage(), 'back: base', 'back: middle', 'back: tip');
    const { manager, dialog, notifications } = stage().workbench;
    await manager.select('back: base');
    await manager.press('action-restore');
    await manager.preview("Restore to 'back: base'");
    await manager.press('preview-back');
    await manager.waitForRows('back: base', 'back: middle', 'back: tip', 'You are here');
    await manager.press('action-restore');
    const { facts, struck } = await manager.preview("Restore to 'back: base'");
    assert.equal(facts['You are here'], "goes back to 'back: base'");
    assert.equal(facts['Power state after'], 'powered off (running now)');
    assert.deepEqual(struck, []);
    await manager.takeFirst(false);
    await stage().picture('preview of restore');
    await manager.press('preview-go');
    const { buttons } = await dialog.waitFor(`Restore '${vm}' to 'back: base'?`);
    assert.deepEqual(buttons, ['Cancel', 'Restore']);
    await dialog.press('Restore');
    await stage().waitForTree(vm, 'back: base* (back: middle (back: tip))');
    await manager.waitForTree();
    await manager.waitForRows('back: base', 'back: middle', 'back: tip', 'You are here');
    await eventually(`${vm} to be off`, async () => !(await stage().server.isRunning(vm)));
    await stage().picture('restored');
    await notifications.clear();
  });

  it('restores with a snapshot first', async () => {
    const vm = await managedVm(stage(), 'first: base', 'first: tip');
    const { manager, dialog, notifications } = stage().workbench;
    await manager.select('first: base');
    await manager.press('action-restore');
    await manager.takeFirst(true);
    const { go } = await manager.preview("Restore to 'first: base'");
    assert.equal(go, 'Take Snapshot, Then Restore...');
    await stage().picture('preview of restore with a snapshot first');
    await manager.press('preview-go');
    await dialog.waitFor(`Restore '${vm}' to 'first: base'?`);
    await dialog.press('Take Snapshot, Then Restore');
    await stage().waitForTree(vm, "first: base* (first: tip (Before restore to 'first: base'))");
    await manager.waitForTree();
    await notifications.clear();
  });

  it('previews a delete from the native menu, and deletes', async () => {
    const vm = await managedVm(stage(), 'one: first', 'one: second', 'one: third');
    const { manager, dialog } = stage().workbench;
    const menu = await manager.menu('one: second');
    assert.deepEqual(await menu.entries(), [
      'Restore Snapshot... (Revert)',
      '-',
      'Edit Snapshot...',
      'Compare with Present State',
      '-',
      'Copy Name',
      'Copy Object ID',
      'Copy as PowerCLI',
      '-',
      'Delete Snapshot...',
      'Delete Snapshot with Children...',
    ]);
    await menu.choose('Delete Snapshot...');
    const { struck, facts, go } = await manager.preview("Delete 'one: second'");
    assert.deepEqual(struck, ['one: second']);
    assert.equal(facts['Kept'], '2 snapshots');
    assert.equal(go, 'Delete 1 Snapshot...');
    await stage().picture('preview of delete');
    await manager.press('preview-go');
    await dialog.waitFor(`Delete snapshot 'one: second' of '${vm}'?`);
    await dialog.press('Delete');
    await stage().waitForTree(vm, 'one: first (one: third*)');
    await manager.waitForTree();
    await manager.waitForRows('one: first', 'one: third', 'You are here');
  });

  it('keeps the preview when the confirmation is given up', async () => {
    const vm = await managedVm(stage(), 'kept: only');
    const { manager, dialog } = stage().workbench;
    await manager.select('kept: only');
    await manager.press('action-delete');
    await manager.preview("Delete 'kept: only'");
    await manager.press('preview-go');
    await dialog.waitFor(`Delete snapshot 'kept: only' of '${vm}'?`);
    await dialog.press('Cancel');
    await manager.preview("Delete 'kept: only'");
    await manager.press('preview-back');
    await manager.waitForRows('kept: only', 'You are here');
    assert.equal(await stage().server.snapshotTree(vm), 'kept: only*');
  });

  it('previews a delete with children, and deletes', async () => {
    const vm = await managedVm(stage(), 'kids: base', 'kids: one', 'kids: two');
    await stage().server.restore(vm, 'kids: base');
    const { manager, dialog } = stage().workbench;
    await manager.select('kids: one');
    await manager.press('action-deleteWithChildren');
    const { struck } = await manager.preview("Delete 'kids: one' with children");
    assert.deepEqual(struck, ['kids: one', 'kids: two']);
    await stage().picture('preview of delete with children');
    await manager.press('preview-go');
    await dialog.waitFor("Delete 'kids: one' and the snapshot below it?");
    await dialog.press('Delete 2 Snapshots');
    await stage().waitForTree(vm, 'kids: base*');
    await manager.waitForTree();
    await manager.waitForRows('kids: base', 'You are here');
  });

  it('previews a delete of all, and deletes', async () => {
    const vm = await managedVm(stage(), 'gone: first', 'gone: second');
    const { manager, dialog } = stage().workbench;
    await manager.press('action-deleteAll');
    const { struck, facts } = await manager.preview(`Delete all snapshots of '${vm}'`);
    assert.deepEqual(struck, ['gone: first', 'gone: second']);
    assert.equal(facts['Kept'], 'no snapshot');
    await stage().picture('preview of delete all');
    await manager.press('preview-go');
    await dialog.waitFor(`Delete all 2 snapshots of '${vm}'?`);
    await dialog.press('Delete 2 Snapshots');
    await stage().waitForTree(vm, '');
    await manager.frame.getByRole('heading', { name: 'No snapshots' }).waitFor();
    await stage().picture('deleted all');
  });

  it('previews a consolidation with the space that it needs, and consolidates', async () => {
    const vm = await managedVm(stage(), 'merge: first');
    stage().simulator.execute({ command: 'leaveDisks', vm, count: 2 });
    const { manager, dialog } = stage().workbench;
    await manager.frame.locator('.facts', { hasText: 'needs consolidation' }).waitFor();
    await manager.press('action-consolidate');
    const { facts, struck } = await manager.preview(`Consolidate the disks of '${vm}'`);
    assert.match(facts['Merged'] ?? '', /^about .* of leftover disks$/);
    assert.match(facts['Space'] ?? '', /^Needs up to .* on DS-01; .* free\.$/);
    assert.deepEqual(struck, []);
    await stage().picture('preview of consolidate');
    await manager.press('preview-go');
    await dialog.waitFor(`Consolidate the disks of '${vm}'?`);
    await dialog.press('Consolidate');
    await eventually('the consolidation', async () =>
      (await stage().server.doneTasks(vm)).includes('ConsolidateVMDisks'),
    );
    await manager.waitForTree();
    await manager.frame.locator('.facts', { hasText: 'needs consolidation' }).waitFor({ state: 'detached' });
    assert.equal(await stage().server.snapshotTree(vm), 'merge: first*');
  });
}
