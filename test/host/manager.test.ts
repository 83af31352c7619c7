import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { nullLogger } from '../../src/common/logger';
import type { SnapshotId } from '../../src/hypervisor/model/ids';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import { Comparison } from '../../src/ui/manager/comparison';
import { commandId, managerViewType } from '../../src/ui/text/commandIds';
import { Formats } from '../../src/ui/text/formats';
import { parseManagerLink } from '../../src/ui/text/manager/managerLink';
import { eventually } from '../support/eventually';
import { QuickInputHand } from './quickInputs';
import { SimulatedServer } from './simulatedServer';

function allTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
}

describe('the snapshot manager', () => {
  let hand: QuickInputHand;

  before(async () => {
    await vscode.commands.executeCommand(commandId('exploreDemo'));
  });

  beforeEach(() => {
    hand = new QuickInputHand();
  });

  afterEach(async () => {
    await hand.cancel();
    hand.dispose();
  });

  const panels = (): vscode.Tab[] =>
    // The editor puts something of its own before the name.
    allTabs().filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(managerViewType),
    );

  async function manage(vm: string): Promise<void> {
    const asked = hand.count;
    const managing = vscode.commands.executeCommand(commandId('manageSnapshots'));
    await eventually('the question', () => hand.count > asked);
    const list = await hand.pick('Manage Snapshots');
    list.value = vm;
    await eventually(`'${vm}' in the list`, () => list.activeItems[0]?.label === vm);
    await hand.accept();
    await managing;
  }

  after(async () => {
    await vscode.window.tabGroups.close(panels());
  });

  it('opens one panel for a VM, and brings it back to the front', async () => {
    await manage('WEB03');
    await eventually('the panel', () => panels().length === 1);
    assert.equal(panels()[0]?.label, 'Snapshots: WEB03');
    await manage('LEGACY-ERP');
    await eventually('another panel', () => panels().length === 2);
    await manage('WEB03');
    await eventually('the first one in front', () =>
      panels()
        .find(({ isActive }) => isActive)
        ?.label.endsWith('WEB03'),
    );
    assert.equal(panels().length, 2);
  });
});

describe('a link to the snapshot manager', () => {
  const links = ['server=vc-paris&vm=SQL01', 'server=vc-paris&vm=R%26D%20%2B%20x', 'server=vc%3A8443&vm=50%25'];

  it('is read as the editor has decoded it', () => {
    const read = links.map((query) => {
      const { path, query: decoded } = vscode.Uri.parse(`vscode://vsphere-snapshots.vsphere-snapshots/manage?${query}`);
      return parseManagerLink(path, decoded);
    });
    assert.deepEqual(read, [
      { server: 'vc-paris', vm: 'SQL01' },
      { server: 'vc-paris', vm: 'R&D + x' },
      { server: 'vc:8443', vm: '50%' },
    ]);
  });
});

describe('comparison of configurations', () => {
  let server: SimulatedServer;
  let comparison: Comparison;
  let never: vscode.CancellationTokenSource;

  before(async () => {
    server = await SimulatedServer.start();
    never = new vscode.CancellationTokenSource();
    comparison = new Comparison({
      changed: { fire: () => undefined },
      directory: {
        all: () => [server.connection],
        facts: () => undefined,
        onDidChange: () => ({ dispose: () => undefined }),
      },
      formats: new Formats('en', 'Europe/Paris'),
      logger: nullLogger,
    });
  });

  after(async () => {
    never.dispose();
    await server.stop();
  });

  const read = async (uri: vscode.Uri): Promise<string> => await comparison.read(uri, never.token);

  /** Opens the comparison of two states, and gives back the documents in it. */
  async function compare(
    left: SnapshotId | undefined,
    right: SnapshotId | undefined,
  ): Promise<vscode.TabInputTextDiff & { readonly label: string }> {
    await comparison.show(server.connection, databaseVm().id, left, right);
    return await eventually('the comparison', () => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab;
      return active?.input instanceof vscode.TabInputTextDiff
        ? Object.assign(active.input, { label: active.label })
        : undefined;
    });
  }

  it('is a diff of what a VM was given between two snapshots: processors, memory, a disk', async () => {
    const [first, second] = allSnapshots(databaseVm().snapshots);
    const { original, modified, label } = await compare(first?.id, second?.id);
    assert.match(label, /^SQL01: before KB5034 \(.*\) ↔ before index rebuild \(.*\)$/);
    const [before, after] = await Promise.all([read(original), read(modified)]);
    const linesOf = (text: string): Set<string> => new Set(text.split('\n'));
    const gone = [...linesOf(before)].filter((line) => !linesOf(after).has(line));
    const come = [...linesOf(after)].filter((line) => !linesOf(before).has(line));
    assert.deepEqual(gone, ['CPUs: 4', 'Memory: 8 GB']);
    assert.deepEqual(come.slice(0, 4), ['CPUs: 8', 'Memory: 16 GB', '[Hard disk 3]', 'Capacity: 200 GB']);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is against the present state, too, which differs from the latest snapshot in nothing', async () => {
    const latest = allSnapshots(databaseVm().snapshots).at(-1);
    const { original, modified, label } = await compare(latest?.id, undefined);
    assert.match(label, /^SQL01: nightly \(.*\) ↔ Present state$/);
    assert.equal(await read(original), await read(modified));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('says in words why there is nothing to compare, whatever the address says', async () => {
    const vm = databaseVm();
    const uri = (query: string): vscode.Uri =>
      vscode.Uri.from({ scheme: 'vsphere-snapshots-configuration', path: '/x', query });
    const gone = JSON.stringify({ server: server.connection.id, vm: vm.id, snapshot: 'VirtualMachineSnapshot:x' });
    assert.equal(await read(uri(gone)), 'The snapshot no longer exists.');
    for (const query of ['', '{', '[]', '{"server":"x","vm":"y"}', '{"server":1}', JSON.stringify({ vm: vm.id })]) {
      assert.match(await read(uri(query)), /^This configuration can be shown while its server is connected/);
    }
  });

  function databaseVm(): ReturnType<SimulatedServer['vm']> {
    const found = [...server.connection.inventory.allVms()].find(
      ({ name, snapshots }) => name === 'SQL01' && snapshots.roots.length > 0,
    );
    assert.ok(found !== undefined);
    return found;
  }
});
