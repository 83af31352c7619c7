import * as vscode from 'vscode';
import type { Operation } from '../../hypervisor/model/operation';
import type { Snapshot } from '../../hypervisor/model/snapshot';
import { comparePlans } from '../../hypervisor/plan/comparePlans';
import type { Plan } from '../../hypervisor/plan/plan';
import type { OperationDialogs } from '../../operations/dialogs';
import type { OperationsService } from '../../operations/operationsService';
import { subjectOf } from '../feedback/subject';
import { askSnapshotTexts, type SnapshotTexts } from '../prompts/editFlow';
import type { Formats } from '../text/formats';
import { toOneLine } from '../text/takeQuestions';
import type { SnapshotNode } from '../text/treeNode';
import type { Invocation } from './commandRegistry';
import { InPlaceEdit } from './inPlaceEdit';
import type { Performer } from './performer';
import type { Targets } from './targets';

export interface EditServices {
  readonly targets: Targets;
  readonly performer: Performer;
  readonly operations: OperationsService;
  readonly createDialogs: (snapshotName: string | undefined) => OperationDialogs;
  readonly formats: Formats;
}

/** Asks for another name and description of a snapshot and changes what is different. */
export async function editSnapshot(services: EditServices, invocation: Invocation): Promise<void> {
  const node = await services.targets.snapshot(invocation, { title: vscode.l10n.t('Edit Snapshot') }, 'edit');
  const edit = invocation.argument instanceof InPlaceEdit ? invocation.argument : undefined;
  const operation =
    node && (edit === undefined ? await askUntilSettled(services, node) : await settle(services, node, edit));
  if (node !== undefined && operation !== undefined) {
    await services.performer.perform(invocation.act, {
      connection: node.connection,
      operation,
      subject: subjectOf(node, 'edit'),
      fromPalette: invocation.node === undefined,
    });
    if (edit !== undefined) {
      await confirmDone(services, node, edit);
    }
  }
}

/**
 * What has to be changed for texts that were typed already.
 *
 * @returns undefined when there is nothing to change, or somebody else has changed it meanwhile, which `edit` says then
 */
async function settle(services: EditServices, node: SnapshotNode, edit: InPlaceEdit): Promise<Operation | undefined> {
  const plan = await planEdit(services, node);
  const { target } = plan;
  if (target === undefined) {
    await services.createDialogs(node.snapshot.name).explainBlocked(node.connection, plan);
    return undefined;
  }
  if (!edit.isBasedOn(target)) {
    edit.theirs = { name: target.name, description: target.description };
    return undefined;
  }
  const { name, description } = edit.texts;
  if (name === target.name && description === target.description) {
    edit.isDone = true;
    return undefined;
  }
  return {
    kind: 'edit',
    vmId: node.vmId,
    snapshotId: node.snapshot.id,
    ...(name !== target.name && { name }),
    ...(description !== target.description && { description }),
  };
}

/** The operation has ended, one way or the other: what the server has now says which. */
async function confirmDone(services: EditServices, node: SnapshotNode, edit: InPlaceEdit): Promise<void> {
  const { target } = await planEdit(services, node);
  edit.isDone = target?.name === edit.texts.name && target.description === edit.texts.description;
}

/**
 * Asks until nobody else has edited the snapshot meanwhile: what they wrote must not be lost without a word.
 *
 * @returns undefined when there is nothing to change, or the person gave up
 */
async function askUntilSettled(services: EditServices, node: SnapshotNode): Promise<Operation | undefined> {
  const { createDialogs, formats } = services;
  const dialogs = createDialogs(node.snapshot.name);
  let plan = await planEdit(services, node);
  for (;;) {
    const { target, vm } = plan;
    if (target === undefined) {
      // It is gone, which is what the dialog says.
      await dialogs.explainBlocked(node.connection, plan);
      return undefined;
    }
    const changes = difference(target, await askSnapshotTexts(vm.name, target, vm.snapshots, formats));
    if (Object.keys(changes).length === 0) {
      return undefined;
    }
    const now = await planEdit(services, node);
    if (now.target === undefined || Object.keys(difference(target, now.target)).length === 0) {
      return { kind: 'edit', vmId: node.vmId, snapshotId: node.snapshot.id, ...changes };
    }
    if ((await dialogs.explainChange(node.connection, plan, now, comparePlans(plan, now))) === undefined) {
      return undefined;
    }
    plan = now;
  }
}

/** What of `texts` is another text than the snapshot has. */
function difference(snapshot: Snapshot, { name, description }: SnapshotTexts): Partial<SnapshotTexts> {
  return {
    ...(name !== snapshot.name && { name }),
    ...(toOneLine(description) !== toOneLine(snapshot.description) && { description }),
  };
}

async function planEdit({ operations }: EditServices, { connection, vmId, snapshot }: SnapshotNode): Promise<Plan> {
  return await operations.plan(connection, { kind: 'edit', vmId, snapshotId: snapshot.id });
}
