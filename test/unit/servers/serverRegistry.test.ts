import assert from 'node:assert/strict';

import { isKind, showPicture } from '../../support/connectionFixtures';
import { failure, Lever } from '../../support/scriptedHypervisor';
import { certificate, MemoryState, newProfile, ScriptedServers, turn, Window } from '../../support/serverFixtures';

const account = 'jdoe@vc-paris.corp:443';

describe('ServerRegistry', () => {
  it('adds a server with its password, and tells of it', async () => {
    const window = new Window();
    const told: string[] = [];
    window.registry.onDidChange(({ added, removed, changed }) => {
      told.push(`${added.length} ${removed.length} ${changed.length}`);
    });
    const held = window.credentials.hold('secret');
    const { connection, stored } = await window.registry.add(newProfile(), { password: held, save: true });
    assert.equal(stored?.store, 'osKeychain');
    assert.equal(window.registry.get(connection.id), connection);
    assert.deepEqual(window.registry.all(), [connection]);
    assert.deepEqual([connection.label, connection.userName], ['vc-paris', 'jdoe']);
    assert.deepEqual(told, ['1 0 0', '0 0 1'], 'added, then the store of its password noted');
  });

  it('adds a server without a password, or with one for this window', async () => {
    const window = new Window();
    const { connection, stored } = await window.registry.add(newProfile(), undefined);
    assert.equal(stored, undefined);
    assert.equal(window.registry.profile(connection.id).credentialStore, 'none');
    const second = await window.registry.add(newProfile({ host: 'b.corp', isDemo: true }), {
      password: window.credentials.hold('demo'),
      save: false,
    });
    assert.equal(second.stored, undefined);
    await second.connection.connect({ interactive: false });
    assert.deepEqual(window.servers.logins, ['b.corp jdoe demo']);
    assert.equal(window.keychain.entries.size + window.editor.entries.size, 0);
  });

  it('shows whatever name is saved on one line, without marks that turn the text around', async () => {
    const window = new Window();
    const { connection } = await window.registry.add(newProfile({ label: `a\n\u202eb${'x'.repeat(80)}` }), undefined);
    assert.match(connection.label, /^a bx+…x+$/);
    assert.equal([...connection.label].length, 60);
  });

  it('does not add the same account of the same server twice', async () => {
    const window = new Window();
    await window.add();
    await assert.rejects(window.add({ label: 'again', userName: 'JDOE' }), isKind('invalidInput'));
    await window.add({ label: 'other account', userName: 'root' });
    assert.equal(window.registry.all().length, 2);
  });

  it('removes a server: its session, its password, its place in the list', async () => {
    const window = new Window();
    const id = await window.add();
    await window.registry.connect(id, { interactive: true });
    const connection = window.registry.get(id);
    const removed: unknown[] = [];
    window.registry.onDidChange((change) => removed.push(...change.removed));
    assert.equal(await window.registry.remove(id), undefined);
    assert.deepEqual(removed, [connection]);
    assert.equal(window.registry.get(id), undefined);
    assert.deepEqual(window.registry.all(), []);
    assert.equal(window.keychain.entries.size, 0);
    assert.equal(window.servers.last.closes, 1);
    assert.equal(window.guard.version(id), 0);
    await assert.rejects(window.registry.connect(id, { interactive: true }), isKind('gone'));
    await assert.rejects(window.registry.remove(id), isKind('gone'));
  });

  it('removes a server although its password cannot be deleted, and says so', async () => {
    const window = new Window();
    const id = await window.add();
    window.keychain.isLocked = true;
    const leftover = await window.registry.remove(id);
    assert.equal(leftover?.error.kind, 'passwordUnavailable');
    assert.deepEqual(window.registry.all(), []);
    // Removing all passwords finds it later.
    window.keychain.isLocked = false;
    assert.equal((await window.credentials.removeAll()).removed, 1);
  });

  it('forgets a password without ending the session', async () => {
    const window = new Window();
    const id = await window.add();
    await window.registry.connect(id, { interactive: true });
    await window.registry.forgetPassword(id);
    assert.equal(window.keychain.entries.size, 0);
    assert.equal(window.registry.get(id)?.state.kind, 'loading');
  });

  it('takes over what another window adds, changes and removes', async () => {
    const state = new MemoryState();
    const servers = new ScriptedServers();
    const one = new Window(servers, state, undefined, 'one');
    const two = new Window(servers, state.silently(), undefined, 'two');
    const id = await one.add();
    assert.equal(two.registry.get(id), undefined);
    two.registry.refresh();
    assert.equal(two.registry.get(id)?.label, 'vc-paris');
    await one.registry.edit(id, { label: 'renamed', isProtected: true, isReadOnly: true });
    two.registry.refresh();
    assert.equal(two.registry.get(id)?.label, 'renamed');
    assert.equal(two.registry.get(id)?.isProtected, true);
    assert.equal(two.registry.get(id)?.isReadOnly, true);
    await one.registry.remove(id);
    two.registry.refresh();
    assert.equal(two.registry.get(id), undefined);
  });

  it('lets no server wait for another', async () => {
    const window = new Window();
    const dead = await window.add({ label: 'dead', host: 'dead.corp' });
    const alive = await window.add({ label: 'alive', host: 'alive.corp' });
    const never = new Lever<void>();
    window.servers.onReach = ({ host }) => (host === 'dead.corp' ? never.promise : undefined);
    window.registry.setVisible(true);
    await turn();
    showPicture(window.servers, 'vm');
    assert.equal(window.registry.get(dead)?.state.kind, 'connecting');
    assert.equal(window.registry.get(alive)?.state.kind, 'live');
  });

  it('shows a server that is added while the view is visible', async () => {
    const window = new Window();
    window.registry.setVisible(true);
    const id = await window.add();
    await window.registry.connect(id, { interactive: false });
    window.clock.advance(24 * 3_600_000);
    assert.equal(window.registry.get(id)?.state.kind, 'loading');
  });

  it('ends every session at the end', async () => {
    const window = new Window();
    await window.add();
    await window.add({ host: 'b.corp' });
    window.registry.setVisible(true);
    await turn();
    await window.registry.shutDown();
    assert.deepEqual(
      window.servers.clients.map(({ closes }) => closes),
      [1, 1],
    );
    assert.equal(window.clock.pending, 0);
  });
});

