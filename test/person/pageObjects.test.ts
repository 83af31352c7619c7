import assert from 'node:assert/strict';
import path from 'node:path';

import { eventually } from '../support/eventually';
import { repositoryRoot } from '../support/repositoryRoot';
import { themes, type ThemeKind } from '../support/workbench/page/workbench';
import { usePerson } from './person';

// The scenarios are only as good as the hands that they use. These tests prove the hands, on an extension that has one of
// everything, so that a failed scenario means something.
describe('the page objects', () => {
  const person = usePerson(() => ({
    extensionFolders: [path.join(repositoryRoot(), 'test', 'support', 'workbench', 'probe')],
  }));

  before(async () => {
    await person().workbench.openContainer('Probe');
  });

  /** What the probe logged since it started. */
  async function waitForLog(line: string): Promise<void> {
    await eventually(`"${line}" in the log`, () => person().server.logText('Probe').includes(line));
  }

  it('find rows by label, expand them and scroll to those out of sight', async () => {
    const tree = person().workbench.tree('Probe Items');
    await tree.expand('Group A', 'Item 0');
    assert.deepEqual((await tree.rows()).slice(0, 4), [
      { label: 'Group A', description: '', spoken: 'Group A, has actions', level: 1 },
      { label: 'Item 0', description: '', spoken: 'Item 0, has actions', level: 2 },
      { label: 'Leaf $(x) <b>', description: '', spoken: 'Leaf $(x) <b>, has actions', level: 3 },
      { label: 'Item 1', description: '', spoken: 'Item 1, has actions', level: 2 },
    ]);
    const last = tree.row('Item 199');
    assert.equal(await last.isVisible(), false);
    await last.reveal();
    await tree.row('Group A').reveal();
    await tree.row('Item 0').collapse();
    await tree.row('Leaf $(x) <b>').waitUntilGone();
  });

  it('press the button in a row', async () => {
    const row = person().workbench.tree('Probe Items').row({ label: 'Item 1', level: 2 });
    await row.press('Mark Items');
    await row.waitForDescription('marked');
    assert.deepEqual(await row.text(), {
      label: 'Item 1',
      description: 'marked',
      spoken: 'Item 1, marked',
      level: 2,
    });
    assert.equal(await row.tooltip(), 'Tooltip of Group A/Item 1');
  });

  it('choose from a submenu for several selected rows, and press a button of the dialog', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Probe Items');
    await tree.select('Item 3', 'Item 4');
    const menu = await tree.row('Item 3').menu();
    assert.deepEqual(await menu.entries(), ['Mark Items', '-', 'More']);
    assert.deepEqual(await menu.entries('More'), ['Remove Items...', '-', 'Hesitate Once']);
    await menu.close();

    await tree.row('Item 3').choose('More', 'Remove Items...');
    assert.deepEqual(await workbench.dialog.waitFor('Remove 2 items?'), {
      message: 'Remove 2 items?',
      detail: 'They cannot be brought back.',
      buttons: ['Cancel', 'Remove'],
    });
    assert.equal(await workbench.dialog.focusedButton(), 'Remove');
    await workbench.dialog.press('Cancel');
    assert.equal(await tree.row('Item 4').isVisible(), true);

    await tree.row('Item 4').choose('More', 'Remove Items...');
    await workbench.dialog.waitFor('Remove 2 items?');
    await workbench.dialog.press('Remove');
    await tree.row('Item 3').waitUntilGone();
    await tree.row('Item 4').waitUntilGone();
    await waitForLog('removed: Group A/Item 3, Group A/Item 4');
  });

  it('choose again when they are told that the row was just changing', async () => {
    const { workbench } = person();
    await workbench.tree('Probe Items').row('Group A').expand();
    await workbench.tree('Probe Items').row('Item 5').choose('More', 'Hesitate Once');
    await workbench.dialog.waitFor('No longer.');
    await workbench.dialog.press('OK');
  });

  it('answer questions step by step', async () => {
    const { palette, quickInput } = person().workbench;
    await palette.run('Probe: Ask Three Things...');
    await quickInput.waitForStep('Ask (1/3)');
    assert.deepEqual(await quickInput.options(), [
      { label: 'Red', description: 'warm', detail: '' },
      { label: 'Blue', description: 'cold', detail: '' },
    ]);
    await quickInput.assertFocused('Red');
    await quickInput.choose('Blue');
    await quickInput.waitForStep('Ask (2/3)');
    await quickInput.accept();
    await quickInput.waitForMessage('Enter a name.');
    await quickInput.type('Ada');
    assert.equal(await quickInput.isPassword(), false);
    await quickInput.accept();
    await quickInput.waitForStep('Ask (3/3)');
    assert.equal(await quickInput.isPassword(), true);
    await quickInput.type('a secret');
    await quickInput.accept();
    await quickInput.waitUntilClosed();
    await waitForLog('asked: Blue, Ada, 8 characters');

    await palette.run('Probe: Ask Three Things...');
    await quickInput.waitForStep('Ask (1/3)');
    await quickInput.cancel();
    await waitForLog('asked: nothing');
  });

  it('tell what the palette offers', async () => {
    const { palette } = person().workbench;
    assert.equal(await palette.offers('Probe: Count Up'), true);
    assert.equal(await palette.offers('Probe: Count Down'), false);
  });

  it('find notifications that VS Code no longer shows as toasts', async () => {
    const { notifications, palette } = person().workbench;
    await notifications.startCounting();
    await palette.run('Probe: Notify Five Times');
    for (const number of [1, 5]) {
      await notifications.press(`Message ${number} of 5`, 'Note It');
      await waitForLog(`noted: ${number}`);
    }
    // At least the first came as a toast.
    assert.ok((await notifications.shown()) > 0);
    assert.deepEqual(await notifications.messages(), ['Message 4 of 5', 'Message 3 of 5', 'Message 2 of 5']);
    await notifications.clear();
    assert.deepEqual(await notifications.messages(), []);
  });

  it('see the dialog of a command that failed', async () => {
    const { dialog, palette } = person().workbench;
    await palette.run('Probe: Fail');
    const { detail } = await dialog.waitFor("Command 'Probe: Fail' resulted in an error");
    assert.equal(detail, 'It failed on purpose.');
    await dialog.press('OK');
    assert.equal(await dialog.isOpen(), false);
  });

  it('press buttons of views and read the output', async () => {
    const { workbench } = person();
    await workbench.waitForTextInSideBar('Nothing here.');
    await workbench.pressWelcomeButton('Count Up');
    await workbench.pressViewAction('Probe Items', 'Count Up');
    await workbench.output.show('Probe');
    await workbench.output.waitForLine('count: 2');
  });

  it('wear every kind of theme', async () => {
    for (const kind of Object.keys(themes) as ThemeKind[]) {
      await person().workbench.setTheme(kind);
    }
  });

  it('come back after a reload', async () => {
    await person().workbench.reload();
    await person().workbench.openContainer('Probe');
    await person().workbench.tree('Probe Items').row('Group B').waitFor();
  });
});
