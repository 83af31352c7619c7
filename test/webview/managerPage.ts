import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { managerHtml } from '../../src/ui/manager/managerHtml';
import type { ToHost } from '../../src/webview/protocol/toHost';
import type { PageParts, ToPage } from '../../src/webview/protocol/toPage';
import { repositoryRoot } from '../support/repositoryRoot';

/** The kinds of themes that VS Code knows. */
export const themeKinds = ['light', 'dark', 'highContrast', 'highContrastLight'] as const;
export type ThemeKind = (typeof themeKinds)[number];

interface Theme {
  readonly bodyClass: string;
  /** What VS Code 1.139 gives to a webview in its own theme of the kind; null where it gives nothing. */
  readonly variables: Readonly<Record<string, string | null>>;
}

/** The variables of the editor's own themes that the page uses, read from a webview in the real workbench. */
export function readThemes(): Readonly<Record<ThemeKind, Theme>> {
  const file = path.join(repositoryRoot(), 'test', 'webview', 'themes.json');
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Record<ThemeKind, Theme>;
}

/** The files of the page by name, as they are shipped. */
export async function buildPage(): Promise<ReadonlyMap<string, Uint8Array>> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the build is a script of Node
  const { webviewBuild } = require(path.join(repositoryRoot(), 'esbuild.js')) as {
    webviewBuild: (production: boolean) => esbuild.BuildOptions;
  };
  const { outputFiles } = await esbuild.build({
    ...webviewBuild(true),
    absWorkingDir: repositoryRoot(),
    write: false,
  });
  return new Map(outputFiles.map((file) => [path.basename(file.path), file.contents]));
}

const origin = 'https://page.test';
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

export interface OpenOptions {
  readonly theme?: ThemeKind;
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: boolean;
  /** What the page finds as its state of the last time. */
  readonly state?: unknown;
  /** Takes what the page sends; without one, it is only remembered. */
  readonly onMessage?: (message: ToHost) => void;
}

/** The built page in a browser, with what the editor puts around a webview: its policy, its variables, its API. */
export class ManagerPage {
  readonly sent: ToHost[] = [];
  /** What the page threw, and what its policy forbade. */
  readonly problems: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {}

  static async open(
    browser: Browser,
    files: ReadonlyMap<string, Uint8Array>,
    options: OpenOptions = {},
  ): Promise<ManagerPage> {
    const { theme = 'dark', width = 1100, height = 800, reducedMotion = false, state } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    });
    const page = await context.newPage();
    const opened = new ManagerPage(page, context);
    page.on('pageerror', (error) => opened.problems.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        opened.problems.push(message.text());
      }
    });
    await opened.serve(files);
    await page.exposeFunction('sendToHost', (message: ToHost) => {
      opened.sent.push(message);
      options.onMessage?.(message);
    });
    // esbuild notes the names of functions, also of those that run in the page.
    await page.addInitScript({ content: 'globalThis.__name = (named) => named;' });
    await page.addInitScript(surroundings, { theme: readThemes()[theme], state: state ?? null });
    await page.goto(`${origin}/index.html`);
    return opened;
  }

  /** As `problems` is now, which the compiler thinks it knows after it was compared. */
  problemList(): readonly string[] {
    return this.problems;
  }

  /** Gives the page a message, whatever it is. */
  async post(message: unknown): Promise<void> {
    await this.page.evaluate((data) => {
      window.postMessage(data, '*');
    }, message);
  }

  async update(parts: Partial<PageParts>): Promise<void> {
    await this.post({ type: 'update', parts } satisfies ToPage);
  }

  /** Resolves when everything that was posted has been drawn. */
  async settled(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          setTimeout(() => {
            requestAnimationFrame(() => {
              resolve();
            });
          });
        }),
    );
  }

  /** What the page has kept for the next time. */
  async state(): Promise<unknown> {
    return await this.page.evaluate(() => (window as unknown as { keptState: unknown }).keptState);
  }

  /** Keeps what can be seen now, to be looked at. */
  async picture(theme: ThemeKind, what: string): Promise<void> {
    const name = `${what.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase()}-${theme}.png`;
    const file = path.join(repositoryRoot(), 'out', 'webview', 'pictures', name);
    await this.page.screenshot({ path: file, fullPage: true, animations: 'disabled', caret: 'hide' });
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  private async serve(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    await this.page.route(`${origin}/**`, async (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name === 'index.html') {
        const html = managerHtml({
          cspSource: origin,
          script: `${origin}/manager.js`,
          styles: `${origin}/manager.css`,
          language: 'en',
          nonce: '0123456789abcdef',
        });
        await route.fulfill({ contentType: 'text/html', body: html });
        return;
      }
      const file = files.get(name);
      await (file === undefined
        ? route.fulfill({ status: 404, body: '' })
        : route.fulfill({ contentType: types[path.extname(name)] ?? '', body: Buffer.from(file) }));
    });
  }
}

/** Runs in the page before anything else, as what VS Code puts into a webview. */
function surroundings({ theme, state }: { theme: Theme; state: unknown }): void {
  const scope = window as unknown as Record<string, unknown>;
  scope['keptState'] = state;
  scope['acquireVsCodeApi'] = () => ({
    postMessage: (message: unknown) => (scope['sendToHost'] as (message: unknown) => void)(message),
    getState: () => scope['keptState'],
    setState: (kept: unknown) => {
      scope['keptState'] = kept;
    },
  });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    console.error(`policy: ${violatedDirective} ${blockedURI}`);
  });
  document.addEventListener('DOMContentLoaded', () => {
    for (const [name, value] of Object.entries(theme.variables)) {
      if (value !== null) {
        document.documentElement.style.setProperty(name, value);
      }
    }
    document.body.className = theme.bodyClass;
    const styles = new CSSStyleSheet();
    // What VS Code 1.139 gives to every webview.
    styles.replaceSync('@layer vscode-default { body { margin: 0; padding: 0 20px; } }');
    document.adoptedStyleSheets = [styles];
  });
}
