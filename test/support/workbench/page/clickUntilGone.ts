import type { Locator } from 'playwright-core';

import { eventually } from '../../eventually';

/**
 * Clicks something that goes when the click is taken, and clicks again while it is there: what is just being drawn
 * swallows a click.
 *
 * @param what - for the message when it never goes
 * @param clickMs - how long one click is given to be taken up
 */
export async function clickUntilGone(what: string, target: Locator, clickMs: number): Promise<void> {
  await target.waitFor();
  let isTried = false;
  await eventually(what, async () => {
    if (isTried && (await target.isHidden())) {
      // The click was taken after all, only late.
      return true;
    }
    isTried = true;
    await target.click({ timeout: clickMs });
    await target.waitFor({ state: 'hidden', timeout: clickMs });
    return true;
  });
}
