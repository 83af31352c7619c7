import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { Emitter } from '../../common/event';
import type { Logger } from '../../common/logger';
import {
  readSetting,
  type SettingKey,
  settingKeys,
  type SettingReading,
  settingSection,
  type SettingValue,
} from '../text/settingRules';

/** A setting that is not what was written. */
export interface SettingProblem {
  readonly key: SettingKey;
  /** For the person. */
  readonly sentence: string;
}

/** What the person has set, each time as it is now. What cannot be used counts as not set. */
export class Settings implements Disposable {
  static readonly keys = settingKeys;

  private readonly changed = new Emitter<(key: SettingKey) => boolean>();
  private readonly subscription: vscode.Disposable;
  /** By setting, the complaint that is in the log. */
  private readonly logged = new Map<SettingKey, string>();

  /** Some settings have changed; the value tells which. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly logger: Logger) {
    this.subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(settingSection)) {
        this.changed.fire((key) => change.affectsConfiguration(`${settingSection}.${key}`));
      }
    });
  }

  get<K extends SettingKey>(key: K): SettingValue<K> {
    const { value, problem } = read(key);
    if (problem !== undefined && this.logged.get(key) !== problem) {
      this.logged.set(key, problem);
      this.logger.warn(problem);
    }
    return value;
  }

  /** Whether the person has given it another value than the one that it has by itself. */
  isChanged(key: SettingKey): boolean {
    return JSON.stringify(this.get(key)) !== JSON.stringify(readSetting(key, undefined).value);
  }

  /** What is wrong with the settings now. */
  problems(): readonly SettingProblem[] {
    return settingKeys.flatMap((key) => {
      const { problem } = read(key);
      return problem === undefined ? [] : [{ key, sentence: problem }];
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}

function read<K extends SettingKey>(key: K): SettingReading<K> {
  return readSetting(key, vscode.workspace.getConfiguration(settingSection).get(key));
}
