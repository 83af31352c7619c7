import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import type { Snapshot } from '../../src/hypervisor/model/snapshot';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import type { JsonValue } from '../../src/servers/statePort';
import { RecentVms } from '../../src/ui/adapters/recentVms';
import { Settings } from '../../src/ui/adapters/settings';
import { TakeMemory } from '../../src/ui/adapters/takeMemory';
import { BulkPerformer } from '../../src/ui/commands/bulkPerformer';
import type { Invocation } from '../../src/ui/commands/commandRegistry';
import { Performer } from '../../src/ui/commands/performer';
import { snapshotCommands } from '../../src/ui/commands/snapshotCommands';
import { Targets } from '../../src/ui/commands/targets';
import { BulkFeedback } from '../../src/ui/feedback/bulkFeedback';
import { CommandBoundary } from '../../src/ui/feedback/commandBoundary';
import { Failures } from '../../src/ui/feedback/failures';
import { OperationFeedback } from '../../src/ui/feedback/operationFeedback';
import { ServerPicker } from '../../src/ui/prompts/serverPicker';
import { SnapshotPicker } from '../../src/ui/prompts/snapshotPicker';
import { VmPicker } from '../../src/ui/prompts/vmPicker';
import { VscodeBulkDialogs } from '../../src/ui/prompts/vscodeBulkDialogs';
import { VscodeDialogs } from '../../src/ui/prompts/vscodeDialogs';
import { Formats } from '../../src/ui/text/formats';
import type { TreeNode } from '../../src/ui/text/treeNode';
import { eventually } from '../support/eventually';
import { QuickInputHand } from './quickInputs';
import { SimulatedServer } from './simulatedServer';

// Commands as they are wired in the product, on a vCenter in this process, answered through the editor's own questions.

