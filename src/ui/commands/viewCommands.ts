import type { TasksView } from '../tasks/tasksView';
import type { InventoryView } from '../tree/inventoryView';
import type { CommandHandlers } from './commandRegistry';

/** What is shown, and how. */
export function viewCommands(
  inventory: InventoryView,
  tasks: TasksView,
  showLog: () => void,
): Pick<CommandHandlers, 'viewAsFolders' | 'viewAsHostsAndClusters' | 'showRecentTasks' | 'showLog'> {
  return {
    viewAsFolders: async () => {
      await inventory.setLayout('folders');
    },
    viewAsHostsAndClusters: async () => {
      await inventory.setLayout('compute');
    },
    showRecentTasks: async () => {
      await tasks.show();
    },
    showLog: () => {
      showLog();
      return Promise.resolve();
    },
  };
}
