import type { Page } from 'playwright-core';

/** What is to be seen, or not to be seen any more. */
export interface Shown {
  /** Where: a selector of elements with a text. */
  readonly in: string;
  /** What one of them says, as a regular expression. */
  readonly text: string;
  readonly isGone?: boolean;
}

/** Names of the rows of the inventory on view. */
export const inventoryRows = '[role=tree][aria-label="Inventory"] .monaco-list-rows > [role=treeitem] .label-name';

/** Texts behind those names. */
export const inventoryDescriptions =
  '[role=tree][aria-label="Inventory"] .monaco-list-rows > [role=treeitem] .label-description';

/** What a quick pick offers. */
export const offers = '.quick-input-list .monaco-list-row .label-name';

const deadlineMs = 120_000;

/**
 * How long it takes from the last thing that the person does until something is drawn.
 *
 * @param act - clicks or types; the last click or key counts
 */
export async function msUntilShown(page: Page, shown: Shown, act: () => Promise<void>): Promise<number> {
  const watching = page.evaluate<number>(watch(shown));
  // It is awaited only when the act has succeeded.
  watching.catch(() => undefined);
  await act();
  return await watching;
}

// Runs in the page, where the clock is that of the events, and where nothing has to be asked for again and again.
function watch(shown: Shown): string {
  return `new Promise((resolve, reject) => {
    const { in: where, text, isGone = false } = ${JSON.stringify(shown)};
    const pattern = new RegExp(text, 'u');
    let actedAt;
    const note = (event) => { actedAt = event.timeStamp; };
    const kinds = ['pointerdown', 'keydown', 'input'];
    kinds.forEach((kind) => addEventListener(kind, note, { capture: true }));
    const end = () => {
      observer.disconnect();
      clearTimeout(timer);
      kinds.forEach((kind) => removeEventListener(kind, note, { capture: true }));
    };
    const look = () => {
      const isThere = [...document.querySelectorAll(where)].some((element) => pattern.test(element.innerText));
      if (actedAt !== undefined && isThere !== isGone) {
        const since = actedAt;
        end();
        // Drawn, not only known.
        requestAnimationFrame(() => resolve(performance.now() - since));
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    const timer = setTimeout(() => {
      end();
      reject(new Error('in vain: ' + where + ' ' + text));
    }, ${deadlineMs});
  })`;
}
