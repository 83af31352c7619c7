import assert from 'node:assert/strict';
import { HypervisorError } from '../../../src/hypervisor/errors';
import type { ServerId } from '../../../src/hypervisor/model/ids';
import { readExchange, writeExchange } from '../../../src/servers/profileExchange';
import type { ServerProfile } from '../../../src/servers/serverProfile';
import { certificate, newProfile, Window } from '../../support/serverFixtures';

function saved(facts: Partial<ServerProfile> = {}): ServerProfile {
  return { ...newProfile(), id: 'x' as ServerId, credentialStore: 'osKeychain', ...facts };
}

const plain = { name: 'vc-paris', address: 'vc-paris.corp', user: 'CORP\\jdoe' };

function file(servers: unknown, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ format: 'vSphere Snapshots servers', version: 1, servers, ...changes });
}

function refusal(content: string): string {
  let sentence = 'It was not refused.';
  assert.throws(
    () => readExchange(content),
    (error) => {
      sentence = HypervisorError.find(error, 'invalidInput')?.say() ?? String(error);
      return true;
    },
  );
  return sentence;
}

describe('a file of servers', () => {
  it('brings everything back but passwords and trust', () => {
    const pin = { mode: 'pinned', ...certificate() } as const;
    const profiles = [
      saved(),
      saved({ label: 'esx', host: 'fe80::1', port: 8443, userName: 'root', isProtected: true, isReadOnly: true }),
      saved({ label: 'lab', host: '127.0.0.1', port: 8989, useTls: false, trust: pin }),
    ];
    const text = writeExchange(profiles);
    assert.doesNotMatch(text, /password|keychain|"id"/i);
    const read = readExchange(text);
    assert.deepEqual(
      read.map(({ profile }) => ({ ...profile, id: 'x' })),
      profiles.map((profile) => ({ ...profile, trust: { mode: 'verify' }, credentialStore: 'none' })),
    );
    assert.deepEqual(
      read.map((server) => server.certificate),
      [undefined, undefined, pin],
    );
  });

  it('may start with a byte order mark, and leave out what is usual', () => {
    const [only] = readExchange(`\uFEFF${file([plain])}`);
    assert.deepEqual([only?.profile.isProtected, only?.profile.isReadOnly], [false, false]);
    assert.deepEqual(readExchange(file([])), []);
  });

  const bad: readonly (readonly [what: string, content: string, why: string])[] = [
    ['no JSON', 'servers: []', 'It is no JSON.'],
    ['something else', '[]', 'It is no list of servers that vSphere Snapshots has exported.'],
    ['of something else', file([], { format: 'x' }), 'It is no list of servers that vSphere Snapshots has exported.'],
    [
      'of a newer version, whatever is in it',
      file({ cluster: [] }, { version: 2 }),
      'It was written by a newer version of vSphere Snapshots. Update this one to import it.',
    ],
    ['without a list', file('x'), "'servers' has to be a list of at most 1000 servers."],
    ['of too many', file(Array(1_001).fill(plain)), "'servers' has to be a list of at most 1000 servers."],
    ['with more beside the list', file([], { password: 'x' }), "'password' is no field that it can have."],
    ['with no server in it', file([7]), 'Server 1: It has to be an object with name, address and user.'],
    ['without a user', file([{ ...plain, user: ' ' }]), "Server 1 ('vc-paris'): 'user' is missing or wrong."],
    [
      'with a bad address',
      file([plain, { ...plain, name: 'rome', address: 'vc rome' }]),
      "Server 2 ('rome'): 'vc rome' isn't a valid name or IP address.",
    ],
    [
      'with a password',
      file([{ ...plain, password: 'secret' }]),
      "Server 1 ('vc-paris'): 'password' is no field that it can have.",
    ],
    [
      'with a slip that would take off a guard',
      file([{ ...plain, readonly: true }]),
      "Server 1 ('vc-paris'): 'readonly' is no field that it can have.",
    ],
    [
      'with a guard as text',
      file([{ ...plain, readOnly: 'yes' }]),
      "Server 1 ('vc-paris'): 'readOnly' has to be true or false.",
    ],
    [
      'with a certificate that is none',
      file([{ ...plain, certificate: { sha256: 'AA', subject: '', issuer: '', validFrom: '', validTo: '' } }]),
      "Server 1 ('vc-paris'): 'certificate.sha256' has to be a SHA-256 in upper case with colons.",
    ],
    [
      'with one server twice',
      file([plain, { ...plain, user: 'root' }, { ...plain, user: 'corp\\JDOE' }]),
      'Servers 1 and 3 have the same address and user.',
    ],
    [
      'with much that is wrong',
      file(Array(6).fill({ ...plain, user: 1 })),
      [1, 2, 3].map((each) => `Server ${each} ('vc-paris'): 'user' is missing or wrong.`).join(' ') + ' And 3 more.',
    ],
  ];
  for (const [what, content, why] of bad) {
    it(`is refused as a whole: ${what}`, () => {
      assert.equal(refusal(content), `The file can't be imported. ${why} Nothing was imported.`);
    });
  }

  it('never repeats what stands in a wrong field', () => {
    assert.doesNotMatch(refusal(file([{ ...plain, user: { secret: 'hunter2' } }])), /hunter2/);
  });
});

describe('ServerRegistry.addAll', () => {
  it('adds all servers in one write, none connected and without passwords', async () => {
    const window = new Window();
    const changes: number[] = [];
    window.registry.onDidChange(({ added }) => changes.push(added.length));
    const added = await window.registry.addAll([
      newProfile({ host: 'a.corp', credentialStore: 'osKeychain' }),
      newProfile({ host: 'b.corp' }),
    ]);
    assert.deepEqual(changes, [2]);
    assert.deepEqual(
      added.map(({ id, state }) => [window.registry.profile(id).credentialStore, state.kind]),
      [
        ['none', 'disconnected'],
        ['none', 'disconnected'],
      ],
    );
  });

  it('adds none when one is there already', async () => {
    const window = new Window();
    await window.add({ host: 'b.corp' });
    await assert.rejects(
      window.registry.addAll([newProfile({ host: 'a.corp' }), newProfile({ host: 'b.corp' })]),
      (error) => HypervisorError.find(error, 'invalidInput') !== undefined,
    );
    assert.equal(window.registry.all().length, 1);
  });
});
