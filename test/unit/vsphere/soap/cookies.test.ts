import assert from 'node:assert/strict';
import { Cookies } from '../../../../src/vsphere/soap/cookies';

function after(...lines: string[][]): string | undefined {
  const cookies = new Cookies();
  for (const set of lines) {
    cookies.accept(set);
  }
  return cookies.header;
}

describe('Cookies', () => {
  it('gives a value back exactly as it came, quotes included', () => {
    assert.equal(
      after(['vmware_soap_session="7bea0001"; Path=/; HttpOnly; Secure;']),
      'vmware_soap_session="7bea0001"',
    );
    assert.equal(after(['vmware_soap_session=6c3e-11; HttpOnly']), 'vmware_soap_session=6c3e-11');
    assert.equal(after(['a="x;y=z"; Path=/']), 'a="x;y=z"');
  });

  it('takes a new value from any reply and keeps what a reply does not mention', () => {
    assert.equal(after(['a=1', 'b=2'], ['a=3'], []), 'a=3; b=2');
  });

  it('drops what the server expires', () => {
    assert.equal(after(['a=1', 'b=2'], ['a=; Max-Age=0', 'b=x; max-age=-5; Path=/']), undefined);
    assert.equal(after(['a=1; Max-Age=300']), 'a=1');
  });

  it('has nothing to send before anything was set or after all was forgotten', () => {
    const cookies = new Cookies();
    assert.equal(cookies.header, undefined);
    cookies.accept(undefined);
    cookies.accept(['a=1']);
    cookies.clear();
    assert.equal(cookies.header, undefined);
  });

  it('takes neither nonsense nor more than a few', () => {
    assert.equal(after(['', '=x', 'novalue', `a=${'x'.repeat(5_000)}`, 'b=1\r\nX-Evil: 1']), undefined);
    const many = Array.from({ length: 50 }, (_, i) => `c${i}=1`);
    assert.equal(after(many)?.split('; ').length, 20);
  });
});
