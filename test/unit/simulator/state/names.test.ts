import assert from 'node:assert/strict';
import { escapeName, plainName } from '../../../../src/simulator/state/names';

describe('simulator: names', () => {
  for (const [plain, escaped] of [
    ['SQL01', 'SQL01'],
    ['centos/7', 'centos%2f7'],
    ['C:\\scratch', 'C:%5cscratch'],
    ['100% done', '100%25 done'],
    ['already%2fescaped', 'already%252fescaped'],
    ['🚀 <&>', '🚀 <&>'],
    ['', ''],
  ] as const) {
    it(`writes "${plain}" as "${escaped}" and reads it back`, () => {
      assert.equal(escapeName(plain), escaped);
      assert.equal(plainName(escaped), plain);
    });
  }

  it('takes what is no escape as it stands', () => {
    assert.equal(plainName('50% off %zz %'), '50% off %zz %');
    assert.equal(plainName('%2F%5C'), '/\\');
  });
});
