import type { Logger } from '../../common/logger';
import type { OperationHistory } from '../../operations/operationHistory';
import type { TrackedOperation } from '../../operations/trackedOperation';
import type { OperationFeedback } from '../feedback/operationFeedback';
import { operationSubject, type Subject } from '../feedback/subject';
import { askModal } from '../prompts/askModal';
import { stopTaskText } from '../text/serverDialogs';
import { groupOf, operationOf } from '../tasks/taskElement';
import type { InventoryView } from '../tree/inventoryView';
import type { BulkPerformer } from './bulkPerformer';
import type { CommandHandler, CommandHandlers, Invocation } from './commandRegistry';
import type { Performer } from './performer';

export interface TaskCommandServices {
  readonly history: OperationHistory;
  readonly performer: Performer;
  readonly bulk: BulkPerformer;
  readonly inventory: InventoryView;
  readonly feedback: OperationFeedback;
  readonly logger: Logger;
}

/** What can be done with the rows of Recent Tasks. */
export function taskCommands(
  services: TaskCommandServices,
): Pick<
  CommandHandlers,
  'stopTask' | 'checkNow' | 'showOperation' | 'clearEndedTasks' | 'retryFailed' | 'runRest' | 'stopBulk'
> {
  const { history, performer, bulk, logger } = services;

  const onGroup =
    (run: (groupId: number) => Promise<void> | void): CommandHandler =>
    async ({ argument }) => {
      const group = groupOf(argument);
      if (group !== undefined) {
        await run(group.id);
      }
    };

  const onOperation =
    (run: (operation: TrackedOperation, subject: Subject, invocation: Invocation) => Promise<void>): CommandHandler =>
    async (invocation) => {
      const operation = operationOf(invocation.argument);
      if (operation !== undefined) {
        const subject = operationSubject(operation);
        invocation.act.about(subject);
        await run(operation, subject, invocation);
      }
    };

  return {
    stopTask: onOperation(async (operation) => {
      const { connection, taskId } = operation;
      const answer = await askModal(stopTaskText(operation), logger);
      if (answer === 'stop' && taskId !== undefined) {
        await connection.client().cancelTask(taskId);
      }
    }),
    checkNow: onOperation(async (operation, subject, { act }) => {
      await performer.check(act, operation, subject);
    }),
    showOperation: onOperation(async (operation, subject) => {
      await show(services, operation, subject);
    }),
    clearEndedTasks: () => {
      for (const { id, endedAtMs } of history.groups()) {
        if (endedAtMs !== undefined) {
          // Whoever clears it away does not want to be asked about it after a restart.
          bulk.discard(id);
        }
      }
      history.clearEnded();
      return Promise.resolve();
    },
    retryFailed: onGroup((id) => bulk.again(id, 'failed')),
    runRest: onGroup((id) => bulk.again(id, 'notStarted')),
    stopBulk: onGroup((id) => {
      bulk.stop(id);
    }),
  };
}

/** Shows the VM of an operation and, when it failed, why. */
async function show(
  { inventory, feedback, performer }: TaskCommandServices,
  tracked: TrackedOperation,
  subject: Subject,
): Promise<void> {
  const { connection, operation, state } = tracked;
  await inventory.revealVm(connection, operation.vmId, { expand: true, focus: true });
  if (state === 'failed' || state === 'unknown') {
    const request = { connection, operation, subject, fromPalette: false };
    feedback.tellFailure(tracked, subject, performer.actions(request, tracked));
  }
}
