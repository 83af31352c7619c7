import assert from 'node:assert/strict';

import { goLive, setUpConnection, showPicture, vmNames } from '../../support/connectionFixtures';
import { objectId, serverTask } from '../../support/domainBuilders';
import { failure } from '../../support/scriptedHypervisor';
import { newProfile, turn, type Window } from '../../support/serverFixtures';

describe('ServerConnection, idle and asleep', () => {
  const minute = 60_000;

  it('logs out when nobody has looked for the set time, and comes back when somebody does', async () => {
    const set = await setUpConnection();
    const { window, servers, connection } = set;
    connection.setVisible(true);
    await turn();
    showPicture(servers, 'one');
    window.clock.advance(600 * minute);
    connection.setVisible(false);
    window.clock.advance(20 * minute - 1);
    assert.deepEqual(connection.state, { kind: 'live' });
    window.clock.advance(1);
    assert.deepEqual(connection.state, { kind: 'disconnected' });
    await connection.closed();
    assert.equal(servers.last.closes, 1);
    assert.deepEqual(vmNames(connection), ['one']);
    assert.equal(window.clock.pending, 0);
    connection.setVisible(true);
    await turn();
    assert.deepEqual(connection.state, { kind: 'loading' });
  });

  it('stays while an operation holds it', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, connection } = set;
    const hold = connection.hold();
    window.clock.advance(600 * minute);
    assert.equal(connection.state.kind, 'live');
    hold.dispose();
    window.clock.advance(20 * minute);
    assert.equal(connection.state.kind, 'disconnected');
  });

  it('stops trying to reconnect when nobody has looked for the set time', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    servers.onReach = () => {
      throw failure('noAnswer');
    };
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    for (let i = 0; i < 60; i++) {
      await turn();
      window.clock.advance(minute);
    }
    assert.equal(connection.state.kind, 'disconnected');
    assert.equal(window.clock.pending, 0);
  });

  it('connects by being looked at only if there is a password and the person did not disconnect it', async () => {
    const set = await setUpConnection();
    const { window, servers, id, connection } = set;
    await goLive(set, 'one');
    await connection.disconnect();
    connection.setVisible(true);
    await turn();
    assert.equal(connection.state.kind, 'disconnected');
    await connection.connect({ interactive: true });
    assert.equal(servers.clients.length, 2);
    connection.setVisible(false);
    window.clock.advance(20 * minute);
    connection.setVisible(true);
    await turn();
    assert.equal(servers.clients.length, 3, 'he has connected it again since');

    const other = await window.profiles.add(newProfile({ host: 'b.corp' }));
    window.registry.setVisible(true);
    await turn();
    assert.equal(window.registry.get(other.id)?.state.kind, 'disconnected');
    assert.deepEqual(window.passwordRequests, []);
    assert.notEqual(other.id, id);
  });

  it('tries again when it is looked at, if it could not reach the server', async () => {
    const { servers, connection } = await setUpConnection();
    servers.onReach = () => {
      throw failure('nameNotFound');
    };
    connection.setVisible(true);
    await turn();
    assert.equal(connection.state.kind, 'failed');
    servers.onReach = () => undefined;
    connection.setVisible(true);
    await turn();
    assert.equal(connection.state.kind, 'failed', 'it was visible all the time');
    connection.setVisible(false);
    connection.setVisible(true);
    await turn();
    assert.equal(connection.state.kind, 'loading');
  });

  it('tries again when it is looked at, if the keychain was locked', async () => {
    const { window, servers, connection } = await setUpConnection();
    window.keychain.isLocked = true;
    connection.setVisible(true);
    await turn();
    assert.equal(connection.state.kind, 'failed');
    window.keychain.isLocked = false;
    connection.setVisible(false);
    connection.setVisible(true);
    await turn();
    assert.equal(servers.clients.length, 1);
  });

  /** The machine sleeps for an hour; then its timers go on. */
  function sleepAnHour(window: Window): void {
    const now = window.clock.now.bind(window.clock);
    window.clock.now = () => now() + 60 * minute;
    window.clock.advance(20_000);
  }

  it('reads everything again over the same session after the machine slept', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one', 'two');
    const { window, servers, connection } = set;
    connection.setVisible(true);
    servers.last.taskSink?.update([serverTask('t1', { vmId: objectId('one'), state: 'running' })]);
    sleepAnHour(window);
    assert.equal(connection.state.kind, 'loading');
    assert.equal(connection.runningTasks.ofVm(objectId('one')), undefined, 'it may have ended an hour ago');
    await turn();
    assert.equal(servers.clients.length, 1);
    assert.equal(servers.last.feedsStarted, 2);
    showPicture(servers, 'two');
    assert.equal(connection.state.kind, 'live');
    assert.deepEqual(vmNames(connection), ['two']);
  });

  it('reads everything again over the same session when the person wants that', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one', 'two');
    const { servers, connection } = set;
    connection.refresh();
    assert.equal(connection.state.kind, 'loading');
    assert.deepEqual(vmNames(connection), ['one', 'two'], 'what was read stays until the new picture is there');
    await turn();
    assert.equal(servers.clients.length, 1);
    assert.equal(servers.last.feedsStarted, 2);
    showPicture(servers, 'two');
    assert.equal(connection.state.kind, 'live');
    assert.deepEqual(vmNames(connection), ['two']);
  });

  it('connects nowhere when the person refreshes what is not connected', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    await set.connection.disconnect();
    set.connection.refresh();
    await turn();
    assert.equal(set.connection.state.kind, 'disconnected');
    assert.equal(set.servers.clients.length, 1);
  });

  it('connects anew after sleep when the feeds do not even end', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    connection.setVisible(true);
    servers.last.obeysAbort = false;
    sleepAnHour(window);
    window.clock.advance(5_000);
    await turn();
    assert.equal(connection.state.kind, 'reconnecting');
    window.clock.advance(1_000);
    await turn();
    assert.equal(servers.clients.length, 2);
  });

  it('connects anew after sleep when no picture comes', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    connection.setVisible(true);
    sleepAnHour(window);
    await turn();
    window.clock.advance(120_000);
    assert.equal(connection.state.kind, 'reconnecting');
    window.clock.advance(1_000);
    await turn();
    assert.equal(connection.state.kind, 'loading');
    assert.equal(servers.clients.length, 2);
  });

  it('does not wait for the next attempt after sleep, had the person connected it just before', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    await connection.disconnect();
    servers.onReach = () => {
      throw failure('noAnswer');
    };
    await assert.rejects(connection.connect({ interactive: true }));
    for (let i = 0; i < 10; i++) {
      await turn();
      window.clock.advance(45_000);
    }
    await turn();
    servers.onReach = () => undefined;
    sleepAnHour(window);
    await turn();
    assert.equal(connection.state.kind, 'loading');
  });

  it('does not wait for the next attempt after sleep', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    connection.setVisible(true);
    servers.onReach = () => {
      throw failure('noAnswer');
    };
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    for (let i = 0; i < 10; i++) {
      await turn();
      window.clock.advance(45_000);
    }
    // An attempt that hangs on a socket from before the sleep is given up too.
    servers.onReach = () => new Promise<void>(() => undefined);
    await turn();
    window.clock.advance(45_000);
    await turn();
    servers.onReach = () => undefined;
    sleepAnHour(window);
    await turn();
    assert.equal(connection.state.kind, 'loading');
  });
});
