import * as vscode from 'vscode';
import { HypervisorError } from '../../hypervisor/errors';
import type { Operation, OperationKind } from '../../hypervisor/model/operation';
import type { BulkTarget } from '../../operations/bulk/bulkRequest';
import type { OperationDialogs } from '../../operations/dialogs';
import { subjectOf } from '../feedback/subject';
import type { SnapshotQuestion } from '../prompts/snapshotPicker';
import {
  selectedSnapshots,
  selectedVms,
  type SnapshotOperationKind,
  snapshotTargets,
  targetsOf,
  type VmOperationKind,
} from '../text/bulkSelection';
import { nameInSentence } from '../text/names';
import type { SnapshotNode, VmNode } from '../text/treeNode';
import { type BulkCommandServices, performInside } from './bulkCommands';
import type { CommandHandler, CommandHandlers, Invocation } from './commandRegistry';
import { type EditServices, editSnapshot } from './editSnapshot';
import { RestoreChoice } from './restoreChoice';
import { type CreateDialogs, type TakeServices, takeSnapshot } from './takeSnapshot';

export type SnapshotCommandServices = TakeServices & EditServices & BulkCommandServices;

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

/**
 * Everything that a person does to snapshots, and powering on, which a restore may leave to be done. Chosen on several
 * rows, it is about all of them.
 */
export function snapshotCommands(services: SnapshotCommandServices): SnapshotCommands {
  const { bulk } = services;
  const one = commandsOnOne(services);

  const onVms =
    (kind: VmOperationKind, onOne: CommandHandler): CommandHandler =>
    async (invocation) => {
      const vms = invocation.nodes.length > 1 ? requireSame(selectedVms(invocation.nodes)) : [];
      if (vms.length > 1) {
        await bulk.perform({ kind, targets: targetsOf(kind, vms) }, false);
      } else {
        await onOne(onlyRow(invocation));
      }
    };

  const onSnapshots =
    (kind: SnapshotOperationKind, onOne: CommandHandler): CommandHandler =>
    async (invocation) => {
      const snapshots = invocation.nodes.length > 1 ? requireSame(selectedSnapshots(invocation.nodes)) : [];
      const targets = snapshotTargets(kind, snapshots);
      if (targets.length > 1 || (targets[0]?.operations.length ?? 0) > 1) {
        requireOneEach(kind, targets);
        await bulk.perform({ kind, targets }, false);
      } else {
        await onOne(onlyRow(invocation));
      }
    };

  return {
    takeSnapshot: onVms('take', one.takeSnapshot),
    restoreSnapshot: onSnapshots('restore', one.restoreSnapshot),
    restoreLatest: onVms('restoreLatest', one.restoreLatest),
    editSnapshot: one.editSnapshot,
    deleteSnapshot: onSnapshots('delete', one.deleteSnapshot),
    deleteSnapshotWithChildren: onSnapshots('deleteWithChildren', one.deleteSnapshotWithChildren),
    deleteAllSnapshots: onVms('deleteAll', one.deleteAllSnapshots),
    consolidate: async (invocation) => {
      await (invocation.node?.kind === 'container'
        ? performInside(services, 'consolidate', invocation)
        : onVms('consolidate', one.consolidate)(invocation));
    },
    powerOn: onVms('powerOn', one.powerOn),
  };
}

/** The rows of one kind that are selected. @throws HypervisorError when there are others among them */
function requireSame<T>(rows: readonly T[] | undefined): readonly T[] {
  if (rows === undefined) {
    throw new HypervisorError('invalidInput', 'rows of several kinds are selected', () =>
      vscode.l10n.t('Rows of several kinds are selected. Select only virtual machines, or only snapshots.'),
    );
  }
  return rows;
}

function requireOneEach(kind: SnapshotOperationKind, targets: readonly BulkTarget[]): void {
  const twice = kind === 'restore' ? targets.find(({ operations }) => operations.length > 1) : undefined;
  if (twice !== undefined) {
    throw new HypervisorError('invalidInput', 'several snapshots of one VM are selected', () =>
      vscode.l10n.t(
        "Several snapshots of '{0}' are selected. Select the one to restore.",
        nameInSentence(twice.vmName),
      ),
    );
  }
}

/** A VM or snapshot may be selected in two places, under the favourites and in its folder: it is one all the same. */
function onlyRow(invocation: Invocation): Invocation {
  const { node, nodes } = invocation;
  return node === undefined || nodes.length <= 1 ? invocation : { ...invocation, nodes: [node] };
}

/** The same on one row, or on what the person picks. */
function commandsOnOne(services: SnapshotCommandServices): SnapshotCommands {
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
