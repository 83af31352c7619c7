import type { Locator, Page } from 'playwright-core';

import { eventually } from '../../eventually';
import { clickUntilGone } from './clickUntilGone';
import { exactly } from './exactly';
import { obeyLostRow } from './lostRow';

// How long one click is given to be taken up. A menu ignores clicks in its first 100 ms.
const clickMs = 250;

// How long a menu is waited for. A row that is drawn anew while it is clicked has none.
const menuMs = 3_000;

/** A context menu with its submenus. */
export class ContextMenu {
  private constructor(
    private readonly page: Page,
    private readonly target: Locator,
  ) {}

  /** Opens the menu of something: a right click, and another one when VS Code has lost it with the row that was clicked. */
  static async open(page: Page, target: Locator): Promise<ContextMenu> {
    const menu = new ContextMenu(page, target);
    await menu.open();
    return menu;
  }

  /** Titles of the entries from top to bottom, separators as `-`. With a path, those of the submenu to which it leads. */
  async entries(...path: readonly string[]): Promise<readonly string[]> {
    const parent = await this.enter(path);
    const items = parent.locator(':scope > .actions-container > li.action-item');
    const texts = await Promise.all(
      (await items.all()).map(async (item) =>
        (await item.locator(':scope > .separator').count()) > 0 ? '-' : (await this.label(item).innerText()).trim(),
      ),
    );
    return texts;
  }

  /** Chooses an entry by its whole title; the titles of submenus on the way come first. */
  async choose(...path: readonly string[]): Promise<void> {
    await obeyLostRow(this.page, async () => {
      await this.open();
      await this.click(path);
    });
    await this.click(path);
  }

  /** Closes it without a choice. */
  async close(): Promise<void> {
    // Each Escape closes one level. One too many would go to what lies below the menu.
    await eventually('the context menu to close', async () => {
      if (await this.container().isHidden()) {
        return true;
      }
      await this.page.keyboard.press('Escape');
      return false;
    });
  }

  private async open(): Promise<void> {
    await eventually('a context menu', async () => {
      await this.target.click({ button: 'right' });
      await this.container().waitFor({ timeout: menuMs });
      return true;
    });
  }

  private async click(path: readonly string[]): Promise<void> {
    const title = path.at(-1);
    if (title === undefined) {
      throw new Error('Choose what?');
    }
    const parent = await this.enter(path.slice(0, -1));
    const item = this.item(parent, title);
    await clickUntilGone(`the menu to take a click on "${title}"`, item, clickMs);
  }

  /** The bar with the entries to which the titles of submenus lead. */
  private async enter(path: readonly string[]): Promise<Locator> {
    let bar = this.container().locator('.monaco-menu > .monaco-action-bar').first();
    for (const title of path) {
      const item = this.item(bar, title);
      await item.waitFor();
      // Nested in the entry, or beside it: either way the newest bar is the one that opened.
      const opened = this.page.locator('.monaco-submenu .monaco-action-bar').last();
      const count = await this.page.locator('.monaco-submenu').count();
      await eventually(`the submenu "${title}"`, async () => {
        await item.hover({ timeout: clickMs });
        await item.press('ArrowRight', { timeout: clickMs });
        return (await this.page.locator('.monaco-submenu').count()) > count;
      });
      await opened.waitFor();
      bar = opened;
    }
    return bar;
  }

  private container(): Locator {
    // The last one used stays in the page, hidden.
    return this.page.locator('.context-view.monaco-menu-container:not(.monaco-submenu)').filter({ visible: true });
  }

  private label(item: Locator): Locator {
    return item.locator(':scope > .action-menu-item > .action-label');
  }

  private item(bar: Locator, title: string): Locator {
    return bar
      .locator(':scope > .actions-container > li.action-item')
      .filter({ has: this.page.locator(':scope > .action-menu-item > .action-label', { hasText: exactly(title) }) })
      .locator(':scope > .action-menu-item');
  }
}
