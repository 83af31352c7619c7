import * as vscode from 'vscode';
import type { Clock } from '../common/clock';
import { type Disposable, DisposableStore } from '../common/disposable';
import type { Logger } from '../common/logger';
import { once } from '../common/once';
import type { HypervisorConnection } from '../hypervisor/connection';
import type { BulkService } from '../operations/bulk/bulkService';
import type { OperationHistory } from '../operations/operationHistory';
import type { OperationRunner } from '../operations/operationRunner';
import type { OperationsService } from '../operations/operationsService';
import type { Recovery } from '../operations/recovery';
import type { AddServer } from '../servers/addServer';
import type { CredentialService } from '../servers/credentialService';
import type { ProfileStore } from '../servers/profileStore';
import type { ProtectionMarks } from '../servers/protectionMarks';
import type { ServerRegistry } from '../servers/serverRegistry';
import type { StatePort } from '../servers/statePort';
import type { CredentialStores } from '../servers/storeChain';
import type { ProtectionResolver } from './adapters/protectionResolver';
import { RegistryDirectory } from './adapters/registryDirectory';
import type { Settings } from './adapters/settings';
import { ViewMemory } from './adapters/viewMemory';
import type { DiagnosticSources } from './commands/collectDiagnostics';
import { CommandRegistry } from './commands/commandRegistry';
import { Demo, type RunningDemo } from './commands/demo';
import { CommandBoundary } from './feedback/commandBoundary';
import { Failures, type InvokeCommand } from './feedback/failures';
import { Messages } from './feedback/messages';
import { Milestones } from './feedback/milestones';
import { PasswordMover } from './feedback/passwordMover';
import { PasswordNotice } from './feedback/passwordNotice';
import { ProfileNotice } from './feedback/profileNotice';
import { SettingNotice } from './feedback/settingNotice';
import { LateManager } from './manager/lateManager';
import { StatusItem } from './tasks/statusItem';
import { TasksView } from './tasks/tasksView';
import type { Formats } from './text/formats';
import { Favorites } from './tree/favorites';
import { InventoryView } from './tree/inventoryView';

/** What the user interface stands on. */
export interface UiServices {
  readonly clock: Clock;
  readonly formats: Formats;
  readonly logger: Logger;
  readonly showLog: () => void;
  readonly settings: Settings;
  /** For all windows. */
  readonly globalState: StatePort;
  /** For windows of this workspace. */
  readonly workspaceState: StatePort;
  readonly profiles: ProfileStore;
  readonly credentials: CredentialService;
  readonly stores: CredentialStores;
  readonly registry: ServerRegistry;
  readonly addServer: AddServer;
  readonly marks: ProtectionMarks;
  readonly protection: ProtectionResolver;
  readonly history: OperationHistory;
  readonly runner: OperationRunner;
  readonly operations: OperationsService;
  readonly bulk: BulkService;
  readonly recovery: Recovery;
  readonly startDemo: () => Promise<RunningDemo>;
  readonly diagnostics: DiagnosticSources;
  readonly createCode: () => string;
  readonly extensionUri: vscode.Uri;
  /** A text that nobody can guess. */
  readonly createNonce: () => string;
}

const demoKey = 'demo';

