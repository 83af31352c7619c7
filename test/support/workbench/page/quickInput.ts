import assert from 'node:assert/strict';

import type { Locator, Page } from 'playwright-core';

import { eventually } from '../../eventually';
import { clickUntilGone } from './clickUntilGone';
import { exactly } from './exactly';

// Longer than a list takes that is there already.
const offerMs = 2_000;

// From a click to the next question, which may have to be made first.
const choiceMs = 3_000;

/** As much of an element in the page as is read there. */
interface PageElement {
  readonly innerText: string;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

/** One choice that a quick pick offers. */
export interface QuickInputOption {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/**
 * The one widget in which all quick picks and input boxes appear.
 *
 * @remarks It is reused from step to step, text field and all: what is typed before the next step has come goes to the
 * step before. So wait for each step by its title, then act.
 */
export class QuickInput {
  private readonly widget: Locator;
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-filter input.input');
  }

  /** Waits for the step with this title, step numbers included: `Take Snapshot of 'SQL01' (1/3)`. */
  async waitForStep(title: string | RegExp): Promise<void> {
    await this.widget
      .locator('.quick-input-title')
      .filter({ hasText: typeof title === 'string' ? exactly(title) : title })
      .waitFor();
  }

  /** Waits for a step that has a placeholder and no title. */
  async waitForPlaceholder(placeholder: string): Promise<void> {
    await this.widget.getByPlaceholder(placeholder, { exact: true }).waitFor();
  }

  /** Whether something is asked. */
  async isOpen(): Promise<boolean> {
    return await this.widget.isVisible();
  }

  /** Waits until nothing is asked any more. */
  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** Replaces what is in the text field. */
  async type(text: string): Promise<void> {
    await this.input.fill(text);
    // A validation that comes late may put an older value back.
    await eventually(`"${text}" in the input`, async () => (await this.input.inputValue()) === text);
  }

  /** What is in the text field. */
  async value(): Promise<string> {
    return await this.input.inputValue();
  }

  /** Whether what is typed is hidden from onlookers. */
  async isPassword(): Promise<boolean> {
    return (await this.input.getAttribute('type')) === 'password';
  }

  /** Accepts the step as it is: Enter. */
  async accept(): Promise<void> {
    await this.input.press('Enter');
  }

  /** Gives up: Escape. */
  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.waitUntilClosed();
  }

  /** Waits for the prompt, or for the message of a validation, to say so. */
  async waitForMessage(text: string | RegExp): Promise<void> {
    await this.widget.locator('.quick-input-message').filter({ hasText: text }).waitFor();
  }

  /** Picks an option by its whole label. */
  async choose(label: string): Promise<void> {
    await clickUntilGone(`"${label}" to be chosen`, this.option(label), choiceMs);
  }

  /** Sets the tick of an option. */
  async tick(label: string, on: boolean): Promise<void> {
    const row = this.option(label);
    const wanted = on ? 'true' : 'false';
    if ((await row.getAttribute('aria-checked')) !== wanted) {
      // Anywhere in the row; Enter would accept the whole list.
      await row.click();
    }
    await row.and(this.page.locator(`[aria-checked="${wanted}"]`)).waitFor();
  }

  /** Whether there is an option with this whole label, or comes within a moment. */
  async offers(label: string): Promise<boolean> {
    return await this.option(label)
      .waitFor({ timeout: offerMs })
      .then(
        () => true,
        () => false,
      );
  }

  /** Waits for an option with this whole label. */
  async waitForOption(label: string): Promise<void> {
    await this.option(label).waitFor();
  }

  /** The options on view; a long list holds more. */
  async options(): Promise<readonly QuickInputOption[]> {
    // In one go: the list may change while it is being read.
    return await this.rows().evaluateAll((rows: readonly PageElement[]) =>
      // No function in here may have a name, for which the compiler would need a helper that the page does not have.
      rows.map((row) => ({
        label: (row.querySelector('.label-name')?.innerText ?? '').trim(),
        description: Array.from(row.querySelectorAll('.label-description'), (part) => part.innerText)
          .join(' ')
          .trim(),
        detail: Array.from(row.querySelectorAll('.quick-input-list-label-meta'), (part) => part.innerText)
          .join(' ')
          .trim(),
      })),
    );
  }

  /** The headings between the options on view. */
  async separators(): Promise<readonly string[]> {
    const texts = await this.widget.locator('.quick-input-list-separator:visible').allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** Presses a button of the title bar or beside the text field, `Back` among them. */
  async press(button: string): Promise<void> {
    await this.widget.getByRole('button', { name: button }).click();
  }

  /** Everything that can be read in it, for a message or a check that something is not there. */
  async text(): Promise<string> {
    return await this.widget.innerText();
  }

  /** Checks that the option which Enter would pick has this label. */
  async assertFocused(label: string): Promise<void> {
    const focused = this.widget.locator('.monaco-list-row.focused .label-name').first();
    assert.equal((await focused.innerText()).trim(), label);
  }

  /** Of a list in which several can be ticked the rows are check boxes, of any other they are options. */
  private rows(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }

  private option(label: string): Locator {
    return this.rows()
      .filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) })
      .first();
  }
}
