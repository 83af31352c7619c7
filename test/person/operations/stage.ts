import path from 'node:path';

import type { Simulator } from '../../../src/simulator/simulator';
import { eventually } from '../../support/eventually';
import { repositoryRoot } from '../../support/repositoryRoot';
import type { ServerKind } from '../../support/servers/serverKind';
import type { TestServer } from '../../support/servers/testServer';
import type { TreeRow } from '../../support/workbench/page/tree';
import type { Workbench } from '../../support/workbench/page/workbench';
import type { Person } from '../person';
import { absence, type OperationName } from './operationRows';

/** A workbench that is connected to a server, and what the scenarios of operations do all the time. */
export class Stage {
  private usedVms = 0;
  private pictures = 0;
  private what = '';

  constructor(
    readonly server: TestServer,
    readonly person: Person,
  ) {}

  get workbench(): Workbench {
    return this.person.workbench;
  }

  /** The embedded vCenter, for what can be arranged there only. */
  get simulator(): Simulator {
    const { simulator } = this.server;
    if (simulator === undefined) {
      throw new Error(`${this.server.kind} is not the embedded vCenter.`);
    }
    return simulator;
  }

  /** Begins something new: its pictures bear its name. */
  begin(what: string): void {
    this.what = what;
    this.pictures = 0;
  }

  /** A VM that no other scenario touches, with these snapshots, each after the one before. */
  async newVm(...snapshots: readonly string[]): Promise<string> {
    const vm = this.server.vms[this.usedVms++];
    if (vm === undefined) {
      throw new Error('There are more scenarios than VMs.');
    }
    await this.server.takeSnapshots(vm, ...snapshots);
    return vm;
  }

  /** Brings the row of a VM into sight, expanded. */
  async showVm(vm: string): Promise<TreeRow> {
    const { palette, quickInput } = this.workbench;
    await palette.run('vSphere: Find VM...');
    await quickInput.waitForStep('Find VM');
    await quickInput.type(vm);
    await quickInput.waitForOption(vm);
    await quickInput.choose(vm);
    await quickInput.waitUntilClosed();
    const row = this.inventoryRow(vm);
    await row.waitUntilFocused();
    return row;
  }

  /** Brings the row of a snapshot into sight. Its name must be the only one of its kind in the tree. */
  async showSnapshot(vm: string, name: string): Promise<TreeRow> {
    const parent = await this.showVm(vm);
    await parent.expand();
    const row = this.inventoryRow(name);
    await row.reveal();
    return row;
  }

  inventoryRow(label: string): TreeRow {
    return this.workbench.tree('Inventory').row(label);
  }

  /** A row of Recent Tasks. */
  taskRow(label: string): TreeRow {
    return this.workbench.tree('Recent Tasks').row(label);
  }

  /** Waits until the server itself has these snapshots. */
  async waitForTree(vm: string, tree: string): Promise<void> {
    let last = '';
    await eventually(`the snapshots of ${vm} to be "${tree}"`, async () => {
      last = await this.server.snapshotTree(vm);
      return last === tree;
    }).catch((error: unknown) => {
      throw new Error(`The snapshots of ${vm} are "${last}", not "${tree}".`, { cause: error });
    });
  }

  /** Keeps what can be seen now. */
  async picture(moment: string): Promise<void> {
    const name = `${this.what} ${++this.pictures} ${moment}`.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
    await this.workbench.screenshot(
      path.join(repositoryRoot(), 'out', 'person', 'pictures', this.server.kind, `${name}.png`),
    );
  }
}

/** Defines the scenarios of an operation; others where a kind of server cannot do it. */
export function operation(
  name: OperationName,
  kind: ServerKind,
  stage: () => Stage,
  define: () => void,
  defineAbsent?: () => void,
): void {
  describe(name, () => {
    before(() => {
      stage().begin(name);
    });
    if (absence(name, kind) === undefined) {
      define();
    } else {
      defineAbsent?.();
    }
  });
}
