import fs from 'node:fs';
import path from 'node:path';

import { eventually } from '../eventually';
import { ProcessGroup, runProgram } from '../processes';
import { commandLineOf, descendantsOf } from '../processTree';
import { TemporaryFolder } from '../temporaryFolder';
import type { WorkbenchInstallation } from './install';
import { quietSettings } from './quietSettings';
import { readUserSettings, writeUserSettings, type WorkbenchSettings } from './userSettings';

/** How a workbench is started. */
export interface WorkbenchOptions {
  /** Folders of extensions, used where they lie. */
  readonly extensionFolders?: readonly string[];
  /** Packed extensions, installed as a person would. */
  readonly vsixFiles?: readonly string[];
  /** User settings on top of {@link quietSettings} and of those in `userDataFolder`. */
  readonly settings?: WorkbenchSettings;
  /** Added to the environment of the server and of its extension hosts. */
  readonly env?: NodeJS.ProcessEnv;
  /** TCP port on loopback; a free one when left out. */
  readonly port?: number;
  /** Folder with the settings and state of a person; a new one when left out. */
  readonly userDataFolder?: string;
  /** Ends by itself when nobody was connected for so long; never when left out. */
  readonly idleLimitSeconds?: number;
}

// It answers after about a second; a loaded machine may need many times that.
const startDeadlineMs = 60_000;
const shownLogCharacters = 3_000;

/** A running workbench server with folders of its own, on loopback. */
export class WorkbenchServer {
  private constructor(
    /** Address to open in a browser, without a slash at its end. */
    readonly url: string,
    private readonly process: ProcessGroup,
    private readonly folder: TemporaryFolder,
    private readonly logFile: string,
    /** Where settings and state of the person lie. */
    readonly userDataFolder: string,
  ) {}

