import { round, type Row } from './rows';

/** A figure that is held against a goal. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
  readonly holds: boolean;
}

/** Figures that are seen from inside of the process that holds the store, by number of VMs. Medians of the rounds. */
export interface InsideFigures {
  readonly longestBlockMs?: number;
  /** The same in processor time. */
  readonly longestBlockCpuMs?: number;
  /** Of the VMs alone, as the domain has them. */
  readonly objectsBytesPerVm?: number;
  /** Of the store with both views. */
  readonly viewsBytesPerVm?: number;
  readonly storeBytesPerVm?: number;
  readonly changeToEventMs?: number;
  /** The longest block of fast-xml-parser on the whole document. */
  readonly wholeDocumentBlockMs?: number;
  readonly smallCallMs?: number;
  readonly bareCallMs?: number;
}

type Measure = 'wallMs' | 'cpuMs' | 'rssMB';

interface RatioGoal {
  readonly server: string;
  readonly vms: readonly number[];
  readonly against: string;
  readonly measure: Measure;
  readonly goal: number;
}

// What the product promises, as ratios of medians of the same run: ours against a peer.
const ratioGoals: readonly RatioGoal[] = [
  { server: 'simulator', vms: [10_000], against: 'govmomi', measure: 'wallMs', goal: 0.7 },
  { server: 'simulator', vms: [10_000], against: 'fetch+fast-xml-parser', measure: 'wallMs', goal: 0.4 },
  { server: 'replay', vms: [50_000], against: 'govmomi', measure: 'wallMs', goal: 0.5 },
  { server: 'replay', vms: [50_000], against: 'govmomi', measure: 'cpuMs', goal: 0.25 },
  { server: 'replay', vms: [10_000], against: 'curl', measure: 'wallMs', goal: 2 },
  { server: 'replay', vms: [50_000], against: 'curl', measure: 'wallMs', goal: 2.8 },
  { server: 'replay', vms: [10_000], against: 'null client', measure: 'cpuMs', goal: 2.5 },
  { server: 'replay', vms: [50_000], against: 'null client', measure: 'cpuMs', goal: 4 },
  { server: 'replay', vms: [50_000], against: 'govmomi', measure: 'rssMB', goal: 0.35 },
  { server: 'replay 100 Mbit/s, 20 ms', vms: [10_000], against: 'curl', measure: 'wallMs', goal: 1.1 },
];

const measureNames: Readonly<Record<Measure, string>> = { wallMs: 'wall', cpuMs: 'CPU', rssMB: 'peak RSS' };

const maxBlockMs = 50;
const maxObjectBytes = 600;
// With fewer, what the client needs by itself would count as theirs.
const minVmsForBytes = 10_000;
const maxStoreBytes = 1_500;
const maxUpdateMs = 10;
const maxSmallCallRatio = 1.3;
const maxBlockShare = 0.01;

/** Every goal for which there are figures, with its verdict. */
export function judge(rows: readonly Row[], inside: ReadonlyMap<number, InsideFigures>): Ratio[] {
  const ratios: Ratio[] = [];
  const add = (name: string, value: number | undefined, goal: number): void => {
    if (value !== undefined && Number.isFinite(value)) {
      // Three digits: some goals are hundredths.
      const rounded = Math.round(value * 1_000) / 1_000;
      ratios.push({ name, value: rounded, goal, holds: value <= goal });
    }
  };
  for (const { server, vms, against, measure, goal } of ratioGoals) {
    for (const count of vms) {
      const of = (client: string): number | undefined =>
        rows.find((row) => row.server === server && row.vms === count && row.client === client)?.[measure];
      const [ours, theirs] = [of('ours'), of(against)];
      const name = `${server}, ${count} VMs: ${measureNames[measure]} against ${against}`;
      add(name, ours === undefined || theirs === undefined ? undefined : ours / theirs, goal);
    }
  }
  for (const [vms, figures] of inside) {
    const { longestBlockMs, wholeDocumentBlockMs, smallCallMs, bareCallMs } = figures;
    add(`${vms} VMs: longest block of the event loop, ms`, longestBlockMs, maxBlockMs);
    add(`${vms} VMs: longest block of the event loop, ms of CPU`, figures.longestBlockCpuMs, maxBlockMs);
    if (longestBlockMs !== undefined && wholeDocumentBlockMs !== undefined) {
      add(
        `${vms} VMs: longest block against whole-document fast-xml-parser`,
        longestBlockMs / wholeDocumentBlockMs,
        maxBlockShare,
      );
    }
    if (vms >= minVmsForBytes) {
      add(`${vms} VMs: bytes a VM, the objects alone`, figures.objectsBytesPerVm, maxObjectBytes);
      add(`${vms} VMs: bytes a VM, the store with both views`, figures.viewsBytesPerVm, maxStoreBytes);
      add(`${vms} VMs: bytes a VM, and what merges updates`, figures.storeBytesPerVm, maxStoreBytes);
    }
    add(`${vms} VMs: change on the server to the store's event, ms`, figures.changeToEventMs, maxUpdateMs);
    if (smallCallMs !== undefined && bareCallMs !== undefined) {
      add(
        `warm small call (${round(smallCallMs)} ms) against bare node:https`,
        smallCallMs / bareCallMs,
        maxSmallCallRatio,
      );
    }
  }
  return ratios;
}
