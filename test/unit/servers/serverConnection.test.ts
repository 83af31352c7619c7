import assert from 'node:assert/strict';

import { CancelledError } from '../../../src/common/cancellation';
import { HypervisorError } from '../../../src/hypervisor/errors';
import { goLive, isKind, setUpConnection, showPicture, vmNames } from '../../support/connectionFixtures';
import { objectId, serverTask, vm } from '../../support/domainBuilders';
import { eventually } from '../../support/eventually';
import { failure, Lever } from '../../support/scriptedHypervisor';
import { certificateError, turn } from '../../support/serverFixtures';

describe('ServerConnection, connecting', () => {
  it('signs in with the stored password, shows the first picture as it comes, and is live when it is whole', async () => {
    const { servers, connection, states } = await setUpConnection();
    assert.deepEqual(connection.state, { kind: 'disconnected' });
    const connecting = connection.connect({ interactive: true });
    assert.equal(connection.state.kind, 'connecting');
    await connecting;
    assert.deepEqual(servers.logins, ['vc-paris.corp jdoe right']);
    servers.last.inventorySink?.begin();
    servers.last.inventorySink?.put([vm('one')]);
    assert.equal(connection.state.kind, 'loading');
    assert.deepEqual(vmNames(connection), ['one']);
    servers.last.inventorySink?.complete();
    assert.deepEqual(states, ['connecting', 'loading', 'live']);
    assert.equal(connection.client(), servers.last);
    assert.equal(connection.identity?.product, 'vCenter');
  });

  it('feeds the running tasks', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    set.servers.last.taskSink?.update([serverTask('t1', { vmId: objectId('one'), state: 'running' })]);
    assert.equal(set.connection.runningTasks.ofVm(objectId('one'))?.id, 't1');
  });

  it('opens one session, however often it is told to', async () => {
    const { servers, connection } = await setUpConnection();
    await Promise.all([connection.connect({ interactive: true }), connection.connect({ interactive: false })]);
    await connection.connect({ interactive: true });
    assert.equal(servers.clients.length, 1);
  });

  it('gives the person who asks an attempt of his own when one is under way in the background', async () => {
    const { window, servers, connection } = await setUpConnection();
    servers.onReach = () => {
      throw certificateError('untrusted');
    };
    window.answerTrust = () => {
      servers.onReach = () => undefined;
      return true;
    };
    const background = connection.connect({ interactive: false });
    const own = connection.connect({ interactive: true });
    await assert.rejects(background, CancelledError);
    await own;
    assert.equal(window.trustRequests.length, 1);
  });

  it('does not fail the session when it is told to connect and cannot reach the server: that is the state', async () => {
    const { servers, connection, states } = await setUpConnection();
    servers.onReach = () => {
      throw failure('noAnswer');
    };
    await assert.rejects(connection.connect({ interactive: true }), isKind('noAnswer'));
    assert.equal(connection.state.kind === 'failed' && connection.state.error.kind, 'noAnswer');
    assert.deepEqual(states, ['connecting', 'failed']);
    assert.throws(() => connection.client(), isKind('notConnected'));
    await assert.rejects(connection.whenConnected(), isKind('notConnected'));
  });

  it('turns what nobody understands into an error with a cause', async () => {
    const { window, servers, connection } = await setUpConnection();
    const bug = new TypeError('x is undefined');
    servers.onReach = () => {
      throw bug;
    };
    await assert.rejects(
      connection.connect({ interactive: true }),
      (error) => error instanceof HypervisorError && error.kind === 'server' && error.cause === bug,
    );
    assert.match(window.log.text, /x is undefined/);
  });

  it('is disconnected again when the person gives up', async () => {
    const { window, connection } = await setUpConnection();
    await window.registry.forgetPassword(connection.id);
    window.answerPassword = () => undefined;
    await assert.rejects(connection.connect({ interactive: true }), CancelledError);
    assert.deepEqual(connection.state, { kind: 'disconnected' });
  });

  it('ends a session that was opened after it was given up', async () => {
    const { servers, connection } = await setUpConnection();
    const gate = new Lever<void>();
    servers.onReach = () => gate.promise;
    const connecting = connection.connect({ interactive: true });
    const disconnecting = connection.disconnect();
    gate.resolve();
    await assert.rejects(connecting, CancelledError);
    await disconnecting;
    assert.equal(servers.clients.length, 1);
    assert.equal(servers.last.closes, 1);
    assert.equal(connection.state.kind, 'disconnected');
  });
});

