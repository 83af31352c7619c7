import assert from 'node:assert/strict';

import { ManualClock } from '../../../src/common/clock';
import { describeErrorChain, Redactor } from '../../../src/common/logger';
import { CredentialStoreError } from '../../../src/servers/credentialStore';
import { GuardedStore } from '../../../src/servers/guardedStore';
import { secretStorageStore } from '../../../src/servers/secretStorageStore';
import { Lever } from '../../support/scriptedHypervisor';
import { MemoryVault, RecordingLog, turn } from '../../support/serverFixtures';

function setUp(): {
  vault: MemoryVault;
  store: GuardedStore;
  clock: ManualClock;
  log: RecordingLog;
  redactor: Redactor;
} {
  const vault = new MemoryVault();
  const clock = new ManualClock();
  const log = new RecordingLog();
  const redactor = new Redactor();
  let nonces = 0;
  const options = { clock, logger: log.logger, redactor, createNonce: () => `nonce-${nonces++}` };
  return {
    vault,
    clock,
    log,
    redactor,
    store: new GuardedStore('osKeychain', () => 'the OS keychain', vault, options),
  };
}

describe('GuardedStore.probe', () => {
  it('proves a store by writing, reading and deleting, and leaves nothing', async () => {
    const { vault, store } = setUp();
    assert.deepEqual(await store.probe(), { available: true });
    assert.equal(vault.entries.size, 0);
  });

  it('asks once as long as the store works', async () => {
    const { vault, store } = setUp();
    let writes = 0;
    vault.distort = (password) => {
      writes++;
      return password;
    };
    await Promise.all([store.probe(), store.probe()]);
    await store.probe();
    assert.equal(writes, 1);
    await store.probe(true);
    assert.equal(writes, 2);
  });

  it('finds a locked keyring, which reads and deletes without complaint', async () => {
    const { vault, store } = setUp();
    vault.isLocked = true;
    assert.equal(await store.get('x'), undefined);
    assert.equal(await store.delete('x'), false);
    assert.deepEqual(await store.probe(), {
      available: false,
      reason: 'Cannot create an item in a locked collection',
    });
  });

  it('does not trust a store that keeps something else', async () => {
    const { vault, store } = setUp();
    vault.distort = (password) => password.slice(1);
    assert.equal((await store.probe()).available, false);
    assert.equal(vault.entries.size, 0);
  });

  it('believes that a store is unavailable for a minute, then looks again', async () => {
    const { vault, store, clock } = setUp();
    vault.failure = new Error('no bus');
    assert.deepEqual(await store.probe(), { available: false, reason: 'no bus' });
    vault.failure = undefined;
    clock.advance(59_000);
    assert.equal((await store.probe()).available, false);
    clock.advance(1_000);
    assert.equal((await store.probe()).available, true);
  });

  it('looks again after a call has failed', async () => {
    const { vault, store } = setUp();
    await store.probe();
    vault.failure = new Error('service has gone');
    await assert.rejects(store.get('x'), CredentialStoreError);
    assert.equal((await store.probe()).available, false);
  });

  it('waits ten seconds for a silent store, and removes the canary when it was written late', async () => {
    const { vault, store, clock } = setUp();
    const unlock = new Lever<void>();
    vault.gate = unlock.promise;
    const probe = store.probe();
    clock.advance(9_999);
    await turn();
    clock.advance(1);
    assert.deepEqual(await probe, { available: false, reason: 'osKeychain did not answer within 10 s' });
    // Nobody waits another ten seconds for the same prompt.
    assert.equal((await store.probe()).available, false);

    unlock.resolve();
    await turn();
    assert.equal(vault.entries.size, 0);
    assert.deepEqual(await store.probe(), { available: true }, 'the late answer shows that it works after all');
  });

  it('removes the canary when reading it back fails', async () => {
    const { vault, store } = setUp();
    const reading = Object.assign(vault, {
      get: () => Promise.reject(new Error('denied')),
    });
    assert.deepEqual(await store.probe(), { available: false, reason: 'denied' });
    await turn();
    assert.equal(reading.entries.size, 0);
  });
});

