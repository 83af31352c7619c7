import assert from 'node:assert/strict';
import { once } from '../../../src/common/once';

describe('once', () => {
  it('makes nothing before it is asked, and then one thing for all', () => {
    let made = 0;
    const get = once(() => ({ number: ++made }));
    assert.equal(made, 0);
    assert.equal(get(), get());
    assert.equal(made, 1);
  });

  it('keeps a thing that is undefined', () => {
    let made = 0;
    const get = once(() => void made++);
    get();
    get();
    assert.equal(made, 1);
  });

  it('tries again after a failure', () => {
    let fails = true;
    const get = once(() => {
      if (fails) {
        throw new Error('not yet');
      }
      return 1;
    });
    assert.throws(get, /not yet/);
    fails = false;
    assert.equal(get(), 1);
  });
});
