import assert from 'node:assert/strict';
import { decodeName, encodeNewSnapshotName } from '../../../src/vsphere/names';

describe('names', () => {
  it('decodes the three escapes in either case and nothing else', () => {
    const cases: [wire: string, name: string][] = [
      ['centos%2f7', 'centos/7'],
      ['a%2Fb%5cc%5Cd%25e', 'a/b\\c\\d%e'],
      ['%252f', '%2f'],
      ['100%', '100%'],
      ['%zz %20 %2', '%zz %20 %2'],
      ['%25%2f%', '%/%'],
      ['plain', 'plain'],
      ['', ''],
    ];
    for (const [wire, name] of cases) {
      assert.equal(decodeName(wire), name);
    }
  });

  it('escapes a percent sign for a new snapshot, so that the name comes back as it was typed', () => {
    assert.equal(encodeNewSnapshotName('50 % / 2\\1'), '50 %25 / 2\\1');
    for (const name of ['%', '%25', '%2f', 'a/b\\c', '%%', 'x%zz']) {
      assert.equal(decodeName(encodeNewSnapshotName(name)), name);
    }
  });
});
