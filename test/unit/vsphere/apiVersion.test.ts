import assert from 'node:assert/strict';
import { chooseVersion, chooseVersionUpTo, isAtLeast, VersionListReader } from '../../../src/vsphere/apiVersion';
import { readInto } from './soap/codecSupport';

function read(xml: string): Set<string> {
  const reader = new VersionListReader();
  readInto(reader, xml);
  return reader.versions;
}

describe('the version of the API', () => {
  it('is read from the list of a server, of the right namespace only', () => {
    const versions = read(
      '<?xml version="1.0"?>\n<namespaces version="1.0">' +
        '<namespace><name>urn:other</name><version>9.9</version></namespace>' +
        '<namespace>\n <name>urn:vim25</name>\n <version> uA046D008 </version>' +
        '<priorVersions><version>8.0.3.0</version><version>8.0.2.0</version><new><version>7</version></new></priorVersions>' +
        '</namespace></namespaces>',
    );
    assert.deepEqual([...versions], ['uA046D008', '8.0.3.0', '8.0.2.0']);
    assert.deepEqual([...read('<html><version>8.0.3.0</version></html>')], []);
  });

  it('is the best that both sides speak, also where the newest of the server is no number', () => {
    assert.equal(chooseVersion(new Set(['uA046D008', '8.0.2.0', '8.0.1.0', '6.5'])), '8.0.2.0');
    assert.equal(chooseVersion(new Set(['6.9.1', '6.7.3', '6.7', '6.5', '6.0'])), '6.7.3');
    assert.equal(chooseVersion(new Set(['6.5', '6.0'])), '6.5');
    assert.equal(chooseVersion(new Set(['4.1', '4.0'])), undefined);
  });

  it('is the best that is not newer than what a server without a list says of itself', () => {
    const cases: [about: string, version: string | undefined][] = [
      ['8.0.3.0', '8.0.3.0'],
      ['9.1.0.0', '8.0.3.0'],
      ['8.0.2.5', '8.0.2.0'],
      ['7.0.3.1', '7.0.3.0'],
      ['6.7.3', '6.7.3'],
      ['6.7.2', '6.7'],
      ['6.5', '6.5'],
      ['6.0', '6.0'],
      ['5.1', undefined],
      ['', undefined],
    ];
    for (const [about, version] of cases) {
      assert.equal(chooseVersionUpTo(about), version, about);
    }
  });

  it('is compared by its numbers', () => {
    assert.ok(isAtLeast('8.0.3.0', '8.0.3'));
    assert.ok(isAtLeast('10.0', '9.9.9'));
    assert.ok(!isAtLeast('6.7', '6.7.1'));
    assert.ok(!isAtLeast('6.0', '6.5'));
  });
});
