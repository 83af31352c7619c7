import assert from 'node:assert/strict';

import { keychainService } from '../../src/servers/osKeychainStore';
import { requirePart } from '../support/allowMissing';
import { eventually } from '../support/eventually';
import { KeychainProcess } from '../support/keychainProcess';
import { hasPart } from '../support/machineParts';
import { PrivateKeyring } from '../support/privateKeyring';
import { runProgram } from '../support/processes';

const account = 'administrator@vsphere.local@vc-paris.corp:443';

/** What another program finds in the keyring, line by line as it was stored. */
async function lookUp(keyring: PrivateKeyring, name = account): Promise<string> {
  const attributes = ['service', keychainService, 'account', name];
  const { stdout } = await runProgram('secret-tool', ['lookup', ...attributes], environment(keyring));
  return stdout;
}

/** Every account of ours that another program finds in the keyring. */
async function accountsIn(keyring: PrivateKeyring): Promise<string[]> {
  const { stdout, stderr } = await runProgram(
    'secret-tool',
    ['search', '--all', 'service', keychainService],
    environment(keyring),
  );
  return [...`${stdout}\n${stderr}`.matchAll(/^attribute\.account = (.*)$/gm)].map(([, name]) => name ?? '').sort();
}

/** What the library looks for besides service and account, and what it writes. */
const schema = ['xdg:schema', 'org.freedesktop.Secret.Generic'];

/** Another program stores something. */
async function putIn(keyring: PrivateKeyring, secret: string, ...attributes: string[]): Promise<void> {
  await runProgram('secret-tool', ['store', '--label=x', ...attributes], { ...environment(keyring), input: secret });
}

function environment(keyring: PrivateKeyring): { env: NodeJS.ProcessEnv } {
  return { env: { ...process.env, ...keyring.env } };
}

