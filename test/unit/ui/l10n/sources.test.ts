import assert from 'node:assert/strict';
import { localizedTexts, textsThatBypass } from '../../../support/sourceTexts';

const folders = ['src/ui', 'src/servers', 'src/operations', 'src/hypervisor', 'src/vsphere'];

/** What reads like words and is rightly not looked up. */
const exceptions: readonly { readonly file: RegExp; readonly text: RegExp; readonly why: string }[] = [
  { file: /./, text: /^vSphere Snapshots$|<title>vSphere Snapshots</, why: 'the name of the product' },
  { file: /exportFlow\.ts$/, text: /^(CSV|JSON|Markdown)$/, why: 'names of formats' },
  { file: /settingRules\.ts$/, text: /^(VEEAM|Consolidate Helper)/, why: 'names that products give to snapshots' },
  { file: /takeQuestions\.ts$/, text: /^Taken by \{\}$/, why: 'written to the server, and read there by everybody' },
  { file: /editorCancellation\.ts$/, text: /^Canceled$/, why: 'the name of an error of the editor' },
  {
    file: /diagnosticsText\.ts$|collectDiagnostics\.ts$/,
    text: /^(Versions|Servers|Settings that were changed|Log of this window|Journal of operations|vSphere Snapshots, diagnostics of \{\}|It could not be read; the log says why\.)$/,
    why: 'what goes to whoever helps, and is in English as the log is',
  },
  {
    file: /src\/ui\/manager\//,
    text: /^[a-z][a-zA-Z {}]+$/,
    why: 'what a message of the page is refused for, in the log',
  },
];

describe('texts in the sources', () => {
  const texts = localizedTexts(...folders);

  it('are written out where they are looked up, so that they can be translated', () => {
    assert.ok(texts.length > 300, `only ${texts.length} were found`);
    assert.deepEqual(
      texts.filter(({ text }) => text === undefined),
      [],
    );
  });

  it('have a place for each value that is put into them, and a value for each place', () => {
    for (const { where, text = '', values } of texts) {
      if (where.includes('managerLabels.ts') && values === 0) {
        // Goes to the page as it is, which puts the value in.
        continue;
      }
      const places = new Set([...text.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name));
      const expected = Array.from({ length: values ?? places.size }, (_, index) => String(index));
      assert.deepEqual([...places].sort(), expected, `${where}: ${text}`);
    }
  });

  it('hold no icons, links or line breaks: a translation must not have to keep them', () => {
    for (const { where, text = '' } of texts) {
      assert.doesNotMatch(text, /\$\(|\]\(|[\n\t]|^ | $|…/, `${where}: ${text}`);
    }
  });

  it('are looked up when a person reads them', () => {
    assert.deepEqual(
      textsThatBypass('src/ui').filter(
        ({ where, text }) =>
          !exceptions.some((each) => each.file.test(where.replace(/:\d+$/, '')) && each.text.test(text)),
      ),
      [],
    );
  });
});
