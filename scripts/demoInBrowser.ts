import { spawn } from 'node:child_process';

import { findChromium } from '../test/support/machineParts';
import { ProcessGroup } from '../test/support/processes';
import { findProgram } from '../test/support/programs';
import { TemporaryFolder } from '../test/support/temporaryFolder';
import { installWorkbench } from '../test/support/workbench/install';
import { WorkbenchServer } from '../test/support/workbench/server';
import type { DemoWindow } from './demoWindow';

/** How the demo is served. */
export interface BrowserOptions {
  readonly port: number | undefined;
  readonly opens: boolean;
}

/**
 * Serves a workbench on loopback, installing it first if need be, prints its address on standard output and shows it in a
 * browser.
 */
export async function openInBrowser(extensionFolders: readonly string[], options: BrowserOptions): Promise<DemoWindow> {
  if (process.platform === 'win32') {
    throw new Error('On Windows there is no workbench for the browser: open this folder in VS Code and press F5.');
  }
  // Standard output is for the address alone.
  const report = console.error;
  const installation = await installWorkbench({ logs: 'wished' }, report);
  const server = await WorkbenchServer.start(installation, {
    extensionFolders,
    ...(options.port !== undefined && { port: options.port }),
  });
  const address = server.addressOf();
  console.log(`vSphere Snapshots with its demo vCenter: ${address}`);
  report('It is on loopback and asks for no password: whoever has an account on this machine can open it.');
  report('Ctrl+C ends it.');
  const browser = options.opens ? await showInBrowser(address) : undefined;
  return {
    closed: server.ended,
    close: async () => {
      await browser?.close();
      await server.stop();
    },
  };
}

/** Shows the address if there is a screen. Only a browser that had to be started in a special way is ours to close. */
async function showInBrowser(address: string): Promise<{ close(): Promise<void> } | undefined> {
  if (process.platform === 'darwin') {
    startForGood('open', address);
    return undefined;
  }
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return undefined;
  }
  const chromium = findChromium();
  if (process.getuid?.() === 0 && chromium !== undefined) {
    // Chromium refuses to run for root in its sandbox, however it is called.
    const profile = new TemporaryFolder('browser');
    const args = ['--no-sandbox', '--no-first-run', `--user-data-dir=${profile.path}`, `--app=${address}`];
    const browser = await ProcessGroup.start(chromium, args, { stdio: 'ignore' });
    return {
      close: async () => {
        await browser.stop();
        profile.remove();
      },
    };
  }
  const opener = findProgram('xdg-open');
  if (opener !== undefined) {
    startForGood(opener, address);
  }
  return undefined;
}

/** Starts a program that may start the person's own browser, which must not end with this process. */
function startForGood(program: string, address: string): void {
  const opener = spawn(program, [address], { detached: true, stdio: 'ignore' });
  opener.once('error', () => {
    // The address has been printed; that no browser shows it is no failure.
    console.error('No browser could be opened. Open the address yourself.');
  });
  opener.unref();
}
