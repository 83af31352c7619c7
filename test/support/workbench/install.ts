import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { hasPart, providePart, type Report } from '../machineParts';
import { findProgram } from '../programs';
import { runProgram } from '../processes';
import { repositoryRoot } from '../repositoryRoot';
import { withFileLock } from './fileLock';

/** A workbench that is ready to be started. */
export interface WorkbenchInstallation {
  /** The Node.js that runs it; code-server insists on its major version. */
  readonly node: string;
  /** code-server's main script. */
  readonly entry: string;
  /** Whether extensions' logs reach Output channels. */
  readonly hasLogs: boolean;
}

/** What whoever asks for a workbench needs of it. */
export interface WorkbenchNeeds {
  /**
   * `required`: fails when the native module that writes logs cannot be compiled. `wished`: says so and goes on; Output
   * channels are empty then.
   */
  readonly logs: 'required' | 'wished';
}

// Must be the major version that the pinned code-server asks for in its package.json.
const nodeMajor = 24;

// Of some fifteen native modules these two are missed: without the first nothing is logged, without the second every
// extension host complains that it cannot watch over its parent.
const compiledModules = ['@vscode/spdlog', '@vscode/native-watchdog'];

type Step = 'packages' | 'server' | 'extensions' | 'logs';

interface Stamp {
  readonly lock: string;
  readonly steps: readonly Step[];
}

/**
 * Folder of the installed workbench: inside the checkout and ignored by git, or where WORKBENCH_DIR says, so that several
 * checkouts can share one.
 */
function workbenchFolder(): string {
  return path.resolve(repositoryRoot(), process.env['WORKBENCH_DIR'] ?? '.vscode-test/workbench');
}

/**
 * Installs the pinned workbench from npm unless it is there, and tells where it is.
 *
 * @remarks Takes about a minute the first time. An interrupted installation is taken up where it stopped; two processes
 * may ask at the same time. No install scripts run; the few native modules that are needed are compiled here.
 * @throws Error that names what failed or is missing.
 */
export async function installWorkbench(needs: WorkbenchNeeds, report: Report): Promise<WorkbenchInstallation> {
  const folder = workbenchFolder();
  const source = path.join(repositoryRoot(), 'test', 'support', 'workbench', 'host');
  const lock = createHash('sha256')
    .update(fs.readFileSync(path.join(source, 'package-lock.json')))
    .update([process.platform, process.arch, ...compiledModules].join(' '))
    .digest('hex');
  const isComplete = (): boolean => doneSteps(folder, lock).length === 4;
  if (!isComplete()) {
    await withFileLock(
      `${folder}.lock`,
      (file) => {
        report(`Another process installs the workbench (${file}); waiting for it.`);
      },
      async () => {
        await runSteps(folder, source, lock, needs, report);
      },
    );
  }
  return {
    node: findNode(folder),
    entry: path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
    hasLogs: doneSteps(folder, lock).includes('logs'),
  };
}

async function runSteps(
  folder: string,
  source: string,
  lock: string,
  needs: WorkbenchNeeds,
  report: Report,
): Promise<void> {
  const server = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const step = async (name: Step, what: string, work: () => Promise<boolean>): Promise<void> => {
    const done = doneSteps(folder, lock);
    if (done.includes(name)) {
      return;
    }
    const startedAt = performance.now();
    report(`Workbench: ${what} …`);
    if (await work()) {
      writeStamp(folder, { lock, steps: [...done, name] });
      report(`Workbench: ${what}: done in ${Math.round((performance.now() - startedAt) / 1000)} s`);
    }
  };

  await step('packages', 'code-server and its Node.js', async () => {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      fs.copyFileSync(path.join(source, file), path.join(folder, file));
    }
    await npm(folder, ['ci']);
    // npm says nothing when it cannot download an optional package.
    findNode(folder);
    return true;
  });
  // Not `npm ci`: the shrinkwrap that code-server ships lacks a package that it needs, which `ci` refuses.
  await step('server', 'packages of VS Code', async () => {
    await npm(server, ['install', '--omit=dev']);
    return true;
  });
  await step('extensions', 'packages of its built-in extensions', async () => {
    await npm(path.join(server, 'extensions'), ['install', '--omit=dev']);
    return true;
  });
  await step(
    'logs',
    'compiling what writes its logs',
    async () => await compileLogWriter(folder, server, needs, report),
  );
}

async function compileLogWriter(
  folder: string,
  server: string,
  needs: WorkbenchNeeds,
  report: Report,
): Promise<boolean> {
  const giveUp = (reason: string): false => {
    report(`Output channels of the workbench stay empty: ${reason}`);
    return false;
  };
  if (needs.logs === 'wished' && !hasPart('compiler')) {
    return giveUp('its log writer needs g++, make and python3 to be compiled.');
  }
  if (!(await providePart('compiler', report))) {
    return false;
  }
  // The headers that fit come with the Node.js package; without them node-gyp would download some.
  const headers = path.dirname(path.dirname(findNode(folder)));
  const env = { npm_config_nodedir: headers, npm_package_config_node_gyp_nodedir: headers };
  try {
    await runNpm(server, ['rebuild', ...compiledModules], env);
  } catch (error) {
    if (needs.logs === 'wished') {
      return giveUp(error instanceof Error ? error.message : String(error));
    }
    throw error;
  }
  return true;
}

async function npm(folder: string, args: readonly string[]): Promise<void> {
  await runNpm(folder, [...args, '--ignore-scripts', '--no-audit', '--no-fund']);
}

async function runNpm(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  // Under `npm run`, the npm that runs is the npm to use.
  const script = process.env['npm_execpath'];
  const [command, first] = script?.endsWith('.js') === true ? [process.execPath, [script]] : ['npm', []];
  await runProgram(command, [...first, ...args], { cwd: folder, env: { ...process.env, ...env } });
}

function findNode(folder: string): string {
  const packaged = path.join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  const own = Number(process.versions.node.split('.')[0]) === nodeMajor ? process.execPath : undefined;
  const node = findProgram(packaged) ?? own;
  if (node === undefined) {
    throw new Error(
      `The workbench needs Node.js ${nodeMajor}, and npm has none for ${process.platform}-${process.arch}. ` +
        `Run this with Node.js ${nodeMajor}.`,
    );
  }
  return node;
}

function stampFile(folder: string): string {
  return path.join(folder, 'installed.json');
}

function writeStamp(folder: string, stamp: Stamp): void {
  const file = stampFile(folder);
  // Renaming is atomic: an interrupted write must not leave half a stamp.
  fs.writeFileSync(`${file}.new`, JSON.stringify(stamp));
  fs.renameSync(`${file}.new`, file);
}

function doneSteps(folder: string, lock: string): readonly Step[] {
  const file = stampFile(folder);
  if (!fs.existsSync(file)) {
    return [];
  }
  const stamp = JSON.parse(fs.readFileSync(file, 'utf8')) as Stamp;
  return stamp.lock === lock ? stamp.steps : [];
}
