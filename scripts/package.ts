// Packs the extension: a production build, the notices that go with it, one VSIX for all platforms, and a look at what is
// in it. Ends with an error when that is not what it should be.
//   node out/js/scripts/package.js [--out=FILE]     UPDATE_GOLDEN=1 accepts a changed list of files
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { createVSIX } from '@vscode/vsce';

import { runProgram } from '../test/support/processes';
import { repositoryRoot } from '../test/support/repositoryRoot';
import { zipEntries } from '../test/support/zipEntries';
import { bundledPackages, thirdPartyNotices } from './thirdPartyNotices';
import { vsixReadme } from './vsixReadme';

// All that is read and run when VS Code starts the extension: this one file. What it imports later on has files of its own.
const hostBundleLimitBytes = 300_000;
// Closed networks get it by mail and on sticks. Nearly all of it is keytar for eight platforms.
const vsixLimitBytes = 1_000_000;

// Made for the VSIX, in which it takes the place of the repository's.
const readmePath = path.join('dist', 'README.md');

async function build(root: string): Promise<void> {
  // Source maps of a build for development must not be packed.
  fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  await runProgram(process.execPath, ['esbuild.js', '--production'], { cwd: root });
  const bundled = ['extension', 'webview'].flatMap((name) =>
    bundledPackages(JSON.parse(fs.readFileSync(path.join(root, 'out', `${name}.meta.json`), 'utf8'))),
  );
  // keytar is packed beside the bundles instead of in them.
  const packages = [...new Set([...bundled, 'node_modules/keytar'])].sort().map((folder) => path.join(root, folder));
  fs.writeFileSync(path.join(root, 'dist', 'ThirdPartyNotices.txt'), thirdPartyNotices(packages));
  fs.writeFileSync(path.join(root, readmePath), vsixReadme(fs.readFileSync(path.join(root, 'README.md'), 'utf8')));
}

/** What is wrong with a packed extension, one finding a line. */
function findings(root: string, vsix: Buffer): readonly string[] {
  const found: string[] = [];
  const goldenFile = path.join(root, 'scripts', 'vsixFiles.txt');
  const entries = zipEntries(vsix);
  const files = entries.map(({ name }) => name).sort();
  if (process.env['UPDATE_GOLDEN'] === '1') {
    fs.writeFileSync(goldenFile, `${files.join('\n')}\n`);
  }
  const golden = fs.readFileSync(goldenFile, 'utf8').trim().split('\n');
  found.push(...files.filter((name) => !golden.includes(name)).map((name) => `not expected in it: ${name}`));
  found.push(...golden.filter((name) => !files.includes(name)).map((name) => `missing in it: ${name}`));
  const host = entries.find(({ name }) => name === 'extension/dist/extension.js')?.sizeBytes ?? 0;
  if (host > hostBundleLimitBytes) {
    found.push(`dist/extension.js has ${host} bytes; the limit is ${hostBundleLimitBytes}`);
  }
  if (vsix.length > vsixLimitBytes) {
    found.push(`it has ${vsix.length} bytes; the limit is ${vsixLimitBytes}`);
  }
  return found;
}

async function main(): Promise<void> {
  const root = repositoryRoot();
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const packagePath = path.resolve(values.out ?? path.join(root, `${manifest.name}-${manifest.version}.vsix`));
  await build(root);
  await createVSIX({
    cwd: root,
    packagePath,
    readmePath,
    // There is no public repository yet that links could be made to lead to.
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const vsix = fs.readFileSync(packagePath);
  const found = findings(root, vsix);
  if (found.length > 0) {
    throw new Error(`${packagePath} is not what it should be:\n  ${found.join('\n  ')}`);
  }
  console.log(`${packagePath}: ${vsix.length} bytes`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
