import * as vscode from 'vscode';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { OperationHistory } from '../../operations/operationHistory';
import type { PasswordReason } from '../../servers/prompts';
import type { ServerRegistry } from '../../servers/serverRegistry';
import type { Messages } from '../feedback/messages';
import { subjectOf } from '../feedback/subject';
import type { AddServerFlow } from '../prompts/addServerFlow';
import { askModal } from '../prompts/askModal';
import { editServer } from '../prompts/editServerFlow';
import type { Formats } from '../text/formats';
import { removeServerText } from '../text/serverDialogs';
import type { InventoryView } from '../tree/inventoryView';
import type { ServerDirectory } from '../tree/serverDirectory';
import type { CommandHandlers, Invocation } from './commandRegistry';
import type { Targets } from './targets';

export interface ServerCommandServices {
  readonly registry: ServerRegistry;
  readonly directory: ServerDirectory;
  readonly targets: Targets;
  readonly inventory: InventoryView;
  readonly history: OperationHistory;
  readonly messages: Messages;
  readonly formats: Formats;
  readonly logger: Logger;
  readonly createAddServerFlow: () => AddServerFlow;
}

type ServerCommands = Pick<
  CommandHandlers,
  | 'addServer'
  | 'editServer'
  | 'removeServer'
  | 'connectServer'
  | 'disconnectServer'
  | 'connect'
  | 'disconnect'
  | 'retryConnection'
  | 'enterPassword'
  | 'reviewCertificate'
  | 'refresh'
>;

/** The list of servers, and the way to them. */
export function serverCommands(services: ServerCommandServices): ServerCommands {
  const { registry, targets, inventory } = services;

  const connect = async (invocation: Invocation): Promise<void> => {
    const connection = await targets.server(invocation, {
      title: vscode.l10n.t('Connect to Server'),
      accepts: ({ state }) => state.kind !== 'live' && state.kind !== 'loading',
      none: vscode.l10n.t('All servers are connected.'),
    });
    if (connection !== undefined) {
      await registry.connect(connection.id, { interactive: true });
    }
  };

  const disconnect = async (invocation: Invocation): Promise<void> => {
    const connection = await targets.server(invocation, {
      title: vscode.l10n.t('Disconnect from Server'),
      accepts: ({ state }) => state.kind !== 'disconnected',
      none: vscode.l10n.t('No server is connected.'),
    });
    if (connection !== undefined) {
      await registry.disconnect(connection.id);
    }
  };

  return {
    addServer: async ({ act }) => {
      const connection = await services.createAddServerFlow().run();
      act.about(subjectOf({ kind: 'server', connection }));
      await inventory.revealServer(connection, { expand: true });
      await registry.connect(connection.id, { interactive: true });
    },
    editServer: async (invocation) => {
      await edit(services, invocation);
    },
    removeServer: async (invocation) => {
      await remove(services, invocation);
    },
    connectServer: connect,
    connect,
    retryConnection: connect,
    reviewCertificate: connect,
    disconnectServer: disconnect,
    disconnect,
    enterPassword: async (invocation) => {
      const connection = await targets.server(invocation, serverQuestion(vscode.l10n.t('Enter Password')));
      if (connection !== undefined) {
        await registry.connect(connection.id, { interactive: true, ask: reasonToAsk(connection) });
      }
    },
    refresh: ({ node }) => {
      // What other windows have changed, too.
      registry.refresh();
      for (const connection of registry.all()) {
        if (node === undefined || node.connection.id === connection.id) {
          connection.refresh();
        }
      }
      inventory.redraw(node?.connection);
      return Promise.resolve();
    },
  };
}

function serverQuestion(title: string): { title: string; none: string } {
  return { title, none: vscode.l10n.t('There are no servers yet. Add one first.') };
}

function reasonToAsk({ state }: HypervisorConnection): PasswordReason {
  if (state.kind !== 'failed') {
    return 'missing';
  }
  switch (state.error.kind) {
    case 'loginRefused':
    case 'loginNotAllowed':
      return 'refused';
    case 'passwordUnavailable':
      return 'unavailable';
    default:
      return 'missing';
  }
}

async function edit(services: ServerCommandServices, invocation: Invocation): Promise<void> {
  const { registry, targets, messages } = services;
  const connection = await targets.server(invocation, serverQuestion(vscode.l10n.t('Edit Server')));
  if (connection === undefined) {
    return;
  }
  const { needsConnection, leftover } = await editServer(registry.profile(connection.id), registry);
  if (leftover !== undefined) {
    messages.show('warning', leftover.error.say());
  }
  if (needsConnection) {
    await registry.connect(connection.id, { interactive: true });
  }
}

async function remove(services: ServerCommandServices, invocation: Invocation): Promise<void> {
  const { registry, directory, targets, history, messages, formats, logger } = services;
  const connection = await targets.server(invocation, serverQuestion(vscode.l10n.t('Remove Server')));
  if (connection === undefined) {
    return;
  }
  const { id, label } = connection;
  const running = history.active().filter((operation) => operation.connection.id === id);
  const answer = await askModal(removeServerText(label, directory.facts(id), running, formats), logger);
  if (answer !== 'remove') {
    return;
  }
  const leftover = await registry.remove(id);
  if (leftover !== undefined) {
    messages.show('warning', leftover.error.say());
  }
}
