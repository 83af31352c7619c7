import assert from 'node:assert/strict';
import { readSetting, type SettingKey, settingKeys, settingSection } from '../../../../src/ui/text/settingRules';
import { readManifest } from '../../../support/manifest';

const declared = new Map(
  readManifest().contributes.configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([key, setting]) => [key.slice(settingSection.length + 1), setting]),
  ),
);

describe('settings', () => {
  it('are those that the manifest declares, with the same defaults, limits and choices', () => {
    assert.deepEqual([...settingKeys].sort(), [...declared.keys()].sort());
    for (const key of settingKeys) {
      const { default: value, enum: choices, minimum, maximum } = declared.get(key) ?? {};
      assert.deepEqual(readSetting(key, undefined), { value, problem: undefined }, key);
      for (const choice of [...(choices ?? []), minimum, maximum].filter((each) => each !== undefined)) {
        assert.deepEqual(readSetting(key, choice), { value: choice, problem: undefined }, key);
      }
      for (const outside of [(minimum ?? 0) - 1, (maximum ?? 0) + 1]) {
        if (minimum !== undefined) {
          assert.deepEqual(readSetting(key, outside).value, value, key);
        }
      }
    }
  });

  const wrong: readonly (readonly [key: SettingKey, raw: unknown, sentence: string])[] = [
    ['take.nameTemplate', 7, 'a text. Until then "Snapshot ${date} ${time}" is used.'],
    ['take.contents', 'everything', 'one of disks, memory, quiesced, lastUsed. Until then "disks" is used.'],
    ['take.recordUser', 'yes', 'true or false. Until then false is used.'],
    ['restore.offerSnapshotFirst', 1, 'true or false. Until then true is used.'],
    ['safety.typeToConfirm', 'never', 'one of bulkAndProtected, always. Until then "bulkAndProtected" is used.'],
    ['safety.protectedPaths', 5, 'a list of texts. Until then an empty list is used.'],
    ['bulk.maxVms', 501, 'a whole number from 1 to 500. Until then 50 is used.'],
    ['bulk.parallelPerDatastore', 0, 'a whole number from 1 to 8. Until then 2 is used.'],
    ['health.warnAfterDays', 2.5, 'a whole number from 1 to 3650. Until then 3 is used.'],
    ['health.oldAfterDays', '30', 'a whole number from 1 to 3650. Until then 30 is used.'],
    ['inventory.hide', { vCLS: true }, 'a list of texts. Until then ["vCLS*"] is used.'],
    ['notifications', null, 'one of all, whenHidden, errorsOnly. Until then "whenHidden" is used.'],
    ['connection.idleMinutes', NaN, 'a whole number from 0 to 1440. Until then 20 is used.'],
    ['connection.transport', ['auto'], 'one of auto, direct, editor. Until then "auto" is used.'],
    ['connection.caFile', false, 'a text. Until then "" is used.'],
    ['credentials.store', 'AUTO', 'one of auto, osKeychain, vscode, session. Until then "auto" is used.'],
  ];
  for (const [key, raw, sentence] of wrong) {
    it(`of a wrong kind count as not set and say so: ${key} = ${JSON.stringify(raw)}`, () => {
      assert.deepEqual(readSetting(key, raw), {
        value: declared.get(key)?.default,
        problem: `The setting ${settingSection}.${key} has to be ${sentence}`,
      });
    });
  }

  it('that are lists keep what is right in them, so that one slip takes nothing off protection', () => {
    for (const [raw, value] of [
      [['DC1/Prod', 7, null], ['DC1/Prod']],
      ['DC1/Prod', ['DC1/Prod']],
    ] as const) {
      assert.deepEqual(readSetting('safety.protectedPaths', raw), {
        value,
        problem:
          'The setting vsphereSnapshots.safety.protectedPaths has to be a list of texts. Entries that are none are left out.',
      });
    }
    assert.deepEqual(readSetting('health.backupNamePatterns', []), { value: [], problem: undefined });
  });
});
