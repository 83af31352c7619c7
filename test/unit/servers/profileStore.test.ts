import assert from 'node:assert/strict';

import { HypervisorError } from '../../../src/hypervisor/errors';
import type { ServerId } from '../../../src/hypervisor/model/ids';
import { type ProfileChange, ProfileStore } from '../../../src/servers/profileStore';
import type { StatePort } from '../../../src/servers/statePort';
import { certificate, MemoryState, newProfile, RecordingLog } from '../../support/serverFixtures';

function open(state: StatePort, name = 'a'): { store: ProfileStore; changes: ProfileChange[]; log: RecordingLog } {
  let ids = 0;
  const log = new RecordingLog();
  const store = new ProfileStore(state, () => `${name}${ids++}`, log.logger);
  const changes: ProfileChange[] = [];
  store.onDidChange((change) => changes.push(change));
  return { store, changes, log };
}

interface Saved {
  version: number;
  servers: Record<string, unknown>[];
}
const saved = (state: MemoryState): Saved => state.get('servers') as Saved;

describe('ProfileStore', () => {
  it('keeps what was added, in its order, over a restart', async () => {
    const state = new MemoryState();
    const { store } = open(state);
    const pin = { mode: 'pinned' as const, ...certificate() };
    await store.add(newProfile({ label: 'one', trust: pin, isProtected: true, credentialStore: 'vscode' }));
    await store.add(newProfile({ label: 'two', host: 'fe80::1%eth0', port: 8443, isReadOnly: true }));

    const again = open(state).store;
    assert.deepEqual(again.all(), store.all());
    assert.deepEqual(
      again.all().map(({ label }) => label),
      ['one', 'two'],
    );
    assert.deepEqual(again.all()[0]?.trust, pin);
  });

  it('tells what was added, changed and removed, once each', async () => {
    const { store, changes } = open(new MemoryState());
    const { id } = await store.add(newProfile());
    await store.update(id, { label: 'other' });
    await store.update(id, { label: 'other' });
    await store.remove(id);
    await store.remove(id);
    assert.deepEqual(
      changes.map(({ added, changed, removed }) => [
        added.map(({ label }) => label),
        changed.map(({ before, after }) => `${before.label} > ${after.label}`),
        removed.map(({ label }) => label),
      ]),
      [
        [['vc-paris'], [], []],
        [[], ['vc-paris > other'], []],
        [[], [], ['other']],
      ],
    );
  });

  it('does not undo what another window has changed, although nobody told it', async () => {
    const state = new MemoryState();
    const first = open(state.silently(), 'a');
    const { id } = await first.store.add(newProfile({ label: 'one' }));
    const second = open(state.silently(), 'b');
    await second.store.update(id, { isProtected: true });
    await second.store.add(newProfile({ label: 'two', host: 'b.corp' }));
    // The first window still has the old picture.
    assert.equal(first.store.get(id)?.isProtected, false);

    await first.store.update(id, { label: 'renamed' });

    for (const store of [first.store, open(state).store]) {
      assert.deepEqual(
        store.all().map(({ label, isProtected }) => [label, isProtected]),
        [
          ['renamed', true],
          ['two', false],
        ],
      );
    }
  });

  it('does not bring back a server that another window has removed', async () => {
    const state = new MemoryState();
    const first = open(state.silently(), 'a');
    const { id } = await first.store.add(newProfile());
    await open(state.silently(), 'b').store.remove(id);
    await assert.rejects(
      first.store.update(id, { label: 'x' }),
      (error) => error instanceof HypervisorError && error.kind === 'gone',
    );
    assert.deepEqual(saved(state).servers, []);
    first.store.refresh();
    assert.deepEqual(first.store.all(), []);
  });

  it('takes over what another window changes, at once where the editor tells it, else when refreshed', async () => {
    const state = new MemoryState();
    const told = open(state, 'a');
    const untold = open(state.silently(), 'b');
    await open(state.silently(), 'c').store.add(newProfile());
    assert.equal(told.store.all().length, 1);
    assert.equal(untold.store.all().length, 0);
    untold.store.refresh();
    assert.equal(untold.changes[0]?.added.length, 1);
  });

  it('runs writes one after the other, and one that fails harms no other', async () => {
    const state = new MemoryState();
    const { store } = open(state);
    const { id } = await store.add(newProfile());
    const results = await Promise.allSettled([
      store.update('nobody' as ServerId, { label: 'x' }),
      store.update(id, { isProtected: true }),
      store.update(id, { isReadOnly: true }),
      store.add(newProfile({ host: 'b.corp' })),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
    );
    assert.equal(store.get(id)?.isProtected, true);
    assert.equal(store.get(id)?.isReadOnly, true);
    assert.equal(store.all().length, 2);
  });

  it('changes nothing when it cannot be saved', async () => {
    const state = new MemoryState();
    const { store, changes } = open(state);
    state.failure = new Error('disk full');
    await assert.rejects(store.add(newProfile()), /disk full/);
    assert.deepEqual(store.all(), []);
    assert.deepEqual(changes, []);
  });

  it('keeps demo servers in memory only', async () => {
    const state = new MemoryState();
    const { store, changes } = open(state);
    const { id } = await store.add(newProfile({ isDemo: true, label: 'demo' }));
    await store.update(id, { credentialStore: 'session' });
    assert.equal(store.get(id)?.credentialStore, 'session');
    assert.equal(state.get('servers'), undefined);
    assert.equal(open(state).store.all().length, 0);
    await store.remove(id);
    assert.equal(store.all().length, 0);
    assert.equal(changes.length, 3);
  });

  it('gives the demo the same identity in every window, so that what is kept by it is found again', async () => {
    const first = await open(new MemoryState()).store.add(newProfile({ isDemo: true }));
    const second = await open(new MemoryState(), 'b').store.add(newProfile({ isDemo: true, port: 1234 }));
    assert.equal(second.id, first.id);
  });
});

describe('saved servers', () => {
  const good = (id: string): Record<string, unknown> => ({
    id,
    label: id,
    host: 'vc.corp',
    port: 443,
    useTls: true,
    userName: 'jdoe',
    trust: { mode: 'verify' },
    isProtected: false,
    isReadOnly: false,
    credentialStore: 'none',
  });

  const bad: readonly (readonly [what: string, entry: unknown, reason: RegExp])[] = [
    ['nothing', null, /value/],
    ['text', 'vc.corp', /value/],
    ['no id', { ...good('x'), id: undefined }, /id/],
    ['an empty label', { ...good('x'), label: '' }, /label/],
    ['a host with a path', { ...good('x'), host: 'vc.corp/evil' }, /host/],
    ['a host with a user', { ...good('x'), host: 'a@vc.corp' }, /host/],
    ['a port that is none', { ...good('x'), port: 70_000 }, /port/],
    ['a port as text', { ...good('x'), port: '443' }, /port/],
    ['unclear encryption', { ...good('x'), useTls: 'no' }, /useTls/],
    ['no trust', { ...good('x'), trust: undefined }, /trust/],
    ['trust in everything', { ...good('x'), trust: { mode: 'insecure' } }, /trust/],
    [
      'a pin that is no fingerprint',
      { ...good('x'), trust: { mode: 'pinned', ...certificate(), sha256: 'AA' } },
      /sha256/,
    ],
    ['unclear protection', { ...good('x'), isProtected: 'yes' }, /isProtected/],
    ['an id that is taken', good('first'), /twice/],
  ];
  for (const [what, entry, reason] of bad) {
    it(`costs nobody but itself: an entry with ${what}`, async () => {
      const state = new MemoryState();
      state.entries.set('servers', JSON.stringify({ version: 1, servers: [good('first'), entry, good('last')] }));
      const { store, log } = open(state);
      assert.deepEqual(
        store.all().map(({ id }) => id),
        ['first', 'last'],
      );
      assert.equal(store.problems.length, 1);
      assert.match(store.problems[0]?.reason ?? '', reason);
      assert.equal(log.lines.length, 1);

      // It is still there after everything else was written.
      const untouched = JSON.stringify(saved(state).servers[1]);
      await store.update('last' as ServerId, { label: 'new' });
      await store.remove('first' as ServerId);
      await store.add(newProfile());
      assert.equal(JSON.stringify(saved(state).servers[0]), untouched);
      assert.deepEqual(
        store.all().map(({ label }) => label),
        what.includes('taken') ? ['first', 'new', 'vc-paris'] : ['new', 'vc-paris'],
      );
      assert.equal(log.lines.filter((line) => line.includes('Saved server 2')).length, 1, 'complained once');
    });
  }

  it('that cannot be read are named as far as that can be read, and told when there are others', async () => {
    const state = new MemoryState();
    const servers = [good('a'), { ...good('b'), port: 0, label: 'vc-rome' }, { host: 'x.corp' }, 7];
    state.entries.set('servers', JSON.stringify({ version: 1, servers }));
    const { store } = open(state);
    assert.deepEqual(
      store.problems.map(({ index, name, cause }) => [index, name, cause]),
      [
        [1, 'vc-rome', 'damaged'],
        [2, 'x.corp', 'damaged'],
        [3, undefined, 'damaged'],
      ],
    );
    let told = 0;
    store.onDidChangeProblems(() => told++);
    store.refresh();
    assert.equal(told, 0);
    await state.set('servers', { version: 2, servers: [] });
    assert.equal(told, 1);
    assert.deepEqual(
      store.problems.map(({ index, name, cause }) => [index, name, cause]),
      [[undefined, undefined, 'newer']],
    );
  });

  it('keeps fields that it does not know', async () => {
    const state = new MemoryState();
    state.entries.set('servers', JSON.stringify({ version: 1, servers: [{ ...good('x'), colour: 'red' }] }));
    await open(state).store.update('x' as ServerId, { label: 'y' });
    assert.equal(saved(state).servers[0]?.['colour'], 'red');
    assert.equal(saved(state).servers[0]?.['label'], 'y');
  });

  it('takes a store of passwords that it does not know for none', () => {
    const state = new MemoryState();
    state.entries.set('servers', JSON.stringify({ version: 1, servers: [{ ...good('x'), credentialStore: 'tpm' }] }));
    assert.equal(open(state).store.all()[0]?.credentialStore, 'none');
  });

  it('of a newer version are not touched', async () => {
    const state = new MemoryState();
    await state.set('servers', { version: 2, servers: [{ secretSauce: true }] });
    const before = state.entries.get('servers');
    const { store } = open(state);
    assert.deepEqual(store.all(), []);
    assert.equal(store.problems.length, 1);
    await assert.rejects(
      store.add(newProfile()),
      (error) => error instanceof HypervisorError && /newer version/.test(error.say()),
    );
    assert.equal(state.entries.get('servers'), before);
  });

  for (const garbage of ['a list', 7, [], { version: 1 }, { servers: [] }, null]) {
    it(`that are ${JSON.stringify(garbage)} are put aside, not lost`, async () => {
      const state = new MemoryState();
      await state.set('servers', garbage);
      const { store } = open(state);
      assert.deepEqual(store.all(), []);
      assert.equal(store.problems.length, 1);
      await store.add(newProfile());
      assert.deepEqual(state.get('servers.unreadable'), garbage);
      assert.equal(open(state).store.all().length, 1);
      assert.equal(store.problems.length, 0);
    });
  }
});
