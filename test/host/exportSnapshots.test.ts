import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandId, type CommandName } from '../../src/ui/text/commandIds';
import { readCsv } from '../support/readCsv';
import { TemporaryFolder } from '../support/temporaryFolder';

// Exports of the whole product, on the demo.

describe('an export', () => {
  let folder: TemporaryFolder;

  const run = (name: CommandName, argument?: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(commandId(name), argument);

  before(async () => {
    folder = new TemporaryFolder('export');
    await run('exploreDemo');
  });

  after(() => {
    folder.remove();
  });

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
});
