import assert from 'node:assert/strict';

import { HypervisorError } from '../../../src/hypervisor/errors';
import type { StoreReport } from '../../../src/servers/credentialService';
import type { ServerProfile } from '../../../src/servers/serverProfile';
import { Lever } from '../../support/scriptedHypervisor';
import { MemoryState, newProfile, ScriptedServers, turn, Window } from '../../support/serverFixtures';

const account = 'jdoe@vc-paris.corp:443';

async function setUp(): Promise<{ window: Window; profile: () => ServerProfile; reports: StoreReport[] }> {
  const window = new Window();
  const { id } = await window.profiles.add(newProfile());
  const reports: StoreReport[] = [];
  window.credentials.onDidStore((report) => reports.push(report));
  return { window, profile: () => window.registry.profile(id), reports };
}

async function store(window: Window, profile: ServerProfile, password: string): Promise<StoreReport> {
  const held = window.credentials.hold(password);
  try {
    return await window.credentials.store(profile, held);
  } finally {
    held.dispose();
  }
}

async function find(window: Window, profile: ServerProfile): Promise<string | undefined> {
  const held = await window.credentials.find(profile);
  const text = held?.reveal();
  held?.dispose();
  return text;
}

const isUnavailable = (error: unknown): boolean =>
  error instanceof HypervisorError &&
  error.kind === 'passwordUnavailable' &&
  error.say() === 'The OS keychain is locked or unavailable. The stored password was not changed.';

describe('CredentialService.store', () => {
  it('takes the OS keychain when it works, and notes it in the profile', async () => {
    const { window, profile, reports } = await setUp();
    const report = await store(window, profile(), 'secret');
    assert.deepEqual(report, {
      serverId: profile().id,
      store: 'osKeychain',
      label: 'the OS keychain',
      skipped: [],
      leftBehind: [],
    });
    assert.deepEqual(reports, [report]);
    assert.equal(profile().credentialStore, 'osKeychain');
    assert.deepEqual([...window.keychain.entries], [[account, 'secret']]);
    assert.equal(await find(window, profile()), 'secret');
  });

  it("falls back to the editor's store, and tells why", async () => {
    const { window, profile } = await setUp();
    window.keychain.failure = new Error('no bus');
    const report = await store(window, profile(), 'secret');
    assert.equal(report.store, 'vscode');
    assert.deepEqual(report.skipped, [{ store: 'osKeychain', label: 'the OS keychain', reason: 'no bus' }]);
    assert.equal(profile().credentialStore, 'vscode');
    assert.equal(await find(window, profile()), 'secret');
  });

  it('ends in the memory of the window when nothing else works', async () => {
    const { window, profile } = await setUp();
    window.keychain.failure = new Error('no bus');
    window.editor.failure = new Error('no store');
    const report = await store(window, profile(), 'secret');
    assert.equal(report.store, 'session');
    assert.deepEqual(
      report.skipped.map(({ store: id }) => id),
      ['osKeychain', 'vscode'],
    );
    assert.equal(profile().credentialStore, 'session');
    assert.equal(await find(window, profile()), 'secret');
  });

  const preferences = [
    ['auto', 'osKeychain', 'vscode'],
    ['osKeychain', 'osKeychain', 'session'],
    ['vscode', 'vscode', 'vscode'],
    ['session', 'session', 'session'],
  ] as const;
  for (const [preference, working, withoutKeychain] of preferences) {
    it(`set to '${preference}' uses ${working}, and ${withoutKeychain} when there is no keychain`, async () => {
      const { window, profile } = await setUp();
      window.preference = preference;
      assert.equal((await window.credentials.destination()).store, working);
      assert.equal((await store(window, profile(), 'secret')).store, working);
      window.keychain.failure = new Error('no bus');
      await window.keychain.get('x').catch(() => undefined);
      const other = await setUp();
      other.window.preference = preference;
      other.window.keychain.failure = new Error('no bus');
      assert.equal((await store(other.window, other.profile(), 'secret')).store, withoutKeychain);
    });
  }

  it('passes over a store that does not give back what it was given, and leaves nothing there', async () => {
    const { window, profile } = await setUp();
    // As libsecret does with a password that has a NUL in it.
    window.keychain.distort = (password) => password.split('\0')[0] ?? '';
    const report = await store(window, profile(), 'se\0cret');
    assert.equal(report.store, 'vscode');
    assert.deepEqual([...window.keychain.entries], []);
    assert.equal(await find(window, profile()), 'se\0cret');
  });

  it('puts the old password back when a store spoils the new one', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'old');
    window.keychain.distort = (password) => (password === 'new' ? 'spoilt' : password);
    window.preference = 'osKeychain';
    const report = await store(window, profile(), 'new');
    // The stored one could not be replaced: it stays the stored one, this window uses the new one.
    assert.equal(report.store, 'session');
    assert.equal(report.leftBehind.length, 1);
    assert.equal(profile().credentialStore, 'osKeychain');
    assert.equal(window.keychain.entries.get(account), 'old');
    assert.equal(await find(window, profile()), 'new');
  });

  it('removes the older copy from the store that held it before', async () => {
    const { window, profile } = await setUp();
    window.preference = 'vscode';
    await store(window, profile(), 'old');
    window.preference = 'osKeychain';
    const report = await store(window, profile(), 'new');
    assert.deepEqual(report.leftBehind, []);
    assert.deepEqual([...window.editor.entries], []);
    assert.deepEqual([...window.keychain.entries], [[account, 'new']]);
  });

  it('tells when an older copy could not be removed', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'old');
    window.keychain.failure = new Error('no bus');
    const report = await store(window, profile(), 'new');
    assert.equal(report.store, 'vscode');
    assert.deepEqual(
      report.leftBehind.map(({ store: id }) => id),
      ['osKeychain'],
    );
    assert.equal(await find(window, profile()), 'new');
  });

  it('goes before what was entered for this window only', async () => {
    const { window, profile } = await setUp();
    const typed = window.credentials.hold('typed');
    await window.credentials.keepForSession(profile(), typed);
    assert.equal(await find(window, profile()), 'typed');
    await store(window, profile(), 'stored');
    assert.equal(window.credentials.hasForSession(profile()), false);
    assert.equal(await find(window, profile()), 'stored');
  });

  it('keeps nothing for a server that was removed meanwhile', async () => {
    const { window, profile } = await setUp();
    const gone = profile();
    await window.profiles.remove(gone.id);
    await assert.rejects(
      store(window, gone, 'secret'),
      (error) => error instanceof HypervisorError && error.kind === 'gone',
    );
    assert.deepEqual([...window.keychain.entries], []);
  });

  it('refuses an empty password', async () => {
    const { window, profile } = await setUp();
    await assert.rejects(
      store(window, profile(), ''),
      (error) => error instanceof HypervisorError && error.kind === 'invalidInput',
    );
  });
});

