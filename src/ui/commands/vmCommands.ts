import * as vscode from 'vscode';
import { noFilter } from '../../hypervisor/filter/inventoryFilter';
import type { Messages } from '../feedback/messages';
import { nameInSentence } from '../text/names';
import type { VmNode } from '../text/treeNode';
import type { LateManager } from '../manager/lateManager';
import type { InventoryView } from '../tree/inventoryView';
import type { CommandHandlers } from './commandRegistry';
import type { Targets } from './targets';

export interface VmCommandServices {
  readonly manager: LateManager;
  readonly targets: Targets;
  readonly inventory: InventoryView;
  readonly messages: Messages;
}

/** Ways to a VM. */
export function vmCommands({
  targets,
  inventory,
  messages,
  manager,
}: VmCommandServices): Pick<
  CommandHandlers,
  'findVm' | 'manageSnapshots' | 'showInManager' | 'compareWithPresent' | 'openInVsphereClient'
> {
  const show = async ({ connection, vm }: VmNode): Promise<void> => {
    const options = { expand: true, focus: true };
    if (await inventory.revealVm(connection, vm.id, options)) {
      return;
    }
    if (inventory.layout === 'snapshots') {
      // The list has no place for a VM.
      await inventory.setLayout(inventory.treeLayout);
      if (await inventory.revealVm(connection, vm.id, options)) {
        return;
      }
    }
    const name = nameInSentence(vm.name);
    if (inventory.isFiltered) {
      messages.show('information', vscode.l10n.t("The filter doesn't show '{0}'.", name), [
        {
          title: vscode.l10n.t('Clear Filter'),
          run: async () => {
            await inventory.setFilter(inventory.filterScope, noFilter);
            await inventory.revealVm(connection, vm.id, options);
          },
        },
      ]);
    } else {
      messages.show('information', vscode.l10n.t("'{0}' isn't shown in this layout, or is hidden by a setting.", name));
    }
  };
  return {
    findVm: async (invocation) => {
      await show(await targets.vm({ ...invocation, node: undefined, nodes: [] }, { title: vscode.l10n.t('Find VM') }));
    },
    manageSnapshots: async (invocation) => {
      const vm = await targets.vm(invocation, { title: vscode.l10n.t('Manage Snapshots') });
      (await manager.load()).panels.open(vm);
    },
    showInManager: async (invocation) => {
      const { node } = invocation;
      if (node?.kind === 'snapshot') {
        const vm = await targets.vm(invocation, { title: vscode.l10n.t('Manage Snapshots') });
        (await manager.load()).panels.open(vm, node.snapshot.id);
      }
    },
    openInVsphereClient: async (invocation) => {
      const { connection, vm } = await targets.vm(invocation, { title: vscode.l10n.t('Open in vSphere Client') });
      // As a text and not as a Uri, which would be encoded: the client finds nothing behind `vm%3Bnav%3Dv`.
      const page = connection.client().webPageOf(vm.id) as unknown as vscode.Uri;
      await vscode.env.openExternal(page);
    },
    compareWithPresent: async ({ node }) => {
      if (node?.kind === 'snapshot') {
        const { comparison } = await manager.load();
        await comparison.show(node.connection, node.vmId, node.snapshot.id, undefined);
      }
    },
  };
}
