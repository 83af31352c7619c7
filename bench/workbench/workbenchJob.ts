import path from 'node:path';
import type { Bench, BenchJob } from '../bench';
import { goals } from '../goals';
import { median } from '../measure';
import { round } from '../rows';
import { startServer } from '../servers/start';
import { activate } from './activation';
import { BenchWindow } from './benchWindow';
import { load } from './loading';
import { TreeUse, type Use } from './treeUse';

const vms = 50_000;

/**
 * The packed extension in a real workbench: how long it takes to start, what another extension feels while 50,000 VMs come
 * in, and how long somebody waits who works with them.
 */
export const workbenchJob: BenchJob = {
  name: 'workbench',
  async run(bench) {
    console.log('workbench');
    const window = await BenchWindow.open(bench.scratch);
    try {
      await new WorkbenchJob(bench, window).run();
    } finally {
      await window.close();
    }
  },
};

class WorkbenchJob {
  private readonly use: TreeUse;

  constructor(
    private readonly bench: Bench,
    private readonly window: BenchWindow,
  ) {
    this.use = new TreeUse(window);
  }

  async run(): Promise<void> {
    await this.activation();
    const server = await startServer(path.join(__dirname, 'largeServerProcess.js'), [String(vms)]);
    try {
      await this.window.renew();
      await this.window.show();
      const loading = await load(this.window, server, vms, this.bench.options.picturesFolder);
      console.log(
        `  ${vms} VMs: first row after ${Math.round(loading.firstRowMs)} ms, all after ${Math.round(loading.completeMs)} ms`,
      );
      this.note('load: the first row', { ...loading, wallMs: loading.firstRowMs });
      this.note('load: all', { ...loading, wallMs: loading.completeMs });
      this.feltWhile('they are loaded', [loading]);
      await this.tree();
    } finally {
      await server.stop();
    }
  }

  private async activation(): Promise<void> {
    const totals: number[] = [];
    for (let turn = 0; turn <= this.bench.options.rounds; turn++) {
      const { loadMs, callMs } = await activate(this.window);
      console.log(`  activation: load ${loadMs} ms, call ${callMs} ms`);
      // The first one warms files.
      if (turn > 0) {
        totals.push(loadMs + callMs);
      }
    }
    this.bench.verdicts.add(
      'workbench: activation, load and call in a settled window, ms',
      median(totals),
      goals.activationMs,
    );
  }

  private async tree(): Promise<void> {
    const { use, bench } = this;
    await this.unfold();
    const firstRowsMs: number[] = [];
    const oursMs: number[] = [];
    const all: Use[] = [];
    const note = (what: string, felt: Use): void => {
      this.note(what, felt);
      all.push(felt);
      console.log(`    ${what}: ${round(felt.wallMs)} ms, longest block ${round(felt.blockCpuMs)} ms of CPU`);
    };
    for (let turn = 0; turn <= bench.options.rounds; turn++) {
      const isWarm = turn > 0;
      const expanded = await use.expandLarge();
      note('expand 10,000', expanded);
      note('collapse 10,000', await use.collapseLarge());
      note('expand 100', await use.expandSmall());
      note('view as hosts', await use.viewAsHosts());
      note('view as folders', await use.viewAsFolders());
      // What is folded is asked for again now. The profile costs time of its own, so that this wall does not count.
      const profiled = await this.window.stopwatch.ours(() => use.expandLarge());
      await use.collapseLarge();
      note('filter by name', await use.filter());
      note('clear the filter', await use.clearFilter());
      note('open Find VM', await use.openFind());
      note('find as you type', await use.find());
      note('view as all snapshots', await use.viewAsSnapshots());
      note('view as folders', await use.viewAsFolders());
      console.log(
        `  tree: ${isWarm ? `round ${turn} of ${bench.options.rounds}` : 'warmed up'}, first row of 10,000 after ` +
          `${round(expanded.wallMs)} ms, of which ours ${round(profiled.oursMs)} ms`,
      );
      if (isWarm) {
        firstRowsMs.push(expanded.wallMs);
        oursMs.push(profiled.oursMs);
      }
    }
    bench.verdicts.add('workbench: first row of a folder of 10,000 VMs, ms', median(firstRowsMs), goals.firstRowMs);
    bench.verdicts.add('workbench: of which ours, ms', median(oursMs), goals.firstRowOursMs);
    this.feltWhile('the tree is worked with', all);
  }

  /** Opens the datacenter in both layouts, which remember it. */
  private async unfold(): Promise<void> {
    const { palette } = this.window.workbench;
    const datacenter = this.window.workbench.tree('Inventory').row('DC1');
    await datacenter.expand();
    await palette.run('vSphere: View as Hosts and Clusters');
    await datacenter.waitFor();
    await this.window.stopwatch.rest();
    await datacenter.expand();
    await this.use.viewAsFolders();
  }

  /** What somebody waited for, as a row: processor time and memory are those of the extension host. */
  private note(job: string, { wallMs, cpuMs, rssMb }: Use): void {
    const key = { job, server: 'workbench', vms, client: 'ours' };
    this.bench.samples.add(key, { wallMs, cpuMs, rssMb }, null, 'large');
  }

  private feltWhile(what: string, felt: readonly Pick<Use, 'lateMs' | 'blockCpuMs'>[]): void {
    const most = (of: (each: Pick<Use, 'lateMs' | 'blockCpuMs'>) => number): number => Math.max(...felt.map(of));
    const timer = `workbench: another extension's timer late while ${what}, ${vms} VMs`;
    this.bench.verdicts.add(
      `${timer}, ms`,
      most(({ lateMs }) => lateMs),
      goals.longestBlockMs,
    );
    this.bench.verdicts.add(
      `${timer}, ms of CPU`,
      most(({ blockCpuMs }) => blockCpuMs),
      goals.longestBlockMs,
    );
  }
}
