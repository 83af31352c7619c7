// Stands in for the VS Code executable where that cannot be downloaded: takes the flags that @vscode/test-electron
// passes, runs the test suite in the extension host of a real workbench in a headless browser, and ends with its code.
import path from 'node:path';
import util, { parseArgs } from 'node:util';

import type { Browser, Page } from 'playwright-core';

import { within } from '../eventually';
import { exitOnSignals } from '../processes';
import { testOutputMark } from '../run/testOutput';
import { launchBrowser } from './browser';
import { installWorkbench } from './install';
import { WorkbenchServer } from './server';

interface Flags {
  readonly extensionFolders: readonly string[];
  readonly testsFile: string;
  readonly userDataFolder: string | undefined;
  readonly workspaceFolder: string | undefined;
}

// From opening the page to the last test. A suite that takes longer hangs: the host tier is meant to take seconds.
const runLimitMs = 10 * 60_000;

function readFlags(argv: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...argv],
    // VS Code has many more flags than concern a browser; they are let pass.
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
    },
  });
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? path.resolve(value) : undefined);
  const testsFile = text(values.extensionTestsPath);
  if (testsFile === undefined) {
    throw new Error('This stands in for VS Code in tests only: --extensionTestsPath is missing.');
  }
  const folders = Array.isArray(values.extensionDevelopmentPath) ? values.extensionDevelopmentPath : [];
  return {
    extensionFolders: folders.map(text).filter((folder) => folder !== undefined),
    testsFile,
    userDataFolder: text(values['user-data-dir']),
    workspaceFolder: text(positionals[0]),
  };
}

/**
 * Makes the page load extensions under development and run their tests. The workbench's own configuration is the only
 * way: a built product does not take them from its address.
 */
async function injectTests(page: Page, server: WorkbenchServer, flags: Flags): Promise<void> {
  const { host } = new URL(server.url);
  const remote = (file: string): object => ({ scheme: 'vscode-remote', authority: host, path: file });
  await page.route(
    (url) => url.host === host && url.pathname === '/',
    async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      const setting = /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/;
      const match = setting.exec(html);
      if (match?.[2] === undefined) {
        throw new Error('The page of the workbench has no configuration in it.');
      }
      const configuration = JSON.parse(decodeAttribute(match[2])) as Record<string, unknown>;
      const withTests = {
        ...configuration,
        developmentOptions: {
          ...(configuration['developmentOptions'] as object | undefined),
          extensions: flags.extensionFolders.map(remote),
          extensionTestsPath: remote(flags.testsFile),
        },
      };
      const body = html.replace(
        setting,
        (_, start: string) => `${start}${encodeAttribute(JSON.stringify(withTests))}"`,
      );
      await route.fulfill({ response, body });
    },
  );
}

function decodeAttribute(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

function encodeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Runs the suite and gives the code with which VS Code would end: 0 when `run()` of the suite resolved. */
async function runSuite(page: Page, server: WorkbenchServer, flags: Flags): Promise<number> {
  const ended = new Promise<number>((resolve, reject) => {
    page.once('crash', () => {
      reject(new Error('The page of the workbench crashed.'));
    });
    void server.ended.then(() => {
      reject(new Error('The workbench server ended in the middle of the tests.'));
    });
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  const heldBack: string[] = [];
  await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
    const line = util.format(...args);
    if (line.startsWith(testOutputMark)) {
      console.log(line.replaceAll(testOutputMark, ''));
    } else {
      heldBack.push(line);
    }
  });
  await injectTests(page, server, flags);
  await page.goto(server.addressOf(flags.workspaceFolder), { waitUntil: 'commit' });
  const code = await within('the test suite in the extension host', runLimitMs, ended);
  if (code !== 0) {
    console.error(`\nWhat else the workbench and the tests printed:\n${heldBack.join('\n')}`);
  }
  return code;
}

async function main(): Promise<number> {
  const flags = readFlags(process.argv.slice(2));
  const installation = await installWorkbench({ logs: 'required' }, console.log);
  const server = await WorkbenchServer.start(installation, {
    ...(flags.userDataFolder !== undefined && { userDataFolder: flags.userDataFolder }),
    idleLimitSeconds: 300,
  });
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser();
    return await runSuite(await browser.newPage(), server, flags);
  } catch (error) {
    console.error(server.logTail());
    throw error;
  } finally {
    await browser?.close();
    await server.stop();
  }
}

exitOnSignals();
main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