describe('CredentialService.find', () => {
  it('tells a locked keychain from a missing password', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.keychain.isLocked = true;
    await assert.rejects(window.credentials.find(profile()), isUnavailable);
    assert.equal(profile().credentialStore, 'osKeychain', 'a locked keychain makes nobody forget');

    window.keychain.isLocked = false;
    assert.equal(await find(window, profile()), 'secret');
    window.keychain.entries.clear();
    assert.equal(await find(window, profile()), undefined);
    assert.equal(profile().credentialStore, 'osKeychain', 'nor does an empty one');
  });

  it('tells a keychain that fails from a missing password', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.keychain.failure = new Error('The name org.freedesktop.secrets was not provided');
    await assert.rejects(window.credentials.find(profile()), isUnavailable);
  });

  it('tells a keychain that does not answer from a missing password', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.keychain.gate = new Lever<void>().promise;
    const finding = assert.rejects(window.credentials.find(profile()), isUnavailable);
    await turn();
    window.clock.advance(10_000);
    await finding;
  });

  it('uses a password that unlocking has brought back', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    // The desktop asks the person to unlock when something is to be written: the probe's canary.
    window.keychain.isLocked = true;
    const write = window.keychain.set.bind(window.keychain);
    window.keychain.set = async (name, password) => {
      window.keychain.isLocked = false;
      await write(name, password);
    };
    assert.equal(await find(window, profile()), 'secret');
  });

  it('takes an empty entry for none', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.keychain.entries.set(account, '');
    assert.equal(await find(window, profile()), undefined);
  });

  it('asks no store that the profile does not name', async () => {
    const { window, profile } = await setUp();
    window.keychain.entries.set(account, 'of somebody else');
    assert.equal(await find(window, profile()), undefined);
  });
});

