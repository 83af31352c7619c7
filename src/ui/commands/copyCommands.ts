import * as vscode from 'vscode';
import { subjectOf } from '../feedback/subject';
import type { TreeNode } from '../text/treeNode';
import { innermost } from '../text/inventoryRows';
import type { InventoryView } from '../tree/inventoryView';
import type { ServerDirectory } from '../tree/serverDirectory';
import type { CommandHandler, CommandHandlers } from './commandRegistry';

/** Puts what identifies rows on the clipboard, one row a line. */
export function copyCommands(
  directory: ServerDirectory,
  inventory: InventoryView,
): Pick<CommandHandlers, 'copyName' | 'copyPath' | 'copyObjectId' | 'copyAsPowerCli' | 'copyAddress'> {
  const copy =
    (textOf: (node: TreeNode) => string | undefined): CommandHandler =>
    async ({ nodes, act }) => {
      act.about(subjectOf(nodes[0]));
      const lines = nodes.flatMap((node) => textOf(node) ?? []);
      if (lines.length > 0) {
        await vscode.env.clipboard.writeText(lines.join('\n'));
      }
    };
  return {
    copyName: copy(nameOf),
    copyPath: copy((node) => pathOf(node, inventory)),
    copyObjectId: copy(objectIdOf),
    copyAsPowerCli: copy(scriptLineOf),
    copyAddress: copy(({ connection }) => directory.facts(connection.id)?.address),
  };
}

function nameOf(node: TreeNode): string | undefined {
  switch (node.kind) {
    case 'container':
      return innermost(node).name;
    case 'vm':
      return node.vm.name;
    case 'snapshot':
      return node.snapshot.name;
    case 'server':
      return node.connection.label;
    case 'present':
    case 'notice':
      return undefined;
  }
}

/** The names from the datacenter down, as the present layout shows them: `DC1/Prod/SQL01`. */
function pathOf(node: TreeNode, { treeLayout: layout }: InventoryView): string | undefined {
  const { inventory } = node.connection;
  switch (node.kind) {
    case 'container': {
      const { id, name } = innermost(node);
      return [...inventory.path(layout, id), name].join('/');
    }
    case 'vm':
      return [...inventory.path(layout, node.vm.id), node.vm.name].join('/');
    case 'snapshot':
    case 'server':
    case 'present':
    case 'notice':
      return undefined;
  }
}

/** @throws HypervisorError of kind `notConnected`: how its objects are named in scripts only the server's client knows. */
function scriptLineOf(node: TreeNode): string | undefined {
  const { connection } = node;
  const vm = node.kind === 'vm' ? node.vm : node.kind === 'snapshot' ? connection.inventory.vm(node.vmId) : undefined;
  return vm === undefined
    ? undefined
    : connection.client().scriptLine({
        vmId: vm.id,
        vmName: vm.name,
        isTemplate: vm.isTemplate,
        ...(node.kind === 'snapshot' && { snapshot: node.snapshot }),
      });
}

function objectIdOf(node: TreeNode): string | undefined {
  switch (node.kind) {
    case 'container':
      return innermost(node).id;
    case 'vm':
      return node.vm.id;
    case 'snapshot':
      return node.snapshot.id;
    case 'server':
    case 'present':
    case 'notice':
      return undefined;
  }
}
