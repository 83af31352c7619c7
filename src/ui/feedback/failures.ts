import * as vscode from 'vscode';
import { isCancelled } from '../../common/cancellation';
import type { Logger } from '../../common/logger';
import { HypervisorError, type ErrorKind, type NextStep } from '../../hypervisor/errors';
import type { CommandName } from '../text/commandIds';
import type { TreeNode } from '../text/treeNode';
import type { MessageAction, MessageSeverity, Messages } from './messages';
import { errorContext, type Subject } from './subject';

/** What the buttons of a failure do, as far as the place that failed knows better than the general way. */
export type StepActions = Partial<Readonly<Record<NextStep, () => Promise<void>>>>;

/** Runs a command as if the person had chosen it on `node`. */
export type InvokeCommand = (name: CommandName, node?: TreeNode) => Promise<void>;

// The answer to what the person asked for, rather than something that went wrong.
const mild: ReadonlySet<ErrorKind> = new Set([
  'busy',
  'gone',
  'nothingToDo',
  'noCurrentSnapshot',
  'invalidInput',
  'readOnlyServer',
]);

/** Tells failures to the person: one sentence, and what helps as a button that does it. */
export class Failures {
  constructor(
    private readonly messages: Pick<Messages, 'show'>,
    private readonly invoke: InvokeCommand,
    private readonly logger: Logger,
  ) {}

  /**
   * Shows `error` and returns at once. What was given up on purpose is not told.
   *
   * @param actions - what steps do here
   * @param extra - buttons beside those of the steps
   */
  show(error: unknown, subject: Subject, actions: StepActions = {}, extra: readonly MessageAction[] = []): void {
    if (isCancelled(error)) {
      return;
    }
    const known = knownError(error);
    if (known === undefined) {
      this.logger.error('An unexpected error', error);
      this.messages.show('error', vscode.l10n.t('Something unexpected happened. The log has the details.'), [
        ...extra,
        this.showLog(),
      ]);
      return;
    }
    this.logger.debug(`told the person: ${known.kind}: ${known.message}`);
    const sentence = known.say(errorContext(subject));
    const steps = stepsFor(known).flatMap((step) => {
      const run = actions[step] ?? this.general(step, subject, sentence);
      return run === undefined ? [] : [{ title: titleOf(step, known.kind), run }];
    });
    const log = known.kind === 'server' ? [this.showLog()] : [];
    this.messages.show(severityOf(known), sentence, [...steps, ...extra, ...log]);
  }

  private showLog(): MessageAction {
    return {
      title: vscode.l10n.t('Show Log'),
      run: async () => {
        await this.invoke('showLog');
      },
    };
  }

  /** What a step means wherever it comes up; undefined when it needs something that is not known. */
  private general(step: NextStep, { connection, node }: Subject, sentence: string): (() => Promise<void>) | undefined {
    const onServer = (name: CommandName): (() => Promise<void>) | undefined =>
      connection &&
      (async () => {
        await this.invoke(name, { kind: 'server', connection });
      });
    switch (step) {
      case 'editServer':
        return onServer('editServer');
      case 'enterPassword':
        return onServer('enterPassword');
      case 'reviewCertificate':
        return onServer('reviewCertificate');
      case 'connect':
        return onServer('connect');
      case 'allowChanges':
        return onServer('allowChanges');
      case 'refresh':
        return onServer('refresh');
      case 'consolidate':
        return async () => {
          await this.invoke('consolidate', node);
        };
      case 'copyDetails':
        return async () => {
          await vscode.env.clipboard.writeText(sentence);
        };
      case 'raiseBulkLimit':
        return async () => {
          await vscode.commands.executeCommand('workbench.action.openSettings', 'vsphereSnapshots.bulk.maxVms');
        };
      case 'retry':
      case 'runWhenDone':
      case 'checkNow':
      case 'withoutMemory':
      case 'withoutQuiescing':
        return undefined;
    }
  }
}

/** The error that is understood among `error` and its causes. */
function knownError(error: unknown): HypervisorError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof HypervisorError) {
      return current;
    }
  }
  return undefined;
}

function severityOf({ kind }: HypervisorError): MessageSeverity {
  return mild.has(kind) ? 'warning' : 'error';
}

function stepsFor({ kind, nextStep }: HypervisorError): NextStep[] {
  if (kind === 'passwordUnavailable') {
    return ['retry', 'enterPassword'];
  }
  return nextStep === undefined ? [] : [nextStep];
}

function titleOf(step: NextStep, kind: ErrorKind): string {
  switch (step) {
    case 'retry':
      return vscode.l10n.t('Retry');
    case 'editServer':
      return vscode.l10n.t('Edit Server...');
    case 'enterPassword':
      return kind === 'passwordUnavailable'
        ? vscode.l10n.t('Enter for This Session...')
        : vscode.l10n.t('Enter Password...');
    case 'reviewCertificate':
      return vscode.l10n.t('Review Certificate...');
    case 'connect':
      return vscode.l10n.t('Connect');
    case 'allowChanges':
      return vscode.l10n.t('Allow Changes...');
    case 'refresh':
      return vscode.l10n.t('Refresh');
    case 'copyDetails':
      return vscode.l10n.t('Copy');
    case 'runWhenDone':
      return vscode.l10n.t('Run When Done');
    case 'checkNow':
      return vscode.l10n.t('Check Now');
    case 'raiseBulkLimit':
      return vscode.l10n.t('Open Setting');
    case 'consolidate':
      return vscode.l10n.t('Consolidate...');
    case 'withoutMemory':
      return vscode.l10n.t('Take Without Memory');
    case 'withoutQuiescing':
      return vscode.l10n.t('Take Without Quiescing');
  }
}
