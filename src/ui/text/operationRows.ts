import * as l10n from '@vscode/l10n';
import { clipMiddle } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ErrorContext } from '../../hypervisor/errors';
import type { TrackedOperation } from '../../operations/trackedOperation';
import type { Formats } from './formats';
import { nameInRow, nameInSentence } from './names';
import { operationAttempt, operationName } from './operationNames';
import { contextFlags, joinFacts, joinSpoken, type RowDescription } from './rowContext';
import type { TooltipText } from './tooltips';

// As much as leaves room for the VM and the progress in a side bar of the usual width.
const snapshotNameLimit = 20;

export interface OperationRowContext {
  readonly formats: Formats;
  readonly nowMs: number;
}

/** A row of Recent Tasks: what, on which VM, and how it stands in words. */
export function describeOperation(operation: TrackedOperation, context: OperationRowContext): RowDescription {
  const { connection, state, cancelable, outOfTouch } = operation;
  const wholeLabel = label(operation, Number.POSITIVE_INFINITY);
  const description = joinFacts(...stateInRow(operation, context), nameInRow(connection.label));
  return {
    label: operationLabel(operation),
    description,
    ...icon(operation),
    contextValue: contextFlags(
      'operation',
      state,
      state === 'running' && cancelable && !outOfTouch ? 'cancelable' : undefined,
    ),
    accessibilityLabel: joinSpoken(wholeLabel, spokenState(operation, context), nameInRow(connection.label)),
    collapsible: 'none',
  };
}

/** `Delete snapshot 'x' – SQL01`. A long name of a snapshot is cut, as how far it is stands to its right. */
export function operationLabel(operation: TrackedOperation): string {
  return label(operation, snapshotNameLimit);
}

function label({ operation, snapshotName, vmName }: TrackedOperation, limit: number): string {
  const name = operationName(operation.kind);
  return snapshotName === undefined
    ? l10n.t('{0} – {1}', name, nameInRow(vmName))
    : l10n.t("{0} '{1}' – {2}", name, clipMiddle(nameInRow(snapshotName), limit), nameInRow(vmName));
}

export function operationTooltip(operation: TrackedOperation, context: OperationRowContext): TooltipText {
  const { formats } = context;
  const { phase, startedAtMs, createdAtMs, endedAtMs, error, outOfTouch } = operation;
  return {
    title: label(operation, Number.POSITIVE_INFINITY),
    paragraphs: [
      ...(error === undefined ? [] : [error.say(operationErrorContext(operation))]),
      ...(outOfTouch
        ? [
            l10n.t(
              "'{0}' can't be asked at the moment; the task goes on there.",
              nameInSentence(operation.connection.label),
            ),
          ]
        : []),
      ...(phase === undefined ? [] : [nameInSentence(phase)]),
      l10n.t('Started {0}', formats.dateTimeUtc(startedAtMs ?? createdAtMs)),
      ...(endedAtMs === undefined ? [] : [l10n.t('Ended {0}', formats.dateTimeUtc(endedAtMs))]),
    ],
  };
}

/** The names that the sentence of an operation's error may use. */
export function operationErrorContext({ connection, operation, vmName, snapshotName }: TrackedOperation): ErrorContext {
  return {
    serverLabel: nameInSentence(connection.label),
    userName: nameInSentence(connection.userName),
    vmName: nameInSentence(vmName),
    ...(snapshotName !== undefined && { snapshotName: nameInSentence(snapshotName) }),
    attempt: operationAttempt(operation.kind),
  };
}

/** The names that a failure may use which happened before there was an operation. */
export function operationErrorNames(connection: HypervisorConnection, vmName: string): ErrorContext {
  return {
    serverLabel: nameInSentence(connection.label),
    userName: nameInSentence(connection.userName),
    vmName: nameInSentence(vmName),
  };
}

function stateInRow(operation: TrackedOperation, { formats, nowMs }: OperationRowContext): string[] {
  const { state, progressPercent, outOfTouch } = operation;
  const took = formats.duration(elapsedMs(operation, nowMs));
  switch (state) {
    case 'waiting':
      return [l10n.t('waiting')];
    case 'sending':
      return [l10n.t('sending')];
    case 'running':
      return [
        ...(outOfTouch ? [l10n.t('out of touch')] : []),
        progressPercent === undefined ? l10n.t('running') : l10n.t('{0}%', progressPercent),
        took,
      ];
    case 'succeeded':
      return [l10n.t('done in {0}', took)];
    case 'failed':
      return [operation.startedAtMs === undefined ? l10n.t('not sent') : l10n.t('failed after {0}', took)];
    case 'cancelled':
      return [operation.startedAtMs === undefined ? l10n.t('not started') : l10n.t('stopped after {0}', took)];
    case 'unknown':
      return [l10n.t('outcome unknown')];
  }
}

function spokenState(operation: TrackedOperation, context: OperationRowContext): string {
  const { state, progressPercent } = operation;
  return state === 'running' && progressPercent !== undefined
    ? joinSpoken(l10n.t('running'), ...stateInRow(operation, context))
    : joinSpoken(...stateInRow(operation, context));
}

function elapsedMs({ startedAtMs, createdAtMs, endedAtMs }: TrackedOperation, nowMs: number): number {
  return (endedAtMs ?? nowMs) - (startedAtMs ?? createdAtMs);
}

function icon({ state }: TrackedOperation): Pick<RowDescription, 'iconId' | 'iconColor'> {
  switch (state) {
    case 'waiting':
    case 'sending':
    case 'running':
      return { iconId: 'loading~spin' };
    case 'succeeded':
      return { iconId: 'pass', iconColor: 'testing.iconPassed' };
    case 'failed':
      return { iconId: 'error', iconColor: 'list.errorForeground' };
    case 'cancelled':
      return { iconId: 'circle-slash' };
    case 'unknown':
      return { iconId: 'question', iconColor: 'list.warningForeground' };
  }
}
