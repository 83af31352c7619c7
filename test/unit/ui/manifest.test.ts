import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { commandId, type CommandName, managerViewType, viewIds } from '../../../src/ui/text/commandIds';
import { contextKeys } from '../../../src/ui/text/contextKeys';
import { readManifest, readManifestTexts } from '../../support/manifest';
import {
  commandNames as names,
  commandUses as uses,
  matches,
  nameOf,
  submenuId,
  submenuOfAllId,
  text,
  titleOf,
} from '../../support/manifestMenus';
import { repositoryRoot } from '../../support/repositoryRoot';
import { parseWhen } from '../../support/whenClause';

const manifest = readManifest();
const texts = readManifestTexts();
const { contributes } = manifest;

/** Commands after which a person is asked for more before anything happens. */
const asks: ReadonlySet<CommandName> = new Set<CommandName>([
  'addServer',
  'editServer',
  'removeServer',
  'importServers',
  'exportServers',
  'connectServer',
  'disconnectServer',
  'enterPassword',
  'reviewCertificate',
  'changePassword',
  'allowChanges',
  'removeAllPasswords',
  'findVm',
  'filter',
  'changeFilter',
  'exportSnapshots',
  'collectDiagnostics',
  'takeSnapshot',
  'restoreSnapshot',
  'restoreLatest',
  'editSnapshot',
  'deleteSnapshot',
  'deleteSnapshotWithChildren',
  'deleteAllSnapshots',
  'consolidate',
  'stopTask',
  'takeByName',
  'takeOfAll',
  'restoreOfAll',
  'deleteOfAll',
  'retryFailed',
  'runRest',
]);

describe('manifest: commands', () => {
  it('are those of the table, each with the same category', () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).sort(),
      names.map((name) => commandId(name)).sort(),
    );
    for (const command of contributes.commands) {
      assert.equal(command.category, 'vSphere', command.command);
      // A command that cannot be used says why when it is chosen; greyed out it would say nothing.
      assert.equal(command.enablement, undefined, command.command);
    }
  });

  it('have titles in title case, with three dots where more is asked', () => {
    const small = new Set(['to', 'from', 'as', 'and', 'with', 'of', 'the', 'a', 'on', 'by', 'in']);
    for (const name of names) {
      const title = titleOf(name);
      const words = title.replace(/\.\.\.| \(Revert\)$/g, '').split(/[ -]/);
      for (const [index, word] of words.entries()) {
        const isSmall = small.has(word.toLowerCase()) && index > 0 && name !== 'powerOn';
        assert.ok(
          isSmall ? word === word.toLowerCase() : /^[A-Z]/.test(word) || word === 'vCenter' || word === 'vSphere',
          `${title}: ${word}`,
        );
      }
      assert.equal(title.includes('...'), asks.has(name), title);
      assert.doesNotMatch(title, /…|\.{4}|\.\.\.(?!$| \(Revert\)$)|^vSphere|:/, title);
    }
  });

  it('of one title do one thing', () => {
    const all = names.map(titleOf);
    assert.equal(new Set(all).size, all.length);
  });
});

describe('manifest: palette', () => {
  const items = contributes.menus['commandPalette'] ?? [];

  it('offers what works without a row, as soon as it can', () => {
    for (const name of names) {
      const item = items.find(({ command }) => command === commandId(name));
      const offered = (hasServers: boolean): boolean =>
        ['folders', 'compute', 'snapshots'].some(
          (layout) =>
            item === undefined ||
            matches(item, {
              'vsphereSnapshots.hasServers': hasServers,
              'vsphereSnapshots.layout': layout,
              'vsphereSnapshots.filtered': hasServers,
            }),
        );
      const { palette } = uses[name];
      assert.deepEqual([offered(false), offered(true)], [palette === 'always', palette !== 'never'], name);
    }
  });

  it('offers the layouts that are not shown', () => {
    const offered = (layout: string): string[] =>
      (['viewAsFolders', 'viewAsHostsAndClusters', 'viewAsAllSnapshots'] as const).filter((name) =>
        items.some(
          (item) =>
            item.command === commandId(name) &&
            matches(item, { 'vsphereSnapshots.hasServers': true, 'vsphereSnapshots.layout': layout }),
        ),
      );
    assert.deepEqual(offered('folders'), ['viewAsHostsAndClusters', 'viewAsAllSnapshots']);
    assert.deepEqual(offered('compute'), ['viewAsFolders', 'viewAsAllSnapshots']);
    assert.deepEqual(offered('snapshots'), ['viewAsFolders', 'viewAsHostsAndClusters']);
  });

  it('says what can be found there, to the word', () => {
    const shown = names.filter((name) => uses[name].palette !== 'never').map(titleOf);
    assert.deepEqual(shown, [
      'Add Server...',
      'Edit Server...',
      'Remove Server...',
      'Import Servers...',
      'Export Servers...',
      'Connect to Server...',
      'Disconnect from Server...',
      'Change Password...',
      'Remove All Stored Passwords...',
      'Find VM...',
      'Take Snapshot...',
      'Take Snapshots of VMs by Name...',
      'Manage Snapshots',
      'Restore Snapshot... (Revert)',
      'Restore to Latest Snapshot... (Revert)',
      'Edit Snapshot...',
      'Delete Snapshot...',
      'Delete Snapshot with Children...',
      'Delete All Snapshots...',
      'Consolidate...',
      'Show VMs That Need Consolidation',
      'View as Folders',
      'View as Hosts and Clusters',
      'View as All Snapshots',
      'Filter...',
      'Clear Filter',
      'Export Snapshots...',
      'Explore with Demo vCenter',
      'Show Recent Tasks',
      'Show Log',
      'Collect Diagnostics...',
    ]);
  });
});