  /**
   * Starts a server.
   * @throws Error with the end of its log when it ends or does not answer in time; nothing of it is left then.
   */
  static async start(installation: WorkbenchInstallation, options: WorkbenchOptions = {}): Promise<WorkbenchServer> {
    const folder = new TemporaryFolder('workbench');
    const userDataFolder = options.userDataFolder ?? folder.resolve('user-data');
    const logFile = folder.resolve('server.log');
    try {
      const server = await startProcess(installation, folder, userDataFolder, logFile, options);
      const url = await readyAddress(server, logFile);
      return new WorkbenchServer(url, server, folder, logFile, userDataFolder);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  /** Address that opens a folder, or an empty window. */
  addressOf(workspaceFolder?: string): string {
    return workspaceFolder === undefined
      ? `${this.url}/?ew=true`
      : `${this.url}/?folder=${encodeURIComponent(workspaceFolder)}`;
  }

  /** Resolves when the server has ended, however. */
  get ended(): Promise<unknown> {
    return this.process.ended;
  }

  /** Id of the server's process; its extension hosts are among its descendants. */
  get processId(): number {
    return this.process.processId;
  }

  /** Kills what extensions run in, of all windows, as a crash would. @throws Error when there is none */
  async killExtensionHosts(): Promise<void> {
    let killed = 0;
    for (const id of await descendantsOf(this.processId)) {
      if ((await commandLineOf(id)).includes('--type=extensionHost')) {
        process.kill(id, 'SIGKILL');
        killed++;
      }
    }
    if (killed === 0) {
      throw new Error('There is no extension host.');
    }
  }

  /** The last lines that the server wrote, to explain a failure. */
  logTail(): string {
    return readTail(this.logFile);
  }

  /** Everything that the extensions of all windows have logged to the output channel of this name. */
  logText(channel: string): string {
    return filesBelow(path.join(this.userDataFolder, 'logs'))
      .filter((file) => path.basename(file) === `${channel}.log`)
      .map((file) => fs.readFileSync(file, 'utf8'))
      .join('\n');
  }

  /** Paths of the logs and state that the workbench has written to disk. */
  writtenFiles(): readonly string[] {
    return [this.folder.path, this.userDataFolder].flatMap(filesBelow);
  }

  /** Ends the server and removes its folders. May be called again. */
  async stop(): Promise<void> {
    await this.process.stop();
    this.folder.remove();
  }
}

async function startProcess(
  installation: WorkbenchInstallation,
  folder: TemporaryFolder,
  userDataFolder: string,
  logFile: string,
  options: WorkbenchOptions,
): Promise<ProcessGroup> {
  const extensionsFolder = folder.resolve('extensions');
  fs.mkdirSync(extensionsFolder);
  writeUserSettings(userDataFolder, { ...quietSettings, ...readUserSettings(userDataFolder), ...options.settings });
  for (const extension of options.extensionFolders ?? []) {
    linkExtension(extension, extensionsFolder);
  }
  const env = environment(folder, options.env);
  const args = [
    installation.entry,
    ...['--config', folder.resolve('config.yaml')],
    ...['--user-data-dir', userDataFolder],
    ...['--extensions-dir', extensionsFolder],
  ];
  for (const file of options.vsixFiles ?? []) {
    await runProgram(installation.node, [...args, '--install-extension', file], { cwd: folder.path, env });
  }
  const log = fs.openSync(logFile, 'w');
  try {
    return await ProcessGroup.start(
      installation.node,
      [
        ...args,
        ...['--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`],
        ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-proxy'],
        '--disable-getting-started-override',
        ...(options.idleLimitSeconds === undefined ? [] : ['--idle-timeout-seconds', `${options.idleLimitSeconds}`]),
      ],
      { cwd: folder.path, env, stdio: ['ignore', log, log] },
    );
  } finally {
    fs.closeSync(log);
  }
}

/** The server's own word for its address, which spares the search for a free port, once it also answers there. */
async function readyAddress(server: ProcessGroup, logFile: string): Promise<string> {
  const failure = (reason: string, cause?: unknown): Error =>
    new Error(`The workbench server ${reason}:\n${readTail(logFile)}`, { cause });
  let url: string | undefined;
  try {
    url = await eventually(
      'the workbench server to answer',
      async () => {
        if (server.outcome !== undefined) {
          return 'ended';
        }
        const address = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(readTail(logFile))?.[1];
        return address !== undefined && (await fetch(`${address}/healthz`)).ok && address;
      },
      startDeadlineMs,
    );
  } catch (error) {
    await server.stop();
    throw failure('did not answer', error);
  }
  if (url === 'ended') {
    throw failure('ended at once');
  }
  return url;
}

function environment(folder: TemporaryFolder, added: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = { ...process.env };
  for (const name of Object.keys(inherited)) {
    // In a terminal of VS Code these would make the server open its files over there instead of serving.
    if (/^(VSCODE_|CODE_SERVER_|ELECTRON_)/.test(name) || name === 'PORT') {
      delete inherited[name];
    }
  }
  const runtimeFolder = folder.resolve('runtime');
  // Sockets lie here: only for this person's eyes, as the XDG specification wants it.
  fs.mkdirSync(runtimeFolder, { mode: 0o700 });
  return {
    ...inherited,
    XDG_RUNTIME_DIR: runtimeFolder,
    XDG_CONFIG_HOME: folder.resolve('xdg-config'),
    XDG_DATA_HOME: folder.resolve('xdg-data'),
    XDG_CACHE_HOME: folder.resolve('xdg-cache'),
    ...added,
  };
}

function linkExtension(extension: string, extensionsFolder: string): void {
  const manifest = JSON.parse(fs.readFileSync(path.join(extension, 'package.json'), 'utf8')) as {
    publisher: string;
    name: string;
    version: string;
  };
  fs.symlinkSync(
    extension,
    path.join(extensionsFolder, `${manifest.publisher}.${manifest.name}-${manifest.version}`),
    'dir',
  );
}

function filesBelow(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function readTail(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').slice(-shownLogCharacters) : '';
}
