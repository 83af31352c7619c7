import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandId, type CommandName } from '../../src/ui/text/commandIds';
import { eventually } from '../support/eventually';
import { readCsv } from '../support/readCsv';
import { TemporaryFolder } from '../support/temporaryFolder';
import { QuickInputHand } from './quickInputs';

// Layouts, filters and exports of the whole product, on the demo.

describe('the views of the inventory', () => {
  let hand: QuickInputHand;
  let folder: TemporaryFolder;

  const run = (name: CommandName, argument?: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(commandId(name), argument);

  before(async () => {
    folder = new TemporaryFolder('export');
    await run('exploreDemo');
  });

  after(async () => {
    await run('clearFilter');
    await run('viewAsFolders');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    folder.remove();
  });

  beforeEach(() => {
    hand = new QuickInputHand();
  });

  afterEach(async () => {
    await hand.cancel();
    hand.dispose();
  });

  async function tick(...labels: readonly string[]): Promise<void> {
    const list = await hand.pick('Filter');
    list.selectedItems = list.items.filter(({ label }) => labels.includes(label));
    assert.equal(list.selectedItems.length, labels.length);
    await hand.accept();
  }

  async function choose(title: string, label: string): Promise<void> {
    const list = await hand.pick(title);
    const item = list.items.find((each) => each.label === label);
    assert.ok(item, `${label} is not among ${list.items.map((each) => each.label).join(', ')}`);
    list.activeItems = [item];
    await eventually(`'${label}' to be active`, () => list.activeItems[0] === item);
    await hand.accept();
  }

  async function readFile(file: vscode.Uri): Promise<string> {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(file));
  }

  it('exports all that the servers have into the file that it is told', async () => {
    const csv = vscode.Uri.file(folder.resolve('all.csv'));
    await run('exportSnapshots', csv);
    const table = readCsv(await readFile(csv));
    assert.ok(table.length > 50);
    const sql = table.find(([vm, , name]) => vm === 'SQL01' && name === 'before KB5034');
    assert.ok(sql);
    const value = (title: string): string | undefined => sql[table[0]?.indexOf(title) ?? -1];
    assert.match(value('Filename') ?? '', /^\[.+\] .+\.vmsn$/);
    assert.match(value('Size MiB (vmsn)') ?? '', /^\d+(\.\d+)?$/);
    assert.match(value('VM ID') ?? '', /^vm-\d+$/);
    assert.match(value('Snapshot id') ?? '', /^snapshot-\d+$/);
    assert.match(value('VM UUID') ?? '', /^[0-9a-f-]{36}$/);
    assert.match(value('VI SDK UUID') ?? '', /^[0-9a-f-]{36}$/);
    assert.match(value('Date / time') ?? '', /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/);
    assert.equal(value('Age days'), '41');
    const json = vscode.Uri.file(folder.resolve('all.json'));
    await run('exportSnapshots', json);
    const read = JSON.parse(await readFile(json)) as { snapshots: unknown[] };
    assert.equal(read.snapshots.length, table.length - 1);
  });

  it('exports what the filter shows into an editor', async () => {
    const filtering = run('filter');
    await tick('Name...', 'Has snapshots');
    const box = await hand.box('Filter (2/2)');
    box.value = 'sql02';
    await hand.accept();
    await filtering;
    const exporting = run('exportSnapshots');
    await choose('Export Snapshots (1/3)', 'What the filter shows: sql02, has snapshots');
    await choose('Export Snapshots (2/3)', 'Markdown');
    await choose('Export Snapshots (3/3)', 'Open in an Editor');
    await exporting;
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, 'markdown');
    const rows = document
      .getText()
      .split('\n')
      .filter((line) => line.startsWith('| SQL02 |'));
    assert.ok(rows.length > 0);
    assert.match(document.getText(), / VMs: 1\. /);
  });

  it('remembers a filter for the trees and another one for the list, and clears them one at a time', async () => {
    const ticked = async (): Promise<string[]> => {
      const asking = run('changeFilter');
      const list = await hand.pick('Filter');
      const labels = list.selectedItems.map(({ label }) => label);
      await hand.cancel();
      await asking;
      return labels;
    };
    await run('clearFilter');
    await run('viewAsAllSnapshots');
    const filtering = run('filter');
    await tick('Snapshot older than...');
    const box = await hand.box('Filter (2/2)');
    assert.equal(box.value, '30');
    await hand.accept();
    await filtering;
    assert.deepEqual(await ticked(), ['Snapshot older than...']);
    await run('showNeedsConsolidation');
    assert.deepEqual(await ticked(), ['Needs consolidation']);
    await run('clearFilter');
    assert.deepEqual(await ticked(), []);
    await run('viewAsAllSnapshots');
    assert.deepEqual(await ticked(), ['Snapshot older than...']);
    await run('clearFilter');
    assert.deepEqual(await ticked(), []);
  });

  it('says what a filter by size asks for, and takes no other value', async () => {
    await run('viewAsFolders');
    const filtering = run('filter');
    await tick('Snapshots larger than...');
    const box = await hand.box('Filter (2/2)');
    box.value = 'much';
    await eventually('the complaint', () => {
      assert.match(JSON.stringify(box.validationMessage), /Enter a whole number from 1 to 1000000\./);
    });
    box.value = '1';
    await hand.accept();
    await filtering;
    const exporting = run('exportSnapshots');
    const list = await hand.pick('Export Snapshots (1/3)');
    // The sizes of what nobody has opened have been read for it.
    const [shown] = list.items;
    assert.equal(shown?.label, 'What the filter shows: larger than 1 GB');
    assert.match(shown.description ?? '', /^VMs: [1-9]\d*$/);
    await hand.cancel();
    await exporting;
    await run('clearFilter');
  });
});
