import type * as vscode from 'vscode';
import type { DisposableStore } from '../../common/disposable';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { CommandBoundary } from '../feedback/commandBoundary';
import type { Settings } from '../adapters/settings';
import { Comparison } from './comparison';
import { ManagerLinks } from './managerLinks';
import { ManagerPanels } from './managerPanels';
import type { ManagerServices } from './managerServices';

/** What the manager is made from, beside what its panels need. */
export interface CreateManagerServices extends Omit<ManagerServices, 'settings' | 'onDidChangeSettings' | 'compare'> {
  readonly settings: Settings;
  readonly boundary: CommandBoundary;
  readonly extensionUri: vscode.Uri;
  readonly createNonce: () => string;
  /** Lets a server connect for which nobody has to be asked, and the embedded vCenter start again. */
  readonly wake: (connection: HypervisorConnection | undefined) => void;
}

/** The snapshot manager with its comparisons, and the links that lead to it. */
export interface Manager {
  readonly panels: ManagerPanels;
  readonly comparison: Comparison;
  readonly links: ManagerLinks;
}

/**
 * Makes the snapshot manager.
 *
 * @param comparisonsChanged - fired for a document of a comparison that has to be read again
 * @param parts - owns what is made
 */
export function createManager(
  services: CreateManagerServices,
  comparisonsChanged: vscode.EventEmitter<vscode.Uri>,
  parts: DisposableStore,
): Manager {
  const { settings, directory, formats, logger, boundary, run } = services;
  const comparison = new Comparison({ directory, formats, logger, changed: comparisonsChanged });
  const panels = parts.add(
    new ManagerPanels({
      ...services,
      settings: () => ({
        warnAfterDays: settings.get('health.warnAfterDays'),
        oldAfterDays: settings.get('health.oldAfterDays'),
        backupNamePatterns: settings.get('health.backupNamePatterns'),
        offerSnapshotFirst: settings.get('restore.offerSnapshotFirst'),
      }),
      onDidChangeSettings: settings.onDidChange,
      compare: async (connection, vmId, left, right) => {
        await boundary.run('compare', async () => {
          await comparison.show(connection, vmId, left, right);
        });
      },
    }),
  );
  const links = new ManagerLinks({
    directory,
    boundary,
    connect: (connection) => run('connect', { kind: 'server', connection }),
    open: (vm) => {
      panels.open(vm);
    },
  });
  return { panels, comparison, links };
}
