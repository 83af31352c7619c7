import assert from 'node:assert/strict';
import type { Snapshot } from '../../src/hypervisor/model/snapshot';
import { snapshot, testNowMs, vm } from '../support/domainBuilders';
import { partsOf } from './pageStates';
import { useManagerPages } from './useManagerPages';

const snapshotCount = 300;
// And *You are here*.
const rowCount = snapshotCount + 1;

/** As many as one VM can have, all of them beside each other. */
function roots(): Snapshot[] {
  return Array.from({ length: snapshotCount }, (_, index) =>
    snapshot(`s${index}`, { name: `nightly ${index}`, createdAtMs: testNowMs - (snapshotCount - index) * 1_000 }),
  );
}

interface Seen {
  /** Rows when the first of them were there. */
  readonly rowsAtFirst: number;
  /** What had the focus after End was pressed there and then. */
  readonly focused: string | undefined;
  /** The rows when End had been pressed. */
  readonly rowsThen: number;
}

/** Runs in the page: gives it a message, and presses End on the first row as soon as there is one. */
async function pressEndAtOnce(message: unknown): Promise<Seen> {
  const rows = (): NodeListOf<HTMLElement> => document.querySelectorAll<HTMLElement>('#grid .row:not(.head)');
  window.postMessage(message, '*');
  await new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      if (rows().length > 0) {
        observer.disconnect();
        resolve();
      }
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
  const rowsAtFirst = rows().length;
  rows()[0]?.focus();
  rows()[0]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
  // The page draws before anything else comes to its turn.
  await Promise.resolve();
  const focused = document.activeElement?.querySelector('.name')?.textContent;
  return { rowsAtFirst, focused, rowsThen: rows().length };
}

describe('the snapshot manager with hundreds of rows', function () {
  this.timeout(60_000);
  const openPage = useManagerPages();

  const machine = vm('vm-1', { name: 'CI-RUNNER', snapshots: { roots: roots(), currentId: undefined } });

  it('can be used before all of them are drawn, and draws the others by itself', async () => {
    const manager = await openPage();
    try {
      await manager.update(partsOf(machine));
      const last = manager.page.locator('#grid .row:not(.head)').nth(rowCount - 1);
      await last.waitFor({ state: 'attached' });
      assert.equal(await last.getAttribute('aria-setsize'), String(rowCount));
      assert.equal(await last.getAttribute('aria-posinset'), String(rowCount));
      assert.deepEqual(manager.problems, []);
    } finally {
      await manager.close();
    }
  });

  it('takes the keyboard to a row that was not drawn yet', async () => {
    const manager = await openPage();
    try {
      const seen = await manager.page.evaluate(pressEndAtOnce, { type: 'update', parts: partsOf(machine) });
      assert.ok(seen.rowsAtFirst < rowCount / 2, `${seen.rowsAtFirst} rows at first`);
      assert.deepEqual([seen.focused, seen.rowsThen], ['You are here', rowCount]);
    } finally {
      await manager.close();
    }
  });
});
