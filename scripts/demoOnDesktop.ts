import fs from 'node:fs';
import path from 'node:path';

import { ProcessGroup } from '../test/support/processes';
import { findProgram } from '../test/support/programs';
import { TemporaryFolder } from '../test/support/temporaryFolder';
import { quietSettings } from '../test/support/workbench/quietSettings';
import { writeUserSettings } from '../test/support/workbench/userSettings';
import type { DemoWindow } from './demoWindow';

/** Path of the command line of a VS Code on this desktop; undefined when there is none, or no desktop. */
export function findDesktop(): string | undefined {
  // In a terminal of VS Code "code" may be that of the other end of a remote connection, which cannot start a VS Code.
  const isRemote = process.env['VSCODE_IPC_HOOK_CLI'] !== undefined;
  const hasScreen = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  return isRemote || !hasScreen ? undefined : findProgram('code', 'code-insiders', 'codium');
}

/** Opens a window of a VS Code with settings, state and extensions of its own. */
export async function openOnDesktop(code: string, extensionFolders: readonly string[]): Promise<DemoWindow> {
  const folder = new TemporaryFolder('demo');
  const userDataFolder = folder.resolve('user-data');
  const workspace = folder.resolve('workspace');
  fs.mkdirSync(workspace);
  writeUserSettings(userDataFolder, quietSettings);
  console.error('Opening VS Code. Ctrl+C, or closing its window, ends it.');
  const window = await ProcessGroup.start(
    code,
    [
      // Keeps this command alive for as long as the window is open.
      '--wait',
      '--new-window',
      `--user-data-dir=${userDataFolder}`,
      `--extensions-dir=${folder.resolve('extensions')}`,
      ...extensionFolders.map((extension) => `--extensionDevelopmentPath=${extension}`),
      ...['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-updates'],
      // Electron does not run for root otherwise.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      workspace,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return {
    closed: window.ended,
    close: async () => {
      endEditor(userDataFolder);
      await window.stop();
      folder.remove();
    },
  };
}

/** The command line starts the editor apart from itself. The editor writes its process id where its data are. */
function endEditor(userDataFolder: string): void {
  const file = path.join(userDataFolder, 'code.lock');
  const id = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : NaN;
  if (!Number.isInteger(id) || id <= 1) {
    return;
  }
  try {
    process.kill(id, 'SIGTERM');
  } catch (error) {
    // It has just ended by itself.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) {
      throw error;
    }
  }
}
