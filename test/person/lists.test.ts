import assert from 'node:assert/strict';
import fs from 'node:fs';

import { eventually } from '../support/eventually';
import { TemporaryFolder } from '../support/temporaryFolder';
import { usePerson } from './person';
import { useServer } from './server';
import { addFirstServer } from './steps';

// Several times what a question takes to appear. A key that is pressed again too early would ask twice.
const answerMs = 2_000;

// What begins with a list: of snapshots that are shown, of names that somebody has written down, of servers in a file.
describe('lists', () => {
  const person = usePerson();
  const server = useServer();
  const folder = new TemporaryFolder('lists');
  let label = '';

  after(() => {
    folder.remove();
  });

  before(async () => {
    const { workbench } = person();
    label = await addFirstServer(workbench, server());
    await workbench.resizeSideBar(420);
    await workbench.notifications.clear();
  });

  /** Answers what is asked about two snapshots on two VMs, and waits until the server has them no more. */
  async function deleteTwo(vms: readonly [string, string]): Promise<void> {
    const { quickInput } = person().workbench;
    await quickInput.waitForStep('Delete Snapshots of 2 VMs');
    await quickInput.waitForOption(vms[0]);
    const options = await quickInput.options();
    assert.deepEqual(options.map((option) => option.label).sort(), [...vms]);
    await quickInput.accept();
    await quickInput.waitForStep('Delete 2 Snapshots on 2 VMs');
    await quickInput.type('2');
    await quickInput.accept();
    await quickInput.waitUntilClosed();
    for (const vm of vms) {
      await eventually(`no snapshot of ${vm}`, async () => (await server().snapshotTree(vm)) === '');
    }
  }

  it('of all snapshots: several are deleted by menu, and by the Delete key', async () => {
    const { workbench } = person();
    const { quickInput, palette, page } = workbench;
    const vms = ['VM-03', 'VM-04', 'VM-05', 'VM-06', 'VM-07'] as const;
    for (const vm of vms) {
      await server().takeSnapshots(vm, `of ${vm}`);
    }
    await palette.run('vSphere: View as All Snapshots');
    await palette.run('vSphere: Filter...');
    await quickInput.waitForStep('Filter');
    await quickInput.tick('Name...', true);
    await quickInput.accept();
    await quickInput.waitForStep('Filter (2/2)');
    await quickInput.type('VM-*');
    await quickInput.accept();
    const tree = workbench.tree('Inventory');
    const heading = (count: number): Promise<void> =>
      tree.row({ label: `Under 3 days (${count})`, level: 1 }).waitFor();
    await heading(5);

    await tree.select('of VM-03', 'of VM-04');
    await tree.row('of VM-04').choose('Delete Snapshot...');
    await deleteTwo(['VM-03', 'VM-04']);
    await heading(3);

    await tree.select('of VM-05', 'of VM-06');
    await page.keyboard.press('Delete');
    await deleteTwo(['VM-05', 'VM-06']);
    await heading(1);
    await tree.row({ label: 'of VM-07', description: new RegExp(`VM-07 · ${label.replaceAll('.', '\\.')}`) }).waitFor();

    // On one, the key asks as the menu does. It does nothing before the extension has heard of the selection.
    await tree.select('of VM-07');
    await eventually('the question', async () => {
      await page.keyboard.press('Delete');
      return await eventually('it', () => workbench.dialog.isOpen(), answerMs);
    });
    await workbench.dialog.waitFor("Delete snapshot 'of VM-07' of 'VM-07'?");
    await workbench.dialog.press('Cancel');
    assert.equal(await server().snapshotTree('VM-07'), 'of VM-07*');
    await palette.run('vSphere: Clear Filter');
    await palette.run('vSphere: View as Folders');
  });

  it('of 5,200 names from the clipboard: unknown ones, twins, repeated ones and other case', async () => {
    const { workbench } = person();
    const { quickInput, palette } = workbench;
    const known = ['VM-08', 'vm-08', 'VM-08', 'Vm-09', 'SQL01'];
    const unknown = Array.from({ length: 5_200 - known.length }, (_, index) => `GHOST-${index + 1}`);
    await workbench.copy([...known, ...unknown].join('\n'));
    await palette.run('vSphere: Take Snapshots of VMs by Name...');
    await quickInput.waitForStep('Take Snapshots of 4 VMs');
    await quickInput.waitForOption('VM-08');
    assert.deepEqual(
      (await quickInput.options()).map((option) => option.label),
      ['VM-08', 'VM-09', 'SQL01', 'SQL01'],
    );
    const headings = await quickInput.separators();
    console.log(`      ${headings.join(' | ')}`);
    // 4,995 of the lines that are read, and one line about those that are not.
    assert.match(headings[0] ?? '', /^Not found: GHOST-1, GHOST-2, GHOST-3, GHOST-4, GHOST-5 and 4991 more/);
    assert.equal(headings[1], '2 VMs are named SQL01');
    await quickInput.accept();
    // Which SQL01 was meant is for the person to say: neither is ticked.
    await quickInput.waitForStep('Take Snapshots of 2 VMs (1/3)');
    await quickInput.type('by name');
    await quickInput.accept();
    for (const step of [2, 3]) {
      await quickInput.waitForStep(`Take Snapshots of 2 VMs (${step}/3)`);
      await quickInput.accept();
    }
    for (const vm of ['VM-08', 'VM-09']) {
      await eventually(`a snapshot of ${vm}`, async () => (await server().snapshotTree(vm)) === 'by name*');
    }
    await workbench.tree('Recent Tasks').row('Take snapshot – 2 VMs').waitForDescription(/^done/);
  });

  it('of names that are selected in an editor, whatever is on the clipboard', async () => {
    const { workbench } = person();
    const { quickInput, palette, page } = workbench;
    await palette.run('File: New Untitled Text File');
    await page.locator('.editor-instance .monaco-editor').waitFor();
    await page.keyboard.type('VM-10, vm-11');
    await page.keyboard.press('ControlOrMeta+A');
    await workbench.copy('VM-12');
    await palette.run('vSphere: Take Snapshots of VMs by Name...');
    await quickInput.waitForStep('Take Snapshots of 2 VMs');
    await quickInput.waitForOption('VM-10');
    assert.deepEqual(
      (await quickInput.options()).map((option) => option.label),
      ['VM-10', 'VM-11'],
    );
    await quickInput.cancel();
    // The next list comes from the clipboard again.
    await palette.run('View: Revert and Close Editor');
  });

  it('of nothing but unknown names: says so, and asks nothing', async () => {
    const { workbench } = person();
    await workbench.copy('GHOST-1, GHOST-2');
    await workbench.palette.run('vSphere: Take Snapshots of VMs by Name...');
    await workbench.notifications.waitFor('Not found: GHOST-1, GHOST-2.');
    assert.equal(await workbench.quickInput.isOpen(), false);
    await workbench.notifications.clear();
  });

  async function importFile(name: string, content: unknown): Promise<void> {
    const { workbench } = person();
    const file = folder.resolve(name);
    fs.writeFileSync(file, JSON.stringify(content));
    await workbench.palette.run('vSphere: Import Servers...');
    const { quickInput } = workbench;
    await quickInput.waitForStep('Import Servers');
    // It shows a folder first, and what is typed before that is lost.
    await quickInput.waitForOption('..');
    await quickInput.type(file);
    await eventually('the file to be taken', async () => {
      // While the folder of the file is being read, Enter does nothing.
      await quickInput.accept();
      const isTaken = async (): Promise<boolean> =>
        !(await quickInput.isOpen()) || !(await quickInput.options()).some((option) => option.label === '..');
      return await eventually('it', isTaken, answerMs);
    });
  }

  it('of servers in a file: none is taken from one with a mistake, and the entry and the mistake are named', async () => {
    const { workbench } = person();
    const good = { name: 'vc-lyon', address: 'vc-lyon.invalid', user: 'CORP\\jdoe' };
    const document = { format: 'vSphere Snapshots servers', version: 1 };
    await importFile('bad.json', { ...document, servers: [good, { ...good, name: 'vc-rome', readonly: true }] });
    await workbench.notifications.waitFor(
      "The file can't be imported. Server 2 ('vc-rome'): 'readonly' is no field that it can have. Nothing was imported.",
    );
    await importFile('newer.json', { ...document, version: 2, servers: [good] });
    await workbench.notifications.waitFor(/written by a newer version of vSphere Snapshots\. .*Nothing was imported\./);
    const servers = async (): Promise<readonly string[]> =>
      (await workbench.tree('Inventory').rows()).filter((row) => row.level === 1).map((row) => row.label);
    assert.deepEqual(await servers(), [label]);

    await importFile('good.json', { ...document, servers: [good] });
    await workbench.quickInput.waitForOption('vc-lyon');
    await workbench.quickInput.accept();
    await workbench.tree('Inventory').row({ label: 'vc-lyon', level: 1 }).waitFor();
    assert.deepEqual(await servers(), [label, 'vc-lyon']);
  });
});
