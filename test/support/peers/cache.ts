import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { repositoryRoot } from '../repositoryRoot';

/**
 * Path of something that is made once and kept in the checkout, ignored by git.
 *
 * @param inputs - everything that decides what it is; what was made from other inputs lies elsewhere
 */
export function peerCache(name: string, inputs: readonly string[]): string {
  const hash = createHash('sha256').update(inputs.join('\0')).digest('hex').slice(0, 12);
  return path.join(repositoryRoot(), '.vscode-test', 'peers', `${name}-${hash}`);
}

/** Makes `folder` with `make` unless it is there. A half-made one is made again. */
export async function makeOnce(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (fs.existsSync(folder)) {
    return;
  }
  const unfinished = `${folder}.${process.pid}`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { recursive: true });
  try {
    await make(unfinished);
    // Another process may have been quicker; its result is as good.
    if (!fs.existsSync(folder)) {
      fs.renameSync(unfinished, folder);
    }
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}
