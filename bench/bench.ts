import * as fs from 'node:fs';
import os from 'node:os';
import { TemporaryFolder } from '../test/support/temporaryFolder';
import type { Programs } from './build';
import { judgeRows, Verdicts } from './goals';
import { type Cost, measure } from './measure';
import type { BenchOptions } from './options';
import { Samples } from './rows';
import { printRatios, printRows } from './table';

/** A part of the bench. To add one: write it and name it in the list of run.ts. */
export interface BenchJob {
  /** What `--jobs` calls it. */
  readonly name: string;
  /** Measures. What it finds goes to `samples`, `verdicts` and `missing` of the bench. */
  run(bench: Bench): Promise<void>;
}

/** What the jobs of one run share. */
export class Bench {
  /** For files that go with the run. */
  readonly scratch = new TemporaryFolder('bench');
  /** What programs needed, round by round: become the rows of the table. */
  readonly samples = new Samples();
  /** Figures that a job has held against a goal by itself. */
  readonly verdicts = new Verdicts();
  private readonly absent = new Map<string, string>();

  constructor(
    readonly programs: Programs,
    readonly options: BenchOptions,
  ) {}

  /** Runs a program to its end and says what it needed. @throws Error when it fails. */
  async measure(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Cost> {
    return await measure(this.scratch.path, command, env);
  }

  /** Says that something could not be measured. */
  missing(what: string, reason: string): void {
    this.absent.set(what, reason);
  }

  /** Prints everything. @throws Error when clients have not read the same. */
  report(): void {
    const rows = this.samples.rows();
    const ratios = [...judgeRows(rows), ...this.verdicts.ratios];
    const missing = [...this.absent].map(([what, reason]) => `${what}: ${reason}`);
    printRows(rows);
    printRatios(ratios);
    for (const line of missing) {
      console.log(`Missing: ${line}`);
    }
    const { jsonFile } = this.options;
    if (jsonFile !== undefined) {
      fs.writeFileSync(jsonFile, `${JSON.stringify({ machine: machine(), rows, ratios, missing }, null, 2)}\n`);
    }
  }

  dispose(): void {
    this.scratch.remove();
  }
}

/** What ran it, and how busy that was in the last quarter of an hour. */
function machine(): string {
  const processors = os.cpus();
  const [, , load = 0] = os.loadavg();
  return `${processors.length} × ${processors[0]?.model ?? '?'}, ${os.type()}, Node ${process.version}, load ${load.toFixed(1)}`;
}