describe('manifest: context keys', () => {
  const clauses = [
    ...Object.values(contributes.menus).flat(),
    ...contributes.keybindings,
    ...contributes.viewsWelcome,
  ].flatMap(({ when }) => (when === undefined ? [] : [parseWhen(when)]));
  const ofWalkthroughs = contributes.walkthroughs
    .flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents))
    .flatMap((event) => (event.startsWith('onContext:') ? [event.slice('onContext:'.length)] : []));
  const asked = new Set([...clauses.flatMap(({ keys }) => [...keys]), ...ofWalkthroughs]);

  it('that are asked for are told by us or by VS Code', () => {
    const ofVsCode = new Set(['view', 'viewItem', 'focusedView', 'inputFocus', 'listMultiSelection', 'webviewId']);
    // Whatever a page says of the place of a click becomes a key while its menu is open.
    const ofPage = new Set(['vsphereSnapshotsFlags']);
    for (const key of asked) {
      assert.ok(key in contextKeys || ofVsCode.has(key) || ofPage.has(key), key);
    }
  });

  it('that we tell are asked for', () => {
    for (const key of Object.keys(contextKeys)) {
      assert.ok(asked.has(key), key);
    }
  });
});

describe('manifest: settings', () => {
  const settings = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Readonly<
    Record<string, (typeof contributes.configuration)[number]['properties'][string]>
  >;

  it('are these, with these defaults, and none can be set by a workspace', () => {
    const table = Object.entries(settings).map(([key, { type, scope, default: value }]) => [
      key.replace('vsphereSnapshots.', ''),
      type,
      value,
      scope,
    ]);
    assert.deepEqual(table, [
      ['take.nameTemplate', 'string', 'Snapshot ${date} ${time}', 'application'],
      ['take.contents', 'string', 'disks', 'application'],
      ['take.recordUser', 'boolean', false, 'application'],
      ['restore.offerSnapshotFirst', 'boolean', true, 'application'],
      ['safety.typeToConfirm', 'string', 'bulkAndProtected', 'application'],
      ['safety.protectedPaths', 'array', [], 'application'],
      ['bulk.maxVms', 'integer', 50, 'application'],
      ['bulk.parallelPerDatastore', 'integer', 2, 'application'],
      ['health.warnAfterDays', 'integer', 3, 'application'],
      ['health.oldAfterDays', 'integer', 30, 'application'],
      [
        'health.backupNamePatterns',
        'array',
        ['VEEAM BACKUP TEMPORARY SNAPSHOT', 'Consolidate Helper*', '_VCB-BACKUP_*', 'smvi_*'],
        'application',
      ],
      ['inventory.hide', 'array', ['vCLS*'], 'application'],
      ['notifications', 'string', 'whenHidden', 'application'],
      ['connection.idleMinutes', 'integer', 20, 'machine'],
      ['connection.transport', 'string', 'auto', 'machine'],
      ['connection.caFile', 'string', '', 'machine'],
      ['credentials.store', 'string', 'auto', 'machine'],
    ]);
  });

  it('explain themselves and every choice', () => {
    for (const [key, setting] of Object.entries(settings)) {
      assert.match(text(setting.markdownDescription), /^[A-Z].*\.$/s, key);
      const choices = setting.enum ?? [];
      assert.equal(setting.markdownEnumDescriptions?.length ?? 0, choices.length, key);
      for (const description of setting.markdownEnumDescriptions ?? []) {
        assert.match(text(description), /^[A-Z].*\.$/, key);
      }
      if (choices.length > 0) {
        assert.ok(choices.includes(String(setting.default)), key);
      }
      if (setting.type === 'integer') {
        assert.ok(setting.minimum !== undefined && setting.maximum !== undefined, key);
      }
    }
  });

  it('stand in groups with a title, in a fixed order', () => {
    for (const { title, properties } of contributes.configuration) {
      assert.ok(text(title).length > 0);
      const orders = Object.values(properties).map(({ order }) => order);
      assert.deepEqual(
        orders,
        orders.map((_, index) => index + 1),
      );
    }
  });
});

