import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { managerLabels } from '../../../src/ui/text/manager/managerLabels';
import { readMessage } from '../../../src/webview/protocol/readMessage';
import { toHost, type ToHost } from '../../../src/webview/protocol/toHost';
import { toPage } from '../../../src/webview/protocol/toPage';
import { readRemembered, toRemember, viewOf } from '../../../src/webview/remembered';
import { repositoryRoot } from '../../support/repositoryRoot';

const good: readonly ToHost[] = [
  { type: 'ready' },
  { type: 'select', id: null },
  { type: 'select', id: 'VirtualMachineSnapshot:snapshot-1' },
  { type: 'vmAct', act: 'take' },
  { type: 'preview', kind: 'deleteAll', id: null },
  { type: 'go', preview: 3 },
  { type: 'edit', id: 'x', revision: 1, name: 'n', description: '' },
  { type: 'compare', id: 'x', with: '*present' },
  { type: 'help', id: 'retry' },
];

describe('messages of the page', () => {
  it('are read when they fit', () => {
    for (const message of good) {
      assert.deepEqual(readMessage(toHost, structuredClone(message)), { message });
    }
  });

  it('are refused when anything is wrong, and the reason repeats nothing of them', () => {
    const bad: readonly unknown[] = [
      undefined,
      null,
      'ready',
      [],
      {},
      { type: 'ready', more: 1 },
      { type: 'select' },
      { type: 'select', id: '' },
      { type: 'select', id: 'x'.repeat(501) },
      { type: 'vmAct', act: 'deleteAll' },
      { type: 'preview', kind: 'powerOff', id: null },
      { type: 'go', preview: -1 },
      { type: 'go', preview: 1.5 },
      { type: 'edit', id: 'x', revision: 1, name: 'n'.repeat(200_001), description: '' },
      { type: 'trouble', text: 'secret'.repeat(1_000) },
    ];
    for (const message of bad) {
      const reading = readMessage(toHost, message);
      assert.ok('refused' in reading, String(JSON.stringify(message)).slice(0, 100));
      assert.doesNotMatch(reading.refused, /secret|nnn/);
    }
  });

  it('are read without a throw, whatever they do', () => {
    const trap = {
      get type(): string {
        throw new Error('trap');
      },
    };
    assert.deepEqual(readMessage(toHost, trap), { refused: 'unreadable' });
  });

  it('to the page are refused with a part that nobody knows', () => {
    assert.ok('message' in readMessage(toPage, { type: 'update', parts: { labels: managerLabels() } }));
    assert.ok('refused' in readMessage(toPage, { type: 'update', parts: { script: 'x' } }));
    assert.ok('refused' in readMessage(toPage, { type: 'update', parts: { labels: { take: 'x' } } }));
  });
});

describe('what the page remembers', () => {
  it('comes back, and something else does not', () => {
    const view = { selected: 'b', collapsed: new Set(['a']), sorting: undefined, widths: { name: 300 } };
    const kept = JSON.parse(
      JSON.stringify(toRemember({ server: 's', isDemo: false, vm: 'v', name: 'n' }, view)),
    ) as unknown;
    assert.deepEqual(viewOf(readRemembered(kept)), view);
    assert.equal(readRemembered(kept).vm?.vm, 'v');
    for (const foreign of [undefined, null, 'x', { view: { selected: 1 } }, { view: 'x' }]) {
      assert.equal(viewOf(readRemembered(foreign)).selected, null);
    }
  });
});

describe('icons of the page', () => {
  const styles = fs.readFileSync(path.join(repositoryRoot(), 'src', 'webview', 'manager.css'), 'utf8');
  const font = fs.readFileSync(require.resolve('@vscode/codicons/dist/codicon.css'), 'utf8');
  const defined = new Map(
    [...styles.matchAll(/\.codicon-([a-z-]+)::before \{\s*content: '\\([0-9a-f]+)'/g)].map(([, name, code]) => [
      name,
      code,
    ]),
  );

  it('are those of the font', () => {
    assert.ok(defined.size > 20);
    for (const [name, code] of defined) {
      assert.ok(font.includes(`.codicon-${name}:before { content: "\\${code}" }`), `${name}: ${code}`);
    }
  });

  it('are all there: every icon that page and extension name', () => {
    const files = ['src/webview/views', 'src/ui/text/manager'].flatMap((folder) =>
      fs.readdirSync(path.join(repositoryRoot(), folder)).map((file) => path.join(repositoryRoot(), folder, file)),
    );
    const text = files.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
    const named = [
      ...text.matchAll(/icon\('([a-z-]+)'/g),
      ...text.matchAll(/icon: (?:\w+ \? )?'([a-z-]+)'/g),
      ...text.matchAll(/button\('\w+', '([a-z-]+)'/g),
      ...text.matchAll(/vmButton\(page, '\w+', '([a-z-]+)'/g),
      ...text.matchAll(/return '(vm(?:-[a-z]+)?)'/g),
    ].map(([, name]) => name);
    assert.ok(named.length > 15);
    for (const name of new Set(named)) {
      assert.ok(defined.has(name), name);
    }
  });
});
