import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import type { Settings } from '../adapters/settings';
import { type SettingKey, settingSection } from '../text/settingRules';
import type { Messages } from './messages';

/** Tells the person, once for each, which settings are not what they should be and what is used instead. */
export class SettingNotice implements Disposable {
  private readonly subscription: Disposable;
  private readonly told = new Map<SettingKey, string>();

  constructor(
    private readonly settings: Settings,
    private readonly messages: Pick<Messages, 'show'>,
  ) {
    this.subscription = settings.onDidChange(() => {
      this.look();
    });
    this.look();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private look(): void {
    const problems = this.settings.problems();
    const fresh = problems.filter(({ key, sentence }) => this.told.get(key) !== sentence);
    this.told.clear();
    for (const { key, sentence } of problems) {
      this.told.set(key, sentence);
    }
    const [first] = fresh;
    if (first === undefined) {
      return;
    }
    const query = fresh.length === 1 ? `@id:${settingSection}.${first.key}` : settingSection;
    this.messages.show('warning', fresh.map(({ sentence }) => sentence).join(' '), [
      {
        title: vscode.l10n.t('Open Settings'),
        run: async () => {
          await vscode.commands.executeCommand('workbench.action.openSettings', query);
        },
      },
    ]);
  }
}
