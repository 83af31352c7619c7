import * as vscode from 'vscode';
import type { Logger } from '../../common/logger';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { ProtectionMarks } from '../../servers/protectionMarks';
import type { ServerRegistry } from '../../servers/serverRegistry';
import type { ProtectionResolver } from '../adapters/protectionResolver';
import type { MessageAction, Messages } from '../feedback/messages';
import { askModal } from '../prompts/askModal';
import { innermost } from '../text/inventoryRows';
import { nameInSentence } from '../text/names';
import { stillProtectedSentence } from '../text/protectionText';
import { allowChangesText } from '../text/serverDialogs';
import { settingSection } from '../text/settingRules';
import type { ContainerNode, ServerNode, TreeNode, VmNode } from '../text/treeNode';
import type { CommandHandlers, Invocation } from './commandRegistry';
import type { Targets } from './targets';

export interface ProtectionCommandServices {
  readonly registry: Pick<ServerRegistry, 'edit'>;
  readonly marks: Pick<ProtectionMarks, 'set'>;
  readonly protection: Pick<ProtectionResolver, 'of'>;
  readonly targets: Targets;
  readonly messages: Pick<Messages, 'show' | 'flash'>;
  readonly logger: Logger;
}

/** Rows that can be marked as protected. */
type ProtectableNode = ServerNode | ContainerNode | VmNode;

// A message of more sentences than this is read by nobody.
const maxSentences = 3;

/** What guards servers, folders and VMs against slips: typed confirmations, and no changes at all. */
export function protectionCommands(
  services: ProtectionCommandServices,
): Pick<CommandHandlers, 'markProtected' | 'removeProtection' | 'makeReadOnly' | 'allowChanges'> {
  const { registry, targets, messages, logger } = services;
  const none = (): string => vscode.l10n.t('There are no servers yet. Add one first.');
  return {
    markProtected: async ({ nodes }) => {
      await mark(services, protectable(nodes), true);
    },
    removeProtection: async ({ nodes }) => {
      const rows = protectable(nodes);
      await mark(services, rows, false);
      tellWhatStays(services, rows);
    },
    makeReadOnly: async (invocation) => {
      const connection = await targets.server(invocation, { title: vscode.l10n.t('Make Read-Only'), none: none() });
      if (connection !== undefined) {
        await registry.edit(connection.id, { isReadOnly: true });
      }
    },
    allowChanges: async (invocation: Invocation) => {
      const connection = await targets.server(invocation, { title: vscode.l10n.t('Allow Changes'), none: none() });
      if (connection === undefined || (await askModal(allowChangesText(connection.label), logger)) !== 'allow') {
        return;
      }
      await registry.edit(connection.id, { isReadOnly: false });
      messages.flash(vscode.l10n.t("Changes on '{0}' are allowed", nameInSentence(connection.label)));
    },
  };
}

function protectable(nodes: readonly TreeNode[]): ProtectableNode[] {
  return nodes.flatMap((node) =>
    node.kind === 'server' || node.kind === 'container' || node.kind === 'vm' ? [node] : [],
  );
}

async function mark(
  { registry, marks }: ProtectionCommandServices,
  rows: readonly ProtectableNode[],
  marked: boolean,
): Promise<void> {
  for (const connection of new Set(rows.map((row) => row.connection))) {
    const ofServer = rows.filter((row) => row.connection === connection);
    if (ofServer.some(({ kind }) => kind === 'server')) {
      await registry.edit(connection.id, { isProtected: marked });
    }
    const objectIds = ofServer.flatMap((row) => objectIdOf(row) ?? []);
    if (objectIds.length > 0) {
      await marks.set(connection.id, objectIds, marked);
    }
  }
}

/** A row may be protected by more than its own mark. Whoever took that away must not think that it is free now. */
function tellWhatStays({ protection, messages }: ProtectionCommandServices, rows: readonly ProtectableNode[]): void {
  const stays = rows.flatMap((row) => {
    const reason = protection.of(row.connection, objectIdOf(row));
    return reason === undefined || reason.kind === 'marked' ? [] : [{ name: nameOf(row), reason }];
  });
  if (stays.length === 0) {
    return;
  }
  const sentences = stays.slice(0, maxSentences).map(({ name, reason }) => stillProtectedSentence(name, reason));
  const bySetting = stays.some(({ reason }) => reason.kind === 'setting');
  messages.show('information', sentences.join(' '), bySetting ? [openSetting()] : []);
}

function openSetting(): MessageAction {
  return {
    title: vscode.l10n.t('Open Setting'),
    run: async () => {
      await vscode.commands.executeCommand(
        'workbench.action.openSettings',
        `@id:${settingSection}.safety.protectedPaths`,
      );
    },
  };
}

function objectIdOf(row: ProtectableNode): ObjectId | undefined {
  switch (row.kind) {
    case 'server':
      return undefined;
    case 'container':
      return innermost(row).id;
    case 'vm':
      return row.vm.id;
  }
}

function nameOf(row: ProtectableNode): string {
  switch (row.kind) {
    case 'server':
      return row.connection.label;
    case 'container':
      return innermost(row).name;
    case 'vm':
      return row.vm.name;
  }
}
