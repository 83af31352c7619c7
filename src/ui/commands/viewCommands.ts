import * as vscode from 'vscode';
import { noFilter } from '../../hypervisor/filter/inventoryFilter';
import type { Messages } from '../feedback/messages';
import { askFilter } from '../prompts/filterFlow';
import type { TasksView } from '../tasks/tasksView';
import { viewIds } from '../text/commandIds';
import type { Formats } from '../text/formats';
import type { TreeNode, ViewLayout } from '../text/treeNode';
import type { Favorites, PlacedVm } from '../tree/favorites';
import type { InventoryView } from '../tree/inventoryView';
import type { CommandHandler, CommandHandlers } from './commandRegistry';

export interface ViewCommandServices {
  readonly inventory: InventoryView;
  readonly favorites: Favorites;
  readonly tasks: TasksView;
  readonly messages: Pick<Messages, 'flash'>;
  readonly formats: Formats;
  readonly showLog: () => void;
}

type ViewCommands = Pick<
  CommandHandlers,
  | 'viewAsFolders'
  | 'viewAsHostsAndClusters'
  | 'viewAsAllSnapshots'
  | 'filter'
  | 'changeFilter'
  | 'clearFilter'
  | 'showNeedsConsolidation'
  | 'addToFavorites'
  | 'removeFromFavorites'
  | 'showRecentTasks'
  | 'showLog'
>;

/** What is shown, and how. */
export function viewCommands(services: ViewCommandServices): ViewCommands {
  const { inventory, favorites, tasks, formats, showLog } = services;
  const viewAs =
    (layout: ViewLayout): CommandHandler =>
    async () => {
      await inventory.setLayout(layout);
      await bringToFront(inventory);
      if (layout === 'snapshots') {
        // The editor keeps the place to which other rows were scrolled, and the oldest snapshot would be above it.
        await inventory.revealFirst();
      }
    };
  const filter: CommandHandler = async () => {
    const scope = inventory.filterScope;
    const chosen = await askFilter(inventory.filter, scope === 'snapshots', formats);
    await inventory.setFilter(scope, chosen);
    await bringToFront(inventory);
    if (chosen.largerThanGb !== undefined) {
      await readSizes(inventory);
    }
  };
  const mark =
    (isFavorite: boolean): CommandHandler =>
    async ({ nodes }) => {
      await favorites.set(nodes.flatMap(vmOf), isFavorite);
    };
  return {
    viewAsFolders: viewAs('folders'),
    viewAsHostsAndClusters: viewAs('compute'),
    viewAsAllSnapshots: viewAs('snapshots'),
    filter,
    changeFilter: filter,
    clearFilter: async () => {
      await inventory.setFilter(inventory.filterScope, noFilter);
    },
    showNeedsConsolidation: async () => {
      // The list has a heading for them; who asks for a filter wants the VMs in their places.
      if (inventory.filterScope === 'snapshots') {
        await inventory.setLayout(inventory.treeLayout);
      }
      await inventory.setFilter('tree', { ...noFilter, needsConsolidation: true });
      await bringToFront(inventory);
    },
    addToFavorites: mark(true),
    removeFromFavorites: mark(false),
    showRecentTasks: async () => {
      await tasks.show();
    },
    showLog: () => {
      showLog();
      return Promise.resolve();
    },
  };
}

/**
 * Shows the view where the person cannot see it.
 *
 * @remarks Where he can, taking the keyboard there fails in VS Code while the row that had it is being replaced.
 */
async function bringToFront(inventory: InventoryView): Promise<void> {
  if (!inventory.isVisible) {
    await inventory.show();
  }
}

/** Reads what snapshots occupy for a filter by size, which would else leave out what nobody has looked at. */
async function readSizes(inventory: InventoryView): Promise<void> {
  const location = { viewId: viewIds.inventory };
  await vscode.window.withProgress({ location }, () => inventory.readAllSizes());
}

function vmOf(node: TreeNode): PlacedVm[] {
  return node.kind === 'vm' ? [{ connection: node.connection, vm: node.vm }] : [];
}
