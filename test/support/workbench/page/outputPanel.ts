import type { Locator, Page } from 'playwright-core';

import type { CommandPalette } from './palette';
import { exactly } from './exactly';

/** The panel that shows what extensions log. */
export class OutputPanel {
  private readonly lines: Locator;

  constructor(
    private readonly page: Page,
    private readonly palette: CommandPalette,
  ) {
    this.lines = page.locator('.part.panel .output-view-pane .view-lines, .part.panel .view-lines').first();
  }

  /** Shows a channel. */
  async show(channel: string): Promise<void> {
    await this.palette.run('Output: Show Output Channels...');
    const options = this.page.locator('.quick-input-widget').getByRole('option');
    await options
      .filter({ has: this.page.locator('.label-name', { hasText: exactly(channel) }) })
      .first()
      .click();
    await this.lines.waitFor();
  }

  /** Waits for a line on view with this text: the newest lines are. */
  async waitForLine(text: string | RegExp): Promise<void> {
    // The editor writes blanks as no-break spaces.
    const pattern =
      typeof text === 'string' ? new RegExp(exactly(text).source.slice(4, -4).replace(/ /g, '\\s')) : text;
    await this.lines.locator('.view-line', { hasText: pattern }).first().waitFor();
  }

  /** The lines on view. */
  async visibleText(): Promise<string> {
    return (await this.lines.innerText()).replaceAll('\u00a0', ' ');
  }
}
