import assert from 'node:assert/strict';
import { parseCliOptions, UsageError } from '../../../src/simulator/cliOptions';

describe('simulator: its command line', () => {
  it('has sensible defaults', () => {
    assert.deepEqual(parseCliOptions([]), {
      port: 0,
      inventory: undefined,
      esx: false,
      user: undefined,
      password: undefined,
      tls: false,
      listen: '127.0.0.1',
      speed: 1,
    });
  });

  it('takes everything that it offers', () => {
    const args = '--port 8443 --vms 50 --esx --user root --password x --tls --listen 127.0.0.2 --speed 2.5'.split(' ');
    assert.deepEqual(parseCliOptions(args), {
      port: 8_443,
      inventory: { vms: 50 },
      esx: true,
      user: 'root',
      password: 'x',
      tls: true,
      listen: '127.0.0.2',
      speed: 2.5,
    });
    assert.equal(parseCliOptions(['--demo']).inventory, 'demo');
  });

  for (const [args, message] of [
    ['--bogus', /bogus/],
    ['stray', /stray/],
    ['--port x', /--port takes a whole number/],
    ['--port 70000', /--port/],
    ['--vms -1', /--vms/],
    ['--vms 1.5', /--vms takes a whole number/],
    ['--vms 3 --demo', /exclude each other/],
    ['--user root', /belong together/],
    ['--listen 0.0.0.0', /loopback/],
    ['--listen 10.1.2.3', /loopback/],
    ['--speed 0', /greater than 0/],
    ['--speed fast', /greater than 0/],
    ['--speed Infinity', /greater than 0/],
  ] as const) {
    it(`refuses ${args}`, () => {
      assert.throws(
        () => parseCliOptions(args.split(' ')),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