describe('CredentialService.forget', () => {
  it('removes the password everywhere and says so in the profile', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    await window.credentials.keepForSession(profile(), window.credentials.hold('typed'));
    await window.credentials.forget(profile());
    assert.deepEqual([...window.keychain.entries], []);
    assert.equal(profile().credentialStore, 'none');
    assert.equal(window.credentials.mayHave(profile()), false);
  });

  it('does not believe a locked keychain that there was nothing', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.keychain.isLocked = true;
    await assert.rejects(window.credentials.forget(profile()), isUnavailable);
    assert.equal(profile().credentialStore, 'osKeychain');
    assert.equal(window.keychain.entries.get(account), 'secret');
  });
});

describe('CredentialService.moveToPreferred', () => {
  it('moves, and removes the old one after the new one was given back', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.preference = 'vscode';
    const order: string[] = [];
    const remove = window.keychain.delete.bind(window.keychain);
    window.keychain.delete = async (name) => {
      order.push(`editor has ${window.editor.entries.get(name) ?? 'nothing'}`);
      return await remove(name);
    };
    const report = await window.credentials.moveToPreferred(profile());
    assert.equal(report?.store, 'vscode');
    assert.deepEqual(order, ['editor has secret']);
    assert.deepEqual([...window.keychain.entries], []);
    assert.equal(profile().credentialStore, 'vscode');
  });

  it('keeps the old one when the new store spoils it', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.preference = 'vscode';
    window.editor.distort = (password) => (password.includes('nonce') ? password : 'spoilt');
    await assert.rejects(
      window.credentials.moveToPreferred(profile()),
      (error) =>
        error instanceof HypervisorError &&
        error.say() === "Can't use the editor's secret storage. The stored password was not changed.",
    );
    assert.equal(profile().credentialStore, 'osKeychain');
    assert.equal(window.keychain.entries.get(account), 'secret');
    assert.equal(await find(window, profile()), 'secret');
  });

  it('does nothing when the password is there already, or there is none', async () => {
    const { window, profile, reports } = await setUp();
    assert.equal(await window.credentials.moveToPreferred(profile()), undefined);
    await store(window, profile(), 'secret');
    assert.equal(await window.credentials.moveToPreferred(profile()), undefined);
    assert.equal(reports.length, 1);
  });

  it('leaves alone what was entered for this window only', async () => {
    const { window, profile } = await setUp();
    await window.credentials.keepForSession(profile(), window.credentials.hold('typed'));
    assert.equal(await window.credentials.moveToPreferred(profile()), undefined);
    assert.equal(window.keychain.entries.size, 0);
    await store(window, profile(), 'stored');
    await window.credentials.keepForSession(profile(), window.credentials.hold('typed'));
    window.preference = 'vscode';
    assert.equal(await window.credentials.moveToPreferred(profile()), undefined);
    assert.equal(window.keychain.entries.get(account), 'stored');
  });

  it('does not end in the memory of the window because the store that is wanted does not work', async () => {
    const { window, profile } = await setUp();
    window.preference = 'vscode';
    await store(window, profile(), 'secret');
    window.preference = 'osKeychain';
    window.keychain.failure = new Error('no bus');
    await assert.rejects(window.credentials.moveToPreferred(profile()), isUnavailable);
    assert.equal(window.editor.entries.get(account), 'secret');
    assert.equal(profile().credentialStore, 'vscode');
  });

  it('goes to the memory of the window when that is what the person wants', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.preference = 'session';
    await window.credentials.moveToPreferred(profile());
    assert.equal(window.keychain.entries.size, 0);
    assert.equal(profile().credentialStore, 'session');
    assert.equal(await find(window, profile()), 'secret');
  });

  it('is an error while the old store is locked', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.keychain.isLocked = true;
    window.preference = 'vscode';
    await assert.rejects(window.credentials.moveToPreferred(profile()), isUnavailable);
    assert.equal(window.keychain.entries.get(account), 'secret');
  });
});