describe('ServerConnection, reconnecting', () => {
  it('keeps what was read, and comes back by itself', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one', 'two');
    const { window, servers, connection, states } = set;
    servers.last.taskSink?.update([serverTask('t1', { vmId: objectId('one'), state: 'running' })]);
    const told: (readonly [number, number])[] = [];
    connection.inventory.onDidChange((change) => told.push([change.objects.size, change.removed.size]));
    const sinceMs = window.clock.now();
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    await turn();
    assert.deepEqual(connection.state.kind === 'reconnecting' && connection.state.sinceMs, sinceMs);
    assert.equal(servers.clients[0]?.closes, 1);
    assert.deepEqual(vmNames(connection), ['one', 'two']);
    assert.equal(connection.runningTasks.ofVm(objectId('one')), undefined, 'nobody knows what is running');
    assert.throws(() => connection.client(), isKind('notConnected'));

    window.clock.advance(750);
    await turn();
    assert.equal(servers.clients.length, 2);
    showPicture(servers, 'one', 'three');
    assert.deepEqual(states, ['connecting', 'loading', 'live', 'reconnecting 1 connectionLost', 'loading', 'live']);
    assert.deepEqual(vmNames(connection), ['one', 'three']);
    assert.deepEqual(told, [
      [1, 0],
      [0, 1],
    ]);
  });

  it('never takes a VM for gone because a picture was not whole', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one', 'two');
    const { window, servers, connection } = set;
    for (let i = 0; i < 3; i++) {
      servers.last.inventoryFeed.reject(failure('connectionLost'));
      await turn();
      window.clock.advance(60_000);
      await turn();
      servers.last.inventorySink?.begin();
      servers.last.inventorySink?.put([vm('one')]);
      assert.deepEqual(vmNames(connection), ['one', 'two']);
    }
  });

  it('waits longer each time, up to a minute, until it is live', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    servers.onReach = () => {
      throw failure('serverUnavailable');
    };
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      await turn();
      assert.equal(connection.state.kind === 'reconnecting' && connection.state.attempt, attempt);
      const before = servers.requests.length;
      let waited = 0;
      while (servers.requests.length === before) {
        window.clock.advance(250);
        waited += 250;
      }
      delays.push(waited / 1_000);
    }
    assert.deepEqual(delays, [0.75, 1.5, 3, 6, 12, 24, 45, 45]);

    // Signing in alone is no success: a feed that breaks at once must not be tried every second.
    servers.onReach = () => undefined;
    await turn();
    window.clock.advance(45_000);
    await turn();
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    await turn();
    assert.equal(connection.state.kind === 'reconnecting' && connection.state.attempt, 10);
    window.clock.advance(45_000);
    await turn();
    showPicture(servers, 'one');
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    await turn();
    assert.equal(connection.state.kind === 'reconnecting' && connection.state.attempt, 1);
  });

  it('tries at once when somebody wants it, and goes on trying by itself', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    servers.onReach = () => {
      throw failure('noAnswer');
    };
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    await turn();
    await assert.rejects(connection.connect({ interactive: true }), isKind('noAnswer'));
    assert.equal(connection.state.kind, 'reconnecting');
    servers.onReach = () => undefined;
    connection.setVisible(true);
    await turn();
    assert.equal(connection.state.kind, 'loading');
    assert.equal(window.clock.pending, 1, 'no timer is left but the one that notices sleep');
  });

  for (const kind of ['loginRefused', 'loginNotAllowed', 'unsupportedVersion'] as const) {
    it(`stops at ${kind}`, async () => {
      const set = await setUpConnection();
      await goLive(set, 'one');
      const { window, servers, connection } = set;
      servers.onLogin = () => {
        throw failure(kind);
      };
      servers.last.inventoryFeed.reject(failure('connectionLost'));
      await turn();
      window.clock.advance(60_000);
      await turn();
      assert.equal(connection.state.kind === 'failed' && connection.state.error.kind, kind);
      const tries = servers.requests.length;
      window.clock.advance(3_600_000);
      await turn();
      assert.equal(servers.requests.length, tries);
      await assert.rejects(
        connection.whenConnected(),
        (error) =>
          error instanceof HypervisorError &&
          error.kind === 'notConnected' &&
          HypervisorError.find(error, kind) !== undefined,
      );
    });
  }

  it('stops for all windows when a session is refused at a later login', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    assert.equal(await servers.last.request.getPassword(), 'right');
    servers.last.inventoryFeed.reject(failure('loginRefused'));
    await turn();
    assert.equal(connection.state.kind, 'failed');
    assert.equal(window.guard.isRefused(set.id), true);
  });

  it('drops what was read from another server', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    servers.identity = { instanceId: 'restored from somewhere else' };
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    await turn();
    window.clock.advance(60_000);
    await turn();
    assert.deepEqual(vmNames(connection), []);
    assert.equal(connection.inventory.isComplete, false);
  });

  it('survives feeds that end by themselves and listeners that throw', async () => {
    const set = await setUpConnection();
    const { window, servers, connection, states } = set;
    connection.inventory.onDidChange(() => {
      throw new Error('a mistake in a view');
    });
    connection.onDidChangeState(() => {
      throw new Error('a mistake in a row');
    });
    await goLive(set, 'one');
    assert.equal(connection.state.kind, 'live');
    assert.match(window.log.text, /a mistake in a view/);
    assert.match(window.log.text, /a mistake in a row/);
    connection.runningTasks.onDidChange(() => {
      throw new Error('a mistake in a list');
    });
    servers.last.taskSink?.update([serverTask('t1', { vmId: objectId('one'), state: 'running' })]);
    servers.last.inventoryFeed.resolve();
    await turn();
    assert.equal(states.at(-1), 'reconnecting 1 connectionLost');
    servers.identity = { instanceId: 'another' };
    window.clock.advance(60_000);
    await turn();
    assert.equal(states.at(-1), 'loading');
  });

  it('takes nothing more from a session that it has left', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { servers, connection } = set;
    const { inventorySink, taskSink } = servers.last;
    await connection.disconnect();
    inventorySink?.begin();
    inventorySink?.put([vm('ghost')]);
    inventorySink?.complete();
    taskSink?.update([serverTask('t1', { vmId: objectId('one'), state: 'running' })]);
    assert.deepEqual(vmNames(connection), ['one']);
    assert.equal(connection.runningTasks.ofVm(objectId('one')), undefined);
    assert.equal(connection.state.kind, 'disconnected');
  });
});

