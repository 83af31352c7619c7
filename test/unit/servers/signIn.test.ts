import assert from 'node:assert/strict';

import { CancelledError } from '../../../src/common/cancellation';
import { HypervisorError } from '../../../src/hypervisor/errors';
import { goLive, isKind, setUpConnection, showPicture } from '../../support/connectionFixtures';
import { failure } from '../../support/scriptedHypervisor';
import {
  certificate,
  certificateError,
  MemoryState,
  ScriptedServers,
  turn,
  Window,
} from '../../support/serverFixtures';

describe('ServerConnection, the password', () => {
  it('is asked for when there is none, and kept only after the server took it', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    await window.registry.forgetPassword(id);
    window.answerPassword = () => ({ text: 'typed', save: true });
    servers.onLogin = () => {
      assert.equal(window.keychain.entries.size, 0);
    };
    await connection.connect({ interactive: true });
    assert.deepEqual(window.passwordRequests, [
      {
        serverLabel: 'vc-paris',
        host: 'vc-paris.corp',
        userName: 'jdoe',
        reason: 'missing',
        destinationLabel: 'the OS keychain',
      },
    ]);
    assert.deepEqual([...window.keychain.entries.values()], ['typed']);
    assert.equal(window.registry.profile(id).credentialStore, 'osKeychain');
  });

  it('stays in this window when the person does not want to save it', async () => {
    const { window, id, connection, servers } = await setUpConnection();
    await window.registry.forgetPassword(id);
    window.answerPassword = () => ({ text: 'typed', save: false });
    await connection.connect({ interactive: true });
    assert.equal(window.keychain.entries.size + window.editor.entries.size, 0);
    assert.equal(window.registry.profile(id).credentialStore, 'none');
    await connection.disconnect();
    await connection.connect({ interactive: false });
    assert.equal(servers.logins.length, 2, 'nobody was asked again');
  });

  it('is not asked for in the background', async () => {
    const { window, id, connection } = await setUpConnection();
    await window.registry.forgetPassword(id);
    await assert.rejects(connection.connect({ interactive: false }), isKind('passwordNeeded'));
    assert.equal(connection.state.kind, 'failed');
  });

  it('in a locked keychain is an error in the background, and may be entered for this window', async () => {
    const { window, id, connection } = await setUpConnection();
    window.keychain.isLocked = true;
    await assert.rejects(connection.connect({ interactive: false }), isKind('passwordUnavailable'));
    assert.deepEqual(window.passwordRequests, []);

    window.answerPassword = ({ reason, destinationLabel }) => {
      assert.equal(reason, 'unavailable');
      assert.equal(destinationLabel, "the editor's secret storage");
      return { text: 'right', save: false };
    };
    await connection.connect({ interactive: true });
    assert.equal(window.registry.profile(id).credentialStore, 'osKeychain');
    window.keychain.isLocked = false;
    assert.equal([...window.keychain.entries.values()][0], 'right');
  });

  it('that is refused is tried once, by no window again, and asked for by the next connect', async () => {
    const state = new MemoryState();
    const servers = new ScriptedServers();
    const one = await setUpConnection(new Window(servers, state, undefined, 'one'));
    const two = new Window(servers, state, undefined, 'two');
    two.keychain.entries.set('jdoe@vc-paris.corp:443', 'right');
    servers.onLogin = (_, password) => {
      if (password !== 'new') {
        throw failure('loginRefused');
      }
    };
    await assert.rejects(one.connection.connect({ interactive: false }), isKind('loginRefused'));
    one.window.clock.advance(3_600_000);
    one.window.registry.setVisible(true);
    one.window.registry.refresh();
    await assert.rejects(two.registry.connect(one.id, { interactive: false }), (error) => {
      assert.ok(error instanceof HypervisorError && error.kind === 'loginRefused');
      assert.match(error.say(), /^'vc-paris\.corp' refused the user name or password\. It was not tried again/);
      return true;
    });
    two.registry.setVisible(true);
    await turn();
    assert.equal(servers.logins.length, 1, 'one login for all windows and all attempts');

    one.window.answerPassword = ({ reason }) => {
      assert.equal(reason, 'refused');
      return { text: 'new', save: true };
    };
    await one.connection.connect({ interactive: true });
    assert.equal(servers.logins.length, 2);

    // The keychain is one for all windows; the fixture has one each.
    two.keychain.entries.set('jdoe@vc-paris.corp:443', 'new');
    two.registry.refresh();
    await turn();
    assert.equal(two.registry.get(one.id)?.state.kind, 'loading', 'the other window comes back by itself');
  });

  it('that was typed and refused is not kept, and not held against the stored one', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    servers.onLogin = (_, password) => {
      if (password !== 'right') {
        throw failure('loginRefused');
      }
    };
    window.answerPassword = () => ({ text: 'wrong', save: true });
    await assert.rejects(connection.connect({ interactive: true, ask: 'changing' }), isKind('loginRefused'));
    assert.deepEqual([...window.keychain.entries.values()], ['right']);
    assert.equal(window.guard.isRefused(id), false);
    await connection.connect({ interactive: false });
  });

  it('that was typed and refused does not make the window try the stored one by itself', async () => {
    const { window, servers, connection } = await setUpConnection();
    servers.onLogin = () => {
      throw failure('loginRefused');
    };
    window.answerPassword = () => ({ text: 'wrong', save: true });
    await assert.rejects(connection.connect({ interactive: true, ask: 'missing' }), isKind('loginRefused'));
    window.registry.refresh();
    await turn();
    assert.equal(servers.logins.length, 1);
  });

  it('of this window that is refused is dropped', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    await window.registry.forgetPassword(id);
    await window.credentials.keepForSession(window.registry.profile(id), window.credentials.hold('stale'));
    servers.onLogin = () => {
      throw failure('loginRefused');
    };
    await assert.rejects(connection.connect({ interactive: false }), isKind('loginRefused'));
    assert.equal(window.credentials.hasForSession(window.registry.profile(id)), false);
  });

  it('can be changed while connected, and the session that works is given up for one that works', async () => {
    const set = await setUpConnection();
    await goLive(set, 'one');
    const { window, servers, connection } = set;
    window.answerPassword = () => undefined;
    await assert.rejects(connection.connect({ interactive: true, ask: 'changing' }), CancelledError);
    assert.equal(connection.state.kind, 'live');
    assert.equal(servers.clients.length, 1);

    window.answerPassword = () => ({ text: 'new', save: true });
    await connection.connect({ interactive: true, ask: 'changing' });
    assert.equal(servers.clients.length, 2);
    assert.equal(servers.clients[0]?.closes, 1);
    assert.deepEqual([...window.keychain.entries.values()], ['new']);
    showPicture(servers, 'one');
    assert.equal(connection.state.kind, 'live');
  });

  it('is given to a session that signs in again, without asking anybody', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    await connection.connect({ interactive: true });
    const again = servers.last.request.getPassword;
    assert.equal(await again(), 'right');
    // Changed in another window: the session learns of it.
    window.keychain.entries.set('jdoe@vc-paris.corp:443', 'rotated');
    await window.guard.passwordChanged(id);
    assert.equal(await again(), 'rotated');
    // Refused in another window: the session does not try.
    await window.guard.refused(id, window.guard.version(id));
    await assert.rejects(again(), isKind('loginRefused'));
    await window.guard.passwordChanged(id);
    window.keychain.isLocked = true;
    await assert.rejects(again(), isKind('passwordUnavailable'));
    assert.deepEqual(window.passwordRequests, []);
  });

  it('is forgotten when the session ends', async () => {
    const { window, connection } = await setUpConnection();
    await connection.connect({ interactive: true });
    assert.equal(window.redactor.redact('x right x'), 'x [redacted] x');
    await connection.disconnect();
    assert.equal(window.redactor.redact('x right x'), 'x right x');
  });

  it('does not end the session when it cannot be kept', async () => {
    const state = new MemoryState();
    const { window, servers, id, connection } = await setUpConnection(new Window(new ScriptedServers(), state));
    await window.registry.forgetPassword(id);
    window.answerPassword = () => ({ text: 'typed', save: true });
    servers.onLogin = () => {
      state.failure = new Error('disk full');
    };
    await connection.connect({ interactive: true });
    assert.equal(connection.state.kind, 'loading');
    assert.match(window.log.text, /could not be stored: disk full/);
    assert.equal(window.credentials.hasForSession(window.registry.profile(id)), true);
  });
});

