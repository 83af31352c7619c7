// Opens a VS Code of its own with the extension in it, connected to the embedded vCenter. Nothing of the person's own VS
// Code is used or changed. Ctrl+C, or closing the window of the desktop, ends all that was started.
//   npm run demo [-- --desktop] [--browser] [--port=N] [--no-open]
import path from 'node:path';
import { parseArgs } from 'node:util';

import { exitOnSignals } from '../test/support/processes';
import { repositoryRoot } from '../test/support/repositoryRoot';
import { openInBrowser } from './demoInBrowser';
import { findDesktop, openOnDesktop } from './demoOnDesktop';
import type { DemoWindow } from './demoWindow';

interface Request {
  readonly where: 'desktop' | 'browser' | 'any';
  readonly port: number | undefined;
  /** Whether to show the window, or only to say where it is. */
  readonly opens: boolean;
}

function readRequest(): Request {
  const { values } = parseArgs({
    options: {
      desktop: { type: 'boolean' },
      browser: { type: 'boolean' },
      port: { type: 'string' },
      'no-open': { type: 'boolean' },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Error(`--port takes a number from 1 to 65535, not ${values.port}.`);
  }
  const opens = values['no-open'] !== true;
  const needsBrowser = values.browser === true || port !== undefined || !opens;
  if (values.desktop === true && needsBrowser) {
    throw new Error('--desktop does not go with --browser, --port or --no-open.');
  }
  return { where: values.desktop === true ? 'desktop' : needsBrowser ? 'browser' : 'any', port, opens };
}

async function open(request: Request): Promise<DemoWindow> {
  const root = repositoryRoot();
  const extensionFolders = [root, path.join(root, 'test', 'support', 'workbench', 'demo-opener')];
  const desktop = request.where === 'browser' ? undefined : findDesktop();
  if (desktop !== undefined) {
    return await openOnDesktop(desktop, extensionFolders);
  }
  if (request.where === 'desktop') {
    throw new Error('There is no VS Code to open: the PATH has no program "code".');
  }
  return await openInBrowser(extensionFolders, { port: request.port, opens: request.opens });
}

async function main(): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve();
        // Whoever asks again does not want to wait.
        exitOnSignals();
      });
    }
  });
  const request = readRequest();
  const opening = open(request);
  const opened = await Promise.race([opening, interrupted]);
  if (opened === undefined) {
    // Interrupted while still installing or starting: what has been started ends with this process.
    process.exit(0);
  }
  await Promise.race([opened.closed, interrupted]);
  await opened.close();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
