import type { CDPSession } from 'playwright-core';
import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import { PageChannel } from '../../src/ui/manager/pageChannel';
import { launchBrowser } from '../../test/support/workbench/browser';
import { buildPage, ManagerPage } from '../../test/webview/managerPage';
import { partsOf } from '../../test/webview/pageStates';
import type { Bench, BenchJob } from '../bench';
import { median } from '../measure';
import { changedVm, snapshotCount, vmWithSnapshots } from './largeVm';
import { complete, lay, openAndUse, type PageFigures, repaint, type RepaintFigures } from './pageProbe';

// What nobody notices as waiting.
const openGoalMs = 300;
// Nobody scrolls to the end of what has just appeared within a second.
const completeGoalMs = 1_000;
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
    const rounds: Round[] = [];
    try {
      // The first round warms the browser.
      for (let round = 0; round <= bench.options.rounds; round++) {
        const page = await ManagerPage.open(browser, files);
        const measured = await measureOnce(page);
        await page.close();
        if (round > 0) {
          rounds.push(measured);
        }
      }
    } finally {
      await browser.close();
    }
    judge(
      bench,
      'from its data to the first key',
      rounds.map(({ opened }) => opened),
      openGoalMs,
    );
    judge(
      bench,
      'from its data to the last row',
      rounds.map(({ completed }) => completed),
      completeGoalMs,
    );
    judge(
      bench,
      'from a change to its paint',
      rounds.map(({ repainted }) => repainted),
      repaintGoalMs,
    );
  },
};

/** How long something took, and how much of that somebody has computed: the extension, and the page's main thread. */
interface Step {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface Round {
  readonly opened: Step;
  readonly completed: Step;
  readonly repainted: Step;
}

function judge({ verdicts }: Bench, what: string, steps: readonly Step[], goalMs: number): void {
  const cpuMs = Math.round(median(steps.map((step) => step.cpuMs)));
  // On a busy machine the rest is waiting for its turn.
  console.log(`  ${what}: ${cpuMs} ms of computing`);
  verdicts.add(`manager, ${snapshotCount} snapshots: ${what}, ms`, median(steps.map((step) => step.wallMs)), goalMs);
}

async function measureOnce(page: ManagerPage): Promise<Round> {
  const vm = vmWithSnapshots();
  const clock = await PageClock.start(page);
  const [first, toOpen] = messageOf(() => ({ type: 'update', parts: partsOf(vm) }));
  await page.page.evaluate(lay, first);
  await clock.lap();
  const { usableMs, startedAtMs }: PageFigures = await page.page.evaluate(openAndUse);
  const opened = { wallMs: toOpen.wallMs + usableMs, cpuMs: toOpen.cpuMs + (await clock.lap()) };
  // And one row for what runs now.
  const completeMs = (await page.page.evaluate(complete, snapshotCount + 1)) - startedAtMs;
  const completed = { wallMs: toOpen.wallMs + completeMs, cpuMs: opened.cpuMs + (await clock.lap()) };
  const selected = (await page.page.evaluate(() => document.activeElement?.id ?? '')).replace(/^row-/, '');
  await page.update({ details: partsOf(vm, { selectedId: selected }).details });
  await page.settled();
  const [changed, toChange] = messageOf(() => {
    const { tree, growth, details } = partsOf(changedVm(vm), { selectedId: selected });
    return { type: 'update', parts: { tree, growth, details } };
  });
  await page.page.evaluate(lay, changed);
  await clock.lap();
  const { paintedMs, lost }: RepaintFigures = await page.page.evaluate(repaint);
  if (lost.length > 0) {
    throw new Error(`A change of one row has cost the page its ${lost.join(' and its ')}.`);
  }
  if (page.problems.length > 0) {
    throw new Error(page.problems.join('\n'));
  }
  const repainted = { wallMs: toChange.wallMs + paintedMs, cpuMs: toChange.cpuMs + (await clock.lap()) };
  return { opened, completed, repainted };
}

/** The time for which the main thread of a page has really run. */
class PageClock {
  private lastMs = 0;

  private constructor(private readonly session: CDPSession) {}

  static async start({ page }: ManagerPage): Promise<PageClock> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const clock = new PageClock(session);
    await clock.lap();
    return clock;
  }

  /** Milliseconds since the last time. */
  async lap(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    const nowMs = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
    const passedMs = nowMs - this.lastMs;
    this.lastMs = nowMs;
    return passedMs;
  }
}

/** A message as the panel would post it, and how long that took: wording, checking against the protocol. */
function messageOf(make: () => Parameters<PageChannel['send']>[0]): [message: unknown, step: Step] {
  let posted: unknown;
  const port = {
    post: (message: unknown): void => {
      posted = message;
    },
  };
  const channel = new PageChannel(port, () => undefined, systemClock, nullLogger);
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  channel.send(make());
  const { user, system } = process.cpuUsage(before);
  const wallMs = performance.now() - startedAtMs;
  if (posted === undefined) {
    throw new Error('The message does not fit the protocol.');
  }
  return [posted, { wallMs, cpuMs: (user + system) / 1_000 }];
}
