import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import { HypervisorError } from '../../src/hypervisor/errors';
import { noFilter } from '../../src/hypervisor/filter/inventoryFilter';
import type { HypervisorConnection } from '../../src/hypervisor/connection';
import { OperationHistory } from '../../src/operations/operationHistory';
import { confirmationNeed } from '../../src/operations/policy';
import { bulkPolicy, operationPolicy } from '../../src/ui/adapters/operationPolicy';
import { ProtectionResolver } from '../../src/ui/adapters/protectionResolver';
import { Settings } from '../../src/ui/adapters/settings';
import { TakeMemory } from '../../src/ui/adapters/takeMemory';
import { Failures } from '../../src/ui/feedback/failures';
import { OperationFeedback, type OutcomeActions } from '../../src/ui/feedback/operationFeedback';
import { TakeFlow } from '../../src/ui/prompts/takeFlow';
import { confirmationText } from '../../src/ui/text/confirmations';
import { describeNode } from '../../src/ui/text/rows';
import { type SettingKey, settingKeys, settingSection } from '../../src/ui/text/settingRules';
import { nodeId, type ViewLayout } from '../../src/ui/text/treeNode';
import { Favorites } from '../../src/ui/tree/favorites';
import { ViewModel } from '../../src/ui/tree/viewModel';
import { vsphereClients } from '../../src/vsphereClients';
import { BulkScene, taskOf } from '../support/bulkScene';
import { chain, detail, snapshot, testNowMs, vm } from '../support/domainBuilders';
import { eventually } from '../support/eventually';
import { tracked } from '../support/operationBuilder';
import { planFor } from '../support/planBuilder';
import { connectionWith, paris, rowContext } from '../support/rowFixtures';
import { ScriptedClient } from '../support/scriptedHypervisor';
import { MemoryState, newProfile, turn, Window } from '../support/serverFixtures';
import { TemporaryFolder } from '../support/temporaryFolder';
import { QuickInputHand } from './quickInputs';

/** What a setting changes: set to `value` in the person's settings, `observe` sees something else than by default. */
interface Effect {
  readonly value: unknown;
  readonly observe: (settings: Settings) => unknown;
}

const noProtection = { isMarked: () => false, hasAny: false, onDidChange: () => ({ dispose: nothing }) };

