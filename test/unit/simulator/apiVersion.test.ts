import assert from 'node:assert/strict';
import { isApiVersion, knows, methodSince, versionsUpTo } from '../../../src/simulator/apiVersion';

describe('simulator: versions of the API', () => {
  it('are in the order of their release, not of their numbers', () => {
    assert.ok(knows('8.0.0.1', '7.0.3.2'));
    assert.ok(knows('6.9.1', '6.7'));
    assert.ok(!knows('6.7', '6.9.1'));
    assert.ok(knows('6.5', undefined));
    assert.ok(!knows('8.0.3.0', '9.0.0.0'), 'what nobody has heard of is newer than everything');
  });

  it('are offered from that of the server down', () => {
    assert.deepEqual(versionsUpTo('6.5').slice(0, 3), ['6.5', '6.0', '5.5']);
    assert.ok(isApiVersion('6.7.3'));
    assert.ok(!isApiVersion('6.6'));
  });

  it('know when old methods came', () => {
    assert.equal(methodSince('RetrievePropertiesEx', undefined), '4.1');
    assert.equal(methodSince('CreateSnapshotEx_Task', '6.5'), '6.5');
    assert.equal(methodSince('Login', undefined), undefined);
  });
});
