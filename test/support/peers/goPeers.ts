import fs from 'node:fs';
import path from 'node:path';

import { requirePart } from '../allowMissing';
import type { Report } from '../machineParts';
import { runProgram } from '../processes';
import { findProgram } from '../programs';
import { repositoryRoot } from '../repositoryRoot';
import { TemporaryFolder } from '../temporaryFolder';
import { makeOnce, peerCache } from './cache';

/** VMware's own programs that speak vim25. */
export interface GoPeers {
  /** VMware's simulator of a vCenter. */
  readonly vcsim: string;
  /** VMware's command line. */
  readonly govc: string;
  /** Version of the module from which they were built; `PATH` when they were found ready. */
  readonly version: string;
}

const moduleName = 'github.com/vmware/govmomi';

/**
 * Provides vcsim and govc: built from the pinned module with Go, else those on the PATH.
 *
 * @param newest - build the newest release that the module proxy has instead of the pinned one
 * @returns undefined when neither is there and they may be missing.
 */
export async function provideGoPeers(newest: boolean, report: Report): Promise<GoPeers | undefined> {
  const go = findProgram('go', '/usr/local/go/bin/go');
  if (go !== undefined) {
    return await buildPeers(go, newest, report);
  }
  const vcsim = findProgram('vcsim');
  const govc = findProgram('govc');
  requirePart(
    'go',
    vcsim !== undefined && govc !== undefined,
    'Install Go 1.25 or later, or put vcsim and govc on the PATH.',
  );
  return vcsim === undefined || govc === undefined ? undefined : { vcsim, govc, version: 'PATH' };
}

async function buildPeers(go: string, newest: boolean, report: Report): Promise<GoPeers> {
  const source = path.join(repositoryRoot(), 'test', 'conformance', 'peers');
  const files = ['go.mod', 'go.sum', 'vcsim/main.go', 'govc/main.go'];
  const pinned = pinnedVersion(fs.readFileSync(path.join(source, 'go.mod'), 'utf8'));
  const version = newest ? await newestVersion(go, pinned, report) : pinned;
  const folder = peerCache('govmomi', [
    version,
    ...files.map((file) => fs.readFileSync(path.join(source, file), 'utf8')),
  ]);
  await makeOnce(folder, async (target) => {
    report(`Building vcsim and govc from ${moduleName} ${version} …`);
    const copy = new TemporaryFolder('peers');
    try {
      for (const file of files) {
        fs.copyFileSync(path.join(source, file), copy.resolve(file));
      }
      const run = async (...args: readonly string[]): Promise<unknown> =>
        await runProgram(go, args, { cwd: copy.path, env: goEnvironment() });
      if (version !== pinned) {
        await run('get', `${moduleName}@${version}`);
        await run('mod', 'tidy');
      }
      await run('build', '-trimpath', '-o', `${target}${path.sep}`, './vcsim', './govc');
    } finally {
      copy.remove();
    }
  });
  return { vcsim: path.join(folder, 'vcsim'), govc: path.join(folder, 'govc'), version };
}

/** Nothing that the person set for other projects: no workspace, no vendored packages, no flags. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOWORK: 'off', GOFLAGS: '' };
}

function pinnedVersion(goMod: string): string {
  const version = new RegExp(`${moduleName} (v\\S+)`).exec(goMod)?.[1];
  if (version === undefined) {
    throw new Error(`go.mod of the conformance peers does not require ${moduleName}.`);
  }
  return version;
}

/**
 * The newest release from the pinned one on. Asks for one version after the other: a proxy need not list all versions
 * that it serves, and calls the newest of its list the latest.
 */
async function newestVersion(go: string, pinned: string, report: Report): Promise<string> {
  const [, major = '0', minor = '0', patch = '0'] = /^v(\d+)\.(\d+)\.(\d+)/.exec(pinned) ?? [];
  let newest = { minor: Number(minor), patch: Number(patch) };
  const name = (version: typeof newest): string => `v${major}.${version.minor}.${version.patch}`;
  for (;;) {
    const candidates = [
      { minor: newest.minor + 1, patch: 0 },
      { minor: newest.minor, patch: newest.patch + 1 },
    ];
    const found = await Promise.all(candidates.map(async (candidate) => await isServed(go, name(candidate))));
    const next = candidates[found.indexOf(true)];
    if (next === undefined) {
      break;
    }
    newest = next;
  }
  report(name(newest) === pinned ? `${pinned} is the newest ${moduleName}.` : `Newest ${moduleName}: ${name(newest)}.`);
  return name(newest);
}

async function isServed(go: string, version: string): Promise<boolean> {
  const folder = new TemporaryFolder('go');
  try {
    await runProgram(go, ['list', '-m', `${moduleName}@${version}`], { cwd: folder.path, env: goEnvironment() });
    return true;
  } catch (error) {
    if (error instanceof Error && /unknown revision|not found|not available|40[34]|410/i.test(error.message)) {
      return false;
    }
    throw error;
  } finally {
    folder.remove();
  }
}
