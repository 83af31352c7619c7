import * as vscode from 'vscode';
import { HypervisorError } from '../../hypervisor/errors';
import type { Messages } from '../feedback/messages';
import { hasWork, type SelectedVm, targetsOf, vmsIn, type VmOperationKind } from '../text/bulkSelection';
import { notFoundHeading } from '../text/bulkReview';
import { hiddenVmMatcher } from '../text/hiddenVms';
import { innermost } from '../text/inventoryRows';
import { nameInSentence } from '../text/names';
import { findableVms } from '../text/vmSearch';
import { matchNames, parseNames } from '../text/vmNameList';
import type { ContainerNode } from '../text/treeNode';
import type { ServerDirectory } from '../tree/serverDirectory';
import type { BulkPerformer } from './bulkPerformer';
import type { CommandHandler, CommandHandlers, Invocation } from './commandRegistry';

export interface BulkCommandServices {
  readonly bulk: BulkPerformer;
  readonly directory: ServerDirectory;
  readonly messages: Pick<Messages, 'show'>;
  /** Globs of names that the person does not want to see. */
  readonly hiddenNames: () => readonly string[];
}

/** What is done to every VM in a folder, or to VMs that somebody has listed. */
export function bulkCommands(
  services: BulkCommandServices,
): Pick<CommandHandlers, 'takeOfAll' | 'restoreOfAll' | 'deleteOfAll' | 'takeByName'> {
  const onContainer =
    (kind: VmOperationKind): CommandHandler =>
    async (invocation) => {
      await performInside(services, kind, invocation);
    };
  return {
    takeOfAll: onContainer('take'),
    restoreOfAll: onContainer('restoreLatest'),
    deleteOfAll: onContainer('deleteAll'),
    takeByName: async () => {
      await takeByName(services);
    },
  };
}

/**
 * Does something on every VM in the folders, vApps or clusters that a command was chosen on.
 *
 * @throws HypervisorError when other rows are selected with them; CancelledError
 */
export async function performInside(
  { bulk, messages, hiddenNames }: BulkCommandServices,
  kind: VmOperationKind,
  { nodes }: Invocation,
): Promise<void> {
  const containers = nodes.flatMap((node) => (node.kind === 'container' ? [node] : []));
  if (containers.length < nodes.length || containers.length === 0) {
    throw new HypervisorError('invalidInput', 'not only folders are selected', () =>
      vscode.l10n.t('Select only folders, vApps or clusters: this works on all VMs in them.'),
    );
  }
  const isHidden = hiddenVmMatcher(hiddenNames());
  const inside = once(containers.flatMap((container) => vmsIn(container, isHidden)));
  const vms = inside.filter(({ vm }) => hasWork(kind, vm));
  if (vms.length === 0) {
    messages.show('information', nothingInside(kind, containers, inside.length));
    return;
  }
  await bulk.perform({ kind, targets: targetsOf(kind, vms) }, false);
}

/** A folder may be selected together with one that lies in it. */
function once(vms: readonly SelectedVm[]): SelectedVm[] {
  return [...new Map(vms.map((each) => [`${each.connection.id}/${each.vm.id}`, each])).values()];
}

function nothingInside(kind: VmOperationKind, containers: readonly ContainerNode[], vms: number): string {
  const [first] = containers;
  const name = nameInSentence(first === undefined ? '' : innermost(first).name);
  if (vms === 0) {
    return vscode.l10n.t("There are no virtual machines in '{0}'.", name);
  }
  return kind === 'consolidate'
    ? vscode.l10n.t("No virtual machine in '{0}' needs consolidation.", name)
    : vscode.l10n.t("No virtual machine in '{0}' has snapshots.", name);
}

async function takeByName({ bulk, directory, messages }: BulkCommandServices): Promise<void> {
  const { names, skippedLines } = parseNames(await listedText());
  if (names.length === 0) {
    messages.show(
      'information',
      vscode.l10n.t('Select names of VMs in an editor, or copy them: one a line or with commas between them.'),
    );
    return;
  }
  const connections = directory.all().filter(({ state }) => state.kind === 'live' || state.kind === 'loading');
  const { vms, notFound, ambiguous } = matchNames(
    names,
    connections.flatMap((connection) => findableVms(connection, () => true)),
  );
  if (vms.length === 0) {
    messages.show('warning', vscode.l10n.t('{0}.', notFoundHeading(names)));
    return;
  }
  const lost = skippedLines === 0 ? notFound : [...notFound, vscode.l10n.t('{0} more lines', skippedLines)];
  await bulk.perform({ kind: 'take', targets: targetsOf('take', vms) }, true, { notFound: lost, ambiguous });
}

/** The selected text of the active editor, else what is on the clipboard. */
async function listedText(): Promise<string> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor?.selections.map((selection) => editor.document.getText(selection)).join('\n') ?? '';
  return selected.trim() === '' ? await vscode.env.clipboard.readText() : selected;
}
