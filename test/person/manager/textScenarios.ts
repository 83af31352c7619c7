import assert from 'node:assert/strict';

import { eventually } from '../../support/eventually';
import type { Stage } from '../operations/stage';
import { managedVm } from './openManager';

export function textScenarios(stage: () => Stage): void {
  it('takes a snapshot, by the same three steps as everywhere', async () => {
    const vm = await managedVm(stage());
    const { manager, quickInput } = stage().workbench;
    await manager.press('empty-take');
    await answerTake(stage(), vm, 'panel: first');
    await stage().waitForTree(vm, 'panel: first*');
    await manager.waitForRows('panel: first', 'You are here');
    await manager.press('action-take');
    await quickInput.waitForStep(`Take Snapshot of '${vm}' (1/3)`);
    await quickInput.cancel();
    await manager.select('panel: first');
    assert.equal(await manager.description(), 'Reason: from the panel');
    await stage().picture('taken');
  });

  it('edits name and description where they stand', async () => {
    const vm = await managedVm(stage(), 'texts: first', 'texts: second');
    const { manager } = stage().workbench;
    await manager.select('texts: second');
    await manager.press('action-edit');
    await manager.typeTexts('texts: <b>2</b>', 'CHG-7\nKeep until 1 Dec 2026');
    await stage().picture('editing');
    await manager.press('edit-save');
    await stage().waitForTree(vm, 'texts: first (texts: <b>2</b>*)');
    assert.equal((await stage().server.snapshots(vm)).at(-1)?.description, 'CHG-7\nKeep until 1 Dec 2026');
    await manager.waitUntilSelected('texts: <b>2</b>');
    // What it says of how long it is kept stands apart.
    await manager.frame.locator('.kept', { hasText: '1 Dec 2026' }).waitFor();
    await stage().picture('edited');
  });

  it('does not write over what somebody else has written meanwhile', async () => {
    const vm = await managedVm(stage(), 'clash: mine');
    const { manager } = stage().workbench;
    await manager.select('clash: mine');
    await manager.press('action-edit');
    await manager.typeTexts('clash: typed', '');
    stage().simulator.execute({ command: 'renameSnapshot', vm, snapshot: 'clash: mine', name: 'clash: theirs' });
    await manager.waitForRows('clash: theirs', 'You are here');
    await manager.press('edit-save');
    await manager.frame.locator('.edit .note', { hasText: "it is called 'clash: theirs' now" }).waitFor();
    await stage().picture('conflict');
    assert.equal(await stage().server.snapshotTree(vm), 'clash: theirs*');
    await manager.press('edit-save');
    await stage().waitForTree(vm, 'clash: typed*');
    await manager.waitUntilSelected('clash: typed');
  });

  it('compares what a VM was given between two snapshots, in the diff editor', async () => {
    const { manager, page } = stage().workbench;
    await openDatabase(stage());
    await manager.select('before KB5034');
    const sides = page.locator('.editor-group-container.active .monaco-diff-editor');
    const lines = async (side: string): Promise<string> =>
      (await sides.locator(`.${side} .view-lines`).innerText()).replaceAll('\u00a0', ' ');
    await manager.frame.locator('#compare-with').selectOption({ index: 1 });
    await manager.press('action-compare');
    await eventually('the older state on the left', async () => (await lines('original')).includes('CPUs: 4'));
    await eventually('the younger state on the right', async () => (await lines('modified')).includes('CPUs: 8'));
    assert.match(await lines('original'), /Memory: 8 GB/);
    assert.match(await lines('modified'), /Memory: 16 GB/);
    assert.doesNotMatch(await lines('original'), /Hard disk 3/);
    assert.match(await lines('modified'), /\[Hard disk 3\]\s+Capacity: 200 GB/);
    await stage().picture('compare');
  });
}

/** Opens the panel of the demo's database server, of which there are two: by the folder of the one with snapshots. */
async function openDatabase(stage: Stage): Promise<void> {
  const { palette, quickInput, manager } = stage.workbench;
  await palette.run('vSphere: Manage Snapshots');
  await quickInput.waitForStep('Manage Snapshots');
  await quickInput.type('SQL01 Production');
  await quickInput.choose('SQL01');
  await manager.waitFor('SQL01');
  await manager.waitForRows('before KB5034', 'before index rebuild', 'nightly', 'You are here');
}

async function answerTake(stage: Stage, vm: string, name: string): Promise<void> {
  const { quickInput } = stage.workbench;
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (1/3)`);
  await quickInput.type(name);
  await quickInput.accept();
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (2/3)`);
  await quickInput.type('Reason: from the panel');
  await quickInput.accept();
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (3/3)`);
  await quickInput.choose('Disks only');
  await quickInput.waitUntilClosed();
}
