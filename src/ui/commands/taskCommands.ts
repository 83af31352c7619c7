import type { Logger } from '../../common/logger';
import type { OperationHistory } from '../../operations/operationHistory';
import type { TrackedOperation } from '../../operations/trackedOperation';
import type { OperationFeedback } from '../feedback/operationFeedback';
import { operationSubject, type Subject } from '../feedback/subject';
import { askModal } from '../prompts/askModal';
import { stopTaskText } from '../text/serverDialogs';
import { operationOf } from '../tasks/taskElement';
import type { InventoryView } from '../tree/inventoryView';
import type { CommandHandler, CommandHandlers, Invocation } from './commandRegistry';
import type { Performer } from './performer';

export interface TaskCommandServices {
  readonly history: OperationHistory;
  readonly performer: Performer;
  readonly inventory: InventoryView;
  readonly feedback: OperationFeedback;
  readonly logger: Logger;
}

/** What can be done with the rows of Recent Tasks. */
export function taskCommands(
  services: TaskCommandServices,
): Pick<CommandHandlers, 'stopTask' | 'checkNow' | 'showOperation' | 'clearEndedTasks'> {
  const { history, performer, logger } = services;

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
      history.clearEnded();
      return Promise.resolve();
    },
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
