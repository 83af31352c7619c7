import type { Locator, Page } from 'playwright-core';

import { eventually } from '../../eventually';
import { ContextMenu } from './contextMenu';
import { exactly } from './exactly';
import { obeyLostRow } from './lostRow';

// Several times what the window takes to show a tooltip, and to turn an arrow.
const hoverMs = 2_000;
const expandMs = 2_000;
const focusMs = 2_000;

// What VS Code shows until the extension has said what the tooltip is.
const loadingTooltip = 'Loading...';

/** What one row of a tree says. */
export interface TreeRowText {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** 1 for the rows at the top. */
  readonly level: number;
}

/** What tells a row from others. All that is given must fit. */
export interface TreeRowQuery {
  /** The whole label. */
  readonly label: string | RegExp;
  readonly description?: string | RegExp;
  readonly level?: number;
}

/** The tree of a view. Only rows that are on view exist; {@link TreeRow.reveal} scrolls to others. */
export class TreeView {
  private readonly tree: Locator;
  private readonly items: Locator;

  constructor(
    private readonly page: Page,
    viewName: string,
  ) {
    this.tree = page.getByRole('tree', { name: viewName, exact: true });
    // Not the rows that stick to the top while their children are scrolled past: those are there twice.
    this.items = this.tree.locator('.monaco-list-rows > [role=treeitem]');
  }

  /** A row by its whole label, or by more where a label repeats. */
  row(query: string | TreeRowQuery): TreeRow {
    const { label, description, level } = typeof query === 'string' ? { label: query } : query;
    const pattern = typeof label === 'string' ? exactly(label) : label;
    let rows = this.items.filter({ has: this.page.locator('.label-name', { hasText: pattern }) });
    if (level !== undefined) {
      rows = rows.and(this.page.locator(`[aria-level="${level}"]`));
    }
    if (description !== undefined) {
      rows = rows.filter({
        has: this.page.locator('.label-description', {
          hasText: typeof description === 'string' ? exactly(description) : description,
        }),
      });
    }
    return new TreeRow(this.page, this.tree, rows.first(), String(label));
  }

  /** The rows on view, from top to bottom, all as they are at the same moment. */
  async rows(): Promise<readonly TreeRowText[]> {
    return await this.items.evaluateAll(readRows);
  }

  /** Labels of the selected rows that are on view. */
  async selectedLabels(): Promise<readonly string[]> {
    return await this.items.and(this.page.locator('[aria-selected="true"]')).locator('.label-name').allInnerTexts();
  }

  /** Expands one row after the other, from the top to the last. */
  async expand(...labels: readonly string[]): Promise<void> {
    for (const [index, label] of labels.entries()) {
      await this.row({ label, level: index + 1 }).expand();
    }
  }

  /** Selects these rows and no others. */
  async select(...labels: readonly string[]): Promise<void> {
    for (const [index, label] of labels.entries()) {
      await this.row(label).select({ alsoOthers: index > 0 });
    }
  }
}

/** One row of a tree. */
export class TreeRow {
  constructor(
    private readonly page: Page,
    private readonly tree: Locator,
    private readonly locator: Locator,
    private readonly label: string,
  ) {}

  async waitFor(): Promise<void> {
    await this.locator.waitFor();
  }

  /** Waits until it is on view and what keys act on. */
  async waitUntilFocused(): Promise<void> {
    await this.locator.and(this.page.locator('.focused')).waitFor();
  }

  async waitUntilGone(): Promise<void> {
    await this.locator.waitFor({ state: 'detached' });
  }

  async isVisible(): Promise<boolean> {
    return await this.locator.isVisible();
  }

  /** What it says now. */
  async text(): Promise<TreeRowText> {
    await this.locator.waitFor();
    const [row] = await this.locator.evaluateAll(readRows);
    if (row === undefined) {
      throw new Error(`The row "${this.label}" has just gone.`);
    }
    return row;
  }

  /** Waits until its description says so. */
  async waitForDescription(description: string | RegExp): Promise<void> {
    await this.locator
      .locator('.label-description', {
        hasText: typeof description === 'string' ? exactly(description) : description,
      })
      // What is empty takes no room, and so counts as hidden.
      .waitFor({ state: 'attached' });
  }

  /**
   * Scrolls to it as soon as the tree has it. It may come above what has been looked through, as rows do while a window is
   * restored.
   */
  async reveal(): Promise<void> {
    await eventually(`the row "${this.label}"`, async () => {
      await this.lookThrough();
      return true;
    });
  }

  /** Opens it and waits until its children have come. Does nothing when it is open. */
  async expand(): Promise<void> {
    await this.setExpanded(true);
    await this.locator.locator('.monaco-tl-twistie.codicon-tree-item-loading').waitFor({ state: 'detached' });
  }

