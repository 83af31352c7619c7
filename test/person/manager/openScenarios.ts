import assert from 'node:assert/strict';

import type { Stage } from '../operations/stage';
import { managedVm, openManager } from './openManager';

// As code-server calls it; Visual Studio Code's own is vscode.
const linkScheme = 'code-oss';

export function openScenarios(stage: () => Stage): void {
  it('opens from the tree, one panel for a VM', async () => {
    const vm = await managedVm(stage(), 'tree: first', 'tree: second');
    const { manager } = stage().workbench;
    await manager.waitForRows('tree: first', 'tree: second', 'You are here');
    await stage().picture('chain');
    await openManager(stage(), vm);
    assert.equal(await manager.countTabs(vm), 1);
  });

  it('opens from a snapshot in the tree, with that snapshot selected', async () => {
    const vm = await stage().newVm('shown: first', 'shown: second');
    await (await stage().showSnapshot(vm, 'shown: second')).choose('Show in Snapshot Manager');
    const { manager } = stage().workbench;
    await manager.waitFor(vm);
    await manager.waitUntilSelected('shown: second');
  });

  it('opens from the palette, for a VM without snapshots too', async () => {
    const vm = await stage().newVm();
    const { palette, quickInput, manager } = stage().workbench;
    await palette.run('vSphere: Manage Snapshots');
    await quickInput.waitForStep('Manage Snapshots');
    await quickInput.type(vm);
    await quickInput.waitForOption(vm);
    await quickInput.choose(vm);
    await manager.waitFor(vm);
    await manager.frame.getByRole('heading', { name: 'No snapshots' }).waitFor();
    await stage().picture('empty');
  });

  it('opens by a link, after the editor has asked', async () => {
    const vm = await stage().newVm('link: only');
    await openLink(stage(), `/manage?server=127.0.0.2&vm=${vm}`);
    const { manager } = stage().workbench;
    await manager.waitFor(vm);
    await manager.waitForRows('link: only', 'You are here');
  });

  it('says so when a link leads nowhere, and opens nothing', async () => {
    await openLink(stage(), '/manage?server=127.0.0.2&vm=NOBODY');
    const { notifications, manager } = stage().workbench;
    await notifications.waitFor("'127.0.0.2' has no VM 'NOBODY' that you may see.");
    await notifications.clear();
    assert.equal(await manager.countTabs('NOBODY'), 0);
  });

  it('is there again when the window was reloaded, with the row that was selected', async () => {
    const vm = await managedVm(stage(), 'reload: first', 'reload: second');
    const { manager } = stage().workbench;
    await manager.select('reload: first');
    await stage().workbench.reloadByCommand();
    await manager.waitFor(vm);
    await manager.waitForRows('reload: first', 'reload: second', 'You are here');
    await manager.waitUntilSelected('reload: first');
    assert.equal(await manager.countTabs(vm), 1);
    await stage().server.takeSnapshots(vm, 'reload: third');
    await manager.waitForRows('reload: first', 'reload: second', 'reload: third', 'You are here');
  });
}

/** Hands the window an address, as the system does with a link from a ticket. */
async function openLink(stage: Stage, target: string): Promise<void> {
  const { palette, quickInput, dialog } = stage.workbench;
  await palette.run('Developer: Open URL');
  await quickInput.waitForMessage(/URL to open/);
  await quickInput.type(`${linkScheme}://vsphere-snapshots.vsphere-snapshots${target}`);
  await quickInput.accept();
  await dialog.waitFor(/extension to open this URI/);
  await stage.picture('link');
  await dialog.press('Open');
}
