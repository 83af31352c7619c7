import type { Locator, Page } from 'playwright-core';

import { eventually } from '../../eventually';
import type { CommandPalette } from './palette';

// A toast comes within this time or not at all: VS Code keeps those that come too fast for the centre.
const toastMs = 1_500;

/**
 * Notifications, wherever they are shown: as a toast, or in the notification centre, where VS Code puts those that come
 * too fast.
 */
export class Notifications {
  private readonly items: Locator;
  private readonly centre: Locator;
  private readonly bell: Locator;

  constructor(
    private readonly page: Page,
    private readonly palette: CommandPalette,
  ) {
    this.items = page.locator(
      '.notifications-toasts .notification-toast, .notifications-center .notification-list-item',
    );
    this.centre = page.locator('.notifications-center.visible');
    this.bell = page.locator('.statusbar-item[id="status.notifications"] > a');
  }

  /** Waits for a notification whose message has this text; shows the centre when it is not among the toasts. */
  async waitFor(text: string | RegExp): Promise<Locator> {
    const item = this.items.filter({ hasText: text, visible: true }).first();
    await eventually(`a notification with "${text}"`, async () => {
      try {
        await item.waitFor({ timeout: toastMs });
        return true;
      } catch (error) {
        await this.showCentre();
        throw error;
      }
    });
    return item;
  }

  /** Presses a button of a notification. */
  async press(text: string | RegExp, button: string): Promise<void> {
    const item = await this.waitFor(text);
    await item.hover();
    await item.getByRole('button', { name: button, exact: true }).click();
  }

  /** Begins to count the messages that pop up, from none. */
  async startCounting(): Promise<void> {
    await this.page.evaluate(countToasts);
  }

  /** How many have popped up since {@link startCounting}, also if they are gone again. */
  async shown(): Promise<number> {
    return await this.page.evaluate<number>('window.countedToasts');
  }

  /** The messages of all notifications that are there, newest first. */
  async messages(): Promise<readonly string[]> {
    await this.showCentre();
    return (await this.centre.locator('.notification-list-item-message').allInnerTexts()).map((text) => text.trim());
  }

  /** Removes all of them. */
  async clear(): Promise<void> {
    await this.palette.run('Notifications: Clear All Notifications');
    await eventually(
      'all notifications to be gone',
      async () => (await this.items.filter({ visible: true }).count()) === 0,
    );
  }

  private async showCentre(): Promise<void> {
    if (!(await this.centre.isVisible())) {
      // Not with the mouse: its tooltip, or that of what was there a moment ago, may lie over the bell.
      await this.bell.dispatchEvent('click');
      await this.centre.waitFor();
    }
  }
}

// Runs in the page.
const countToasts = `(() => {
  const isFirst = window.countedToasts === undefined;
  window.countedToasts = 0;
  if (isFirst) {
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        window.countedToasts += node.classList?.contains('notification-toast-container') ? 1 : 0;
      }
    }).observe(document.body, { childList: true, subtree: true });
  }
})()`;
