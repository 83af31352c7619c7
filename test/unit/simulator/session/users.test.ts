import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { Users } from '../../../../src/simulator/session/users';

function setUp(): { readonly users: Users; readonly clock: ManualClock } {
  const clock = new ManualClock();
  const users = new Users(
    [
      { name: 'jdoe@corp.example', password: 'right' },
      { name: 'old@corp.example', password: 'right', passwordExpired: true },
    ],
    clock,
  );
  return { users, clock };
}

describe('simulator: accounts', () => {
  it('knows both spellings of a name, in any case', () => {
    const { users } = setUp();
    for (const name of ['jdoe@corp.example', 'JDOE@Corp.Example', 'corp.example\\jdoe', 'CORP.EXAMPLE\\JDoe']) {
      assert.equal(users.check(name, 'right'), 'accepted', name);
    }
    assert.equal(users.check('jdoe', 'right'), 'refused');
    assert.equal(users.check('jdoe@corp.example', 'Right'), 'refused');
  });

  it('tells an expired password only to whoever knows it', () => {
    const { users } = setUp();
    assert.equal(users.check('old@corp.example', 'wrong'), 'refused');
    assert.equal(users.check('old@corp.example', 'right'), 'passwordExpired');
  });

  it('locks an account after five wrong passwords, for fifteen minutes', () => {
    const { users, clock } = setUp();
    for (let attempt = 0; attempt < 5; attempt++) {
      assert.equal(users.check('jdoe@corp.example', 'wrong'), 'refused');
    }
    assert.equal(users.check('jdoe@corp.example', 'right'), 'locked');
    clock.advance(899_999);
    assert.equal(users.check('jdoe@corp.example', 'right'), 'locked');
    clock.advance(1);
    assert.equal(users.check('jdoe@corp.example', 'right'), 'accepted');
  });

  it('counts wrong passwords in a row only', () => {
    const { users } = setUp();
    for (let attempt = 0; attempt < 20; attempt++) {
      users.check('jdoe@corp.example', attempt % 4 === 3 ? 'right' : 'wrong');
    }
    assert.equal(users.check('jdoe@corp.example', 'right'), 'accepted');
  });
});
