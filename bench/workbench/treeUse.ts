import type { BenchWindow } from './benchWindow';
import { largeFolder, vmName } from './largeInventory';
import { inventoryRows, msUntilShown, offers } from './shown';
import type { Felt } from './stopwatch';

/** How long a person waited, and what another extension felt until it was all done. */
export interface Use extends Felt {
  readonly wallMs: number;
}

const smallFolder = 'Group 7';
const searched = 43_210;

/** What a person does with a tree of this size, one thing at a time. Each begins where the one before has ended. */
export class TreeUse {
  constructor(private readonly window: BenchWindow) {}

  /** Expands the folder of 10,000 VMs. Its rows are asked for anew each time. */
  async expandLarge(): Promise<Use> {
    return await this.timed({ in: inventoryRows, text: `^${vmName(1)}$` }, () => this.row(largeFolder).expand());
  }

  async collapseLarge(): Promise<Use> {
    const shown = { in: inventoryRows, text: `^${vmName(1)}$`, isGone: true };
    return await this.timed(shown, () => this.row(largeFolder).collapse());
  }

  async expandSmall(): Promise<Use> {
    const first = vmName(10_601);
    const use = await this.timed({ in: inventoryRows, text: `^${first}$` }, () => this.row(smallFolder).expand());
    await this.row(smallFolder).collapse();
    return use;
  }

  /** The other layout, whose rows are as many. */
  async viewAsHosts(): Promise<Use> {
    return await this.timed({ in: inventoryRows, text: '^Cluster 1$' }, () =>
      this.window.workbench.palette.run('vSphere: View as Hosts and Clusters'),
    );
  }

  async viewAsFolders(): Promise<Use> {
    return await this.timed({ in: inventoryRows, text: `^${smallFolder}$` }, () =>
      this.window.workbench.palette.run('vSphere: View as Folders'),
    );
  }

  /** The list of 30,000 snapshots. */
  async viewAsSnapshots(): Promise<Use> {
    return await this.timed({ in: inventoryRows, text: '^before update 60$' }, () =>
      this.window.workbench.palette.run('vSphere: View as All Snapshots'),
    );
  }

  /** From the Enter that accepts the filter. */
  async filter(): Promise<Use> {
    const { quickInput, palette } = this.window.workbench;
    await palette.run('vSphere: Filter...');
    await quickInput.waitForStep('Filter');
    await quickInput.tick('Name...', true);
    await quickInput.accept();
    await quickInput.waitForMessage(/./);
    await quickInput.type(vmName(searched));
    return await this.timed({ in: inventoryRows, text: `^${vmName(searched)}$` }, () => quickInput.accept());
  }

  async clearFilter(): Promise<Use> {
    return await this.timed({ in: inventoryRows, text: `^${smallFolder}$` }, () =>
      this.window.workbench.palette.run('vSphere: Clear Filter'),
    );
  }

  /** From the choice of the command to the first offer, among all VMs. */
  async openFind(): Promise<Use> {
    return await this.timed({ in: offers, text: '^VM-\\d+$' }, () =>
      this.window.workbench.palette.run('vSphere: Find VM...'),
    );
  }

  /** From the last letter of a name that only one VM has. */
  async find(): Promise<Use> {
    const { quickInput } = this.window.workbench;
    const use = await this.timed({ in: offers, text: `^${vmName(searched)}$` }, () =>
      quickInput.type(vmName(searched)),
    );
    await quickInput.cancel();
    return use;
  }

  private row(label: string): ReturnType<ReturnType<BenchWindow['workbench']['tree']>['row']> {
    return this.window.workbench.tree('Inventory').row(label);
  }

  private async timed(shown: Parameters<typeof msUntilShown>[1], act: () => Promise<unknown>): Promise<Use> {
    const { workbench, stopwatch } = this.window;
    await stopwatch.rest();
    await stopwatch.begin();
    const wallMs = await msUntilShown(workbench.page, shown, async () => {
      await act();
    });
    await stopwatch.rest();
    return { ...(await stopwatch.felt()), wallMs };
  }
}