describe('commands on snapshots', () => {
  let server: SimulatedServer;
  let hand: QuickInputHand;
  let settings: Settings;
  let changed: Partial<Record<Parameters<Settings['get']>[0], unknown>>;
  let state: Map<string, JsonValue | undefined>;
  let messages: string[];
  let commands: ReturnType<typeof snapshotCommands>;
  let boundary: CommandBoundary;

  before(async () => {
    server = await SimulatedServer.start();
    settings = new Settings(nullLogger);
  });

  after(async () => {
    settings.dispose();
    await server.stop();
  });

  beforeEach(() => {
    hand = new QuickInputHand();
    changed = {};
    state = new Map();
    messages = [];
    wire();
  });

  afterEach(async () => {
    await hand.cancel();
    hand.dispose();
  });

  function wire(): void {
    const { connection, history, runner, operations } = server;
    const formats = new Formats('en');
    const clock = systemClock;
    const settingsWithChanges = {
      get: ((key) => changed[key] ?? settings.get(key)) as Settings['get'],
    };
    const statePort = {
      get: (key: string) => state.get(key),
      set: (key: string, value: JsonValue | undefined) => {
        state.set(key, value);
        return Promise.resolve();
      },
    };
    const sink = {
      show: (_severity: unknown, text: string) => {
        messages.push(text);
      },
      flash: (text: string) => {
        messages.push(`flash: ${text}`);
      },
    };
    const directory = { all: () => [connection], facts: () => undefined, onDidChange: () => ({ dispose: noop }) };
    const failures = new Failures(sink, () => Promise.resolve(), nullLogger);
    boundary = new CommandBoundary(failures, nullLogger);
    const inventory = { isVisible: false, revealSnapshot: () => Promise.resolve(true) };
    const feedback = new OperationFeedback(sink, failures, history, settingsWithChanges, inventory);
    const createDialogs = (): VscodeDialogs =>
      new VscodeDialogs({
        formats,
        clock,
        logger: nullLogger,
        offerSnapshotFirst: () => true,
        createCode: () => '0000',
        flash: noop,
        showTasks: () => Promise.resolve(),
      });
    const recent = new RecentVms(statePort);
    const targets = new Targets(
      new VmPicker({
        directory,
        recent,
        clock,
        selection: () => [],
        connectStored: noop,
        connect: () => Promise.resolve(),
      }),
      new SnapshotPicker(formats, clock),
      new ServerPicker(directory, () => [], sink),
      recent,
      sink,
    );
    commands = snapshotCommands({
      targets,
      performer: new Performer(operations, runner, boundary, feedback, createDialogs, () => Promise.resolve()),
      operations,
      createDialogs,
      settings: settingsWithChanges,
      takeMemory: new TakeMemory(statePort),
      formats,
      clock,
      bulk: new BulkPerformer(
        server.bulk,
        boundary,
        new BulkFeedback(sink, server.history, settingsWithChanges, { isVisible: true }, formats),
        (notes) =>
          new VscodeBulkDialogs(
            { settings: settingsWithChanges, takeMemory: new TakeMemory(statePort), formats, clock },
            notes,
          ),
        () => Promise.resolve(),
      ),
      directory,
      messages: sink,
      hiddenNames: () => [],
    });
  }

  function run(name: keyof typeof commands, ...nodes: TreeNode[]): Promise<void> {
    return boundary.run(name, async (act) => {
      const [node] = nodes;
      const invocation: Invocation = { node, nodes, argument: undefined, act };
      await commands[name](invocation);
    });
  }

  function vmNode(name: string): TreeNode {
    return { kind: 'vm', connection: server.connection, vm: server.vm(name) };
  }

  async function snapshotsOf(name: string): Promise<Snapshot[]> {
    const { vm } = await server.client.readVm(server.vm(name).id);
    return allSnapshots(vm.snapshots);
  }

  async function newest(name: string): Promise<Snapshot> {
    const all = await snapshotsOf(name);
    return all.reduce((best, each) => (each.number > best.number ? each : best));
  }

  describe('take', () => {
    it('takes three times Enter', async () => {
      const done = run('takeSnapshot', vmNode('WEB02'));
      const name = await hand.box("Take Snapshot of 'WEB02' (1/3)");
      assert.match(name.value, /^Snapshot \d{4}-\d\d-\d\d \d\d:\d\d$/);
      assert.equal(name.prompt, 'A snapshot is not a backup.');
      await hand.accept();
      await hand.box("Take Snapshot of 'WEB02' (2/3)");
      await hand.accept();
      const contents = await hand.pick("Take Snapshot of 'WEB02' (3/3)");
      assert.deepEqual(
        contents.items.map(({ label }) => label),
        ['Disks only', 'Disks and memory', 'Disks, quiesced by VMware Tools'],
      );
      await hand.accept();
      await done;
      assert.equal(hand.count, 3);
      const taken = await newest('WEB02');
      assert.deepEqual(
        [taken.name, taken.description, taken.hasMemory, taken.quiesced],
        [name.value, '', false, false],
      );
      assert.deepEqual(messages, ["flash: Snapshot of 'WEB02' taken"]);
    });

    it('asks which VM when it was not chosen on one, the last used first', async () => {
      const done = run('takeSnapshot');
      const vms = await hand.pick('Take Snapshot');
      vms.value = 'web02';
      await eventually('what was found', () => vms.items.length === 1);
      await hand.accept();
      await hand.box("Take Snapshot of 'WEB02' (1/3)");
      await hand.cancel();
      await done;
      const again = run('takeSnapshot');
      const list = await hand.pick('Take Snapshot');
      assert.deepEqual(
        list.items.slice(0, 3).map(({ label }) => label),
        ['selected and recently used', 'WEB02', 'all others'],
      );
      await hand.cancel();
      await again;
      assert.deepEqual(messages, []);
    });

    it('takes what was typed and chosen, and remembers what was included', async () => {
      changed = { 'take.recordUser': true, 'take.contents': 'lastUsed', 'take.nameTemplate': '${vm} by ${user}' };
      state.set('take.count', 3);
      const done = run('takeSnapshot', vmNode('WEB02'));
      const name = await hand.box("Take Snapshot of 'WEB02' (1/3)");
      assert.equal(name.value, 'WEB02 by jdoe');
      assert.equal(name.prompt, undefined);
      name.value = '  CHG-1  ';
      await hand.accept();
      const reason = await hand.box("Take Snapshot of 'WEB02' (2/3)");
      reason.value = 'Because';
      await hand.accept();
      const contents = await hand.pick("Take Snapshot of 'WEB02' (3/3)");
      choose(contents, 'Disks and memory');
      await hand.accept();
      await done;
      const taken = await newest('WEB02');
      assert.deepEqual([taken.name, taken.description, taken.hasMemory], ['CHG-1', 'Because\nTaken by jdoe', true]);
      const next = run('takeSnapshot', vmNode('WEB02'));
      await hand.box("Take Snapshot of 'WEB02' (1/3)");
      await hand.accept();
      await hand.box("Take Snapshot of 'WEB02' (2/3)");
      await hand.accept();
      const remembered = await hand.pick("Take Snapshot of 'WEB02' (3/3)");
      assert.equal(remembered.activeItems[0]?.label, 'Disks and memory');
      await hand.cancel();
      await next;
    });

    it('has nothing to include for a VM that is off', async () => {
      const done = run('takeSnapshot', vmNode('BUILD7'));
      await hand.box("Take Snapshot of 'BUILD7' (1/2)");
      await hand.accept();
      await hand.box("Take Snapshot of 'BUILD7' (2/2)");
      await hand.accept();
      await done;
      assert.equal(hand.count, 2);
      assert.deepEqual(messages, ["flash: Snapshot of 'BUILD7' taken"]);
    });

    it('asks nothing about a VM that cannot have one', async () => {
      // The dialog that says why is refused in tests, which counts as cancelled.
      await run('takeSnapshot', vmNode('SQL-CL1'));
      assert.equal(hand.count, 0);
    });
  });

  describe('edit', () => {
    function firstSnapshot(name: string): TreeNode {
      const vm = server.vm(name);
      const [snapshot] = vm.snapshots.roots;
      assert.ok(snapshot);
      return { kind: 'snapshot', connection: server.connection, vmId: vm.id, snapshot };
    }

    it('changes what is different, and nothing else', async () => {
      const node = firstSnapshot('PG01');
      const [before] = await snapshotsOf('PG01');
      assert.ok(node.kind === 'snapshot' && before);
      const done = run('editSnapshot', node);
      const title = `Edit Snapshot '${before.name}' of 'PG01'`;
      const name = await hand.box(`${title} (1/2)`);
      assert.equal(name.value, before.name);
      name.value = 'renamed';
      await hand.accept();
      await hand.box(`${title} (2/2)`);
      await hand.accept();
      await done;
      const [after] = await snapshotsOf('PG01');
      assert.deepEqual([after?.name, after?.description], ['renamed', before.description]);
    });

    it('does not overwrite without a word what somebody else wrote meanwhile', async () => {
      const node = firstSnapshot('PG01');
      assert.ok(node.kind === 'snapshot');
      const done = run('editSnapshot', node);
      const name = await hand.box("Edit Snapshot 'renamed' of 'PG01' (1/2)");
      name.value = 'mine';
      await hand.accept();
      await hand.box("Edit Snapshot 'renamed' of 'PG01' (2/2)");
      await server.client.start({
        kind: 'edit',
        vmId: node.vmId,
        snapshotId: node.snapshot.id,
        name: 'theirs',
      });
      await hand.accept();
      await done;
      assert.equal((await snapshotsOf('PG01'))[0]?.name, 'theirs');
    });
  });

  // Their list of ticks is answered by hand, in the person tier: no command of the editor presses Enter in it.
  describe('on several rows', () => {
    it('of several kinds say that they are', async () => {
      const vm = server.vm('WEB01');
      const { connection } = server;
      await run('takeSnapshot', vmNode('WEB01'), { kind: 'server', connection });
      await run('deleteSnapshot', vmNode('WEB01'), { kind: 'vm', connection, vm });
      assert.equal(hand.count, 0);
      assert.equal(messages.length, 2);
      assert.match(messages[0] ?? '', /^Rows of several kinds are selected\./);
    });
  });

  it('do nothing that was not confirmed: a dialog that cannot be shown is a no', async () => {
    const vm = server.vm('SQL01');
    const before = await snapshotsOf('SQL01');
    const [snapshot] = vm.snapshots.roots;
    assert.ok(snapshot);
    const node: TreeNode = { kind: 'snapshot', connection: server.connection, vmId: vm.id, snapshot };
    await run('restoreSnapshot', node);
    await run('deleteSnapshot', node);
    await run('deleteSnapshotWithChildren', node);
    await run('restoreLatest', vmNode('SQL01'));
    await run('deleteAllSnapshots', vmNode('SQL01'));
    await run('consolidate', vmNode('SQL01'));
    assert.deepEqual(await snapshotsOf('SQL01'), before);
    assert.deepEqual(messages, []);
    assert.deepEqual(server.history.active(), []);
  });
});

function choose(pick: vscode.QuickPick<vscode.QuickPickItem>, label: string): void {
  const item = pick.items.find((each) => each.label === label);
  assert.ok(item);
  pick.activeItems = [item];
}

function noop(): void {
  // Nothing is done.
}
