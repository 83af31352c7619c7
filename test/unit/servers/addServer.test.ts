import assert from 'node:assert/strict';

import { CancelledError } from '../../../src/common/cancellation';
import type { ErrorKind } from '../../../src/hypervisor/errors';
import { AddServer, type AddServerStep, type DraftCheck } from '../../../src/servers/addServer';
import { SessionCloser } from '../../../src/servers/sessionCloser';
import { isKind } from '../../support/connectionFixtures';
import { failure } from '../../support/scriptedHypervisor';
import { certificate, certificateError, Window } from '../../support/serverFixtures';

const { signal } = new AbortController();

function setUp(): { window: Window; addServer: AddServer } {
  const window = new Window();
  const closer = new SessionCloser(window.clock, window.log.logger);
  const { servers, trust, credentials, profiles, registry } = window;
  return { window, addServer: new AddServer(servers.create, trust, credentials, profiles, registry, closer) };
}

const outcome = (check: DraftCheck): string => {
  switch (check.kind) {
    case 'ready':
      return `ready ${check.server.host}`;
    case 'incomplete':
      return `incomplete ${check.step}`;
    case 'duplicate':
      return `duplicate ${check.existing.label}`;
    case 'failed':
      return `failed ${check.step} ${check.error.kind}`;
  }
};

describe('AddServer.check', () => {
  it('goes as far as it can with an address alone, then with a user, then with a password', async () => {
    const { window, addServer } = setUp();
    const draft = { addressText: 'https://vc-paris.corp/ui' };
    assert.equal(outcome(await addServer.check(draft, signal)), 'incomplete user');
    assert.equal(outcome(await addServer.check({ ...draft, userName: ' jdoe ' }, signal)), 'incomplete password');
    assert.deepEqual(window.servers.logins, []);

    const password = window.credentials.hold('right');
    const check = await addServer.check({ ...draft, userName: ' jdoe ', password }, signal);
    assert.ok(check.kind === 'ready');
    assert.deepEqual(check.server, {
      label: 'vc-paris',
      host: 'vc-paris.corp',
      port: 443,
      useTls: true,
      userName: 'jdoe',
      trust: { mode: 'verify' },
      isProtected: false,
      isReadOnly: false,
      isDemo: false,
      credentialStore: 'none',
    });
    assert.equal(check.identity.product, 'vCenter');
    assert.equal(window.servers.last.closes, 1, 'no session stays open');
    assert.deepEqual(window.registry.all(), [], 'nothing is saved');
    assert.equal(window.keychain.entries.size, 0);
  });

  const steps: readonly (readonly [ErrorKind, AddServerStep])[] = [
    ['nameNotFound', 'address'],
    ['noAnswer', 'address'],
    ['proxy', 'address'],
    ['notAServer', 'address'],
    ['unsupportedVersion', 'address'],
    ['serverUnavailable', 'address'],
  ];
  for (const [kind, step] of steps) {
    it(`leads back to the ${step} from ${kind}`, async () => {
      const { window, addServer } = setUp();
      window.servers.onReach = () => {
        throw failure(kind);
      };
      assert.equal(outcome(await addServer.check({ addressText: 'vc' }, signal)), `failed ${step} ${kind}`);
    });
  }

  const logins: readonly (readonly [ErrorKind, AddServerStep])[] = [
    ['loginRefused', 'password'],
    ['loginNotAllowed', 'user'],
    ['connectionLost', 'address'],
  ];
  for (const [kind, step] of logins) {
    it(`leads back to the ${step} from ${kind}`, async () => {
      const { window, addServer } = setUp();
      window.servers.onLogin = () => {
        throw failure(kind);
      };
      const password = window.credentials.hold('x');
      const check = await addServer.check({ addressText: 'vc', userName: 'jdoe', password }, signal);
      assert.equal(outcome(check), `failed ${step} ${kind}`);
      assert.equal(window.servers.logins.length, 1);
    });
  }

  it('says what is wrong with an address without asking the network', async () => {
    const { window, addServer } = setUp();
    const check = await addServer.check({ addressText: 'vc:99999' }, signal);
    assert.equal(outcome(check), 'failed address invalidInput');
    assert.equal(window.servers.requests.length, 0);
  });

  it('recognises a server that is there already, without asking the network', async () => {
    const { window, addServer } = setUp();
    await window.add();
    const check = await addServer.check({ addressText: 'VC-Paris.corp:443', userName: 'JDoe' }, signal);
    assert.equal(outcome(check), 'duplicate vc-paris');
    assert.equal(window.servers.requests.length, 0);
  });

  it('asks about a certificate and goes on with what was trusted', async () => {
    const { window, addServer } = setUp();
    window.answerTrust = () => true;
    window.servers.onReach = ({ trust }) => {
      if (trust.mode === 'verify') {
        throw certificateError('untrusted');
      }
    };
    const password = window.credentials.hold('right');
    const check = await addServer.check({ addressText: 'vc', userName: 'jdoe', password }, signal);
    assert.deepEqual(check.kind === 'ready' && check.server.trust, { mode: 'pinned', ...certificate() });
    assert.equal(window.servers.logins.length, 1);
  });

  it('asks about a certificate once, however often the draft is checked', async () => {
    const { window, addServer } = setUp();
    let asked = 0;
    window.answerTrust = () => {
      asked++;
      return true;
    };
    window.servers.onReach = ({ trust }) => {
      if (trust.mode === 'verify') {
        throw certificateError('untrusted');
      }
    };
    const first = await addServer.check({ addressText: 'vc' }, signal);
    assert.ok(first.kind === 'incomplete');
    assert.deepEqual(first.trust, { mode: 'pinned', ...certificate() });
    const draft = { addressText: 'vc', userName: 'jdoe', trust: first.trust };
    assert.equal(outcome(await addServer.check(draft, signal)), 'incomplete password');
    assert.equal(asked, 1);
  });

  it('asks about a certificate once, however often the wizard checks', async () => {
    const { window, addServer } = setUp();
    window.answerTrust = (kind) => kind === 'untrusted';
    let presented = certificate('A');
    window.servers.onReach = ({ trust }) => {
      if (trust.mode === 'verify' || trust.sha256 !== presented.sha256) {
        throw certificateError(trust.mode === 'verify' ? 'untrusted' : 'changed', presented);
      }
    };
    const password = window.credentials.hold('right');
    await addServer.check({ addressText: 'vc' }, signal);
    await addServer.check({ addressText: 'vc', userName: 'jdoe' }, signal);
    const check = await addServer.check({ addressText: 'vc', userName: 'jdoe', password }, signal);
    assert.ok(check.kind === 'ready');
    assert.equal(window.trustRequests.length, 1);

    // Another certificate is not what was trusted.
    presented = certificate('B');
    const changed = await addServer.check({ addressText: 'vc', userName: 'jdoe', password }, signal);
    assert.equal(outcome(changed), 'failed certificate certificate');
    assert.equal(window.trustRequests.length, 2);

    // Once the server is in the list, its profile alone counts.
    presented = certificate('A');
    const { connection } = await addServer.add(check.server, password, true);
    await window.registry.remove(connection.id);
    await addServer.check({ addressText: 'vc' }, signal);
    assert.equal(window.trustRequests.length, 3);
  });

  it('stops at a certificate that is not trusted, before any password', async () => {
    const { window, addServer } = setUp();
    window.answerTrust = () => false;
    window.servers.onReach = () => {
      throw certificateError('expired');
    };
    const password = window.credentials.hold('right');
    const check = await addServer.check({ addressText: 'vc', userName: 'jdoe', password }, signal);
    assert.equal(outcome(check), 'failed certificate certificate');
    assert.deepEqual(window.servers.logins, []);
  });

  it('uses the trust that another account of the same server has', async () => {
    const { window, addServer } = setUp();
    const pin = { mode: 'pinned' as const, ...certificate() };
    await window.add({ trust: pin });
    await addServer.check({ addressText: 'vc-paris.corp', userName: 'root' }, signal);
    assert.deepEqual(window.servers.requests[0]?.trust, pin);
    await addServer.check({ addressText: 'vc-paris.corp:8443', userName: 'root' }, signal);
    assert.deepEqual(window.servers.requests[1]?.trust, { mode: 'verify' });
  });

  it('is given up with its signal', async () => {
    const { window, addServer } = setUp();
    const abort = new AbortController();
    window.servers.onReach = () => {
      abort.abort();
      throw failure('noAnswer');
    };
    await assert.rejects(addServer.check({ addressText: 'vc' }, abort.signal), CancelledError);
  });
});

