import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { type Logger, nullLogger } from '../../../../src/common/logger';
import type { ObjectId } from '../../../../src/hypervisor/model/ids';
import type { SnapshotSizes } from '../../../../src/hypervisor/model/vmDetail';
import { SizeCache } from '../../../../src/ui/tree/sizeCache';
import { chain, vm } from '../../../support/domainBuilders';
import { failure, Lever, ScriptedClient, ScriptedConnection } from '../../../support/scriptedHypervisor';

const sizes: SnapshotSizes = { bySnapshot: new Map(), totalBytes: 7, leftoverBytes: 0, measuredAtMs: 0 };
const machine = vm('vm-1', { snapshots: chain('a', 'b') });

/** A client that answers for sizes as the test says, and counts how often it was asked. */
class SizingClient extends ScriptedClient {
  asked = 0;
  answer: () => Promise<ReadonlyMap<ObjectId, SnapshotSizes>> = () => Promise.resolve(new Map([[machine.id, sizes]]));

  override async readSizes(): Promise<ReadonlyMap<ObjectId, never>> {
    this.asked++;
    return (await this.answer()) as ReadonlyMap<ObjectId, never>;
  }
}

describe('size cache', () => {
  let client: SizingClient;
  let connection: ScriptedConnection;
  let cache: SizeCache;
  let read: string[];
  let errors: string[];

  beforeEach(() => {
    client = new SizingClient();
    connection = new ScriptedConnection(client);
    errors = [];
    const logger: Logger = { ...nullLogger, error: (message) => errors.push(message) };
    cache = new SizeCache(new ManualClock(), logger);
    read = [];
    cache.onDidRead(({ vm: { id } }) => read.push(id));
  });

  it('knows nothing before it was asked to read, and never asks by itself', () => {
    assert.equal(cache.get(connection, machine), undefined);
    assert.equal(client.asked, 0);
  });

  it('reads once for the same snapshots, however often and by whomever it is asked', async () => {
    await Promise.all([cache.read(connection, machine), cache.read(connection, machine)]);
    // Another object with the same snapshots, as after a change of the power state.
    await cache.read(connection, vm('vm-1', { powerState: 'off', snapshots: chain('a', 'b') }));
    assert.equal(client.asked, 1);
    assert.equal(cache.get(connection, machine)?.sizes.totalBytes, 7);
    assert.deepEqual(read, ['vm-1']);
  });

  it('forgets sizes when the snapshots are others', async () => {
    await cache.read(connection, machine);
    const changed = vm('vm-1', { snapshots: chain('a', 'b', 'c') });
    assert.equal(cache.get(connection, changed), undefined);
    await cache.read(connection, changed);
    assert.equal(client.asked, 2);
  });

  it('does not ask for a VM without snapshots, nor a server that is not connected', async () => {
    await cache.read(connection, vm('vm-2'));
    connection.setState({ kind: 'disconnected' });
    await cache.read(connection, machine);
    assert.equal(client.asked, 0);
  });

  it('lives without sizes that the server does not give, and asks again the next time', async () => {
    client.answer = () => Promise.reject(failure('noPrivilege'));
    await cache.read(connection, machine);
    assert.equal(cache.get(connection, machine), undefined);
    assert.deepEqual(errors, []);
    client.answer = () => Promise.resolve(new Map([[machine.id, sizes]]));
    await cache.read(connection, machine);
    assert.equal(cache.get(connection, machine)?.sizes.totalBytes, 7);
  });

  it('logs what nobody expects', async () => {
    client.answer = () => Promise.reject(new TypeError('broken'));
    await cache.read(connection, machine);
    assert.deepEqual(errors, ['the sizes of vm-1 could not be read']);
  });

  it('reads many VMs in batches, and only what is not known', async () => {
    await cache.read(connection, machine);
    const others = Array.from({ length: 150 }, (_, i) => vm(`other-${i}`, { snapshots: chain('a') }));
    client.answer = () => Promise.resolve(new Map(others.map(({ id }) => [id, sizes])));
    client.asked = 0;
    await cache.readAll(connection, [machine, vm('none'), ...others]);
    assert.equal(client.asked, 2);
    assert.equal(read.length, 151);
    await cache.readAll(connection, [machine, ...others]);
    assert.equal(client.asked, 2);
  });

  it('keeps newer sizes when an older reading fails late', async () => {
    const late = new Lever<ReadonlyMap<ObjectId, SnapshotSizes>>();
    client.answer = () => late.promise;
    const first = cache.read(connection, machine);
    const changed = vm('vm-1', { snapshots: chain('a') });
    client.answer = () => Promise.resolve(new Map([[machine.id, sizes]]));
    await cache.read(connection, changed);
    late.reject(failure('connectionLost'));
    await first;
    assert.equal(cache.get(connection, changed)?.sizes.totalBytes, 7);
  });

  it('keeps the sizes of at most ten thousand VMs', async () => {
    client.answer = () => Promise.resolve(new Map());
    const many = Array.from({ length: 10_001 }, (_, i) => vm(`vm-${i}`, { snapshots: chain('a') }));
    await cache.readAll(connection, many);
    assert.equal(client.asked, 101);
    client.asked = 0;
    await cache.read(connection, vm('vm-0', { snapshots: chain('a') }));
    await cache.read(connection, vm('vm-10000', { snapshots: chain('a') }));
    assert.equal(client.asked, 1);
  });
});
