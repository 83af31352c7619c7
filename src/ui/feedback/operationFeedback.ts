import * as vscode from 'vscode';
import type { OperationHistory } from '../../operations/operationHistory';
import type { OperationResult } from '../../operations/operationsService';
import type { TrackedOperation } from '../../operations/trackedOperation';
import type { Settings } from '../adapters/settings';
import {
  doneSentence,
  doneText,
  restoredAndOffText,
  runningText,
  stillUnknownText,
  stoppedText,
} from '../text/outcomes';
import { plain } from '../text/plain';
import type { InventoryView } from '../tree/inventoryView';
import type { Failures, StepActions } from './failures';
import type { Messages } from './messages';
import type { Subject } from './subject';

// Whoever waits for less is still looking.
const longMs = 30_000;

/** What the buttons below a result do. */
export interface OutcomeActions extends StepActions {
  readonly powerOn: () => Promise<void>;
  readonly checkNow: () => Promise<void>;
  /** Shows the operation in Recent Tasks. */
  readonly show: () => Promise<void>;
}

/**
 * Tells the person how an operation went: at most one message for each act, and none for what is plain to see.
 */
export class OperationFeedback {
  constructor(
    private readonly messages: Pick<Messages, 'show' | 'flash'>,
    private readonly failures: Failures,
    private readonly history: OperationHistory,
    private readonly settings: Pick<Settings, 'get'>,
    private readonly inventory: Pick<InventoryView, 'isVisible' | 'revealSnapshot'>,
  ) {}

  /**
   * Shows the progress of what `work` starts as a notification, for a person who started it with the view hidden. With
   * the view in sight its row says enough.
   *
   * @returns what `work` gives, and whether a notification was shown
   */
  async follow<T>(
    fromPalette: boolean,
    work: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly shown: boolean }> {
    if (!fromPalette || this.inventory.isVisible || this.settings.get('notifications') === 'errorsOnly') {
      return { value: await work(), shown: false };
    }
    let shown = false;
    const known = new Set(this.history.active().map(({ id }) => id));
    let showing: Promise<unknown> = Promise.resolve();
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    // Only now, as until an operation begins the person is answering questions.
    const subscription = this.history.onDidChange((operation) => {
      if (operation !== undefined && !known.has(operation.id) && !shown) {
        shown = true;
        showing = this.showProgress(operation, finished);
      }
    });
    try {
      return { value: await work(), shown };
    } finally {
      subscription.dispose();
      finish();
      await showing;
    }
  }

  /** Tells how one operation ended. Returns at once. */
  tell({ plan, outcome }: OperationResult, subject: Subject, actions: OutcomeActions, progressWasShown: boolean): void {
    switch (outcome.state) {
      case 'succeeded':
        this.tellSuccess(outcome, plan.before.powerState === 'on', actions, progressWasShown);
        return;
      case 'failed':
      case 'unknown':
        this.tellFailure(outcome, subject, actions);
        return;
      case 'cancelled':
        this.messages.flash(stoppedText(outcome));
        return;
      case 'waiting':
      case 'sending':
      case 'running':
        // Not an end. The service hands over what has ended, so nobody gets here.
        return;
    }
  }

  /** Tells what became of an operation of unknown outcome after the server was asked. */
  tellChecked(outcome: TrackedOperation, subject: Subject, actions: OutcomeActions): void {
    switch (outcome.state) {
      case 'succeeded':
        this.messages.show('information', doneSentence(outcome));
        return;
      case 'failed':
        this.tellFailure(outcome, subject, actions);
        return;
      case 'cancelled':
        this.messages.flash(stoppedText(outcome));
        return;
      case 'unknown':
      case 'waiting':
      case 'sending':
      case 'running':
        this.messages.show('warning', stillUnknownText(outcome), [
          { title: vscode.l10n.t('Check Now'), run: actions.checkNow },
        ]);
        return;
    }
  }

  /** Tells why an operation failed, or that nobody knows how it went, with what helps. */
  tellFailure(
    { state, error }: TrackedOperation,
    subject: Subject,
    { checkNow, show, ...steps }: OutcomeActions,
  ): void {
    const check = { title: vscode.l10n.t('Check Now'), run: checkNow };
    const extra = [...(state === 'unknown' ? [check] : []), { title: vscode.l10n.t('Show'), run: show }];
    this.failures.show(error, subject, steps, extra);
  }

  private tellSuccess(
    outcome: TrackedOperation,
    wasOn: boolean,
    actions: OutcomeActions,
    progressWasShown: boolean,
  ): void {
    const { connection, operation, vmName } = outcome;
    const isOff = connection.inventory.vm(operation.vmId)?.powerState === 'off';
    const isRestore = operation.kind === 'restore' || operation.kind === 'restoreLatest';
    if (isRestore && wasOn && isOff && this.settings.get('notifications') !== 'errorsOnly') {
      this.messages.show('information', restoredAndOffText(vmName), [
        { title: vscode.l10n.t('Power On'), run: actions.powerOn },
      ]);
      return;
    }
    if (outcome.snapshotId !== undefined && this.inventory.isVisible) {
      // Never rejects; a row that is not there yet is no reason to say anything.
      void this.inventory.revealSnapshot(connection, operation.vmId, outcome.snapshotId);
    }
    if (this.deservesMessage(outcome) && !progressWasShown) {
      this.messages.show('information', doneSentence(outcome));
    } else if (!this.inventory.isVisible) {
      this.messages.flash(doneText(outcome));
    }
  }

  private deservesMessage({ startedAtMs, endedAtMs }: TrackedOperation): boolean {
    switch (this.settings.get('notifications')) {
      case 'all':
        return true;
      case 'whenHidden':
        return !this.inventory.isVisible && (endedAtMs ?? 0) - (startedAtMs ?? 0) > longMs;
      case 'errorsOnly':
        return false;
    }
  }

  private async showProgress(first: TrackedOperation, finished: Promise<void>): Promise<void> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: plain(runningText(first)),
      cancellable: false,
    };
    await vscode.window.withProgress(options, async (progress) => {
      let reached = 0;
      const subscription = this.history.onDidChange((operation) => {
        const percent = operation?.id === first.id ? operation.progressPercent : undefined;
        if (percent !== undefined && percent > reached) {
          progress.report({ message: `${percent}%`, increment: percent - reached });
          reached = percent;
        }
      });
      try {
        await finished;
      } finally {
        subscription.dispose();
      }
    });
  }
}
