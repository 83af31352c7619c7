import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import { DisposableStore } from '../../common/disposable';
import { Emitter, type Event } from '../../common/event';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { RecentVms } from '../adapters/recentVms';
import type { TreeNode, VmNode } from '../text/treeNode';
import { findableId, findableVms, type FindableVm, searchVms } from '../text/vmSearch';
import { nameInRow, nameInSentence } from '../text/names';
import type { ServerDirectory } from '../tree/serverDirectory';
import { type Choice, type Divider, maxItems, pickOne } from './pickOne';
import { plain } from '../text/plain';

/** What the picker needs to know and to do. */
export interface VmPickerServices {
  readonly directory: ServerDirectory;
  readonly recent: RecentVms;
  readonly clock: Clock;
  /** The selected rows of the inventory. */
  readonly selection: () => readonly TreeNode[];
  /** Lets servers connect for which nobody has to be asked. */
  readonly connectStored: () => void;
  /** Connects a server, asking the person. Resolves when that has ended, well or not. */
  readonly connect: (connection: HypervisorConnection) => Promise<void>;
}

export interface VmQuestion {
  readonly title: string;
  readonly placeholder?: string;
  /** VMs that cannot be meant are left out. */
  readonly accepts?: (vm: VirtualMachine) => boolean;
}

type Target = { readonly vm: FindableVm } | { readonly connect: HypervisorConnection };

// While a large inventory comes in, the list is made anew no more often than this.
const refillAfterMs = 300;

/** Has a VM picked from all connected servers, in one step. */
export class VmPicker {
  constructor(private readonly services: VmPickerServices) {}

  /** @throws CancelledError when the person gives up. */
  async pick(question: VmQuestion): Promise<VmNode> {
    this.services.connectStored();
    for (;;) {
      const target = await this.ask(question);
      if ('vm' in target) {
        const { connection, vm } = target.vm;
        return { kind: 'vm', connection, vm };
      }
      await this.services.connect(target.connect);
    }
  }

  private async ask({ title, placeholder, accepts = () => true }: VmQuestion): Promise<Target> {
    const resources = new DisposableStore();
    try {
      const changed = this.watch(resources);
      let vms = this.allVms(accepts);
      // Before the picker asks for choices again because of it.
      resources.add(
        changed(() => {
          vms = this.allVms(accepts);
        }),
      );
      const { value } = await pickOne<Target>({
        title,
        placeholder: placeholder ?? vscode.l10n.t('Name, folder or server of the VM'),
        choices: () => this.vmChoices(vms, ''),
        search: (typed) => this.vmChoices(vms, typed),
        footer: (typed) => this.connectChoices(typed),
        changed,
        busy: () => this.connections().some(({ state }) => state.kind === 'connecting' || state.kind === 'loading'),
      });
      // Without buttons a question ends with a choice or not at all.
      return value as Target;
    } finally {
      resources.dispose();
    }
  }

  private connections(): readonly HypervisorConnection[] {
    return this.services.directory.all();
  }

  private allVms(accepts: (vm: VirtualMachine) => boolean): FindableVm[] {
    return this.connections()
      .filter(({ state }) => state.kind === 'live' || state.kind === 'loading' || state.kind === 'reconnecting')
      .flatMap((connection) => findableVms(connection, accepts));
  }

  private vmChoices(vms: readonly FindableVm[], typed: string): (Choice<Target> | Divider)[] {
    const preferred = [...this.selectedIds(), ...this.services.recent.all()];
    // One more than are shown, so that it is said that there are more.
    const choices = searchVms(vms, typed, preferred, maxItems + 1).map((vm) => ({
      id: vm.id,
      label: plain(nameInRow(vm.vm.name)),
      description: plain(vm.where),
      value: { vm },
    }));
    const isFirst = new Set(preferred);
    const firstOther = choices.findIndex(({ id }) => !isFirst.has(id));
    // Without a word about it, the order would look like none.
    return typed !== '' || firstOther <= 0
      ? choices
      : [
          { divider: vscode.l10n.t('selected and recently used') },
          ...choices.slice(0, firstOther),
          { divider: vscode.l10n.t('all others') },
          ...choices.slice(firstOther),
        ];
  }

  private selectedIds(): string[] {
    return this.services.selection().flatMap((node) => {
      switch (node.kind) {
        case 'vm':
          return [findableId(node.connection, node.vm)];
        case 'snapshot':
        case 'present':
          return [findableId(node.connection, { id: node.vmId })];
        case 'server':
        case 'container':
        case 'notice':
          return [];
      }
    });
  }

  /** What helps when a VM is not in the list because its server is not connected. */
  private connectChoices(typed: string): (Choice<Target> | Divider)[] {
    const away = this.connections().filter(
      ({ state, label }) =>
        (state.kind === 'disconnected' || state.kind === 'failed') && label.toLowerCase().includes(typed.toLowerCase()),
    );
    return away.length === 0
      ? []
      : [
          { divider: vscode.l10n.t('not connected') },
          ...away.map((connection) => ({
            id: connection.id,
            label: `$(plug) ${vscode.l10n.t("Connect to '{0}'...", plain(nameInSentence(connection.label)))}`,
            value: { connect: connection },
          })),
        ];
  }

  /** Tells, not too often, that other VMs may be there. */
  private watch(resources: DisposableStore): Event<void> {
    const changed = resources.add(new Emitter<void>());
    let isDue = false;
    const soon = (): void => {
      if (!isDue) {
        isDue = true;
        resources.add(
          this.services.clock.schedule(refillAfterMs, () => {
            isDue = false;
            changed.fire();
          }),
        );
      }
    };
    for (const connection of this.connections()) {
      resources.add(connection.onDidChangeState(soon));
      resources.add(
        connection.inventory.onDidChange(({ removed, parents }) => {
          // Only VMs that come, go, move or are renamed change the list.
          if (removed.size > 0 || parents.folders.size > 0) {
            soon();
          }
        }),
      );
    }
    return changed.event;
  }
}
