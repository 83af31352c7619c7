import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import type { OperationHistory } from '../../operations/operationHistory';
import { commandId } from '../text/commandIds';
import { statusText } from '../text/counts';
import type { Formats } from '../text/formats';

/** One item in the status bar while operations of this window run; a click shows them. */
export class StatusItem implements Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly subscription: Disposable;
  private shown = 0;

  constructor(
    private readonly history: OperationHistory,
    private readonly formats: Formats,
  ) {
    this.item = vscode.window.createStatusBarItem('vsphereSnapshots.tasks', vscode.StatusBarAlignment.Left);
    this.item.name = vscode.l10n.t('vSphere Tasks');
    this.item.command = commandId('showRecentTasks');
    this.subscription = history.onDidChange(() => {
      this.update();
    });
    this.update();
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }

  private update(): void {
    // An operation of unknown outcome may stay so for days; its row says so, not a spinner.
    const running = this.history.active().filter(({ state }) => state !== 'unknown').length;
    if (running === this.shown) {
      return;
    }
    this.shown = running;
    if (running === 0) {
      this.item.hide();
      return;
    }
    const text = statusText(running, this.formats);
    this.item.text = `$(sync~spin) ${text}`;
    this.item.tooltip = vscode.l10n.t('Show Recent Tasks');
    this.item.accessibilityInformation = { label: text };
    this.item.show();
  }
}
