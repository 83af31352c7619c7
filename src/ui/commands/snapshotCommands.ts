import * as vscode from 'vscode';
import type { Operation, OperationKind } from '../../hypervisor/model/operation';
import type { OperationDialogs } from '../../operations/dialogs';
import { subjectOf } from '../feedback/subject';
import type { SnapshotQuestion } from '../prompts/snapshotPicker';
import { nameInSentence } from '../text/names';
import type { SnapshotNode, VmNode } from '../text/treeNode';
import type { CommandHandlers, Invocation } from './commandRegistry';
import { type EditServices, editSnapshot } from './editSnapshot';
import { RestoreChoice } from './restoreChoice';
import { type CreateDialogs, type TakeServices, takeSnapshot } from './takeSnapshot';

export type SnapshotCommandServices = TakeServices & EditServices;

type SnapshotCommands = Pick<
  CommandHandlers,
  | 'takeSnapshot'
  | 'restoreSnapshot'
  | 'restoreLatest'
  | 'editSnapshot'
  | 'deleteSnapshot'
  | 'deleteSnapshotWithChildren'
  | 'deleteAllSnapshots'
  | 'consolidate'
  | 'powerOn'
>;

/** Everything that a person does to snapshots, and powering on, which a restore may leave to be done. */
export function snapshotCommands(services: SnapshotCommandServices): SnapshotCommands {
  const { targets, performer } = services;

  const onSnapshot =
    (kind: 'restore' | 'delete' | 'deleteWithChildren', question: () => SnapshotQuestion) =>
    async (invocation: Invocation): Promise<void> => {
      const node = await targets.snapshot(invocation, question(), kind);
      if (node !== undefined) {
        await performSnapshot(services, invocation, node, kind);
      }
    };

  const onVm =
    (kind: 'deleteAll' | 'consolidate' | 'powerOn', title: () => string) =>
    async (invocation: Invocation): Promise<void> => {
      const node = await targets.vm(invocation, { title: title(), accepts: (vm) => canBeMeant(kind, vm) }, kind);
      await performer.perform(invocation.act, {
        connection: node.connection,
        operation: { kind, vmId: node.vm.id },
        subject: subjectOf(node, kind),
        fromPalette: invocation.node === undefined,
      });
    };

  return {
    takeSnapshot: async (invocation) => {
      await takeSnapshot(services, invocation);
    },
    restoreSnapshot: onSnapshot('restore', () => ({ title: vscode.l10n.t('Restore Snapshot') })),
    restoreLatest: async (invocation) => {
      await restoreLatest(services, invocation);
    },
    editSnapshot: async (invocation) => {
      await editSnapshot(services, invocation);
    },
    deleteSnapshot: onSnapshot('delete', () => ({ title: vscode.l10n.t('Delete Snapshot') })),
    deleteSnapshotWithChildren: onSnapshot('deleteWithChildren', () => ({
      title: vscode.l10n.t('Delete Snapshot with Children'),
      accepts: ({ children }) => children.length > 0,
    })),
    deleteAllSnapshots: onVm('deleteAll', () => vscode.l10n.t('Delete All Snapshots')),
    consolidate: onVm('consolidate', () => vscode.l10n.t('Consolidate')),
    powerOn: onVm('powerOn', () => vscode.l10n.t('Power On')),
  };
}

function canBeMeant(kind: OperationKind, vm: VmNode['vm']): boolean {
  switch (kind) {
    case 'deleteAll':
      return vm.snapshots.roots.length > 0;
    case 'powerOn':
      return vm.powerState !== 'on' && !vm.isTemplate;
    default:
      return !vm.isTemplate;
  }
}

async function performSnapshot(
  { performer, createDialogs }: SnapshotCommandServices,
  invocation: Invocation,
  node: SnapshotNode,
  kind: 'restore' | 'delete' | 'deleteWithChildren',
): Promise<void> {
  await performer.perform(invocation.act, {
    connection: node.connection,
    operation: { kind, vmId: node.vmId, snapshotId: node.snapshot.id },
    subject: subjectOf(node, kind),
    fromPalette: invocation.node === undefined,
    ...chosenBefore(createDialogs, invocation, node.snapshot.name),
  });
}

async function restoreLatest(services: SnapshotCommandServices, invocation: Invocation): Promise<void> {
  const { targets, operations, performer, createDialogs } = services;
  const title = vscode.l10n.t('Restore to Latest Snapshot');
  const node = await targets.vm(invocation, { title, accepts: (vm) => canBeMeant('deleteAll', vm) }, 'restoreLatest');
  const { connection, vm } = node;
  const operation: Operation = { kind: 'restoreLatest', vmId: vm.id };
  const plan = await operations.plan(connection, operation);
  if (plan.blockers.some(({ kind }) => kind === 'noCurrentSnapshot')) {
    const placeholder = vscode.l10n.t("'{0}' has no current snapshot. Choose one:", nameInSentence(vm.name));
    const fresh: VmNode = { kind: 'vm', connection, vm: plan.vm };
    const chosen = await targets.snapshotOf(fresh, invocation, { title, placeholder }, 'restore');
    if (chosen !== undefined) {
      await performSnapshot(services, invocation, chosen, 'restore');
    }
    return;
  }
  await performer.perform(invocation.act, {
    connection,
    operation,
    subject: subjectOf(node, 'restoreLatest'),
    fromPalette: invocation.node === undefined,
    ...chosenBefore(createDialogs, invocation, undefined),
  });
}

/** Dialogs that do not ask again what was chosen in a preview. */
function chosenBefore(
  createDialogs: CreateDialogs,
  { argument }: Invocation,
  snapshotName: string | undefined,
): { readonly dialogs?: OperationDialogs } {
  return argument instanceof RestoreChoice ? { dialogs: createDialogs(snapshotName, argument.chosen) } : {};
}
