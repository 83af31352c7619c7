import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { Emitter } from '../../common/event';
import type { Logger } from '../../common/logger';

const section = 'vsphereSnapshots';

/** What is wrong with a value, for the log; undefined when it is right. */
interface Setting<T> {
  readonly fallback: T;
  readonly expected: string;
  accepts(value: unknown): value is T;
}

function text(fallback: string): Setting<string> {
  return { fallback, expected: 'text', accepts: (value) => typeof value === 'string' };
}

function flag(fallback: boolean): Setting<boolean> {
  return { fallback, expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
}

function integer(minimum: number, maximum: number, fallback: number): Setting<number> {
  return {
    fallback,
    expected: `a whole number from ${minimum} to ${maximum}`,
    accepts: (value): value is number =>
      Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
  };
}

function oneOf<const T extends string>(fallback: NoInfer<T>, ...allowed: readonly T[]): Setting<T> {
  return {
    fallback,
    expected: `one of ${allowed.join(', ')}`,
    accepts: (value): value is T => (allowed as readonly unknown[]).includes(value),
  };
}

function texts(...fallback: readonly string[]): Setting<readonly string[]> {
  return {
    fallback,
    expected: 'a list of texts',
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) && value.every((each) => typeof each === 'string'),
  };
}

const settings = {
  'take.nameTemplate': text('Snapshot ${date} ${time}'),
  'take.contents': oneOf('disks', 'disks', 'memory', 'quiesced', 'lastUsed'),
  'take.recordUser': flag(false),
  'restore.offerSnapshotFirst': flag(true),
  'safety.typeToConfirm': oneOf('bulkAndProtected', 'bulkAndProtected', 'always'),
  'health.warnAfterDays': integer(1, 3_650, 3),
  'health.oldAfterDays': integer(1, 3_650, 30),
  'health.backupNamePatterns': texts(
    'VEEAM BACKUP TEMPORARY SNAPSHOT',
    'Consolidate Helper*',
    '_VCB-BACKUP_*',
    'smvi_*',
  ),
  'inventory.hide': texts('vCLS*'),
  notifications: oneOf('whenHidden', 'all', 'whenHidden', 'errorsOnly'),
  'connection.idleMinutes': integer(0, 1_440, 20),
  'connection.transport': oneOf('auto', 'auto', 'direct', 'editor'),
  'connection.caFile': text(''),
  'credentials.store': oneOf('auto', 'auto', 'osKeychain', 'vscode', 'session'),
} satisfies Record<string, Setting<unknown>>;

type SettingKey = keyof typeof settings;
type SettingValue<K extends SettingKey> = (typeof settings)[K]['fallback'];

/** What the person has set, each time as it is now. A value of the wrong type counts as not set. */
export class Settings implements Disposable {
  static readonly keys = Object.keys(settings) as readonly SettingKey[];

  private readonly changed = new Emitter<(key: SettingKey) => boolean>();
  private readonly subscription: vscode.Disposable;
  private readonly reported = new Set<string>();

  /** Some settings have changed; the value tells which. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly logger: Logger) {
    this.subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(section)) {
        this.changed.fire((key) => change.affectsConfiguration(`${section}.${key}`));
      }
    });
  }

  get<K extends SettingKey>(key: K): SettingValue<K> {
    const setting: Setting<unknown> = settings[key];
    const value: unknown = vscode.workspace.getConfiguration(section).get(key);
    if (value === undefined || setting.accepts(value)) {
      return (value ?? setting.fallback) as SettingValue<K>;
    }
    this.report(key, value, setting);
    return setting.fallback as SettingValue<K>;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  /** Says once for each wrong value that it is ignored. The settings editor marks it as well. */
  private report(key: SettingKey, value: unknown, { expected, fallback }: Setting<unknown>): void {
    const line = `The setting ${section}.${key} is ignored: it must be ${expected}, not ${JSON.stringify(value)}. Using ${JSON.stringify(fallback)}.`;
    if (!this.reported.has(line)) {
      this.reported.add(line);
      this.logger.warn(line);
    }
  }
}
