import type { FrameLocator, Locator, Page } from 'playwright-core';

import { eventually } from '../../eventually';
import { ContextMenu } from './contextMenu';
import { exactly } from './exactly';

/** What can be done in a panel by a button, as its element is called. */
export type ManagerButton =
  | 'action-take'
  | 'action-restoreLatest'
  | 'action-consolidate'
  | 'action-deleteAll'
  | 'action-restore'
  | 'action-edit'
  | 'action-delete'
  | 'action-deleteWithChildren'
  | 'action-compare'
  | 'empty-take'
  | 'edit-save'
  | 'preview-go'
  | 'preview-back';

/** The panel of the snapshot manager that is on view: a page in a frame of its own, and a tab of the editor. */
export class ManagerPanel {
  constructor(private readonly page: Page) {}

  /** The page of the panel. */
  get frame(): FrameLocator {
    // The editor puts a page into a frame within a frame, and keeps those of other panels beside it, hidden.
    return this.page
      .locator('iframe.webview.ready')
      .filter({ visible: true })
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** Waits until the panel of a VM is on view, with its content. */
  async waitFor(vm: string): Promise<void> {
    await this.frame.locator('h1', { hasText: exactly(vm) }).waitFor();
    await this.frame.locator('#grid, #empty-take, .status').first().waitFor();
  }

  /** How many panels are open on a VM, whether they are on view or not. */
  async countTabs(vm: string): Promise<number> {
    return await this.page
      .locator('.tabs-container .tab')
      .filter({ hasText: exactly(`Snapshots: ${vm}`) })
      .count();
  }

  /** Names of the rows from top to bottom. */
  async rows(): Promise<readonly string[]> {
    return await this.frame.locator('#grid .row:not(.head) .name').allInnerTexts();
  }

  /** Waits until the rows are these. */
  async waitForRows(...names: readonly string[]): Promise<void> {
    const wanted = names.join(', ');
    let last = '';
    await eventually(`the rows ${wanted}`, async () => {
      last = (await this.rows()).join(', ');
      return last === wanted;
    }).catch((error: unknown) => {
      throw new Error(`The rows are ${last}, not ${wanted}.`, { cause: error });
    });
  }

  /** A row by its name, which must be the only one of its kind. */
  row(name: string): Locator {
    return this.frame.locator('#grid .row').filter({ has: this.frame.locator('.name', { hasText: exactly(name) }) });
  }

  /** Selects a row, and waits for its details. */
  async select(name: string): Promise<void> {
    await this.row(name).click();
    await this.waitUntilSelected(name);
  }

  async waitUntilSelected(name: string): Promise<void> {
    await this.row(name).and(this.frame.locator('[aria-selected="true"]')).waitFor();
    await this.frame.locator('#details-title', { hasText: exactly(name) }).waitFor();
  }

  async press(button: ManagerButton): Promise<void> {
    await this.frame.locator(`#${button}`).click();
  }

  /** Opens the editor's own menu on a row. */
  async menu(name: string): Promise<ContextMenu> {
    return await ContextMenu.open(this.page, this.row(name));
  }

  /** Opens the editor's own menu on the name of the VM. */
  async vmMenu(): Promise<ContextMenu> {
    return await ContextMenu.open(this.page, this.frame.locator('h1'));
  }

  /** Waits until a preview has been computed, and tells what it says. */
  async preview(title: string): Promise<{
    /** By label. */
    readonly facts: Readonly<Record<string, string>>;
    /** Names that are struck through. */
    readonly struck: readonly string[];
    readonly go: string;
  }> {
    await this.frame.locator('#preview-title', { hasText: exactly(`Preview: ${title}`) }).waitFor();
    const go = this.frame.locator('#preview-go');
    await go.waitFor();
    const facts: Record<string, string> = {};
    for (const field of await this.frame.locator('.preview .field').all()) {
      facts[await field.locator('dt').innerText()] = await field.locator('dd').innerText();
    }
    return {
      facts,
      struck: await this.frame.locator('.preview .name del').allInnerTexts(),
      go: (await go.innerText()).trim(),
    };
  }

  /** Ticks *Take a snapshot first*, or takes the tick away, and waits until the preview shows it. */
  async takeFirst(isOn: boolean): Promise<void> {
    await this.frame.locator('#preview-first').setChecked(isOn);
    await this.frame
      .locator('#preview-go', { hasText: isOn ? 'Take Snapshot, Then Restore...' : /^\s*Restore\.\.\.\s*$/ })
      .waitFor();
  }

  /** Waits until the tree is back where a preview was. */
  async waitForTree(): Promise<void> {
    await this.frame.locator('#grid, #empty-take').first().waitFor();
  }

  /** Types name and description over those that are there. */
  async typeTexts(name: string, description: string): Promise<void> {
    await this.frame.locator('#edit-name').fill(name);
    await this.frame.locator('#edit-description').fill(description);
  }

  /** The description that the details show. */
  async description(): Promise<string> {
    return await this.frame.locator('.aside .description').innerText();
  }

  /** Waits for a sentence about the state of the panel, and tells it. */
  async status(kind: 'loading' | 'stale' | 'error' | 'gone', sentence: string | RegExp): Promise<void> {
    await this.frame.locator(`main.state-${kind} .status`, { hasText: sentence }).waitFor();
  }

  /** Waits until something was said to whoever does not see the page. */
  async waitUntilAnnounced(text: string | RegExp): Promise<void> {
    await this.frame.locator('#status', { hasText: text }).waitFor({ state: 'attached' });
  }
}