describe('AddServer.add', () => {
  it('adds what was checked', async () => {
    const { window, addServer } = setUp();
    const password = window.credentials.hold('right');
    const check = await addServer.check({ addressText: 'vc', userName: 'jdoe', password }, signal);
    assert.ok(check.kind === 'ready');
    const { connection, stored } = await addServer.add(check.server, password, true);
    assert.equal(stored?.store, 'osKeychain');
    assert.equal(connection.label, 'vc');
    assert.deepEqual([...window.keychain.entries], [['jdoe@vc:443', 'right']]);
  });

  it('copies the password of another server without showing it to anybody', async () => {
    const { window, addServer } = setUp();
    const other = await window.add({}, 'shared secret');
    const password = { sameAs: other };
    const check = await addServer.check({ addressText: 'b.corp', userName: 'jdoe', password }, signal);
    assert.deepEqual(window.servers.logins, ['b.corp jdoe shared secret']);
    assert.ok(check.kind === 'ready');
    await addServer.add(check.server, password, true);
    assert.equal(window.keychain.entries.get('jdoe@b.corp:443'), 'shared secret');
    assert.doesNotMatch(JSON.stringify(check), /shared secret/);
    assert.equal(window.redactor.redact('shared secret'), 'shared secret', 'nobody holds it any more');
  });

  it('says when the password of another server cannot be had', async () => {
    const { window, addServer } = setUp();
    const other = await window.add();
    const draft = { addressText: 'b.corp', userName: 'jdoe', password: { sameAs: other } };
    window.keychain.isLocked = true;
    assert.equal(outcome(await addServer.check(draft, signal)), 'failed password passwordUnavailable');
    window.keychain.isLocked = false;
    await window.registry.forgetPassword(other);
    assert.equal(outcome(await addServer.check(draft, signal)), 'failed password passwordNeeded');
    await window.registry.remove(other);
    assert.equal(outcome(await addServer.check(draft, signal)), 'failed address gone');
  });

  it('does not add a server twice', async () => {
    const { window, addServer } = setUp();
    const password = window.credentials.hold('right');
    const check = await addServer.check({ addressText: 'vc', userName: 'jdoe', password }, signal);
    assert.ok(check.kind === 'ready');
    await addServer.add(check.server, password, true);
    await assert.rejects(addServer.add(check.server, password, true), isKind('invalidInput'));
  });
});