  async collapse(): Promise<void> {
    await this.setExpanded(false);
  }

  /** Selects it: a click, with Ctrl when others stay selected. */
  async select(options: { readonly alsoOthers?: boolean } = {}): Promise<void> {
    await this.locator.click({ modifiers: options.alsoOthers === true ? ['ControlOrMeta'] : [] });
    await eventually(
      `"${this.label}" to be selected`,
      async () => (await this.locator.getAttribute('aria-selected')) === 'true',
    );
  }

  /** Opens its context menu. */
  async menu(): Promise<ContextMenu> {
    return await ContextMenu.open(this.page, this.locator);
  }

  /** Opens its context menu and chooses an entry. */
  async choose(...path: readonly string[]): Promise<void> {
    await (await this.menu()).choose(...path);
  }

  /** Presses one of the buttons that show while the mouse is over the row. */
  async press(button: string): Promise<void> {
    const press = async (): Promise<void> => {
      await this.locator.hover();
      await this.locator.getByRole('button', { name: button, exact: true }).click();
    };
    await obeyLostRow(this.page, press);
    await press();
  }

  /** The text that shows after a moment of hovering. */
  async tooltip(): Promise<string> {
    const contents = this.page.locator('.workbench-hover .hover-contents').first();
    await eventually(`the tooltip of "${this.label}"`, async () => {
      // From elsewhere: a row that was drawn anew under a resting mouse shows nothing.
      await this.page.locator('.part.statusbar').hover();
      await contents.waitFor({ state: 'hidden', timeout: hoverMs });
      await this.locator.locator('.label-name').hover();
      await contents.waitFor({ timeout: hoverMs });
      return true;
    });
    return await eventually(`all of the tooltip of "${this.label}"`, async () => {
      const text = (await contents.innerText()).replaceAll('\u00a0', ' ').trim();
      return text !== loadingTooltip && text;
    });
  }

  /** Scrolls page by page from the top. @throws Error when the tree ends before it is on view. */
  private async lookThrough(): Promise<void> {
    const focused = this.tree.locator('[role=treeitem].focused');
    // A row that is scrolled out of sight does not exist: the editor may give the focus back to one after a redraw.
    const index = async (): Promise<string | null | undefined> => {
      const [first] = await focused.evaluateAll((rows: readonly RowElement[]) =>
        rows.map((row) => row.getAttribute('data-index')),
      );
      return first;
    };
    if (await this.isVisible()) {
      return;
    }
    await this.tree.press('Home');
    // Something else may take the focus elsewhere at the same moment.
    await this.tree.locator('[role=treeitem].focused[data-index="0"]').waitFor({ timeout: focusMs });
    while (!(await this.isVisible())) {
      const before = await index();
      await this.tree.press('PageDown');
      const hasMoved = eventually('the tree to scroll', async () => (await index()) !== before, focusMs);
      await hasMoved.catch(() => {
        // Only at its end it does not.
        throw new Error(`The tree has no row "${this.label}".`);
      });
    }
  }

  private async setExpanded(expanded: boolean): Promise<void> {
    const wanted = expanded ? 'true' : 'false';
    await this.locator.waitFor();
    await eventually(`"${this.label}" to be ${expanded ? 'expanded' : 'collapsed'}`, async () => {
      if ((await this.locator.getAttribute('aria-expanded')) === wanted) {
        return true;
      }
      // One that has no arrow yet gets one when its children are known.
      await this.locator.locator('.monaco-tl-twistie').click({ timeout: expandMs });
      // A row that is drawn anew swallows the click. One that takes its time must not be clicked twice.
      await this.locator.and(this.page.locator(`[aria-expanded="${wanted}"]`)).waitFor({ timeout: expandMs });
      return true;
    });
  }
}

/** What {@link readRows} needs of an element of the page. */
interface RowElement {
  readonly style: { readonly top: string };
  getAttribute(name: string): string | null;
  querySelectorAll(selectors: string): Iterable<{ readonly innerText: string }>;
}

/**
 * Runs in the page, once for all rows: between two questions a row may be drawn anew or go.
 *
 * @remarks It has to stand alone there; a function with a name in it would need a helper of the compiler's.
 */
function readRows(rows: readonly RowElement[]): readonly TreeRowText[] {
  return [...rows]
    .sort((a, b) => Number.parseInt(a.style.top, 10) - Number.parseInt(b.style.top, 10))
    .map((row) => {
      const [label, description] = ['.label-name', '.label-description'].map((part) =>
        [...row.querySelectorAll(part)]
          .map(({ innerText }) => innerText)
          .join(' ')
          .trim(),
      );
      return {
        label: label ?? '',
        description: description ?? '',
        spoken: row.getAttribute('aria-label') ?? '',
        level: Number(row.getAttribute('aria-level')),
      };
    });
}
