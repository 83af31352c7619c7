import assert from 'node:assert/strict';
import fs from 'node:fs';

import type { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { gatherReport } from '../../src/hypervisor/report/gatherReport';
import { toSnapshotCsv } from '../../src/hypervisor/report/snapshotCsv';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { Simulator } from '../../src/simulator/simulator';
import { connectAs } from '../support/clientRig';
import { eventually } from '../support/eventually';
import { runProgram } from '../support/processes';
import { readCsv } from '../support/readCsv';
import { ScriptedConnection } from '../support/scriptedHypervisor';
import { TemporaryFolder } from '../support/temporaryFolder';

/** Names that a spreadsheet would compute, follow, or read as the end of a cell. */
const hostileNames = [
  '=1+1',
  '=HYPERLINK("http://evil.example","click")',
  "=cmd|' /C calc'!A0",
  '+1',
  '-2+3',
  '@SUM(1)',
  ' =1+1',
  '＝1+1',
  '\u00a0=1',
  'a,b;c',
  'say "hi"',
  'two\nlines',
  "'quoted",
  'Überprüfung 日本 😀',
  '<b>&amp;',
];

interface Cell {
  readonly type: string;
  readonly text: string;
  readonly hasFormula: boolean;
}

const office = process.env['PEER_OFFICE'];
if (office !== undefined) {
  describe('LibreOffice', () => {
    it('opens an export as the table that it is, and takes no name for a formula', async () => {
      const names = hostileNames.map((name, index) => ({ name, ageDays: index + 1 }));
      const csv = await exportOf(names);
      const written = readCsv(csv);
      const read = await openInOffice(office, csv);
      assert.equal(read.length, written.length);
      assert.equal(read.length, names.length + 1);
      const width = written[0]?.length;
      for (const [index, row] of read.entries()) {
        assert.equal(row.length, width, `row ${index}`);
        for (const [column, cell] of row.entries()) {
          assert.equal(cell.hasFormula, false, cell.text);
          if (cell.type === 'string') {
            assert.equal(cell.text, written[index]?.[column]);
          }
        }
      }
      const column = written[0]?.indexOf('Name') ?? -1;
      const shown = read.slice(1).map((row) => row[column]);
      for (const [index, name] of hostileNames.entries()) {
        assert.equal(shown[index]?.type, 'string', name);
        // An apostrophe in front is what takes a formula its power.
        assert.ok([name, `'${name}`].includes(shown[index].text), `${name} became ${shown[index].text}`);
      }
    });
  });
}

/** The CSV of an embedded vCenter with a VM for each snapshot, which are named alike. */
async function exportOf(snapshots: readonly { readonly name: string; readonly ageDays: number }[]): Promise<string> {
  const simulator = await Simulator.start({
    inventory: smallInventory(snapshots.map((each) => ({ name: `VM ${each.name}`, snapshots: [each] }))),
  });
  const client = await connectAs(simulator);
  const abort = new AbortController();
  const connection = new ScriptedConnection(client);
  const store: InventoryStore = connection.inventory;
  const feed = client.watchInventory(store, abort.signal);
  try {
    await eventually('the inventory', () => store.isComplete);
    const vms = [...store.allVms()].map((vm) => ({ vm }));
    const scope = { connection, address: 'vc', vms };
    const rules = { nowMs: Date.now(), creatorIn: () => undefined };
    const { rows, gaps } = await gatherReport([scope], rules, () => undefined);
    assert.deepEqual(gaps, []);
    const inOrder = snapshots.flatMap(({ name }) => rows.filter(({ snapshotName }) => snapshotName === name));
    return toSnapshotCsv(inOrder, (atMs) => new Date(atMs).toISOString().slice(0, 19).replace('T', ' '));
  } finally {
    abort.abort();
    await feed;
    await client.close();
    await simulator.stop();
  }
}

/** Has LibreOffice open a CSV and write what it has understood, as XML. */
async function openInOffice(program: string, csv: string): Promise<Cell[][]> {
  const folder = new TemporaryFolder('office');
  try {
    const file = folder.resolve('export.csv');
    fs.writeFileSync(file, csv);
    // A profile of its own: another LibreOffice of this person would be asked to do it otherwise, and does not.
    const profile = `-env:UserInstallation=file://${folder.resolve('profile', 'x')}`;
    // Commas, quotes, UTF-8, from the first line: what its dialog suggests for such a file. Without a dialog it does not
    // look at the byte order mark, but takes the code page of the machine.
    const input = '--infilter=Text - txt - csv (StarCalc):44,34,76,1';
    const output = ['--convert-to', 'fods', '--outdir', folder.path];
    await runProgram(program, [profile, '--headless', input, ...output, file]);
    return rowsOf(fs.readFileSync(folder.resolve('export.fods'), 'utf8'));
  } finally {
    folder.remove();
  }
}

/** The rows of a sheet in the flat OpenDocument format, without the empty ones that stand for the rest of the sheet. */
function rowsOf(document: string): Cell[][] {
  const rows = [...document.matchAll(/<table:table-row\b[^>]*>(.*?)<\/table:table-row>/gs)].map(([, content = '']) =>
    [...content.matchAll(/<table:(?:covered-)?table-cell\b([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs)].flatMap(
      ([, attributes = '', inner = '']): Cell[] => {
        const repeated = Number(/number-columns-repeated="(\d+)"/.exec(attributes)?.[1] ?? '1');
        const type = /office:value-type="(\w+)"/.exec(attributes)?.[1] ?? 'empty';
        const cell = { type, text: textOf(inner), hasFormula: attributes.includes('table:formula=') };
        // What fills up the width of the sheet.
        return repeated > 1_000 ? [] : Array.from({ length: repeated }, () => cell);
      },
    ),
  );
  return rows.filter((row) => row.some(({ type }) => type !== 'empty'));
}

function textOf(inner: string): string {
  return [...inner.matchAll(/<text:p\b[^>]*?(?:\/>|>(.*?)<\/text:p>)/gs)]
    .map(([, paragraph = '']) =>
      paragraph
        .replace(/<text:s(?: text:c="(\d+)")?\/>/g, (_, count?: string) => ' '.repeat(Number(count ?? '1')))
        .replace(/<[^>]*>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&apos;', "'")
        .replaceAll('&amp;', '&'),
    )
    .join('\n');
}
