import * as l10n from '@vscode/l10n';

/** The section under which the editor keeps every setting of the product. */
export const settingSection = 'vsphereSnapshots';

/** What one setting may be. */
interface SettingRule<T> {
  readonly fallback: T;
  /** What it has to be, for the middle of a sentence. */
  readonly expected: () => string;
  /** Whatever of the value can be used; undefined when nothing can. `isWhole` says whether that is all of it. */
  readonly read: (raw: unknown) => { readonly value: T; readonly isWhole: boolean } | undefined;
}

function text(fallback: string): SettingRule<string> {
  return rule(fallback, () => l10n.t('a text'), isText);
}

function flag(fallback: boolean): SettingRule<boolean> {
  return rule(
    fallback,
    () => l10n.t('true or false'),
    (raw): raw is boolean => typeof raw === 'boolean',
  );
}

function integer(minimum: number, maximum: number, fallback: number): SettingRule<number> {
  return rule(
    fallback,
    () => l10n.t('a whole number from {0} to {1}', minimum, maximum),
    (raw): raw is number => Number.isInteger(raw) && Number(raw) >= minimum && Number(raw) <= maximum,
  );
}

function oneOf<const T extends string>(fallback: NoInfer<T>, ...allowed: readonly T[]): SettingRule<T> {
  return rule(
    fallback,
    () => l10n.t('one of {0}', allowed.join(', ')),
    (raw): raw is T => (allowed as readonly unknown[]).includes(raw),
  );
}

/** A list keeps its good entries whatever stands beside them: one slip must not take the protection off a whole list. */
function texts(...fallback: readonly string[]): SettingRule<readonly string[]> {
  return {
    fallback,
    expected: () => l10n.t('a list of texts'),
    read: (raw) => {
      if (Array.isArray(raw)) {
        const value = (raw as readonly unknown[]).filter(isText);
        return { value, isWhole: value.length === raw.length };
      }
      return isText(raw) ? { value: [raw], isWhole: false } : undefined;
    },
  };
}

function rule<T>(fallback: T, expected: () => string, accepts: (raw: unknown) => raw is T): SettingRule<T> {
  return { fallback, expected, read: (raw) => (accepts(raw) ? { value: raw, isWhole: true } : undefined) };
}

function isText(raw: unknown): raw is string {
  return typeof raw === 'string';
}

const maxDays = 3_650;
const maxIdleMinutes = 1_440;

/** Every setting of the product; the manifest declares the same ones, and a test holds both together. */
const settingRules = {
  'take.nameTemplate': text('Snapshot ${date} ${time}'),
  'take.contents': oneOf('disks', 'disks', 'memory', 'quiesced', 'lastUsed'),
  'take.recordUser': flag(false),
  'restore.offerSnapshotFirst': flag(true),
  'safety.typeToConfirm': oneOf('bulkAndProtected', 'bulkAndProtected', 'always'),
  'safety.protectedPaths': texts(),
  'bulk.maxVms': integer(1, 500, 50),
  'bulk.parallelPerDatastore': integer(1, 8, 2),
  'health.warnAfterDays': integer(1, maxDays, 3),
  'health.oldAfterDays': integer(1, maxDays, 30),
  'health.backupNamePatterns': texts(
    'VEEAM BACKUP TEMPORARY SNAPSHOT',
    'Consolidate Helper*',
    '_VCB-BACKUP_*',
    'smvi_*',
  ),
  'inventory.hide': texts('vCLS*'),
  notifications: oneOf('whenHidden', 'all', 'whenHidden', 'errorsOnly'),
  'connection.idleMinutes': integer(0, maxIdleMinutes, 20),
  'connection.transport': oneOf('auto', 'auto', 'direct', 'editor'),
  'connection.caFile': text(''),
  'credentials.store': oneOf('auto', 'auto', 'osKeychain', 'vscode', 'session'),
} satisfies Record<string, SettingRule<unknown>>;

export type SettingKey = keyof typeof settingRules;
export type SettingValue<K extends SettingKey> = (typeof settingRules)[K]['fallback'];

export const settingKeys = Object.keys(settingRules) as readonly SettingKey[];

/** What a setting counts as. */
export interface SettingReading<K extends SettingKey> {
  readonly value: SettingValue<K>;
  /** For the person, when it is not what was written; undefined when it is. */
  readonly problem: string | undefined;
}

/** Reads what the person has written, which may be anything. @param raw - undefined when nothing was */
export function readSetting<K extends SettingKey>(key: K, raw: unknown): SettingReading<K> {
  const { fallback, expected, read }: SettingRule<unknown> = settingRules[key];
  if (raw === undefined) {
    return { value: fallback as SettingValue<K>, problem: undefined };
  }
  const name = `${settingSection}.${key}`;
  const usable = read(raw);
  if (usable === undefined) {
    const problem = l10n.t(
      'The setting {0} has to be {1}. Until then {2} is used.',
      name,
      expected(),
      inWords(fallback),
    );
    return { value: fallback as SettingValue<K>, problem };
  }
  return {
    value: usable.value as SettingValue<K>,
    problem: usable.isWhole
      ? undefined
      : l10n.t('The setting {0} has to be {1}. Entries that are none are left out.', name, expected()),
  };
}

function inWords(fallback: unknown): string {
  return Array.isArray(fallback) && fallback.length === 0 ? l10n.t('an empty list') : JSON.stringify(fallback);
}
