import type { OperationGroup } from '../../operations/trackedOperation';
import { RecentVms } from '../adapters/recentVms';
import { TakeMemory } from '../adapters/takeMemory';
import { BulkFeedback } from '../feedback/bulkFeedback';
import type { CommandBoundary } from '../feedback/commandBoundary';
import type { Failures, InvokeCommand } from '../feedback/failures';
import type { Messages } from '../feedback/messages';
import { OperationFeedback } from '../feedback/operationFeedback';
import { offerUnsent } from '../feedback/unsentNotice';
import type { LateManager } from '../manager/lateManager';
import { AddServerFlow } from '../prompts/addServerFlow';
import { ServerPicker } from '../prompts/serverPicker';
import { SnapshotPicker } from '../prompts/snapshotPicker';
import { VmPicker } from '../prompts/vmPicker';
import { VscodeBulkDialogs } from '../prompts/vscodeBulkDialogs';
import { VscodeDialogs } from '../prompts/vscodeDialogs';
import type { UiServices } from '../startUi';
import type { TasksView } from '../tasks/tasksView';
import type { Favorites } from '../tree/favorites';
import type { InventoryView } from '../tree/inventoryView';
import type { ServerDirectory } from '../tree/serverDirectory';
import { bulkCommands } from './bulkCommands';
import { BulkPerformer } from './bulkPerformer';
import { diagnosticCommands } from './collectDiagnostics';
import type { CommandHandlers } from './commandRegistry';
import { copyCommands } from './copyCommands';
import type { Demo } from './demo';
import { exchangeCommands } from './exchangeCommands';
import { exportCommands } from './exportSnapshots';
import { passwordCommands } from './passwordCommands';
import { Performer } from './performer';
import { protectionCommands } from './protectionCommands';
import { serverCommands } from './serverCommands';
import { snapshotCommands } from './snapshotCommands';
import type { CreateDialogs } from './takeSnapshot';
import { Targets } from './targets';
import { taskCommands } from './taskCommands';
import { viewCommands } from './viewCommands';
import { vmCommands } from './vmCommands';

/** What commands stand on. */
export interface HandlerServices extends UiServices {
  readonly directory: ServerDirectory;
  readonly inventory: InventoryView;
  readonly tasks: TasksView;
  readonly favorites: Favorites;
  readonly demo: Demo;
  readonly manager: LateManager;
  readonly boundary: CommandBoundary;
  readonly messages: Messages;
  readonly failures: Failures;
  readonly invoke: InvokeCommand;
}

/** What commands do. */
export interface Handlers {
  readonly handlers: CommandHandlers;
  /** Offers what a window that is gone has not sent. */
  offerUnsent(groups: readonly OperationGroup[]): void;
}

/** Makes everything that a command may need: what is loaded when the first of them is chosen. */
export function createHandlers(services: HandlerServices): Handlers {
  const { clock, formats, logger, settings, globalState, registry, history } = services;
  const { directory, inventory, tasks, favorites, demo, manager, boundary, messages, failures, invoke } = services;
  const createDialogs: CreateDialogs = (snapshotName, chosen) =>
    new VscodeDialogs(
      {
        formats,
        clock,
        logger,
        offerSnapshotFirst: () => settings.get('restore.offerSnapshotFirst'),
        createCode: services.createCode,
        flash: (text) => {
          messages.flash(text);
        },
        showTasks: () => tasks.show(),
      },
      snapshotName,
      chosen,
    );
  const selection = (): InventoryView['selection'] => inventory.selection;
  const recent = new RecentVms(globalState);
  const targets = new Targets(
    new VmPicker({
      directory,
      recent,
      clock,
      selection,
      connectStored: () => {
        connectStored(services);
      },
      connect: (connection) => invoke('connect', { kind: 'server', connection }),
    }),
    new SnapshotPicker(formats, clock),
    new ServerPicker(directory, selection, messages),
    recent,
    messages,
  );
  const feedback = new OperationFeedback(messages, failures, history, settings, inventory);
  const bulk = new BulkPerformer(
    services.bulk,
    boundary,
    new BulkFeedback(messages, history, settings, inventory, formats),
    (notes) => new VscodeBulkDialogs({ settings, takeMemory: new TakeMemory(globalState), formats, clock }, notes),
    (groupId) => tasks.revealGroup(groupId),
  );
  const bulkServices = { bulk, directory, messages, hiddenNames: () => settings.get('inventory.hide') };
  const performer = new Performer(services.operations, services.runner, boundary, feedback, createDialogs, (id) =>
    tasks.reveal(id),
  );

  const handlers: CommandHandlers = {
    ...serverCommands({
      registry,
      directory,
      targets,
      inventory,
      history,
      messages,
      formats,
      logger,
      createAddServerFlow: () => new AddServerFlow(services.addServer, registry, services.credentials),
    }),
    ...protectionCommands({
      registry,
      marks: services.marks,
      protection: services.protection,
      targets,
      messages,
      logger,
    }),
    ...exchangeCommands({ registry, inventory, messages, formats }),
    ...passwordCommands({ registry, credentials: services.credentials, targets, messages, formats, logger }),
    ...snapshotCommands({
      targets,
      performer,
      operations: services.operations,
      createDialogs,
      settings,
      takeMemory: new TakeMemory(globalState),
      formats,
      clock,
      ...bulkServices,
    }),
    ...bulkCommands(bulkServices),
    ...vmCommands({ targets, inventory, messages, manager }),
    ...copyCommands(directory, inventory),
    ...viewCommands({ inventory, favorites, tasks, messages, formats, showLog: services.showLog }),
    ...exportCommands({ directory, inventory, messages, formats, clock, logger }),
    ...diagnosticCommands({ ...services.diagnostics, directory, settings, clock, logger }),
    ...taskCommands({ history, performer, bulk, inventory, feedback, logger }),
    ...demo.commands,
  };
  return {
    handlers,
    offerUnsent: (groups) => {
      offerUnsent(groups, { bulk, boundary, messages, history, tasks, formats });
    },
  };
}

/** Lets servers connect for which nobody has to be asked, for a command that needs them with the view hidden. */
function connectStored({ registry, credentials, logger }: UiServices): void {
  for (const connection of registry.all()) {
    if (connection.state.kind === 'disconnected' && credentials.mayHave(registry.profile(connection.id))) {
      connection.connect({ interactive: false }).catch((error: unknown) => {
        // The server's row says it, too.
        logger.debug(`${connection.label} could not be connected for a command: ${String(error)}`);
      });
    }
  }
}
