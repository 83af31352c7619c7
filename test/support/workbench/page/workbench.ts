import fs from 'node:fs';
import path from 'node:path';

import type { Browser, BrowserContext, Page } from 'playwright-core';

import { eventually } from '../../eventually';
import { readUserSettings, type WorkbenchSettings, writeUserSettings } from '../userSettings';
import { ModalDialog } from './dialog';
import { exactly, startingWith } from './exactly';
import { Gestures } from './gestures';
import { ManagerPanel } from './managerPanel';
import { Notifications } from './notifications';
import { OutputPanel } from './outputPanel';
import { CommandPalette } from './palette';
import { QuickInput } from './quickInput';
import { TreeView } from './tree';

/** The kinds of colour themes that VS Code knows, with one of its own for each. */
export const themes = {
  light: { name: 'Light 2026', bodyClass: 'vs' },
  dark: { name: 'Dark 2026', bodyClass: 'vs-dark' },
  highContrast: { name: 'Dark High Contrast', bodyClass: 'hc-black' },
  highContrastLight: { name: 'Light High Contrast', bodyClass: 'hc-light' },
} as const;

/** One of {@link themes}. */
export type ThemeKind = keyof typeof themes;

/** A part of a window, from its top left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a window is opened. */
export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  /** Pixels of the screen for each of the window: 2 for pictures that stay sharp on any screen. */
  readonly pixelRatio?: number;
  /** Where its settings are; without it they cannot be changed. */
  readonly userDataFolder?: string;
}

// A first load reads megabytes of scripts; a loaded machine takes several times its usual five seconds.
const loadDeadlineMs = 60_000;
// Everything else is quick. Nobody waits longer for a row or a dialog.
const actionDeadlineMs = 20_000;
// One click on a container is given so long to show it; a few fit into the usual deadline.
const openMs = 4_000;

// Questions, menus, messages and the trees.
const tellingParts = [
  '.monaco-dialog-box',
  '.quick-input-widget',
  '.context-view.monaco-menu-container',
  '.notifications-toasts',
  '.notifications-center',
  '.part.sidebar',
];

