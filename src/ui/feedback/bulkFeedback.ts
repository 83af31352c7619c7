import * as vscode from 'vscode';
import { type BulkTally, tallyOf } from '../../operations/bulk/bulkTally';
import type { OperationHistory } from '../../operations/operationHistory';
import type { OperationGroup, TrackedOperation } from '../../operations/trackedOperation';
import type { Settings } from '../adapters/settings';
import { bulkDone, bulkOutcome, bulkProgress, bulkProgressTitle, restoredAndOff } from '../text/bulkTexts';
import type { Formats } from '../text/formats';
import { plain } from '../text/plain';
import type { InventoryView } from '../tree/inventoryView';
import type { MessageAction, Messages } from './messages';

// Whoever waits for less is still looking.
const longMs = 30_000;

/** What the buttons of a message about many VMs do. */
export interface BulkActions {
  readonly show: () => Promise<void>;
  readonly retryFailed: () => Promise<void>;
  readonly powerOn: (operations: readonly TrackedOperation[]) => Promise<void>;
}

/** Tells the person how an operation on many VMs goes: one progress while it runs, and one message at the most. */
export class BulkFeedback {
  constructor(
    private readonly messages: Pick<Messages, 'show' | 'flash'>,
    private readonly history: OperationHistory,
    private readonly settings: Pick<Settings, 'get'>,
    private readonly inventory: Pick<InventoryView, 'isVisible'>,
    private readonly formats: Formats,
  ) {}

  /** Shows one progress for whatever group `work` begins, for a person who started it with the view hidden. */
  async follow<T>(fromPalette: boolean, work: () => Promise<T>): Promise<T> {
    if (!fromPalette || this.inventory.isVisible || this.settings.get('notifications') === 'errorsOnly') {
      return await work();
    }
    let showing: Thenable<void> = Promise.resolve();
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let followed: number | undefined;
    // Only now, as until a group begins the person is answering questions.
    const subscription = this.history.onDidChangeGroup((group) => {
      if (followed === undefined && group.endedAtMs === undefined) {
        followed = group.id;
        showing = this.showProgress(group, finished);
      }
    });
    try {
      return await work();
    } finally {
      subscription.dispose();
      finish();
      await showing;
    }
  }

  /** Tells how a group ended. Returns at once. */
  tell(group: OperationGroup, actions: BulkActions): void {
    const operations = this.history.ofGroup(group.id);
    const tally = tallyOf(operations);
    if (tally.failed + tally.unknown > 0) {
      this.messages.show('warning', bulkOutcome(tally, this.formats), [
        { title: vscode.l10n.t('Show'), run: actions.show },
        ...(tally.failed > 0 ? [{ title: vscode.l10n.t('Retry Failed'), run: actions.retryFailed }] : []),
      ]);
    } else if (tally.done === tally.total) {
      this.tellSuccess(group, operations, tally, actions);
    } else {
      // Somebody has stopped it and knows.
      this.messages.flash(bulkOutcome(tally, this.formats));
    }
  }

  private tellSuccess(
    group: OperationGroup,
    operations: readonly TrackedOperation[],
    { done }: BulkTally,
    actions: BulkActions,
  ): void {
    const isRestore = group.kind === 'restore' || group.kind === 'restoreLatest';
    const off = isRestore ? operations.filter(isOff) : [];
    if (off.length > 0 && this.settings.get('notifications') !== 'errorsOnly') {
      const powerOn: MessageAction = {
        title: vscode.l10n.t('Power On...'),
        run: async () => {
          await actions.powerOn(off);
        },
      };
      this.messages.show('information', restoredAndOff(done, off.length, this.formats), [powerOn]);
      return;
    }
    const text = bulkDone(group.kind, done, this.formats);
    if (this.isWorthAMessage(group)) {
      this.messages.show('information', text, [{ title: vscode.l10n.t('Show'), run: actions.show }]);
    } else {
      this.messages.flash(text);
    }
  }

  private isWorthAMessage({ createdAtMs, endedAtMs }: OperationGroup): boolean {
    switch (this.settings.get('notifications')) {
      case 'all':
        return true;
      case 'whenHidden':
        return !this.inventory.isVisible && (endedAtMs ?? 0) - createdAtMs > longMs;
      case 'errorsOnly':
        return false;
    }
  }

  private async showProgress(group: OperationGroup, finished: Promise<void>): Promise<void> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: plain(bulkProgressTitle(group.kind)),
      cancellable: false,
    };
    await vscode.window.withProgress(options, async (progress) => {
      let reached = 0;
      const update = (): void => {
        const tally = tallyOf(this.history.ofGroup(group.id));
        const percent = tally.total === 0 ? 0 : (100 * (tally.total - tally.running - tally.waiting)) / tally.total;
        progress.report({ message: bulkProgress(tally, this.formats), increment: percent - reached });
        reached = percent;
      };
      update();
      let shown = '';
      const subscription = this.history.onDidChange((operation) => {
        if (operation?.groupId === group.id && `${operation.id} ${operation.state}` !== shown) {
          shown = `${operation.id} ${operation.state}`;
          update();
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

function isOff({ connection, operation }: TrackedOperation): boolean {
  return connection.inventory.vm(operation.vmId)?.powerState === 'off';
}
