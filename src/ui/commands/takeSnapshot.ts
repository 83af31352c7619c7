import * as vscode from 'vscode';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { Plan } from '../../hypervisor/plan/plan';
import type { OperationDialogs } from '../../operations/dialogs';
import type { OperationsService } from '../../operations/operationsService';
import { subjectOf } from '../feedback/subject';
import { TakeFlow, type TakeFlowServices } from '../prompts/takeFlow';
import type { ConfirmationChoice } from '../text/confirmations';
import type { Invocation } from './commandRegistry';
import type { Performer } from './performer';
import type { Targets } from './targets';

/**
 * Makes the usual dialogs.
 *
 * @param snapshotName - under which the snapshot was chosen
 * @param chosen - what was chosen before, if anything was
 */
export type CreateDialogs = (snapshotName: string | undefined, chosen?: ConfirmationChoice) => OperationDialogs;

export interface TakeServices extends TakeFlowServices {
  readonly targets: Targets;
  readonly performer: Performer;
  readonly operations: OperationsService;
  readonly createDialogs: CreateDialogs;
}

/** Asks what to take and takes it. */
export async function takeSnapshot(services: TakeServices, invocation: Invocation): Promise<void> {
  const { targets, operations, performer, createDialogs } = services;
  const question = { title: vscode.l10n.t('Take Snapshot'), accepts: ({ isTemplate }: VirtualMachine) => !isTemplate };
  const node = await targets.vm(invocation, question, 'take');
  const { connection } = node;
  const dialogs = createDialogs(undefined);
  const first = await operations.plan(connection, {
    kind: 'take',
    vmId: node.vm.id,
    name: '',
    description: '',
    contents: 'disks',
  });
  // A task that is in the way may be over when the questions are answered; it is asked about then.
  const inTheWay = first.blockers.filter(({ kind }) => kind !== 'busy');
  if (inTheWay.length > 0) {
    const answer = await dialogs.explainBlocked(connection, { ...first, blockers: inTheWay });
    if (answer === undefined) {
      return;
    }
  }
  const operation = await new TakeFlow(first.detail, connection.userName, services).ask();
  await services.takeMemory.add(operation.contents);
  await performer.perform(invocation.act, {
    connection,
    operation,
    subject: subjectOf(node, 'take'),
    fromPalette: invocation.node === undefined,
    dialogs: withoutRepeating(dialogs, inTheWay),
  });
}

/** Does not ask again whether to try in spite of what the person has been shown. */
function withoutRepeating(dialogs: OperationDialogs, shown: Plan['blockers']): OperationDialogs {
  const known = new Set(shown.map(({ kind }) => kind));
  return {
    explainBlocked: async (connection, plan) =>
      plan.blockers.every(({ kind, advisory }) => advisory && known.has(kind))
        ? 'proceed'
        : await dialogs.explainBlocked(connection, plan),
    askAboutBusy: (connection, plan, task) => dialogs.askAboutBusy(connection, plan, task),
    confirm: (connection, plan, need) => dialogs.confirm(connection, plan, need),
    explainChange: (connection, confirmed, now, differences) =>
      dialogs.explainChange(connection, confirmed, now, differences),
  };
}
