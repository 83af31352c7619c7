import assert from 'node:assert/strict';

import { eventually } from '../support/eventually';
import type { TreeRow } from '../support/workbench/page/tree';
import { usePerson } from './person';
import { useServer } from './server';
import { addFirstServer } from './steps';

// Several times what a question takes to appear. A key that is pressed again too early would ask twice.
const answerMs = 2_000;

// Somebody who has no mouse, and hears what others see.
describe('by keyboard alone', () => {
  const person = usePerson();
  const server = useServer();
  const vm = 'VM-01';

  function row(label: string): TreeRow {
    return person().workbench.tree('Inventory').row(label);
  }

  async function press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await person().workbench.page.keyboard.press(key);
    }
  }

  /** Presses a key for the selected row until something is asked: it does nothing before the extension has heard of it. */
  async function pressForRow(key: string): Promise<void> {
    const { quickInput, dialog } = person().workbench;
    const isAsked = async (): Promise<boolean> => (await quickInput.isOpen()) || (await dialog.isOpen());
    await eventually(`a question after ${key}`, async () => {
      await press(key);
      return await eventually('it', isAsked, answerMs);
    });
  }

  before(async () => {
    const { workbench } = person();
    await server().takeSnapshots(vm, 'first', 'second');
    await addFirstServer(workbench, server());
    await workbench.notifications.clear();
  });

  it('a VM is found, unfolded, and its rows are told in words', async () => {
    const { quickInput, palette } = person().workbench;
    await palette.run('vSphere: Find VM...');
    await quickInput.waitForStep('Find VM');
    await quickInput.type(vm);
    await quickInput.waitForOption(vm);
    await quickInput.accept();
    await row(vm).waitUntilFocused();
    assert.match((await row(vm).text()).spoken, /^VM-01, virtual machine, running, 2 snapshots, oldest /);
    // What was looked for comes unfolded.
    await row('first').waitFor();
    await press('ArrowLeft');
    await row('first').waitUntilGone();
    await press('ArrowRight');
    await row('first').waitFor();
    await press('ArrowDown');
    await row('first').waitUntilFocused();
    assert.match((await row('first').text()).spoken, /^first, snapshot, /);
    // Keys act on what is selected.
    await press('Enter');
  });

  it('the focus comes back to the row from a question, a dialog, a menu and the palette that were given up', async () => {
    const { quickInput, dialog, page } = person().workbench;
    await pressForRow('F2');
    await quickInput.waitForStep("Edit Snapshot 'first' of 'VM-01' (1/2)");
    // A screen reader says with the text field what is asked, and about what.
    await page.getByRole('textbox', { name: /^Name of the snapshot - Edit Snapshot 'first' of 'VM-01'/ }).waitFor();
    await quickInput.cancel();
    await row('first').waitUntilFocused();

    await pressForRow('Delete');
    await dialog.waitFor("Delete snapshot 'first' of 'VM-01'?");
    await press('Escape');
    await eventually('no dialog', async () => !(await dialog.isOpen()));
    await row('first').waitUntilFocused();

    const menu = page.locator('.context-view.monaco-menu-container').filter({ visible: true });
    await press('Shift+F10');
    await menu.waitFor();
    await press('Escape');
    await menu.waitFor({ state: 'hidden' });
    await row('first').waitUntilFocused();

    await press('F1');
    await quickInput.waitForPlaceholder('Type the name of a command to run.');
    await quickInput.cancel();
    await row('first').waitUntilFocused();
    // It is the keyboard that is there, not only the frame around the row.
    await press('ArrowDown');
    await row('second').waitUntilFocused();
    await press('ArrowUp');
    await row('first').waitUntilFocused();
  });

  it('a snapshot is renamed, and the focus stays on it', async () => {
    const { quickInput } = person().workbench;
    await press('Enter');
    await pressForRow('F2');
    await quickInput.waitForStep("Edit Snapshot 'first' of 'VM-01' (1/2)");
    await quickInput.type('renamed');
    await press('Enter');
    await quickInput.waitForStep("Edit Snapshot 'first' of 'VM-01' (2/2)");
    await press('Enter');
    await row('renamed').waitUntilFocused();
    assert.equal(await server().snapshotTree(vm), 'renamed (second*)');
  });

  it('it is deleted, and the keyboard is left in the tree', async () => {
    const { dialog } = person().workbench;
    await pressForRow('Delete');
    await dialog.waitFor("Delete snapshot 'renamed' of 'VM-01'?");
    assert.equal(await dialog.focusedButton(), 'Delete');
    await press('Enter');
    await row('renamed').waitUntilGone();
    assert.equal(await server().snapshotTree(vm), 'second*');
    await press('Home');
    const [first] = await person().workbench.tree('Inventory').rows();
    await row(first?.label ?? '').waitUntilFocused();
  });
});