const hint = 'Install dbus, gnome-keyring, libsecret-1-0 and libsecret-tools.';
if (requirePart('keyring', process.platform === 'linux' && hasPart('keyring'), hint)) {
  describe('the OS keychain, unlocked', () => {
    let keyring: PrivateKeyring;
    let keychain: KeychainProcess;
    before(async () => {
      keyring = await PrivateKeyring.start();
      keychain = KeychainProcess.start(environment(keyring).env);
    });
    after(async () => {
      keychain.stop();
      await keyring.stop();
    });

    it('is found to work, and nothing of that stays behind', async () => {
      assert.deepEqual(await keychain.probe(), { available: true });
      assert.deepEqual(await accountsIn(keyring), []);
    });

    it('keeps a password where other programs find it, under our name', async () => {
      await keychain.set(account, 'correct horse');
      assert.equal(await lookUp(keyring), 'correct horse');
      assert.equal(await keychain.get(account), 'correct horse');
      await keychain.set(account, 'battery staple');
      assert.equal(await lookUp(keyring), 'battery staple');
      assert.deepEqual(await keychain.list(), [account]);
    });

    it('is one for all windows', async () => {
      await keychain.set(account, 'correct horse');
      const other = KeychainProcess.start(environment(keyring).env);
      try {
        assert.equal(await other.get(account), 'correct horse');
      } finally {
        other.stop();
      }
    });

    it('deletes', async () => {
      await keychain.set(account, 'correct horse');
      await keychain.deleteSurely(account);
      assert.deepEqual(await accountsIn(keyring), []);
      assert.equal(await keychain.get(account), undefined);
      assert.equal(await keychain.readSurely(account), undefined);
      await keychain.deleteSurely(account);
    });

    const passwords: readonly (readonly [what: string, password: string])[] = [
      ['in many scripts', 'pässwörd – пароль – 密码 – كلمة السر – 🔐'],
      ['with quotes and markup', `"'\`<>&$(x);\\ %s %00`],
      ['with blanks and line breaks around it', ' \t x\r\n y \n'],
      ['of one letter', 'x'],
      ['of 10,000 letters', 'x9!'.repeat(3_334)],
    ];
    for (const [what, password] of passwords) {
      it(`keeps a password ${what}`, async () => {
        await keychain.writeSurely(account, password);
        assert.equal(await keychain.get(account), password);
        assert.equal(await lookUp(keyring), password);
      });
    }

    for (const name of [
      'root@[fe80::1%eth0]:443',
      'CORP\\jdoe@vc.corp:443',
      'jürgen@vc.corp:8443',
      "o'hara@vc.corp:443",
    ]) {
      it(`keeps the account ${name}`, async () => {
        await keychain.writeSurely(name, 'x');
        assert.equal(await lookUp(keyring, name), 'x');
        await keychain.deleteSurely(name);
      });
    }

    it('does not pretend to have kept what it cannot keep, and puts the old password back', async () => {
      await keychain.writeSurely(account, 'old');
      for (const password of ['before\0after', '\0', 'half a pair \ud83d']) {
        await assert.rejects(keychain.writeSurely(account, password), /did not keep the password/);
        assert.equal(await lookUp(keyring), 'old');
      }
      const other = 'jdoe@vc.corp:443';
      await assert.rejects(keychain.writeSurely(other, 'before\0after'), /did not keep the password/);
      assert.deepEqual(await accountsIn(keyring), [account]);
    });

    it('reads what other programs have put there', async () => {
      await keychain.set(account, 'correct horse');
      await putIn(keyring, 'two\nlines', 'service', keychainService, 'account', 'lines@vc:443', ...schema);
      await putIn(keyring, '', 'service', keychainService, 'account', 'empty@vc:443', ...schema);
      assert.equal(await keychain.readSurely('lines@vc:443'), 'two\nlines');
      assert.equal(await keychain.readSurely('empty@vc:443'), undefined);
      assert.deepEqual([...((await keychain.list()) ?? [])].sort(), [account, 'empty@vc:443', 'lines@vc:443']);
    });

    it('is emptied of everything that is ours and nothing else', async () => {
      await keychain.set(account, 'correct horse');
      await keychain.set('availability-check-of-a-window-that-crashed', 'x');
      await putIn(keyring, 'not ours', 'service', 'another program', 'account', account, ...schema);
      const { removed, failures } = await keychain.empty([account, 'never@stored:443']);
      assert.deepEqual({ removed, failures }, { removed: 4, failures: [] });
      assert.deepEqual(await accountsIn(keyring), []);
      const theirs = ['lookup', 'service', 'another program', 'account', account];
      assert.equal((await runProgram('secret-tool', theirs, environment(keyring))).stdout, 'not ours');
    });

    it('survives an entry that ends the process that lists it, and deletes what it knows of', async () => {
      await keychain.set(account, 'correct horse');
      await putIn(keyring, 'x', 'service', keychainService, ...schema, 'odd', 'entry');
      await assert.rejects(keychain.list(), /Listing the entries of the OS keychain ended with SIG/);
      const { removed, failures } = await keychain.empty([account]);
      assert.equal(removed, 1);
      assert.equal(failures.length, 1);
      assert.equal(await keychain.get(account), undefined);
    });
  });

  describe('the OS keychain, locked', () => {
    let keyring: PrivateKeyring;
    let keychain: KeychainProcess;
    before(async () => {
      keyring = await PrivateKeyring.start();
      keychain = KeychainProcess.start(environment(keyring).env);
      await keychain.set(account, 'correct horse');
      await keyring.lock();
    });
    after(async () => {
      keychain.stop();
      await keyring.stop();
    });

    it('answers as if there were nothing, which we do not believe', async () => {
      assert.equal(await keychain.get(account), undefined);
      assert.equal(await keychain.delete(account), false);
      await assert.rejects(keychain.readSurely(account), /locked collection/);
      await assert.rejects(keychain.deleteSurely(account), /locked collection/);
    });

    it('ends the process that lists it, which is not ours', async () => {
      await assert.rejects(keychain.list(), /Listing the entries of the OS keychain ended with SIG/);
      assert.equal(await keychain.get(account), undefined);
    });

    it('is found not to work', async () => {
      const found = await keychain.probe();
      assert.match(found.available ? '' : found.reason, /locked collection/);
    });

    it('does not count as emptied', async () => {
      const report = await keychain.empty([account]);
      assert.equal(report.removed, 0);
      assert.match(report.failures[0]?.reason ?? '', /locked collection/);
    });
  });

  describe('the OS keychain, out of order', () => {
    const environments: readonly (readonly [what: string, env: NodeJS.ProcessEnv, reason: RegExp])[] = [
      [
        'no message bus',
        { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: '/nonexistent' },
        /Cannot autolaunch D-Bus/,
      ],
      ['a message bus that has gone', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }, /Could not connect/],
    ];
    for (const [what, env, reason] of environments) {
      it(`is found not to work with ${what}`, async () => {
        const keychain = KeychainProcess.start({ ...process.env, DISPLAY: undefined, ...env });
        try {
          const found = await keychain.probe();
          assert.match(found.available ? '' : found.reason, reason);
          await assert.rejects(keychain.get(account), reason);
          await assert.rejects(keychain.list(), reason);
        } finally {
          keychain.stop();
        }
      });
    }

    it('is found not to work without a keyring service', async () => {
      const keyring = await PrivateKeyring.start('absent');
      const keychain = KeychainProcess.start(environment(keyring).env);
      try {
        const found = await keychain.probe();
        assert.match(found.available ? '' : found.reason, /org\.freedesktop\.secrets was not provided/);
        await assert.rejects(keychain.readSurely(account), /org\.freedesktop\.secrets was not provided/);
      } finally {
        keychain.stop();
        await keyring.stop();
      }
    });

    it('is found not to work as long as nobody has made a keyring', async () => {
      const keyring = await PrivateKeyring.start('neverOpened');
      const keychain = KeychainProcess.start(environment(keyring).env);
      try {
        assert.equal(await keychain.get(account), undefined);
        const found = await keychain.probe();
        assert.match(found.available ? '' : found.reason, /Object does not exist at path/);
      } finally {
        keychain.stop();
        await keyring.stop();
      }
    });

    it('is found not to work when the service dies while we use it', async () => {
      const keyring = await PrivateKeyring.start();
      const keychain = KeychainProcess.start(environment(keyring).env, 5_000);
      try {
        await keychain.set(account, 'correct horse');
        await keyring.stop();
        assert.equal((await keychain.probe()).available, false);
        await assert.rejects(keychain.readSurely(account));
      } finally {
        keychain.stop();
      }
    });
  });

  describe('the OS keychain, slow', () => {
    it('is not waited for, and keeps neither a canary nor a password that it wrote too late', async () => {
      const keyring = await PrivateKeyring.start();
      const callLimitMs = 300;
      const keychain = KeychainProcess.start(environment(keyring).env, callLimitMs);
      try {
        // The library is loaded and has its connection: what is slow from here on is the service alone.
        await keychain.get(account);
        keyring.freeze();
        const found = await keychain.probe();
        assert.match(found.available ? '' : found.reason, /did not answer within 0\.3 s/);
        await assert.rejects(keychain.set(account, 'correct horse'), /did not answer/);
        await assert.rejects(keychain.readSurely(account), /did not answer/);
        keyring.thaw();
        await eventually('the late writes to be undone and the keychain to work again', async () => {
          const works = (await keychain.probe()).available;
          return works && (await accountsIn(keyring)).length === 0;
        });
      } finally {
        keychain.stop();
        await keyring.stop();
      }
    });
  });
}
