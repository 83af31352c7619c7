import type { Locator, Page } from 'playwright-core';

import { exactly } from './exactly';

/** What a modal dialog says. */
export interface DialogText {
  readonly message: string;
  readonly detail: string;
  /** From left to right; on Linux the first button of a message is the last here. */
  readonly buttons: readonly string[];
}

/** A modal dialog. There is never more than one. */
export class ModalDialog {
  private readonly box: Locator;

  constructor(page: Page) {
    this.box = page.locator('.monaco-dialog-box');
  }

  /** Waits for the dialog with this message and tells all that it says. */
  async waitFor(message: string | RegExp): Promise<DialogText> {
    const text = this.box.locator('.dialog-message-text');
    const detail = this.box.locator('.dialog-message-detail');
    // A message without a detail stands where the detail would.
    await text.or(detail).filter({ hasText: message }).first().waitFor();
    const texts = await Promise.all([text, detail].map(async (part) => (await part.allInnerTexts()).join('').trim()));
    const [first = '', second = ''] = texts.filter((part) => part !== '');
    return { message: first, detail: second, buttons: await this.buttons().allInnerTexts() };
  }

  /** The button that Enter presses. */
  async focusedButton(): Promise<string> {
    return (await this.box.locator('.dialog-buttons [role=button]:focus').innerText()).trim();
  }

  /** Presses a button by its whole title and waits until this dialog is gone; another one may have taken its place. */
  async press(button: string): Promise<void> {
    const dialog = await this.box.elementHandle();
    await this.buttons()
      .filter({ hasText: exactly(button) })
      .click();
    await dialog.waitForElementState('hidden');
  }

  /** Whether a dialog is open. */
  async isOpen(): Promise<boolean> {
    return await this.box.isVisible();
  }

  private buttons(): Locator {
    return this.box.locator('.dialog-buttons').getByRole('button');
  }
}