describe('ServerConnection, trust', () => {
  it('asks about an unknown certificate, pins it and goes on with the same password', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    await window.registry.forgetPassword(id);
    window.answerPassword = () => ({ text: 'typed', save: false });
    window.answerTrust = () => true;
    servers.onReach = ({ trust }) => {
      if (trust.mode !== 'pinned') {
        throw certificateError('expired');
      }
    };
    await connection.connect({ interactive: true });
    assert.deepEqual(window.registry.profile(id).trust, { mode: 'pinned', ...certificate() });
    assert.deepEqual(window.trustRequests, [`vc-paris.corp expired ${certificate().sha256}`]);
    assert.equal(window.passwordRequests.length, 1);
    assert.equal(servers.logins.length, 1, 'no password before the certificate is trusted');
  });

  it('fails with the certificate when the person does not trust it', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    window.answerTrust = () => false;
    servers.onReach = () => {
      throw certificateError('untrusted');
    };
    await assert.rejects(connection.connect({ interactive: true }), isKind('certificate'));
    assert.equal(connection.state.kind === 'failed' && connection.state.error.kind, 'certificate');
    assert.deepEqual(window.registry.profile(id).trust, { mode: 'verify' });
    assert.deepEqual(servers.logins, []);
  });

  it('never asks in the background, and never replaces a pin by itself', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    const pin = { mode: 'pinned' as const, ...certificate('A') };
    await window.profiles.update(id, { trust: pin });
    servers.onReach = () => {
      throw certificateError('changed', certificate('B'));
    };
    await assert.rejects(connection.connect({ interactive: false }), isKind('certificate'));
    assert.deepEqual(window.trustRequests, []);
    assert.deepEqual(window.registry.profile(id).trust, pin);

    window.answerTrust = (kind) => kind === 'changed';
    servers.onReach = ({ trust }) => {
      if (trust.mode === 'pinned' && trust.sha256 === pin.sha256) {
        throw certificateError('changed', certificate('B'));
      }
    };
    await connection.connect({ interactive: true });
    assert.deepEqual(window.trustRequests, [`vc-paris.corp ${certificate('A').sha256} -> ${certificate('B').sha256}`]);
    assert.deepEqual(window.registry.profile(id).trust, { mode: 'pinned', ...certificate('B') });
  });

  it('takes over what another window has trusted', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    servers.onReach = ({ trust }) => {
      if (trust.mode !== 'pinned') {
        throw certificateError('untrusted');
      }
    };
    await assert.rejects(connection.connect({ interactive: false }), isKind('certificate'));
    await window.profiles.update(id, { trust: { mode: 'pinned', ...certificate() } });
    await turn();
    assert.equal(connection.state.kind, 'loading');
  });

  it('does not turn in circles over a pin that is refused all the same', async () => {
    const { window, servers, id, connection } = await setUpConnection();
    await window.profiles.update(id, { trust: { mode: 'pinned', ...certificate() } });
    servers.onReach = () => {
      throw certificateError('revoked');
    };
    await assert.rejects(connection.connect({ interactive: true }), isKind('certificate'));
    assert.equal(servers.requests.length, 1);
  });
});