describe('CredentialService.removeAll', () => {
  it('empties every store, of servers that are no longer listed too', async () => {
    const { window, profile } = await setUp();
    await store(window, profile(), 'secret');
    window.keychain.entries.set('root@old-esx:443', 'forgotten');
    window.keychain.entries.set('availability-check-of-a-window-that-crashed', 'x');
    window.editor.entries.set('jdoe@vc-rome.corp:443', 'forgotten');
    await window.credentials.keepForSession(profile(), window.credentials.hold('typed'));
    const report = await window.credentials.removeAll();
    assert.deepEqual(report, { removed: 5, failures: [] });
    assert.equal(window.keychain.entries.size + window.editor.entries.size, 0);
    assert.equal(profile().credentialStore, 'none');
    assert.equal(window.credentials.hasForSession(profile()), false);
  });

  it('removes what the profiles name where a store cannot list', async () => {
    const { window, profile } = await setUp();
    window.preference = 'vscode';
    await store(window, profile(), 'secret');
    window.editor.canList = false;
    assert.deepEqual(await window.credentials.removeAll(), { removed: 1, failures: [] });
    assert.equal(window.editor.entries.size, 0);
  });

  it('tells which stores it could not look into, and which accounts are left', async () => {
    const { window, profile } = await setUp();
    window.preference = 'vscode';
    await store(window, profile(), 'secret');
    window.keychain.isLocked = true;
    const remove = window.editor.delete.bind(window.editor);
    window.editor.delete = (name) => (name === account ? Promise.reject(new Error('denied')) : remove(name));
    const report = await window.credentials.removeAll();
    assert.deepEqual(report, {
      removed: 0,
      failures: [
        {
          store: 'osKeychain',
          label: 'the OS keychain',
          reason: 'Cannot create an item in a locked collection',
        },
        { store: 'vscode', label: "the editor's secret storage", reason: 'denied', account },
      ],
    });
    assert.equal(profile().credentialStore, 'vscode', 'what is left is still known');
  });
});

describe('CredentialService', () => {
  it('offers the accounts of the saved servers, the most used first', async () => {
    const { window } = await setUp();
    await window.add({ label: 'b', host: 'b.corp', userName: 'root' });
    await window.add({ label: 'c', host: 'c.corp', userName: 'ROOT' });
    await window.profiles.add(newProfile({ isDemo: true, userName: 'demo' }));
    assert.deepEqual(
      window.credentials
        .knownAccounts()
        .map(({ userName, servers }) => [userName, servers.map(({ label, hasPassword }) => `${label} ${hasPassword}`)]),
      [
        ['root', ['b true', 'c true']],
        ['jdoe', ['vc-paris false']],
      ],
    );
  });

  it('makes changes one after the other', async () => {
    const { window, profile } = await setUp();
    await Promise.all([
      store(window, profile(), 'first'),
      store(window, profile(), 'second'),
      store(window, profile(), 'third'),
    ]);
    assert.deepEqual([...window.keychain.entries], [[account, 'third']]);
  });

  it('counts the changes of a password for all windows', async () => {
    const state = new MemoryState();
    const one = new Window(new ScriptedServers(), state, undefined, 'one');
    const two = new Window(new ScriptedServers(), state, undefined, 'two');
    const id = await one.add();
    const version = two.guard.version(id);
    await one.guard.refused(id, version);
    assert.equal(two.guard.isRefused(id), true);
    await store(one, one.registry.profile(id), 'other');
    assert.equal(two.guard.isRefused(id), false);
    assert.notEqual(two.guard.version(id), version);
    // What comes late about the old password does not concern the new one.
    await two.guard.refused(id, version);
    assert.equal(one.guard.isRefused(id), false);
    await one.guard.forget(id);
    assert.equal(two.guard.version(id), 0);
  });

  for (const garbage of ['text', [], null, { 'one-server-0': 'text' }, { 'one-server-0': { version: 'x' } }]) {
    it(`takes saved counts of ${JSON.stringify(garbage)} for none`, async () => {
      const state = new MemoryState();
      await state.set('passwordVersions', garbage);
      const window = new Window(new ScriptedServers(), state, undefined, 'one');
      const id = await window.add();
      assert.equal(window.guard.isRefused(id), false);
      assert.equal(window.guard.version(id), 1);
    });
  }
});
