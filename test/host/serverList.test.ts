import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { Simulator } from '../../src/simulator/simulator';
import { type CommandName, commandId } from '../../src/ui/text/commandIds';
import { eventually } from '../support/eventually';
import { TemporaryFolder } from '../support/temporaryFolder';
import { QuickInputHand } from './quickInputs';

// Two servers of one account, from a file to a changed password, in the product as it is.

// The passwords are ones that are found again wherever they get to.
const rotated = 'canary-4711-rotated';
const account = { name: 'CORP\\jdoe', password: 'canary-4711-right', permissions: [{ role: 'Admin' }] };

describe('the list of servers', () => {
  let simulators: Simulator[];
  let folder: TemporaryFolder;
  let hand: QuickInputHand;

  before(async () => {
    folder = new TemporaryFolder('servers');
    simulators = await Promise.all(
      [1, 2].map((seed) => Simulator.start({ inventory: 'demo', seed, users: [account] })),
    );
  });

  after(async () => {
    folder.remove();
    for (const simulator of simulators) {
      await simulator.stop();
    }
  });

  beforeEach(() => {
    hand = new QuickInputHand();
  });

  afterEach(async () => {
    await hand.cancel();
    hand.dispose();
  });

  function run(name: CommandName, ...rest: unknown[]): Thenable<unknown> {
    return vscode.commands.executeCommand(commandId(name), ...rest);
  }

  async function write(name: string, servers: readonly unknown[]): Promise<vscode.Uri> {
    const uri = vscode.Uri.file(folder.resolve(name));
    const document = { format: 'vSphere Snapshots servers', version: 1, servers };
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(document)));
    return uri;
  }

  function entry(index: number, name: string, more: object = {}): object {
    const simulator = simulators[index];
    assert.ok(simulator);
    return { name, address: new URL(simulator.url).origin, user: account.name, ...more };
  }

  async function choose(title: string, label: string): Promise<void> {
    const list = await hand.pick(title);
    list.value = label;
    await eventually(`'${label}' in the list`, () => list.activeItems[0]?.label === label);
    await hand.accept();
  }

  it('comes from a file, all of it or what stays ticked', async () => {
    const file = await write('two.json', [entry(0, 'list-one'), entry(1, 'list-two', { readOnly: true })]);
    const importing = run('importServers', file);
    const list = await hand.pick('Import Servers');
    assert.deepEqual(
      list.selectedItems.map(({ label }) => label),
      ['list-one', 'list-two'],
    );
    assert.match(list.items[1]?.description ?? '', /CORP\\jdoe · read-only$/);
    await hand.accept();
    await importing;
    assert.equal(hand.count, 1);
  });

  it('does not take in the same servers twice, nor a file with a mistake', async () => {
    await run('importServers', await write('again.json', [entry(0, 'another name')]));
    await run(
      'importServers',
      await write('bad.json', [entry(0, 'fine', { user: 'root' }), entry(1, 'bad', { password: 'x' })]),
    );
    await run('importServers', vscode.Uri.file(path.join(folder.path, 'missing.json')));
    assert.equal(hand.count, 0);
    const connecting = run('connectServer');
    const list = await hand.pick('Connect to Server');
    assert.deepEqual(
      list.items.map(({ label }) => label).filter((label) => label.startsWith('list-') || label === 'fine'),
      ['list-one', 'list-two'],
    );
    await hand.cancel();
    await connecting;
  });

  it('asks what certificates of a file are trusted, and trusts none by itself', async () => {
    const sha256 = Array.from({ length: 32 }, () => 'AB').join(':');
    const certificate = {
      sha256,
      subject: 'CN=x',
      issuer: 'CN=$(error) Evil',
      validFrom: '2026-01-01T00:00:00.000Z',
      validTo: '2027-01-01T00:00:00.000Z',
    };
    const file = await write('pinned.json', [{ name: 'list-pin', address: 'pin.invalid', user: 'root', certificate }]);
    const importing = run('importServers', file);
    await hand.pick('Import Servers');
    await hand.accept();
    const certificates = await hand.pick('Trust These Certificates?');
    const [row] = certificates.items;
    assert.deepEqual([row?.label, row?.detail], ['pin.invalid', sha256]);
    assert.doesNotMatch(row?.description ?? '', /\$\(/);
    assert.deepEqual(certificates.selectedItems, []);
    await hand.accept();
    await importing;
    assert.equal(await exported().then((text) => text.includes('sha256')), false);
  });

  async function exported(): Promise<string> {
    const uri = vscode.Uri.file(folder.resolve('exported.json'));
    await run('exportServers', uri);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  }

  it('takes a new password over to the other servers of the account in one step', async () => {
    const connecting = run('connectServer');
    await choose('Connect to Server', 'list-one');
    const box = await hand.box("Password of 'CORP\\jdoe' on 'list-one'");
    assert.equal(box.password, true);
    box.value = account.password;
    await hand.accept();
    await connecting;

    for (const simulator of simulators) {
      simulator.execute({ command: 'addUser', name: account.name, password: rotated });
    }
    const changing = run('changePassword');
    await choose('Change Password', 'list-one');
    const changed = await hand.box("New Password of 'CORP\\jdoe' on 'list-one'");
    changed.value = rotated;
    await hand.accept();
    const others = await eventually('the question about others', () =>
      hand.pickWithPlaceholder('Use it for the other server of CORP\\jdoe, too?'),
    );
    assert.deepEqual(
      others.selectedItems.map(({ label }) => label),
      ['list-two'],
    );
    await hand.accept();
    await changing;

    const before = hand.count;
    const second = run('connectServer');
    await choose('Connect to Server', 'list-two');
    await second;
    assert.equal(hand.count, before + 1, 'only which server was asked');
  });

  it('has several servers connected at once', async () => {
    const finding = run('findVm');
    const list = await hand.pick('Find VM');
    list.value = 'web01';
    const places = await eventually('a VM of each server', () => {
      const found = list.items.map(({ description }) => description?.split(' / ')[0] ?? '');
      return found.includes('list-one') && found.includes('list-two') ? found : undefined;
    });
    assert.ok(places.length >= 2);
    await hand.cancel();
    await finding;
  });

  it('changes nothing on a server that is read-only, and asks nothing first', async () => {
    const taking = run('takeSnapshot');
    const vms = await hand.pick('Take Snapshot');
    vms.value = 'list-two web01';
    await eventually('the VM', () => vms.items[0]?.description?.startsWith('list-two /') === true);
    await hand.accept();
    let isOver = false;
    void taking.then(() => {
      isOver = true;
    });
    // What says so has a button, and waits for it.
    await eventually('the message to be put away', async () => {
      await vscode.commands.executeCommand('notifications.clearAll');
      return isOver;
    });
    assert.equal(hand.count, 1);
  });

  it('is in the diagnostics by name, with what was done there, and without the password that somebody typed by mistake', async () => {
    const taking = run('takeSnapshot');
    const vms = await hand.pick('Take Snapshot');
    vms.value = 'list-one web01';
    // Without the filter the first row is one of that server, too.
    await eventually('the VM', () => {
      const [first] = vms.items;
      return first?.label === 'WEB01' && first.description?.startsWith('list-one /') === true;
    });
    await hand.accept();
    const name = await hand.box("Take Snapshot of 'WEB01' (1/3)");
    name.value = 'for the diagnostics';
    await hand.accept();
    const description = await hand.box("Take Snapshot of 'WEB01' (2/3)");
    description.value = `the password is ${rotated}`;
    await hand.accept();
    await hand.pick("Take Snapshot of 'WEB01' (3/3)");
    await hand.accept();
    await taking;

    const collecting = run('collectDiagnostics');
    const parts = await hand.pick('Collect Diagnostics');
    assert.deepEqual(
      parts.selectedItems.map(({ label }) => label),
      ['Log of This Window', 'Journal of Operations'],
    );
    await hand.accept();
    await collecting;
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    assert.doesNotMatch(text, /canary-4711/);
    assert.match(text, /^vSphere Snapshots: \d+\.\d+\.\d+$/m);
    assert.match(text, /^list-one: vCenter \d+\.\d+\.\d+, live, 71 VMs, certificate none$/m);
    assert.match(text, /^list-two: .*, read-only$/m);
    assert.match(text, /\[info\] Activated\.$/m);
    // The description is in the journal as it was typed: what is taken out is taken out on the way.
    assert.match(text, /"vmName":"WEB01","snapshotName":"for the diagnostics".*the password is \[redacted\]/);
    assert.match(text, /"kind":"ended",.*"state":"succeeded"/);
  });

  it('goes to a file without passwords', async () => {
    const text = await exported();
    assert.doesNotMatch(text, /canary-4711|keychain/i);
    const { servers } = JSON.parse(text) as { servers: readonly { name: string; readOnly?: boolean }[] };
    assert.deepEqual(
      servers.filter(({ name }) => name.startsWith('list-')).map(({ name, readOnly }) => [name, readOnly]),
      [
        ['list-one', undefined],
        ['list-two', true],
        ['list-pin', undefined],
      ],
    );
  });
});
