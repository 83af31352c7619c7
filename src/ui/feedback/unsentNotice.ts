import * as vscode from 'vscode';
import { tallyOf } from '../../operations/bulk/bulkTally';
import type { OperationHistory } from '../../operations/operationHistory';
import type { OperationGroup } from '../../operations/trackedOperation';
import type { BulkPerformer } from '../commands/bulkPerformer';
import type { TasksView } from '../tasks/tasksView';
import { leftBehindText } from '../text/bulkTexts';
import type { Formats } from '../text/formats';
import { operationName } from '../text/operationNames';
import type { CommandBoundary } from './commandBoundary';
import type { Messages } from './messages';

export interface UnsentNoticeServices {
  readonly bulk: BulkPerformer;
  readonly boundary: CommandBoundary;
  readonly messages: Pick<Messages, 'show'>;
  readonly history: OperationHistory;
  readonly tasks: Pick<TasksView, 'show'>;
  readonly formats: Formats;
}

/** Offers, in one message, what a window that is gone has not sent. Nothing of it is ever sent by itself. */
export function offerUnsent(
  groups: readonly OperationGroup[],
  { bulk, boundary, messages, history, tasks, formats }: UnsentNoticeServices,
): void {
  const vms = groups.reduce((sum, { id }) => sum + tallyOf(history.ofGroup(id)).notStarted, 0);
  const kinds = [...new Set(groups.map(({ kind }) => operationName(kind)))];
  messages.show('warning', leftBehindText(kinds, vms, formats), [
    {
      title: vscode.l10n.t('Review...'),
      run: async () => {
        await boundary.run('runRest', async () => {
          const [only] = groups;
          if (groups.length === 1 && only !== undefined) {
            await bulk.again(only.id, 'notStarted');
          } else {
            await tasks.show();
          }
        });
      },
    },
    {
      title: vscode.l10n.t('Discard'),
      run: () => {
        for (const { id } of groups) {
          bulk.discard(id);
        }
        return Promise.resolve();
      },
    },
  ]);
}
