import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readManifest, readManifestTexts } from '../../support/manifest';
import { repositoryRoot } from '../../support/repositoryRoot';
import { settingsTable } from '../../support/settingsTable';

const root = repositoryRoot();
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

const documents = [
  ...fs.readdirSync(root).filter((name) => name.endsWith('.md')),
  ...fs
    .readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

// A path of the project in backticks, from the root or from `src`, perhaps with a pattern in it: `src/vsphere/vim/*.ts`.
const quoted = /`([\w.-]+(?:\/[\w.*{},-]*)+|[\w.-]+\.(?:json|mjs|js))`/g;
const entries = { root: fs.readdirSync(root), src: fs.readdirSync(path.join(root, 'src')) };
// Made by builds and by running, and ignored by git.
const notInCheckout = ['out', 'dist', 'node_modules', '.vscode-test'];

function projectPaths(markdown: string): string[] {
  return [...markdown.matchAll(quoted)].flatMap(([, name = '']) => {
    const [first = ''] = name.split('/');
    if (notInCheckout.includes(first)) {
      return [];
    }
    if (entries.root.includes(first) || !name.includes('/')) {
      return [name];
    }
    return entries.src.includes(first) ? [`src/${name}`] : [];
  });
}

describe('documents', () => {
  it('are those of a project that people can enter', () => {
    for (const name of ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/testing.md']) {
      assert.ok(documents.includes(name), name);
    }
  });

  for (const document of documents) {
    it(`${document} leads to files that exist`, () => {
      const links = [...read(document).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)]
        .map(([, link, attribute]) => link ?? attribute ?? '')
        .filter((link) => !/^[a-z]+:/.test(link));
      const missing = links.filter((link) => {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? document : path.join(path.dirname(document), file);
        return (
          !fs.existsSync(path.join(root, target)) || (anchor !== undefined && !anchorsOf(read(target)).includes(anchor))
        );
      });
      assert.deepEqual(missing, []);
    });

    it(`${document} names paths that exist`, () => {
      const missing = projectPaths(read(document)).filter((name) => !exists(name));
      assert.deepEqual(missing, []);
    });

    it(`${document} names scripts that exist`, () => {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
      const named = [...read(document).matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(test)\b)/g)]
        .map(([, script, test]) => script ?? test ?? '')
        .filter((script) => scripts[script] === undefined);
      assert.deepEqual(named, []);
    });
  }

  it('README.md has the settings of the manifest', () => {
    const parts = /^(.*<!-- settings[^\n]*-->\n)(.*)(<!-- \/settings -->.*)$/s.exec(read('README.md'));
    assert.ok(parts !== null);
    const [, before = '', table = '', after = ''] = parts;
    const wanted = `\n${settingsTable(readManifest(), readManifestTexts())}\n\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') {
      fs.writeFileSync(path.join(root, 'README.md'), `${before}${wanted}${after}`);
      return;
    }
    assert.equal(table, wanted);
  });

  it('README.md names every privilege that an operation needs', () => {
    const readme = read('README.md');
    const source = read('src/vsphere/vm/privileges.ts');
    const labels = read('src/vsphere/faults/privilegeLabels.ts');
    const needed = [...source.matchAll(/'((?:VirtualMachine)\.[\w.]+)'/g)].map(([, id]) => id ?? '');
    assert.ok(needed.length > 0);
    for (const id of new Set(needed)) {
      const label = new RegExp(`'${id}':\\s+return l10n\\.t\\('([^']+)'\\)`).exec(labels)?.[1];
      assert.ok(label !== undefined && readme.includes(label), id);
    }
  });

  it('CHANGELOG.md is kept as changelogs are', () => {
    const headings = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading ?? '');
    assert.equal(headings[0], '[Unreleased]');
    for (const heading of headings.slice(1)) {
      assert.match(heading, /^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/);
    }
    const kinds = [...read('CHANGELOG.md').matchAll(/^### (.+)$/gm)].map(([, kind]) => kind ?? '');
    const known = new Set(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']);
    assert.deepEqual(
      kinds.filter((kind) => !known.has(kind)),
      [],
    );
  });
});

/** As the usual viewers make them of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** Whether a path, with `*` for any text and `{a,b}` for one of several, names anything. */
function exists(name: string): boolean {
  const [, options] = /\{([^}]+)\}/.exec(name) ?? [];
  if (options !== undefined) {
    return options.split(',').every((option) => exists(name.replace(/\{[^}]+\}/, option)));
  }
  if (!name.includes('*')) {
    return fs.existsSync(path.join(root, name));
  }
  const folder = path.join(root, path.dirname(name.slice(0, name.indexOf('*'))));
  const wanted = new RegExp(`^${path.join(root, name).replace(/[.+]/g, '\\$&').replace(/\*+/g, '.*')}$`);
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .some((file) => wanted.test(path.join(folder, file)));
}
