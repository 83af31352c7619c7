import assert from 'node:assert/strict';

import { HypervisorError } from '../../../src/hypervisor/errors';
import { formatAddress, isCanonicalHost, parseServerAddress } from '../../../src/servers/serverAddress';
import { accountOf, defaultLabel, sameAccount } from '../../../src/servers/serverProfile';

describe('parseServerAddress', () => {
  const understood: readonly (readonly [text: string, host: string, port: number, useTls: boolean])[] = [
    ['vc-paris.corp', 'vc-paris.corp', 443, true],
    ['  VC-Paris.Corp  ', 'vc-paris.corp', 443, true],
    ['vc-paris.corp.', 'vc-paris.corp', 443, true],
    ['vc。corp。', 'vc.corp', 443, true],
    ['vc_lab', 'vc_lab', 443, true],
    ['vc:8443', 'vc', 8443, true],
    ['https://vc.corp', 'vc.corp', 443, true],
    ['HTTPS://vc.corp:9443/ui/app/vm;nav=v?x=1#top', 'vc.corp', 9443, true],
    ['vc.corp/sdk', 'vc.corp', 443, true],
    ['10.0.0.7', '10.0.0.7', 443, true],
    ['10.0.0.7:444', '10.0.0.7', 444, true],
    ['fe80::1', 'fe80::1', 443, true],
    ['FE80::1%eth0', 'fe80::1%eth0', 443, true],
    ['[fe80::1]', 'fe80::1', 443, true],
    ['https://[fe80::1%25eth0]:8443/sdk', 'fe80::1%eth0', 8443, true],
    ['münchen.example', 'xn--mnchen-3ya.example', 443, true],
    // What people paste from a browser never sends a password in the clear.
    ['http://vc.corp/', 'vc.corp', 443, true],
    ['http://vc.corp:8080/', 'vc.corp', 8080, true],
    ['http://127.0.0.1:8989/sdk', '127.0.0.1', 8989, false],
    ['http://127.0.0.2', '127.0.0.2', 80, false],
    ['http://localhost:8080', 'localhost', 8080, false],
    ['http://[::1]:8080', '::1', 8080, false],
  ];
  for (const [text, host, port, useTls] of understood) {
    it(`reads '${text}'`, () => {
      assert.deepEqual(parseServerAddress(text), { host, port, useTls });
    });
  }

  const refused: readonly (readonly [text: string, sentence: RegExp])[] = [
    ['', /Enter the name or IP address/],
    ['   ', /Enter the name or IP address/],
    ['https://', /Enter the name or IP address/],
    ['ftp://vc.corp', /Enter the name or IP address/],
    ['jdoe@vc.corp', /without a user name/],
    ['https://jdoe:secret@vc.corp', /without a user name/],
    ['vc corp', /isn't a valid name/],
    ['vc..corp', /isn't a valid name/],
    ['vc.corp\u0000', /isn't a valid name/],
    ['[fe80::1', /isn't a valid name/],
    ['a'.repeat(300), /isn't a valid name/],
    ['vc:0', /from 1 to 65535/],
    ['vc:65536', /from 1 to 65535/],
    ['vc:', /from 1 to 65535/],
    ['vc:https', /from 1 to 65535/],
    ['vc:1e3', /from 1 to 65535/],
  ];
  for (const [text, sentence] of refused) {
    it(`refuses '${text.slice(0, 30)}'`, () => {
      assert.throws(
        () => parseServerAddress(text),
        (error) => error instanceof HypervisorError && error.kind === 'invalidInput' && sentence.test(error.say()),
      );
    });
  }

  it('does not repeat a password that was typed into the address', () => {
    assert.throws(
      () => parseServerAddress('https://jdoe:hunter2@vc.corp'),
      (error) => error instanceof HypervisorError && !`${error.say()} ${error.stack ?? ''}`.includes('hunter2'),
    );
  });

  it('writes addresses as they can be read again', () => {
    for (const [text] of understood) {
      const address = parseServerAddress(text);
      assert.deepEqual(parseServerAddress(formatAddress(address)), address);
      assert.ok(isCanonicalHost(address.host));
    }
  });
});

describe('a profile', () => {
  it('has an account of user, address and port, IPv6 in brackets', () => {
    const server = { userName: 'administrator@vsphere.local', host: 'vc.corp', port: 443 };
    assert.equal(accountOf(server), 'administrator@vsphere.local@vc.corp:443');
    assert.equal(accountOf({ ...server, userName: 'root', host: 'fe80::1' }), 'root@[fe80::1]:443');
  });

  it('is the same account whatever the case of the user name, and another one on another port', () => {
    const server = { userName: 'CORP\\jdoe', host: 'vc.corp', port: 443 };
    assert.ok(sameAccount(server, { ...server, userName: 'corp\\JDoe' }));
    assert.ok(!sameAccount(server, { ...server, port: 444 }));
  });

  it('is called by its short host name, and by more where that is taken', () => {
    const server = { userName: 'jdoe', host: 'vc-paris.corp', port: 443 };
    assert.equal(defaultLabel(server, []), 'vc-paris');
    assert.equal(defaultLabel(server, ['VC-Paris']), 'vc-paris.corp');
    assert.equal(defaultLabel(server, ['vc-paris', 'vc-paris.corp']), 'vc-paris.corp:443');
    assert.equal(defaultLabel(server, ['vc-paris', 'vc-paris.corp', 'vc-paris.corp:443']), 'vc-paris.corp:443 (jdoe)');
    assert.equal(defaultLabel({ ...server, host: '10.0.0.7' }, []), '10.0.0.7');
    assert.equal(defaultLabel({ ...server, host: 'fe80::1' }, ['fe80::1']), '[fe80::1]:443');
    assert.equal([...defaultLabel({ ...server, host: 'x'.repeat(63) }, [])].length, 60);
  });
});