describe('ServerRegistry.edit', () => {
  it('renames without touching anything else', async () => {
    const window = new Window();
    const id = await window.add();
    await window.registry.connect(id, { interactive: true });
    assert.equal(await window.registry.edit(id, { label: 'renamed' }), undefined);
    assert.equal(window.servers.last.closes, 0);
    assert.equal(window.registry.get(id)?.label, 'renamed');
    assert.deepEqual([...window.keychain.entries], [[account, 'right']]);
  });

  it('takes the password along to another address, where trust starts anew, and connects there', async () => {
    const window = new Window();
    const id = await window.add();
    await window.profiles.update(id, { trust: { mode: 'pinned', ...certificate() } });
    await window.registry.connect(id, { interactive: true });
    assert.equal(await window.registry.edit(id, { host: 'new.corp', port: 8443 }), undefined);
    await turn();
    assert.deepEqual([...window.keychain.entries], [['jdoe@new.corp:8443', 'right']]);
    assert.deepEqual(window.registry.profile(id).trust, { mode: 'verify' });
    assert.equal(window.servers.clients[0]?.closes, 1);
    assert.deepEqual(window.servers.logins, ['vc-paris.corp jdoe right', 'new.corp jdoe right']);
    assert.deepEqual(window.passwordRequests, []);
  });

  it('takes along a password of this window too', async () => {
    const window = new Window();
    window.preference = 'session';
    const id = await window.add();
    assert.equal(await window.registry.edit(id, { host: 'new.corp' }), undefined);
    await window.registry.connect(id, { interactive: false });
    assert.deepEqual(window.servers.logins, ['new.corp jdoe right']);
  });

  it('deletes the password of another account', async () => {
    const window = new Window();
    const id = await window.add();
    await window.registry.connect(id, { interactive: true });
    assert.equal(await window.registry.edit(id, { userName: 'root' }), undefined);
    await turn();
    assert.equal(window.keychain.entries.size, 0);
    assert.equal(window.registry.profile(id).credentialStore, 'none');
    const state = window.registry.get(id)?.state;
    assert.equal(state?.kind === 'failed' && state.error.kind, 'passwordNeeded');
    assert.equal(window.servers.logins.length, 1, 'the old password is not tried for the new account');
  });

  it('saves although the password cannot be taken along, and says so', async () => {
    const window = new Window();
    const id = await window.add();
    window.keychain.isLocked = true;
    const leftover = await window.registry.edit(id, { host: 'new.corp' });
    assert.equal(leftover?.error.kind, 'passwordUnavailable');
    assert.equal(window.registry.profile(id).host, 'new.corp');
    assert.equal(window.keychain.entries.get(account), 'right');
  });

  it('does not make two of the same', async () => {
    const window = new Window();
    await window.add();
    const id = await window.add({ label: 'b', host: 'b.corp' });
    await assert.rejects(window.registry.edit(id, { host: 'vc-paris.corp' }), isKind('invalidInput'));
    await window.registry.edit(id, { label: 'c', host: 'b.corp' });
  });

  it('is heard while connecting: the old address never gets the password of the new one', async () => {
    const window = new Window();
    const id = await window.add();
    const gate = new Lever<void>();
    window.servers.onReach = ({ host }) => (host === 'vc-paris.corp' ? gate.promise : undefined);
    const connecting = window.registry.connect(id, { interactive: true });
    await window.registry.edit(id, { host: 'new.corp' });
    gate.resolve();
    await connecting;
    assert.deepEqual(window.servers.logins, ['new.corp jdoe right']);
  });

  it('is heard while the person types the password', async () => {
    const window = new Window();
    const { connection } = await window.registry.add(newProfile(), undefined);
    const typed: string[] = [];
    window.answerPassword = async ({ userName }) => {
      typed.push(userName);
      if (typed.length === 1) {
        await window.registry.edit(connection.id, { userName: 'root' });
      }
      return { text: `of ${userName}`, save: true };
    };
    await connection.connect({ interactive: true });
    assert.deepEqual(typed, ['jdoe', 'root']);
    assert.deepEqual(window.servers.logins, ['vc-paris.corp root of root']);
    assert.deepEqual([...window.keychain.entries], [['root@vc-paris.corp:443', 'of root']]);
  });

  it('makes a server that could not be reached try the new address', async () => {
    const window = new Window();
    const id = await window.add();
    window.servers.onReach = ({ host }) => {
      if (host === 'vc-paris.corp') {
        throw failure('nameNotFound');
      }
    };
    await assert.rejects(window.registry.connect(id, { interactive: true }), isKind('nameNotFound'));
    await window.registry.edit(id, { host: 'new.corp' });
    await turn();
    assert.deepEqual(window.servers.logins, ['new.corp jdoe right']);
  });

  it('is heard while waiting for the next attempt', async () => {
    const window = new Window();
    const id = await window.add();
    await window.registry.connect(id, { interactive: true });
    showPicture(window.servers, 'vm');
    window.servers.last.inventoryFeed.reject(failure('connectionLost'));
    await turn();
    await window.registry.edit(id, { host: 'new.corp' });
    await turn();
    assert.deepEqual(window.servers.logins.at(-1), 'new.corp jdoe right');
  });
});
