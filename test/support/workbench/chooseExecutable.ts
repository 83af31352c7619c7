import fs from 'node:fs';
import path from 'node:path';

import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';

import type { Report } from '../machineParts';
import { repositoryRoot } from '../repositoryRoot';

/**
 * Path of a VS Code for `runTests` of @vscode/test-electron: the one that VSCODE_EXECUTABLE names; else one that was
 * downloaded before; else one that can be downloaded now, when there is a screen to show it on; else a stand-in that
 * runs the workbench from npm in a headless browser.
 *
 * @throws Error when VSCODE_EXECUTABLE names nothing.
 */
export async function chooseVsCodeExecutable(report: Report): Promise<string> {
  const chosen = process.env['VSCODE_EXECUTABLE'];
  if (chosen !== undefined && chosen !== '') {
    if (!fs.existsSync(chosen)) {
      throw new Error(`VSCODE_EXECUTABLE names ${chosen}, which does not exist.`);
    }
    return chosen;
  }
  if (hasScreen()) {
    const cachePath = path.join(repositoryRoot(), '.vscode-test');
    const version = downloadedVersion(cachePath);
    try {
      return await downloadAndUnzipVSCode({
        cachePath,
        ...(version !== undefined && { version }),
        reporter: new SilentReporter(),
      });
    } catch (error) {
      report(`VS Code cannot be downloaded (${error instanceof Error ? error.message : String(error)}).`);
    }
  }
  report('Testing in the workbench from npm, in a headless browser.');
  return standIn();
}

function hasScreen(): boolean {
  return process.platform !== 'linux' || ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => Boolean(process.env[name]));
}

/** The newest version that was downloaded completely: VS Code's downloader leaves a mark in its folder. */
function downloadedVersion(cachePath: string): string | undefined {
  if (!fs.existsSync(cachePath)) {
    return undefined;
  }
  return fs
    .readdirSync(cachePath)
    .filter((name) => fs.existsSync(path.join(cachePath, name, 'is-complete')))
    .map((name) => /(\d+\.\d+\.\d+)$/.exec(name)?.[1])
    .filter((version) => version !== undefined)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
}

/** A small program that runs the compiled stand-in with this very Node.js. */
function standIn(): string {
  const script = path.join(__dirname, 'vscodeExecutable.js');
  const file = path.join(__dirname, 'vscode-stand-in');
  fs.writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' --enable-source-maps '${script}' "$@"\n`, {
    mode: 0o755,
  });
  return file;
}