/** Makes the views and commands, and has them follow each other. Whoever disposes the result takes them away. */
export function startUi(services: UiServices): Disposable {
  const { clock, formats, logger, settings, globalState, registry, history } = services;
  const parts = new DisposableStore();
  const directory = parts.add(
    new RegistryDirectory(registry, services.profiles, services.credentials, services.stores),
  );
  const memory = new ViewMemory(globalState, services.workspaceState);
  const favorites = new Favorites(
    () => memory.favorites,
    (ids) => memory.saveFavorites(ids),
  );
  parts.add(
    registry.onDidChange(({ removed }) => {
      favorites.forget(removed.map(({ id }) => id)).catch((error: unknown) => {
        logger.error('The favorites of a removed server could not be forgotten', error);
      });
    }),
  );
  const inventory = parts.add(createInventory(services, directory, favorites, memory));
  const tasks = parts.add(new TasksView({ history, formats, clock, logger }));
  parts.add(new StatusItem(history, formats));
  const demo = parts.add(createDemo(services, inventory));

  const messages = new Messages(logger);
  // What the buttons of a failure do are commands, and commands end in failures.
  const invoke: InvokeCommand = (name, node) => commands.invoke(name, node);
  const failures = new Failures(messages, invoke, logger);
  const boundary = new CommandBoundary(failures, logger);
  const manager = parts.add(
    new LateManager({
      ...services,
      directory,
      favorites,
      boundary,
      run: (name, node, argument) => commands.invoke(name, node, argument),
      wake: (connection) => {
        wake(services, demo, connection);
      },
    }),
  );
  const late = once(async () => {
    const { createHandlers } = await import('./commands/createHandlers');
    return createHandlers({
      ...services,
      directory,
      inventory,
      tasks,
      favorites,
      demo,
      manager,
      boundary,
      messages,
      failures,
      invoke,
    });
  });
  const commands: CommandRegistry = parts.add(
    new CommandRegistry(
      boundary,
      async () => (await late()).handlers,
      () => inventory.selection,
      manager,
    ),
  );
  parts.add(new PasswordNotice(services.credentials, globalState, messages, logger));
  parts.add(new PasswordMover(settings, services.profiles, services.credentials, boundary, messages));
  parts.add(new ProfileNotice(services.profiles, globalState, messages, services.showLog, logger));
  parts.add(new SettingNotice(settings, messages));
  parts.add(new Milestones(services.profiles, services.marks, history, logger));

  parts.add(
    services.recovery.onDidFindUnsent((groups) => {
      void boundary.run('runRest', async () => {
        (await late()).offerUnsent(groups);
      });
    }),
  );
  followVisibility(services, [inventory, manager], demo, parts);
  parts.add(
    inventory.onDidExpandServer((connection) => {
      if (connection.state.kind === 'disconnected') {
        void commands.invoke('connect', { kind: 'server', connection });
      }
    }),
  );
  return parts;
}

function createInventory(
  services: UiServices,
  directory: RegistryDirectory,
  favorites: Favorites,
  memory: ViewMemory,
): InventoryView {
  const { settings } = services;
  return new InventoryView({
    directory,
    history: services.history,
    formats: services.formats,
    clock: services.clock,
    logger: services.logger,
    settings: () => ({
      hide: settings.get('inventory.hide'),
      warnAfterDays: settings.get('health.warnAfterDays'),
      oldAfterDays: settings.get('health.oldAfterDays'),
      backupNamePatterns: settings.get('health.backupNamePatterns'),
    }),
    onDidChangeSettings: settings.onDidChange,
    protection: services.protection,
    memory,
    favorites,
  });
}

function createDemo(services: UiServices, inventory: InventoryView): Demo {
  const { registry, credentials, logger, workspaceState } = services;
  return new Demo({
    registry,
    credentials,
    inventory,
    logger,
    start: services.startDemo,
    wasOn: () => workspaceState.get(demoKey) === true,
    setOn: async (on) => {
      await workspaceState.set(demoKey, on ? true : undefined);
    },
  });
}

/** Gets ready what a restored panel shows, as far as nobody has to be asked for it. */
function wake(
  { credentials, registry, logger }: UiServices,
  demo: Demo,
  connection: HypervisorConnection | undefined,
): void {
  const mayConnect = connection?.state.kind === 'disconnected' && credentials.mayHave(registry.profile(connection.id));
  const work =
    connection === undefined
      ? demo.resume()
      : mayConnect
        ? registry.connect(connection.id, { interactive: false })
        : undefined;
  work?.catch((error: unknown) => {
    // The panel says how its server stands.
    logger.debug(`a restored panel could not be connected: ${String(error)}`);
  });
}

/** Servers are live while somebody looks, and what other windows have changed shows when this one is looked at. */
function followVisibility(
  services: UiServices,
  views: readonly Pick<InventoryView, 'isVisible' | 'onDidChangeVisibility'>[],
  demo: Demo,
  parts: DisposableStore,
): void {
  const { registry, logger } = services;
  const show = (): void => {
    const isVisible = views.some((view) => view.isVisible);
    registry.setVisible(isVisible);
    if (isVisible) {
      demo.resume().catch((error: unknown) => {
        logger.error('The demo could not be started again', error);
      });
    }
  };
  for (const view of views) {
    parts.add(view.onDidChangeVisibility(show));
  }
  show();
  parts.add(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) {
        registry.refresh();
        services.marks.refresh();
      }
    }),
  );
}
