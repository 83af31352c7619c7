import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { ManualClock } from '../../../src/common/clock';
import { acquireFileLock, type HeldLock, type LockServices } from '../../../src/journal/fileLock';
import { VmLockFiles } from '../../../src/journal/vmLockFiles';
import { objectId } from '../../support/domainBuilders';
import { eventually } from '../../support/eventually';
import { ScriptedClient, ScriptedConnection } from '../../support/scriptedHypervisor';
import { RecordingLog } from '../../support/serverFixtures';
import { TemporaryFolder } from '../../support/temporaryFolder';

describe('file locks', () => {
  let folder: TemporaryFolder;
  let file: string;
  let clock: ManualClock;
  let nonces = 0;
  const held: HeldLock[] = [];

  beforeEach(() => {
    folder = new TemporaryFolder('locks');
    file = folder.resolve('inside', 'a.lock');
    clock = new ManualClock(Date.now());
  });

  afterEach(async () => {
    for (const lock of held.splice(0)) {
      await lock.release();
    }
    folder.remove();
  });

  const services = (facts: Partial<LockServices> = {}): LockServices => ({
    clock,
    logger: new RecordingLog().logger,
    createNonce: () => `n${nonces++}`,
    isAlive: () => true,
    ...facts,
  });

  async function acquire(facts: Partial<LockServices> = {}): Promise<HeldLock | undefined> {
    const lock = await acquireFileLock(file, services(facts));
    if (lock !== undefined) {
      held.push(lock);
    }
    return lock;
  }

  /** A lock as another process has left it. */
  function leave(facts: { readonly pid?: number; readonly machine?: string; readonly ageMs?: number } = {}): void {
    fs.writeFileSync(
      file,
      JSON.stringify({ pid: facts.pid ?? 1, machine: facts.machine ?? os.hostname(), nonce: 'theirs' }),
    );
    const at = new Date(clock.now() - (facts.ageMs ?? 0));
    fs.utimesSync(file, at, at);
  }

  it('are held by one at a time, and are free again when released', async () => {
    const first = await acquire();
    assert.ok(first);
    assert.equal(await acquire(), undefined);
    await first.release();
    await first.release();
    assert.deepEqual(fs.readdirSync(folder.resolve('inside')), []);
    assert.ok(await acquire());
  });

  it('show that they are alive', async () => {
    await acquire();
    fs.utimesSync(file, new Date(0), new Date(0));
    clock.advance(5_000);
    await eventually('a sign of life', () => fs.statSync(file).mtimeMs > 0);
  });

  it('of a process that is gone are taken over at once, and released in peace', async () => {
    leave({ pid: 77 });
    const lock = await acquire({ isAlive: (pid) => pid !== 77 });
    assert.ok(lock);
    assert.equal(await acquire(), undefined);
    await lock.release();
    assert.equal(fs.existsSync(file), false);
  });

  it('of this very process, held elsewhere in it, are respected', async () => {
    assert.ok(await acquireFileLock(file, { ...services(), createNonce: () => 'x' }));
    const real: LockServices = { clock, logger: new RecordingLog().logger, createNonce: () => 'y' };
    assert.equal(await acquireFileLock(file, real), undefined, 'this process exists');
  });

  it('of a process whose number was given to another one are watched before they count as abandoned', async () => {
    leave({ ageMs: 60_000 });
    const taking = acquire();
    for (let step = 0; step < 5; step++) {
      assert.deepEqual(held, [], `after ${step} steps`);
      await eventually('it watches', () => clock.pending > 0);
      clock.advance(3_000);
    }
    assert.ok(await taking);
  });

  it('of a process that has slept are respected as soon as it shows a sign of life', async () => {
    leave({ ageMs: 3_600_000, machine: 'another' });
    const taking = acquire();
    await eventually('it watches', () => clock.pending > 0);
    const now = new Date();
    fs.utimesSync(file, now, now);
    clock.advance(3_000);
    assert.equal(await taking, undefined);
  });

  it('that are abandoned are taken over by one of many', async () => {
    for (let round = 0; round < 20; round++) {
      leave({ pid: 77 });
      const alive = (pid: number): boolean => pid !== 77;
      const locks = await Promise.all(Array.from({ length: 8 }, () => acquire({ isAlive: alive })));
      const winners = locks.filter((lock) => lock !== undefined);
      assert.equal(winners.length, 1, `round ${round}`);
      await winners[0]?.release();
    }
  });

  it('whose taking over has crashed do not stay so for ever', async () => {
    leave({ pid: 77 });
    fs.writeFileSync(`${file}.takeover`, '{}');
    fs.utimesSync(`${file}.takeover`, new Date(0), new Date(0));
    const alive = (pid: number): boolean => pid !== 77;
    assert.equal(await acquire({ isAlive: alive }), undefined, 'the first one only clears away');
    assert.ok(await acquire({ isAlive: alive }));
  });

  it('leave alone what somebody else has put in their place', async () => {
    const lock = await acquire();
    leave();
    await lock?.release();
    assert.match(fs.readFileSync(file, 'utf8'), /theirs/);
  });

  it('that are being written at this moment belong to somebody', async () => {
    fs.mkdirSync(folder.resolve('inside'), { recursive: true });
    fs.writeFileSync(file, '');
    fs.utimesSync(file, new Date(clock.now()), new Date(clock.now()));
    assert.equal(await acquire(), undefined);
  });

  it('on VMs are one for each VM of each server, and none where only this window has the server', async () => {
    const connection = new ScriptedConnection(new ScriptedClient());
    let identity: string | undefined = 'uuid-1';
    const locks = new VmLockFiles(folder.path, () => identity, services());
    const others = new VmLockFiles(folder.path, () => identity, services());
    const first = await locks.acquire(connection, objectId('VirtualMachine:vm-1'));
    assert.ok(first);
    assert.equal(await others.acquire(connection, objectId('VirtualMachine:vm-1')), undefined);
    const second = await others.acquire(connection, objectId('VirtualMachine:vm-2'));
    assert.ok(second);
    identity = 'uuid-2';
    const third = await others.acquire(connection, objectId('VirtualMachine:vm-1'));
    assert.ok(third);
    identity = undefined;
    const free = await Promise.all([1, 2].map(() => locks.acquire(connection, objectId('VirtualMachine:vm-1'))));
    assert.ok(free.every((lock) => lock !== undefined));
    for (const lock of [first, second, third, ...free]) {
      await lock.release();
    }
  });
});
