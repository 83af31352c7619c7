import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { nullLogger } from '../../src/common/logger';
import { editorUsesProxy } from '../../src/ui/adapters/editorProxy';
import { Settings } from '../../src/ui/adapters/settings';
import { SettingNotice } from '../../src/ui/feedback/settingNotice';
import { type SettingKey, settingKeys } from '../../src/ui/text/settingRules';
import { eventually } from '../support/eventually';

const section = 'vsphereSnapshots';
type Key = Parameters<Settings['get']>[0];

describe('settings', () => {
  const lines: string[] = [];
  const changedKeys: string[] = [];
  let settings: Settings;

  before(() => {
    settings = new Settings({
      ...nullLogger,
      warn: (line) => {
        lines.push(line);
      },
    });
  });

  after(() => {
    settings.dispose();
  });

  async function set(key: string, value: unknown): Promise<void> {
    await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
  }

  it('have the defaults that the manifest declares, each of them and no other', () => {
    const declared = declaredSettings();
    for (const [key, { default: value }] of declared) {
      assert.deepEqual(settings.get(key as Key), value, key);
    }
    // What is read but not declared has no entry in the settings editor; the other way round it does nothing.
    assert.deepEqual([...declared.keys()].sort(), [...Settings.keys].sort());
  });

  it('give what the person has set, at once, and tell that it has changed', async () => {
    const subscription = settings.onDidChange((affects) => {
      changedKeys.push(...Settings.keys.filter((key) => affects(key)));
    });
    await set(`${section}.take.recordUser`, true);
    assert.equal(settings.get('take.recordUser'), true);
    await eventually('the news', () => changedKeys.includes('take.recordUser'));
    assert.deepEqual(changedKeys, ['take.recordUser']);
    subscription.dispose();
    await set(`${section}.take.recordUser`, undefined);
    assert.equal(settings.get('take.recordUser'), false);
  });

  // Leaving a setting out does not compile.
  const wrong: Readonly<Record<SettingKey, unknown>> = {
    'take.nameTemplate': 7,
    'take.contents': 'everything',
    'take.recordUser': 'yes',
    'restore.offerSnapshotFirst': 1,
    'safety.typeToConfirm': true,
    'safety.protectedPaths': { 'DC1/Prod': true },
    'bulk.maxVms': 0,
    'bulk.parallelPerDatastore': 9,
    'health.warnAfterDays': 2.5,
    'health.oldAfterDays': 0,
    'health.backupNamePatterns': 7,
    'inventory.hide': false,
    notifications: null,
    'connection.idleMinutes': '20',
    'connection.transport': 'proxy',
    'connection.caFile': ['ca.pem'],
    'credentials.store': 'file',
  };
  for (const key of settingKeys) {
    const value = wrong[key];
    it(`count as not set with a wrong value, and say so once, in the log and to the person: ${key} = ${JSON.stringify(value)}`, async () => {
      const expected = declaredSettings().get(key)?.default;
      const told: string[] = [];
      const notice = new SettingNotice(settings, {
        show: (_severity, text) => {
          told.push(text);
        },
      });
      await set(`${section}.${key}`, value);
      try {
        lines.length = 0;
        assert.deepEqual(settings.get(key), expected);
        assert.deepEqual(settings.get(key), expected);
        assert.equal(lines.length, 1);
        const sentence = new RegExp(`^The setting ${section}\\.${key} has to be .+\\. Until then .+ is used\\.$`);
        assert.match(lines[0] ?? '', sentence);
        await eventually('the message', () => told.length > 0);
        assert.equal(told.length, 1);
        assert.match(told[0] ?? '', sentence);
      } finally {
        notice.dispose();
        await set(`${section}.${key}`, undefined);
      }
    });
  }
});

describe('the proxy of the editor', () => {
  async function set(key: string, value: unknown): Promise<void> {
    await vscode.workspace.getConfiguration('http').update(key, value, vscode.ConfigurationTarget.Global);
  }

  afterEach(async () => {
    for (const key of ['proxy', 'proxySupport', 'noProxy']) {
      await set(key, undefined);
    }
  });

  it('is not used when there is none', () => {
    assert.equal(editorUsesProxy('vc.corp', {}), false);
  });

  it('is used when it is set, in the editor or in the environment', async () => {
    assert.equal(editorUsesProxy('vc.corp', { HTTPS_PROXY: 'http://proxy:3128' }), true);
    assert.equal(editorUsesProxy('vc.corp', { https_proxy: '  ' }), false);
    await set('proxy', 'http://proxy:3128');
    assert.equal(editorUsesProxy('vc.corp', {}), true);
  });

  it('is not used when the editor is told to leave connections alone', async () => {
    await set('proxy', 'http://proxy:3128');
    await set('proxySupport', 'off');
    assert.equal(editorUsesProxy('vc.corp', {}), false);
  });

  it('is not used for hosts that are excepted', async () => {
    await set('proxy', 'http://proxy:3128');
    await set('noProxy', ['*.corp', '10.0.0.7', 'lab.example:443']);
    const excepted = ['vc.corp', 'corp', '10.0.0.7', 'lab.example', 'esx.lab.example'];
    const others = ['vc.corp.example', 'notcorp', '10.0.0.70'];
    assert.deepEqual(
      [...excepted, ...others].filter((host) => !editorUsesProxy(host, {})),
      excepted,
    );
    await set('noProxy', undefined);
    assert.equal(editorUsesProxy('vc.corp', { NO_PROXY: '*' }), false);
    assert.equal(editorUsesProxy('vc.corp', { no_proxy: 'localhost, .corp' }), false);
  });
});

function declaredSettings(): Map<string, { readonly default: unknown }> {
  const manifest = vscode.extensions.getExtension('vsphere-snapshots.vsphere-snapshots')?.packageJSON as {
    contributes: { configuration: readonly { properties: Record<string, { default: unknown }> }[] };
  };
  return new Map(
    manifest.contributes.configuration
      .flatMap(({ properties }) => Object.entries(properties))
      .map(([key, value]) => [key.slice(section.length + 1), value]),
  );
}
