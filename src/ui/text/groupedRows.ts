import * as l10n from '@vscode/l10n';
import { type BulkTally, tallyOf } from '../../operations/bulk/bulkTally';
import type { OperationGroup, TrackedOperation } from '../../operations/trackedOperation';
import { ChangedError } from '../../operations/bulk/changedError';
import { changedText } from './blockedText';
import { bulkProgress, troubles } from './bulkTexts';
import { vmCount } from './counts';
import { nameInRow } from './names';
import { operationName } from './operationNames';
import { describeOperation, operationErrorContext, type OperationRowContext } from './operationRows';
import { contextFlags, joinFacts, joinSpoken, type RowDescription } from './rowContext';
import type { TooltipText } from './tooltips';

/** What was asked for on many VMs at once, as one row of Recent Tasks: how many have come how far, in words. */
export function describeGroup(
  group: OperationGroup,
  operations: readonly TrackedOperation[],
  context: OperationRowContext,
): RowDescription {
  const { formats, nowMs } = context;
  const tally = tallyOf(operations);
  const label = l10n.t('{0} – {1}', operationName(group.kind), vmCount(group.vmCount, formats));
  const isOpen = group.endedAtMs === undefined;
  const took = formats.duration((group.endedAtMs ?? nowMs) - group.createdAtMs);
  const state = isOpen
    ? joinFacts(
        group.isStopping ? l10n.t('stopping') : undefined,
        bulkProgress(tally, formats),
        ...troubles(tally, formats),
        took,
      )
    : joinFacts(endedText(tally, context), took);
  return {
    label,
    description: state,
    ...groupIcon(group, tally),
    contextValue: contextFlags(
      'bulk',
      isOpen ? (group.isStopping ? 'stopping' : 'running') : 'ended',
      // Retrying what failed while the rest runs would take their places.
      !isOpen && tally.failed > 0 ? 'failed' : undefined,
      !isOpen && tally.notStarted > 0 ? 'rest' : undefined,
    ),
    accessibilityLabel: joinSpoken(label, isOpen ? l10n.t('running') : undefined, state),
    collapsible: 'collapsed',
  };
}

function endedText(tally: BulkTally, { formats }: OperationRowContext): string {
  const found = troubles(tally, formats);
  const running = tally.running + tally.waiting;
  return found.length === 0 && running === 0
    ? l10n.t('done')
    : joinFacts(
        l10n.t('{0} done', formats.count(tally.done)),
        // What a window has left behind is found again only when its server can be asked.
        running > 0 ? l10n.t('{0} running', formats.count(running)) : undefined,
        ...found,
      );
}

/** One of the VMs of a group: its name, how it stands, and why not if it failed. */
export function describeMember(operation: TrackedOperation, context: OperationRowContext): RowDescription {
  const row = describeOperation(operation, context);
  const { vmName, snapshotName, operation: what, error, state } = operation;
  const namesSnapshot = what.kind === 'delete' || what.kind === 'deleteWithChildren' || what.kind === 'restore';
  const reason = state === 'failed' && error !== undefined ? reasonOf(operation, context) : undefined;
  return {
    ...row,
    label: namesSnapshot ? l10n.t("{0} – '{1}'", nameInRow(vmName), nameInRow(snapshotName ?? '')) : nameInRow(vmName),
    description: joinFacts(reason === undefined ? row.description : joinFacts(stateOnly(operation), reason)),
    accessibilityLabel: joinSpoken(row.accessibilityLabel, reason),
  };
}

function stateOnly({ startedAtMs }: TrackedOperation): string {
  return startedAtMs === undefined ? l10n.t('not sent') : l10n.t('failed');
}

function reasonOf(operation: TrackedOperation, context: OperationRowContext): string {
  const { error, connection } = operation;
  if (error instanceof ChangedError) {
    const { message, detail } = changedText(connection, error.now, error.differences, context);
    return nameInRow([message, detail].filter((part) => part !== '').join(' '));
  }
  return error === undefined ? '' : nameInRow(error.say(operationErrorContext(operation)));
}

export function groupTooltip(
  group: OperationGroup,
  operations: readonly TrackedOperation[],
  context: OperationRowContext,
): TooltipText {
  const { formats } = context;
  const { label, description } = describeGroup(group, operations, context);
  return {
    title: label,
    paragraphs: [
      description,
      l10n.t('Started {0}', formats.dateTimeUtc(group.createdAtMs)),
      ...(group.endedAtMs === undefined ? [] : [l10n.t('Ended {0}', formats.dateTimeUtc(group.endedAtMs))]),
    ],
  };
}

function groupIcon(group: OperationGroup, tally: BulkTally): Pick<RowDescription, 'iconId' | 'iconColor'> {
  if (group.endedAtMs === undefined || tally.running > 0) {
    return { iconId: 'loading~spin' };
  }
  if (tally.failed > 0) {
    return { iconId: 'error', iconColor: 'list.errorForeground' };
  }
  if (tally.unknown > 0) {
    return { iconId: 'question', iconColor: 'list.warningForeground' };
  }
  return tally.notStarted + tally.stopped > 0
    ? { iconId: 'circle-slash' }
    : { iconId: 'pass', iconColor: 'testing.iconPassed' };
}
