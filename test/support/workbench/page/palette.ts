import type { Locator, Page } from 'playwright-core';

import { eventually } from '../../eventually';
import { exactly } from './exactly';

// One attempt to open the palette; a few fit into the usual deadline.
const attemptMs = 4_000;

/** The command palette. */
export class CommandPalette {
  private readonly widget: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
  }

  /** Runs a command by the whole title that the palette shows: `vSphere: Add Server...`. */
  async run(title: string): Promise<void> {
    await this.open(title);
    const option = this.option(title);
    await option.click();
    // The palette closes, or the command has put a question of its own in its place.
    await option.waitFor({ state: 'hidden' });
  }

  /** Whether the palette offers a command with this whole title. */
  async offers(title: string): Promise<boolean> {
    await this.open(title);
    // The list holds what it found as soon as it says how many that is.
    await this.widget.locator('.quick-input-visible-count, .quick-input-list .monaco-list-row').first().waitFor();
    const found = await this.option(title).isVisible();
    await this.page.keyboard.press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
    return found;
  }

  private option(title: string): Locator {
    return this.widget
      .getByRole('option')
      .filter({ has: this.page.locator('.label-name', { hasText: exactly(title) }) })
      .first();
  }

  /** Opens it with the text typed in. A key that comes while an older question is still closing is lost: so, again. */
  private async open(text: string): Promise<void> {
    await eventually(`the command palette with "${text}"`, async () => {
      await this.widget.waitFor({ state: 'hidden', timeout: attemptMs });
      await this.page.keyboard.press('F1');
      try {
        const input = this.widget.getByPlaceholder('Type the name of a command to run.', { exact: true });
        await input.fill(`>${text}`, { timeout: attemptMs });
        await this.widget.locator('.quick-input-list').getByRole('option').first().waitFor({ timeout: attemptMs });
        return true;
      } catch (error) {
        await this.page.keyboard.press('Escape');
        throw error;
      }
    });
  }
}
