import type { Row } from './rows';

/** A figure that is held against a goal. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
  readonly holds: boolean;
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
  { server: 'simulator', vms: [10_000], against: 'govc', measure: 'wallMs', goal: 0.6 },
  { server: 'simulator', vms: [10_000], against: 'fetch+fast-xml-parser', measure: 'wallMs', goal: 0.4 },
  { server: 'vcsim', vms: [1_000, 10_000], against: 'curl', measure: 'wallMs', goal: 1.6 },
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

/** Goals for figures that are no comparison of rows. The jobs that measure them hold them against these. */
export const goals = {
  longestBlockMs: 50,
  /** Of that of fast-xml-parser on the whole document. */
  longestBlockShare: 0.01,
  objectsBytesPerVm: 600,
  storeBytesPerVm: 1_500,
  /** Above what a bare client needs for the same change. */
  changeToEventMs: 10,
  /** Of a bare call. */
  smallCall: 1.3,
  /** Of the embedded vCenter with 50,000 VMs. */
  simulatorStartMs: 5_000,
  simulatorRssMB: 1_000,
  /** Load and call of the extension, in a workbench that has settled. */
  activationMs: 20,
  /** Of a folder of 10,000 VMs, its data present. */
  firstRowMs: 600,
  firstRowOursMs: 50,
  // What other servers do must not be felt. A quarter is what two runs of the same differ by on a busy machine.
  besideOthers: 1.25,
} as const;

/** Collects figures with their verdicts. */
export class Verdicts {
  private readonly all: Ratio[] = [];

  /** @param goal - the value holds when it is not above */
  add(name: string, value: number, goal: number): void {
    // Three digits: some goals are hundredths.
    this.all.push({ name, value: Math.round(value * 1_000) / 1_000, goal, holds: value <= goal });
  }

  get ratios(): readonly Ratio[] {
    return this.all;
  }
}

/** Every comparison of rows for which there is a goal and both rows. */
export function judgeRows(rows: readonly Row[]): readonly Ratio[] {
  const verdicts = new Verdicts();
  for (const { server, vms, against, measure, goal } of ratioGoals) {
    for (const count of vms) {
      const of = (client: string): number | undefined =>
        rows.find((row) => row.job === 'J' && row.server === server && row.vms === count && row.client === client)?.[
          measure
        ];
      const [ours, theirs] = [of('ours'), of(against)];
      if (ours !== undefined && theirs !== undefined) {
        verdicts.add(`${server}, ${count} VMs: ${measureNames[measure]} against ${against}`, ours / theirs, goal);
      }
    }
  }
  return verdicts.ratios;
}