describe('GuardedStore.set', () => {
  it('leaves nothing of a password that was written too late', async () => {
    const { vault, store, clock } = setUp();
    const unlock = new Lever<void>();
    vault.gate = unlock.promise;
    const writing = store.set('jdoe@vc:443', 'secret');
    clock.advance(10_000);
    await assert.rejects(
      writing,
      (error) => error instanceof CredentialStoreError && !error.message.includes('secret'),
    );
    unlock.resolve();
    await turn();
    assert.equal(vault.entries.size, 0);
  });

  it('keeps a later password, whatever comes late of an earlier one', async () => {
    const { vault, store, clock } = setUp();
    const unlock = new Lever<void>();
    vault.gate = unlock.promise;
    const first = store.set('jdoe@vc:443', 'old');
    clock.advance(10_000);
    await assert.rejects(first);
    const second = store.set('jdoe@vc:443', 'new');
    unlock.resolve();
    await second;
    await turn();
    assert.equal(vault.entries.get('jdoe@vc:443'), 'new');
  });

  it('names neither account nor password when a store refuses', async () => {
    const { vault, store, log } = setUp();
    vault.failure = new Error('refused');
    await assert.rejects(store.set('jdoe@vc:443', 'secret'), { message: 'refused', store: 'osKeychain' });
    assert.doesNotMatch(log.text, /secret|jdoe/);
  });
});

describe('GuardedStore, in front of a store that repeats what it was given', () => {
  it('drops the password from the error, with everything that leads to it', async () => {
    const { vault, store, redactor } = setUp();
    const release = redactor.protect('secret');
    vault.failure = new Error('cannot keep "secret"');
    const error = await store.set('jdoe@vc:443', 'secret').then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    release();
    assert.match(describeErrorChain(error), /cannot keep "\[redacted\]"/);
    assert.doesNotMatch(describeErrorChain(error), /secret/);
  });

  it('keeps the cause of any other error', async () => {
    const { vault, store } = setUp();
    vault.failure = new Error('no bus');
    await assert.rejects(store.get('x'), (error) => error instanceof Error && error.cause === vault.failure);
  });
});

describe('secretStorageStore', () => {
  class Secrets {
    readonly entries = new Map<string, string>([['simulator.token', 'not a password']]);
    get = (key: string): Promise<string | undefined> => Promise.resolve(this.entries.get(key));
    delete = (key: string): Promise<void> => {
      this.entries.delete(key);
      return Promise.resolve();
    };
    store = (key: string, value: string): Promise<void> => {
      this.entries.set(key, value);
      return Promise.resolve();
    };
    keys = (): Promise<readonly string[]> => Promise.resolve([...this.entries.keys()]);
  }
  const options = {
    clock: new ManualClock(),
    logger: new RecordingLog().logger,
    redactor: new Redactor(),
    createNonce: () => 'nonce',
  };

  it('keeps passwords apart from other secrets of the product', async () => {
    const secrets = new Secrets();
    const store = secretStorageStore(secrets, options);
    assert.deepEqual(await store.probe(), { available: true });
    await store.set('jdoe@vc:443', 'secret');
    assert.equal(await store.get('jdoe@vc:443'), 'secret');
    assert.deepEqual(await store.list(), ['jdoe@vc:443']);
    assert.equal(await store.delete('jdoe@vc:443'), true);
    assert.equal(await store.delete('jdoe@vc:443'), false);
    assert.deepEqual([...secrets.entries.keys()], ['simulator.token']);
  });

  it('says so where the editor cannot list', async () => {
    const { get, store, delete: remove } = new Secrets();
    assert.equal(await secretStorageStore({ get, store, delete: remove }, options).list(), undefined);
  });
});
