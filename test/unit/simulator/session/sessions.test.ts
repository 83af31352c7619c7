import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { unrestricted } from '../../../../src/simulator/access/accessControl';
import { seededRandom } from '../../../../src/simulator/random/random';
import type { Session } from '../../../../src/simulator/session/session';
import { Sessions } from '../../../../src/simulator/session/sessions';

const details = {
  userName: 'jdoe',
  fullName: 'J',
  access: unrestricted,
  ipAddress: '127.0.0.1',
  userAgent: 'test',
  locale: 'en_US',
};

function setUp(timeoutSeconds: number) {
  const clock = new ManualClock();
  const closed: Session[] = [];
  const sessions = new Sessions(clock, seededRandom(1), timeoutSeconds, (session) => closed.push(session));
  return { clock, closed, sessions };
}

describe('simulator: sessions', () => {
  it('are known by a cookie that is not their public key', () => {
    const { sessions } = setUp(60);
    const session = sessions.open(details);
    assert.match(session.cookie, /^[0-9a-f]{40}$/);
    assert.notEqual(session.cookie, session.key);
    assert.equal(sessions.byCookieValue(session.cookie), session);
    assert.equal(sessions.byCookieValue(session.key), undefined);
    assert.equal(sessions.byKey(session.key), session);
  });

  it('end after being idle, and not before', () => {
    const { sessions, clock, closed } = setUp(60);
    const session = sessions.open(details);
    clock.advance(59_999);
    sessions.enter(session);
    sessions.leave(session);
    clock.advance(59_999);
    assert.deepEqual(closed, []);
    clock.advance(1);
    assert.deepEqual(closed, [session]);
    assert.equal(sessions.byCookieValue(session.cookie), undefined);
  });

  it('do not end while a call is under way', () => {
    const { sessions, clock, closed } = setUp(60);
    const session = sessions.open(details);
    sessions.enter(session);
    clock.advance(600_000);
    assert.deepEqual(closed, []);
    sessions.leave(session);
    clock.advance(120_000);
    assert.deepEqual(closed, [session]);
  });

  it('never end when there is no limit, and follow a limit that changes', () => {
    const { sessions, clock, closed } = setUp(0);
    sessions.open(details);
    clock.advance(1e9);
    assert.equal(closed.length, 0);
    sessions.idleTimeoutSeconds = 60;
    assert.equal(closed.length, 1, 'it has been idle for longer than that');
  });
});
