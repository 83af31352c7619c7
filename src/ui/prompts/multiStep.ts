/** Where a page stands in its flow. */
export interface Position {
  /** From 1. */
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
}

/** Where a flow goes from a page: on, back, or to the page that can mend what went wrong. */
export type PageResult = 'next' | 'back' | { readonly goTo: number };

/**
 * One page of a flow. It keeps its answer by itself, so that the answer is there when the person comes back, and rejects
 * with CancelledError when the person gives up.
 */
export type Page = (position: Position) => Promise<PageResult>;

/**
 * Leads through pages until the last one says `next`.
 *
 * @throws CancelledError when the person gives up on any page.
 */
export async function runPages(pages: readonly Page[]): Promise<void> {
  let at = 0;
  for (let page = pages[at]; page !== undefined; page = pages[at]) {
    const result = await page({ step: at + 1, totalSteps: pages.length, canGoBack: at > 0 });
    if (result === 'next') {
      at++;
    } else {
      at = result === 'back' ? Math.max(0, at - 1) : Math.min(Math.max(0, result.goTo), pages.length - 1);
    }
  }
}