describe('each setting has an effect', () => {
  let settings: Settings;
  let hand: QuickInputHand;
  let folder: TemporaryFolder;

  before(() => {
    settings = new Settings(nullLogger);
    folder = new TemporaryFolder('settings');
    fs.writeFileSync(folder.resolve('ca.pem'), 'a certificate');
  });

  after(() => {
    settings.dispose();
    folder.remove();
  });

  beforeEach(() => {
    hand = new QuickInputHand();
  });

  afterEach(async () => {
    await hand.cancel();
    hand.dispose();
  });

  /** What is taken when every question is answered with Enter. */
  async function takenWithEnter(): Promise<unknown> {
    const machine = detail({ vm: vm('vm-1', { name: 'SQL01' }) });
    const state = new MemoryState();
    await state.set('take.lastContents', 'memory');
    const takeMemory = new TakeMemory(state);
    const services = { settings, takeMemory, formats: paris, clock: { ...systemClock, now: () => testNowMs } };
    const asked = new TakeFlow(machine, 'jdoe', services).ask();
    for (const step of [1, 2, 3]) {
      await hand.question(`Take Snapshot of 'SQL01' (${step}/3)`);
      await hand.accept();
    }
    return await asked;
  }

  function confirmation(): unknown {
    const plan = planFor({ kind: 'restore', snapshotId: 'a' }, { vm: { snapshots: chain('a', 'b') } });
    const offerSnapshotFirst = settings.get('restore.offerSnapshotFirst');
    return confirmationText(plan, { formats: paris, nowMs: testNowMs, offerSnapshotFirst }).buttons;
  }

  /** Of a VM in no marked place, that is called SQL01 and has a snapshot. */
  function need(kind: 'restoreLatest' | 'edit'): unknown {
    const protection = new ProtectionResolver(settings, noProtection);
    try {
      const machine = vm('vm-1', { name: 'SQL01', snapshots: chain('VEEAM BACKUP TEMPORARY SNAPSHOT', 'nightly') });
      const plan = planFor(kind === 'edit' ? { kind, snapshotId: 'nightly' } : { kind }, { vm: machine });
      return confirmationNeed(plan, connectionWith(machine), operationPolicy(settings, protection));
    } finally {
      protection.dispose();
    }
  }

  /** The inventory as it is shown with the settings of now. */
  function viewOf(connection: HypervisorConnection, layout: ViewLayout): ViewModel['view'] {
    const { view } = new ViewModel({
      servers: () => [connection],
      clock: { ...systemClock, now: () => testNowMs },
      sizes: () => undefined,
      favorites: new Favorites(
        () => [],
        () => Promise.resolve(),
      ),
      settings: {
        hide: settings.get('inventory.hide'),
        warnAfterDays: settings.get('health.warnAfterDays'),
        oldAfterDays: settings.get('health.oldAfterDays'),
        backupNamePatterns: settings.get('health.backupNamePatterns'),
      },
      layout,
      filters: { tree: noFilter, snapshots: noFilter },
    });
    return view;
  }

  /** The colour of a snapshot of some age, and under which heading it stands in the list of all. */
  function aged(ageDays: number): unknown {
    const each = snapshot('a', { name: 'nightly 1', createdAtMs: testNowMs - ageDays * 86_400_000 });
    const machine = vm('vm-1', { snapshots: { roots: [each], currentId: each.id } });
    const connection = connectionWith(machine);
    const context = rowContext({
      warnAfterDays: settings.get('health.warnAfterDays'),
      oldAfterDays: settings.get('health.oldAfterDays'),
    });
    const node = { kind: 'snapshot', connection, vmId: machine.id, snapshot: each } as const;
    return [describeNode(node, context).iconColor, ...viewOf(connection, 'snapshots').roots().map(nodeId)];
  }

  /** The rows of a server that has two VMs. */
  function shownRows(): unknown {
    const connection = connectionWith(vm('vm-1', { name: 'vCLS-1' }), vm('vm-2', { name: 'SQL01' }));
    return viewOf(connection, 'folders').childrenOf({ kind: 'server', connection }).map(nodeId);
  }

  /** What becomes of a delete on ten VMs of one datastore, and how many are worked on at the same time. */
  async function deleteOnTen(): Promise<unknown> {
    const scene = new BulkScene(10);
    Object.assign(scene, bulkPolicy(settings));
    let running = 0;
    let most = 0;
    scene.client.onFollow = async (id) => {
      running++;
      await turn();
      most = Math.max(most, running);
      running--;
      return taskOf(id);
    };
    try {
      const group = await scene.perform();
      return { most, states: new Set(scene.operations(group).map(({ state }) => state)) };
    } catch (error) {
      return HypervisorError.find(error, 'invalidInput')?.say();
    }
  }

  /** What is said of a delete that took a minute, with the view hidden. */
  function messagesOfSuccess(): unknown {
    const said: string[] = [];
    const messages = {
      show: (_: unknown, text: string) => {
        said.push(text);
      },
      flash: (text: string) => {
        said.push(`flash: ${text}`);
      },
    };
    const inventory = { isVisible: false, revealSnapshot: () => Promise.resolve(true) };
    const failures = new Failures(messages, () => Promise.resolve(), nullLogger);
    const feedback = new OperationFeedback(messages, failures, new OperationHistory(), settings, inventory);
    const plan = planFor({ kind: 'delete', snapshotId: 'a' }, { vm: { snapshots: chain('a') } });
    const actions: OutcomeActions = { powerOn: async () => {}, checkNow: async () => {}, show: async () => {} };
    for (const seconds of [60, 5]) {
      const outcome = tracked({ state: 'succeeded', startedAtMs: testNowMs - seconds * 1_000, endedAtMs: testNowMs });
      feedback.tell({ plan, outcome }, {}, actions, false);
    }
    return said;
  }

  /** Whether a session is still there after an hour of nobody looking. */
  async function idleAfterAnHour(): Promise<unknown> {
    const window = new Window();
    window.idleMinutes = settings.get('connection.idleMinutes');
    const id = await window.add();
    await window.registry.connect(id, { interactive: false });
    window.clock.advance(3_600_000);
    const state = window.registry.get(id)?.state.kind;
    window.registry.dispose();
    return state;
  }

  async function connectOptions(): Promise<unknown> {
    const seen: unknown[] = [];
    const create = vsphereClients(settings, nullLogger, ({ transport, extraCaPem }) => {
      seen.push({ transport, extraCaPem });
      return Promise.resolve(new ScriptedClient());
    });
    const { host, port, useTls, userName, trust } = newProfile();
    const getPassword = (): Promise<string> => Promise.resolve('');
    await create({ host, port, useTls, userName, trust, getPassword }, new AbortController().signal);
    return seen;
  }

  async function destination(): Promise<unknown> {
    const window = new Window();
    window.preference = settings.get('credentials.store');
    return (await window.credentials.destination()).store;
  }

  // Leaving a setting out does not compile.
  const effects: Readonly<Record<SettingKey, () => Effect>> = {
    'take.nameTemplate': () => ({ value: '${vm} by ${user}', observe: takenWithEnter }),
    'take.contents': () => ({ value: 'lastUsed', observe: takenWithEnter }),
    'take.recordUser': () => ({ value: true, observe: takenWithEnter }),
    'restore.offerSnapshotFirst': () => ({ value: false, observe: confirmation }),
    'safety.typeToConfirm': () => ({ value: 'always', observe: () => need('restoreLatest') }),
    'safety.protectedPaths': () => ({ value: ['SQL*'], observe: () => need('restoreLatest') }),
    'bulk.maxVms': () => ({ value: 7, observe: deleteOnTen }),
    'bulk.parallelPerDatastore': () => ({ value: 8, observe: deleteOnTen }),
    'health.warnAfterDays': () => ({ value: 7, observe: () => aged(5) }),
    'health.oldAfterDays': () => ({ value: 90, observe: () => aged(40) }),
    'health.backupNamePatterns': () => ({ value: ['nightly'], observe: () => aged(5) }),
    'inventory.hide': () => ({ value: ['SQL*'], observe: shownRows }),
    notifications: () => ({ value: 'all', observe: messagesOfSuccess }),
    'connection.idleMinutes': () => ({ value: 0, observe: idleAfterAnHour }),
    'connection.transport': () => ({ value: 'direct', observe: connectOptions }),
    'connection.caFile': () => ({ value: folder.resolve('ca.pem'), observe: connectOptions }),
    'credentials.store': () => ({ value: 'vscode', observe: destination }),
  };

  for (const key of settingKeys) {
    it(key, async () => {
      const { value, observe } = effects[key]();
      const usual = await observe(settings);
      const set = async (to: unknown): Promise<void> => {
        await vscode.workspace.getConfiguration(settingSection).update(key, to, vscode.ConfigurationTarget.Global);
      };
      await set(value);
      try {
        await eventually('the setting', () => JSON.stringify(settings.get(key)) === JSON.stringify(value));
        assert.notDeepEqual(await observe(settings), usual);
      } finally {
        await set(undefined);
      }
      assert.deepEqual(await observe(settings), usual);
    });
  }

  it('and none can be set by a workspace', async () => {
    for (const key of settingKeys) {
      const configuration = vscode.workspace.getConfiguration(settingSection);
      const before = JSON.stringify(settings.get(key));
      await assert.rejects(
        Promise.resolve(configuration.update(key, effects[key]().value, vscode.ConfigurationTarget.Workspace)),
        key,
      );
      assert.equal(JSON.stringify(settings.get(key)), before);
    }
  });
});

function nothing(): void {
  // Nothing is done.
}
