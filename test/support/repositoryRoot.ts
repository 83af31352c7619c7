import fs from 'node:fs';
import path from 'node:path';

const packageName = 'vsphere-snapshots';

/**
 * Folder of the checkout: the nearest one above this file, or above the working directory when this file was compiled
 * to somewhere else, whose package.json is this project's.
 */
export function repositoryRoot(): string {
  for (const start of [__dirname, process.cwd()]) {
    for (let folder = start; ; folder = path.dirname(folder)) {
      if (isRoot(folder)) {
        return folder;
      }
      if (folder === path.dirname(folder)) {
        break;
      }
    }
  }
  throw new Error(`No package.json of ${packageName} above ${__dirname} or ${process.cwd()}.`);
}

function isRoot(folder: string): boolean {
  const file = path.join(folder, 'package.json');
  if (!fs.existsSync(file)) {
    return false;
  }
  const manifest: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'name' in manifest && manifest.name === packageName;
}