describe('ServerConnection.whenConnected', () => {
  it('waits for an attempt that is under way, and for the next ones', async () => {
    const set = await setUpConnection();
    const { window, servers, connection } = set;
    const connecting = connection.connect({ interactive: true });
    const first = connection.whenConnected();
    await connecting;
    assert.equal(await first, servers.last);
    assert.equal(await connection.whenConnected(), servers.last);

    showPicture(servers, 'one');
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    await turn();
    servers.onReach = () => {
      throw failure('noAnswer');
    };
    const second = connection.whenConnected();
    window.clock.advance(60_000);
    await turn();
    servers.onReach = () => undefined;
    window.clock.advance(60_000);
    assert.equal(await second, servers.last);
    assert.equal(servers.clients.length, 2);
  });

  it('ends when the connection is given up, and when the one who waits gives up', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { servers, connection } = set;
    servers.last.inventoryFeed.reject(failure('connectionLost'));
    await turn();
    const abort = new AbortController();
    const impatient = connection.whenConnected(abort.signal);
    const patient = connection.whenConnected();
    abort.abort();
    await assert.rejects(impatient, CancelledError);
    await connection.disconnect();
    await assert.rejects(patient, isKind('notConnected'));
  });

  it('says since when there is no connection', async () => {
    const set = await setUpConnection();
    const { window, connection } = set;
    await assert.rejects(
      connection.whenConnected(),
      (error) => error instanceof HypervisorError && error.say() === "Not connected to 'vc-paris'.",
    );
    await goLive(set, 'one');
    const at = new Date(window.clock.now()).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
    await connection.disconnect();
    window.clock.advance(3_600_000);
    assert.throws(
      () => connection.client(),
      (error) => error instanceof HypervisorError && error.say() === `Not connected to 'vc-paris' since ${at}.`,
    );
  });
});

describe('ServerConnection, the end', () => {
  it('logs out, in bounded time', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    servers.last.onClose = () => new Promise<void>(() => undefined);
    let isClosed = false;
    connection.dispose();
    const closed = connection.closed().then(() => {
      isClosed = true;
    });
    await turn();
    assert.equal(isClosed, false);
    assert.equal(servers.last.closes, 1);
    window.clock.advance(5_000);
    await closed;
    assert.match(window.log.text, /Could not log out/);
    assert.equal(window.clock.pending, 0);
  });

  it('tries again with a password that was given to it, and only when it was given up for want of one', async () => {
    const { window, servers, connection } = await setUpConnection();
    servers.onLogin = () => {
      throw failure('loginRefused');
    };
    await assert.rejects(connection.connect({ interactive: false }), isKind('loginRefused'));
    servers.onLogin = () => undefined;
    const held = window.credentials.hold('new');
    await window.credentials.keepForSession(window.registry.profile(connection.id), held);
    // Nothing stored has changed, so nobody would look again by himself.
    connection.reconsider();
    await turn();
    assert.equal(connection.state.kind, 'failed');
    connection.passwordChanged();
    await eventually('it is signed in', () => servers.clients.length === 1);
    assert.match(servers.logins.at(-1) ?? '', / new$/);
    connection.passwordChanged();
    await turn();
    assert.equal(servers.clients.length, 1);
  });

  it('does nothing after it was disposed', async () => {
    const { window, servers, connection } = await setUpConnection();
    connection.dispose();
    connection.setVisible(true);
    connection.reconsider();
    await assert.rejects(connection.connect({ interactive: true }), isKind('notConnected'));
    assert.equal(servers.requests.length, 0);
    assert.equal(window.clock.pending, 0);
  });

  it('bears a listener that ends it as soon as it is connected', async () => {
    const { servers, connection } = await setUpConnection();
    connection.onDidChangeState((state) => {
      if (state.kind === 'loading') {
        connection.dispose();
      }
    });
    await connection.connect({ interactive: true });
    await connection.closed();
    assert.equal(servers.last.feedsStarted, 0);
    assert.equal(servers.last.closes, 1);
  });
});
