import type { Page } from 'playwright-core';

/**
 * What the extension says when a command was chosen on a row just as the editor had lost what belongs to it: rows that
 * are drawn anew have nothing for a moment, which on a loaded machine is a long one.
 */
const lostRowMessage = 'The row was just changing. Choose again.';

// The extension has such rows drawn again after two seconds at most; more often is no accident.
const attempts = 10;

/**
 * Does as that message says, from now on and whenever it pops up while something on the page is waited for: chooses
 * again, with `choose`. So whoever waits for what comes of a choice need not know of it.
 */
export async function obeyLostRow(page: Page, choose: () => Promise<void>): Promise<void> {
  const message = page.locator('.notifications-toasts .notification-toast', { hasText: lostRowMessage });
  await page.removeLocatorHandler(message);
  await page.addLocatorHandler(
    message,
    async () => {
      await message.hover();
      await message.getByRole('button', { name: /^Clear Notification/ }).click();
      await message.waitFor({ state: 'hidden' });
      console.log('      (chosen again: the row was just changing)');
      await choose();
    },
    // Not until the message is gone: it may be there again for the next time.
    { times: attempts, noWaitAfter: true },
  );
}
