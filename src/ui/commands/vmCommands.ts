import * as vscode from 'vscode';
import type { Messages } from '../feedback/messages';
import { nameInSentence } from '../text/names';
import type { VmNode } from '../text/treeNode';
import type { Comparison } from '../manager/comparison';
import type { ManagerPanels } from '../manager/managerPanels';
import type { InventoryView } from '../tree/inventoryView';
import type { CommandHandlers } from './commandRegistry';
import type { Targets } from './targets';

export interface VmCommandServices {
  readonly manager: Pick<ManagerPanels, 'open'>;
  readonly comparison: Pick<Comparison, 'show'>;
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
  comparison,
}: VmCommandServices): Pick<CommandHandlers, 'findVm' | 'manageSnapshots' | 'showInManager' | 'compareWithPresent'> {
  const show = async ({ connection, vm }: VmNode): Promise<void> => {
    if (!(await inventory.revealVm(connection, vm.id, { expand: true, focus: true }))) {
      messages.show(
        'information',
        vscode.l10n.t("'{0}' isn't shown in this layout, or is hidden by a setting.", nameInSentence(vm.name)),
      );
    }
  };
  return {
    findVm: async (invocation) => {
      await show(await targets.vm({ ...invocation, node: undefined, nodes: [] }, { title: vscode.l10n.t('Find VM') }));
    },
    manageSnapshots: async (invocation) => {
      manager.open(await targets.vm(invocation, { title: vscode.l10n.t('Manage Snapshots') }));
    },
    showInManager: async (invocation) => {
      const { node } = invocation;
      if (node?.kind === 'snapshot') {
        const vm = await targets.vm(invocation, { title: vscode.l10n.t('Manage Snapshots') });
        manager.open(vm, node.snapshot.id);
      }
    },
    compareWithPresent: async ({ node }) => {
      if (node?.kind === 'snapshot') {
        await comparison.show(node.connection, node.vmId, node.snapshot.id, undefined);
      }
    },
  };
}
