// Collects what people read from the sources into l10n/bundle.l10n.json, from which translations are made.
//   node out/js/scripts/l10n.js [--check]     --check: changes nothing, and fails when the file is not what it would write
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { getL10nJson } from '@vscode/l10n-dev';

import { repositoryRoot } from '../test/support/repositoryRoot';

/** Sources that can hold texts: looking into the others takes most of the time. */
function sourcesWithTexts(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))
    .filter((contents) => contents.includes('l10n.t('));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
  const root = repositoryRoot();
  const texts = await getL10nJson(
    sourcesWithTexts(path.join(root, 'src')).map((contents) => ({ extension: '.ts', contents })),
  );
  // Sorted: otherwise the order would be that in which a file system lists its files.
  const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  const bundle = `${JSON.stringify(sorted, undefined, 2)}\n`;
  const file = path.join(root, 'l10n', 'bundle.l10n.json');
  if (values.check === true) {
    if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== bundle) {
      throw new Error(`${path.relative(root, file)} is not current: run \`npm run l10n\` and commit it.`);
    }
    return;
  }
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bundle);
  console.log(`${Object.keys(sorted).length} texts.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
