import { FaultProxy, type ProxyAction } from '../support/faults/faultProxy';
import { SimulatorProcess } from '../support/faults/simulatorProcess';
import { ScaledClock } from '../support/scaledClock';
import { type Cell, notStruck } from './judgement';
import { JudgeProcess } from './judgeProcess';
import type { Chapter } from './laboratory';
import { labAddress, timeFactor } from './lane';
import { LabWindow } from './labWindow';
import { until } from './until';

const vms = 6;
const maxAttempts = 3;
const attemptMs = 5_000;
const pageMethod = 'RetrievePropertiesEx';

interface Job {
  readonly name: string;
  readonly where: string;
  readonly method: string;
  readonly action: ProxyAction;
}

/** The whole inventory is read again while a reply breaks off, at every border of a token; nothing may vanish for that. */
export async function readingCells({ isQuick, isWanted, report }: Chapter): Promise<void> {
  const server = await SimulatorProcess.start(SimulatorProcess.program, '--vms', String(vms));
  const target = new URL(server.url);
  const judge = JudgeProcess.start(server.control);
  // Packed bytes have no borders of tokens.
  const proxy = await FaultProxy.start({ host: target.hostname, port: Number(target.port) }, labAddress, {
    unpacked: true,
  });
  const window = new LabWindow(new ScaledClock(timeFactor));
  try {
    await window.open({ host: labAddress, port: proxy.port, userName: server.user, password: server.password });
    await window.settle();
    const jobs = jobsFor(proxy.lastReply(pageMethod), isQuick).filter(({ name, where }) =>
      isWanted(`inventory: ${name} ${where}`),
    );
    for (const [index, job] of jobs.entries()) {
      report(await readAgain(window, proxy, judge, job));
      if (index % 200 === 199 || index === jobs.length - 1) {
        process.stderr.write(`reading: ${index + 1} of ${jobs.length} cells\n`);
      }
    }
  } finally {
    await window.close();
    await proxy.stop();
    judge.stop();
    await server.stop();
  }
}

function jobsFor(page: Buffer, isQuick: boolean): Job[] {
  const borders = [...page.entries()].flatMap(([at, byte]) => (byte === 0x3c ? [at] : byte === 0x3e ? [at + 1] : []));
  const spread = Array.from({ length: 200 }, (_, index) => Math.floor((index * page.length) / 200));
  const offsets = [...new Set([...borders, ...spread])].sort((a, b) => a - b);
  const sample = (numbers: readonly number[]): readonly number[] =>
    isQuick ? numbers.filter((_, index) => index % 40 === 0) : numbers;
  const job = (name: string, where: string, action: ProxyAction, method = pageMethod): Job => ({
    name,
    where,
    method,
    action,
  });
  return [
    ...sample(offsets).map((bytes) =>
      job('reply cut off', `at byte ${bytes}`, { kind: 'cutReply', bytes, how: 'end' }),
    ),
    ...sample(spread).map((at) => job('byte flipped', `at byte ${at}`, { kind: 'corrupt', at, xor: 0x15 })),
    ...(['CreateContainerView', 'CreatePropertyCollector', 'CreateFilter', 'WaitForUpdatesEx'] as const).flatMap(
      (method) => [
        job('reply cut off', method, { kind: 'cutReply', bytes: 250, how: 'end' }, method),
        job('connection reset', method, { kind: 'cutReply', bytes: 0, how: 'reset' }, method),
        job('request cut off', method, { kind: 'cutRequest', bytes: 300 }, method),
        job('stale reply', method, { kind: 'stale', method: pageMethod }, method),
        job('dripped', method, { kind: 'drip' }, method),
      ],
    ),
  ];
}

async function readAgain(window: LabWindow, proxy: FaultProxy, judge: JudgeProcess, job: Job): Promise<Cell> {
  const cell = { operation: 'inventory', fault: job.name, where: job.where };
  const watch = window.watchNames();
  try {
    await window.settle();
    const armed = proxy.arm({ method: job.method, action: job.action });
    // Asked for while the last reading still goes on it would be that one.
    for (let attempts = 0; !armed.fired && attempts < maxAttempts; attempts++) {
      window.readAgain();
      await until(notStruck, () => armed.fired, attemptMs).catch((error: unknown) => {
        if (attempts === maxAttempts - 1) {
          throw error;
        }
      });
    }
    await window.settle();
    await until('the tree to show the VMs that there are', () => judge.knowsAs(window.names()));
    return watch.fewest() < vms
      ? { ...cell, outcome: 'wrong', note: `only ${watch.fewest()} of ${vms} VMs were shown for a while` }
      : { ...cell, outcome: 'survived', note: '' };
  } catch (error) {
    return { ...cell, outcome: 'wrong', note: `${String(error)}\n${window.log}` };
  } finally {
    watch.dispose();
  }
}
