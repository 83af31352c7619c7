import fs from 'node:fs';
import path from 'node:path';

import { providePart, type Report } from '../machineParts';
import { runProgram } from '../processes';
import { findProgram } from '../programs';
import { repositoryRoot } from '../repositoryRoot';
import { makeOnce, peerCache } from './cache';

/**
 * Provides a Python that has pyVmomi, VMware's own SDK, in an environment of its own.
 *
 * @param newest - install the newest release instead of the pinned one
 * @returns path of the interpreter; undefined when there is no Python and it may be missing.
 */
export async function providePythonPeer(newest: boolean, report: Report): Promise<string | undefined> {
  if (!(await providePart('python', report))) {
    return undefined;
  }
  const python = findProgram('python3') ?? 'python3';
  const requirements = path.join(repositoryRoot(), 'test', 'conformance', 'peers', 'requirements.txt');
  const { stdout: version } = await runProgram(python, ['--version']);
  // The newest of today is not that of tomorrow.
  const what = newest ? `newest ${new Date().toISOString().slice(0, 10)}` : fs.readFileSync(requirements, 'utf8');
  const folder = peerCache('python', [version, what]);
  // An environment has its own path written into it, so it is made in place; what is made last is a mark.
  await makeOnce(path.join(folder, 'complete'), async () => {
    report(`Installing pyVmomi (${newest ? 'newest' : 'pinned'}) …`);
    await runProgram(python, ['-m', 'venv', folder]);
    await runProgram(path.join(folder, 'bin', 'pip'), [
      ...['install', '--quiet', '--disable-pip-version-check', '--no-input'],
      ...(newest ? ['--upgrade', 'pyvmomi'] : ['--require-hashes', '--requirement', requirements]),
    ]);
  });
  return path.join(folder, 'bin', 'python');
}
