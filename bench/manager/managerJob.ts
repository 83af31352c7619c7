import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import { PageChannel } from '../../src/ui/manager/pageChannel';
import { launchBrowser } from '../../test/support/workbench/browser';
import { buildPage, ManagerPage } from '../../test/webview/managerPage';
import { partsOf } from '../../test/webview/pageStates';
import type { Bench, BenchJob } from '../bench';
import { median } from '../measure';
import { changedVm, snapshotCount, vmWithSnapshots } from './largeVm';
import { openAndUse, type PageFigures, repaint, type RepaintFigures } from './pageProbe';

// What nobody notices as waiting.
const openGoalMs = 300;
// A frame or two more than a change of one row takes; what comes later than this is seen to come.
const repaintGoalMs = 100;

/**
 * The snapshot manager with a VM of 500 snapshots, as it is shipped, in a browser: how long it takes from what the server
 * has told until the page answers to a key, and until a change of the server is painted.
 *
 * @remarks A change that costs selection, scroll or focus ends the bench: that is no figure but a fault.
 */
export const managerJob: BenchJob = {
  name: 'manager',
  async run(bench) {
    console.log(`snapshot manager: ${snapshotCount} snapshots`);
    const files = await buildPage();
    const browser = await launchBrowser();
    const opens: number[] = [];
    const repaints: number[] = [];
    try {
      // The first round warms the browser.
      for (let round = 0; round <= bench.options.rounds; round++) {
        const page = await ManagerPage.open(browser, files);
        const { openMs, repaintMs } = await measureOnce(page);
        await page.close();
        if (round > 0) {
          opens.push(openMs);
          repaints.push(repaintMs);
        }
      }
    } finally {
      await browser.close();
    }
    judge(bench, 'from its data to the first key', opens, openGoalMs);
    judge(bench, 'from a change to its paint', repaints, repaintGoalMs);
  },
};

function judge({ verdicts }: Bench, what: string, values: readonly number[], goalMs: number): void {
  verdicts.add(`manager, ${snapshotCount} snapshots: ${what}, ms`, median(values), goalMs);
}

async function measureOnce(page: ManagerPage): Promise<{ readonly openMs: number; readonly repaintMs: number }> {
  const vm = vmWithSnapshots();
  const [opened, toOpen] = messageOf(() => ({ type: 'update', parts: partsOf(vm) }));
  const { usableMs }: PageFigures = await page.page.evaluate(openAndUse, opened);
  const selected = (await page.page.evaluate(() => document.activeElement?.id ?? '')).replace(/^row-/, '');
  await page.update({ details: partsOf(vm, { selectedId: selected }).details });
  await page.settled();
  const [changed, toChange] = messageOf(() => {
    const { tree, growth, details } = partsOf(changedVm(vm), { selectedId: selected });
    return { type: 'update', parts: { tree, growth, details } };
  });
  const { paintedMs, lost }: RepaintFigures = await page.page.evaluate(repaint, changed);
  if (lost.length > 0) {
    throw new Error(`A change of one row has cost the page its ${lost.join(' and its ')}.`);
  }
  if (page.problems.length > 0) {
    throw new Error(page.problems.join('\n'));
  }
  return { openMs: toOpen + usableMs, repaintMs: toChange + paintedMs };
}

/** A message as the panel would post it, and how long that took: wording, checking against the protocol. */
function messageOf(make: () => Parameters<PageChannel['send']>[0]): [message: unknown, ms: number] {
  let posted: unknown;
  const port = {
    post: (message: unknown): void => {
      posted = message;
    },
  };
  const channel = new PageChannel(port, () => undefined, systemClock, nullLogger);
  const startedAtMs = performance.now();
  channel.send(make());
  const ms = performance.now() - startedAtMs;
  if (posted === undefined) {
    throw new Error('The message does not fit the protocol.');
  }
  return [posted, ms];
}