/** A workbench in a browser, as a person sees and uses it. */
export class Workbench {
  readonly palette: CommandPalette;
  readonly quickInput: QuickInput;
  readonly dialog: ModalDialog;
  readonly notifications: Notifications;
  readonly output: OutputPanel;
  readonly gestures: Gestures;
  readonly manager: ManagerPanel;

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly userDataFolder: string | undefined,
  ) {
    this.palette = new CommandPalette(page);
    this.quickInput = new QuickInput(page);
    this.dialog = new ModalDialog(page);
    this.notifications = new Notifications(page, this.palette);
    this.output = new OutputPanel(page, this.palette);
    this.gestures = new Gestures(page);
    this.manager = new ManagerPanel(page);
  }

  /**
   * Opens a window with nothing remembered: layout, state and secrets of a workbench in the browser live in the browser's
   * context. {@link reload} keeps them.
   */
  static async open(browser: Browser, address: string, options: WindowOptions = {}): Promise<Workbench> {
    const { width = 1_280, height = 800, pixelRatio = 1, userDataFolder } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: pixelRatio,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(actionDeadlineMs);
    const workbench = new Workbench(page, context, userDataFolder);
    await page.goto(address, { waitUntil: 'domcontentloaded', timeout: loadDeadlineMs });
    await workbench.waitUntilReady();
    return workbench;
  }

  /** Shows a container of the activity bar. Does nothing when it is on view. */
  async openContainer(title: string): Promise<void> {
    // A badge is told behind the title.
    const tab = this.page.locator('.part.activitybar').getByRole('tab', { name: startingWith(title) });
    await tab.waitFor({ timeout: loadDeadlineMs });
    const selectedTab = tab.and(this.page.locator('[aria-selected="true"]'));
    const heading = this.page.locator('.part.sidebar .composite.title').filter({ hasText: title, visible: true });
    // A window that has just loaded restores the container that was on view. A click that comes at that moment hides it,
    // so what counts is what is on view after the click.
    await eventually(`the container "${title}" on view`, async () => {
      if ((await selectedTab.count()) > 0 && (await heading.count()) > 0) {
        return true;
      }
      await tab.click();
      await selectedTab.waitFor({ timeout: openMs });
      await heading.waitFor({ timeout: openMs });
      // Only a second look tells a container that stays from one that was restored and hidden by the click.
      return false;
    });
  }

  /** The tree of a view, by the view's name. */
  tree(viewName: string): TreeView {
    return new TreeView(this.page, viewName);
  }

  /** Presses one of the large buttons that a view shows while it is empty. */
  async pressWelcomeButton(button: string): Promise<void> {
    await this.page
      .locator('.part.sidebar .welcome-view-content')
      .getByRole('button', { name: button, exact: true })
      .click();
  }

  /** Presses a button in the title of a view. */
  async pressViewAction(viewName: string, button: string): Promise<void> {
    const header = this.page.locator('.part.sidebar .pane-header').filter({ hasText: viewName });
    // They show while the mouse is over the view.
    await header.hover();
    await header.getByRole('button', { name: button, exact: true }).click();
  }

  /** Waits until a text, and nothing else, stands beside the name of a view. */
  async waitForViewDescription(viewName: string, description: string): Promise<void> {
    const header = this.page.locator('.part.sidebar .pane-header').filter({ hasText: viewName });
    const shown = header.locator('.description', { hasText: exactly(description) });
    // One without a description keeps its place for it, empty and hidden.
    await shown.first().waitFor({ state: 'attached' });
  }

  /** Opens a view that is closed to its header, or closes it. */
  async togglePane(viewName: string): Promise<void> {
    await this.page.locator('.part.sidebar .pane-header').filter({ hasText: viewName }).click();
  }

  /** Waits for a text anywhere in the side bar. */
  async waitForTextInSideBar(text: string | RegExp): Promise<void> {
    await this.page.locator('.part.sidebar').getByText(text).first().waitFor();
  }

  /** Loads the window anew, as after a restart: state and secrets stay, extensions start again. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'domcontentloaded', timeout: loadDeadlineMs });
    await this.waitUntilReady();
  }

  /** Reloads the window as a person does, by its command: it writes down first what is open. */
  async reloadByCommand(): Promise<void> {
    const loaded = this.page.waitForEvent('domcontentloaded', { timeout: loadDeadlineMs });
    await this.palette.run('Developer: Reload Window');
    await loaded;
    await this.waitUntilReady();
  }

  /** Changes user settings, and reloads the window: one in the browser does not see that the file has changed. */
  async changeSettings(changes: WorkbenchSettings): Promise<void> {
    if (this.userDataFolder === undefined) {
      throw new Error('Nobody has said where the settings of this window are.');
    }
    writeUserSettings(this.userDataFolder, { ...readUserSettings(this.userDataFolder), ...changes });
    await this.reload();
  }

  /** Puts on a theme of a kind, as a person does. */
  async setTheme(kind: ThemeKind): Promise<void> {
    const { name, bodyClass } = themes[kind];
    await eventually(`the theme ${name}`, async () => {
      await this.palette.run('Preferences: Color Theme');
      await this.quickInput.type(name);
      // Just after the start not all themes are known, and the list does not grow.
      if (!(await this.quickInput.offers(name))) {
        await this.quickInput.cancel();
        return false;
      }
      await this.quickInput.choose(name);
      return true;
    });
    await this.quickInput.waitUntilClosed();
    await this.page.locator(`.monaco-workbench.${bodyClass}`).waitFor();
  }

  /** Gives up whatever is being asked, so that what comes next finds the window as usual. */
  async dismiss(): Promise<void> {
    const menu = this.page.locator('.context-view.monaco-menu-container').filter({ visible: true });
    const quickInput = this.page.locator('.quick-input-widget');
    await eventually('nothing to be asked', async () => {
      const isAsked = (await this.dialog.isOpen()) || (await quickInput.isVisible()) || (await menu.isVisible());
      if (isAsked) {
        await this.page.keyboard.press('Escape');
      }
      return !isAsked;
    });
  }

  /** Drags the edge of the side bar until that is so wide. */
  async resizeSideBar(width: number): Promise<void> {
    const sideBar = this.page.locator('.part.sidebar');
    await eventually(`the side bar to be ${width} wide`, async () => {
      const box = await sideBar.boundingBox();
      if (box === null || Math.abs(box.width - width) <= 2) {
        return box !== null;
      }
      const { mouse } = this.page;
      const y = box.y + box.height / 2;
      await mouse.move(box.x + box.width, y);
      await mouse.down();
      await mouse.move(box.x + width, y);
      await mouse.up();
      return false;
    });
  }

  /** Moves the mouse to where nothing shows that it is there, and waits until nothing shows where it was. */
  async restMouse(): Promise<void> {
    const { width, height } = this.page.viewportSize() ?? { width: 0, height: 0 };
    await this.page.mouse.move(width - 1, height / 2);
    await this.page.locator('.workbench-hover').waitFor({ state: 'hidden' });
  }

  /** Saves a picture of the window, or of a part of it. */
  async screenshot(file: string, clip?: Rectangle): Promise<void> {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({
      path: file,
      animations: 'disabled',
      caret: 'hide',
      ...(clip !== undefined && { clip }),
    });
  }

  /** All that can be read in the parts of the window that ask or tell something, for whoever cannot see a picture. */
  async visibleTexts(): Promise<string> {
    const parts = this.page.locator(tellingParts.join(', ')).filter({ visible: true });
    return (await parts.allInnerTexts()).map((text) => text.replaceAll('\u00a0', ' ').trim()).join('\n---\n');
  }

  /** Puts a text on the clipboard. */
  async copy(text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  /** What was copied last. */
  async clipboard(): Promise<string> {
    return await this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** What the window has put into the browser: state in its databases, encrypted secrets in its local storage. */
  async browserStorage(): Promise<string> {
    return await this.page.evaluate<string>(readBrowserStorage);
  }

  /** Everything that is in the page, whether or not it is shown. */
  async wholePage(): Promise<string> {
    return await this.page.content();
  }

  /** Closes the window. */
  async close(): Promise<void> {
    await this.page.close();
    await this.context.close();
  }

  private async waitUntilReady(): Promise<void> {
    await this.page
      .locator('.monaco-workbench .part.activitybar')
      .getByRole('tab')
      .first()
      .waitFor({ timeout: loadDeadlineMs });
    // The last part of the window that is drawn.
    await this.page.locator('.statusbar-item[id="status.notifications"]').waitFor({ timeout: loadDeadlineMs });
  }
}

// Runs in the page.
const readBrowserStorage = `(async () => {
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const databases = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      databases[name + '/' + store] = [await answer(objects.getAllKeys()), await answer(objects.getAll())];
    }
    database.close();
  }
  return JSON.stringify([localStorage, sessionStorage, databases]);
})()`;