describe('manifest: views', () => {
  it('are two, each with an icon, in one container', () => {
    const [container] = contributes.viewsContainers.activitybar;
    assert.equal(container?.id, viewIds.container);
    const views = contributes.views[viewIds.container] ?? [];
    assert.deepEqual(
      views.map(({ id }) => id),
      [viewIds.inventory, viewIds.tasks],
    );
    for (const icon of [container.icon, ...views.map((view) => view.icon)]) {
      assert.ok(/^\$\([a-z-]+\)$/.test(icon) || fs.existsSync(path.join(repositoryRoot(), icon)), icon);
    }
  });

  it('say what to do while they are empty, with commands that work then', () => {
    const welcome = contributes.viewsWelcome.map(({ view, contents }) => [view, text(contents)]);
    assert.deepEqual(welcome, [
      [
        viewIds.inventory,
        'Take, restore and delete VMware vSphere snapshots.\n' +
          '[Add Server...](command:vsphereSnapshots.addServer)\n' +
          '[Explore with Demo vCenter](command:vsphereSnapshots.exploreDemo)',
      ],
      [viewIds.tasks, 'Tasks that you start appear here.'],
    ]);
    for (const [, contents] of welcome) {
      for (const [, title, command] of contents?.matchAll(/\[(.+)\]\(command:(.+)\)/g) ?? []) {
        const name = nameOf(command ?? '');
        assert.equal(uses[name].palette, 'always');
        assert.equal(titleOf(name), title);
      }
    }
  });
});

describe('manifest: as a whole', () => {
  it('uses only what VS Code 1.105 offers to every extension', () => {
    assert.equal(manifest.engines['vscode'], '^1.105.0');
    assert.equal(manifest.enabledApiProposals, undefined);
    const points = [
      'viewsContainers',
      'views',
      'viewsWelcome',
      'commands',
      'submenus',
      'menus',
      'keybindings',
      'walkthroughs',
      'configuration',
    ];
    assert.deepEqual(
      Object.keys(contributes).filter((point) => !points.includes(point)),
      [],
    );
    const menus = ['commandPalette', 'view/title', 'webview/context', 'view/item/context', submenuId, submenuOfAllId];
    assert.deepEqual(
      Object.keys(contributes.menus).filter((menu) => !menus.includes(menu)),
      [],
    );
    assert.deepEqual(
      contributes.submenus.map(({ id, label }) => [id, text(label)]),
      [
        [submenuId, 'Snapshots'],
        [submenuOfAllId, 'Snapshots of All VMs'],
      ],
    );
  });

  it('starts with nothing but what it contributes, a link, and panels of the last time', () => {
    assert.deepEqual(manifest.activationEvents, ['onUri', `onWebviewPanel:${managerViewType}`]);
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
  });

  it('has a text for every key, and no text that is not used', () => {
    const used = new Set([...JSON.stringify(manifest).matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key ?? ''));
    assert.deepEqual(
      [...used].filter((key) => !(key in texts)),
      [],
    );
    assert.deepEqual(
      Object.keys(texts).filter((key) => !used.has(key)),
      [],
    );
  });

  it('shows no icon syntax or line breaks by accident', () => {
    for (const [key, value] of Object.entries(texts)) {
      assert.doesNotMatch(value, /\$\((?!\{)/, key);
      assert.equal(
        value.includes('\n'),
        key === 'welcome.inventory' || /^walkthrough\..*\.description$/.test(key),
        key,
      );
    }
  });

  it('has an icon of at least 128 pixels', () => {
    const png = fs.readFileSync(path.join(repositoryRoot(), manifest.icon));
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [256, 256]);
  });

  it('has an outline of one colour for the activity bar', () => {
    const svg = fs.readFileSync(path.join(repositoryRoot(), 'media/icon.svg'), 'utf8');
    assert.match(svg, /viewBox="0 0 24 24"/);
    assert.match(svg, /fill="none"/);
    assert.equal(new Set(svg.match(/#[0-9a-f]{3,6}/gi)).size, 1);
    assert.doesNotMatch(svg, /<(script|style|image|text|foreignObject)/);
  });
});
