import assert from 'node:assert/strict';
import { describeErrorChain, type Logger, nullLogger, Redactor, redactingLogger } from '../../../src/common/logger';

const secret = 'C4n&ry "pä$$" <w0rd>';

function recorder(): { readonly lines: string[]; readonly logger: Logger } {
  const lines: string[] = [];
  const write = (message: string): void => {
    lines.push(message);
  };
  return { lines, logger: { trace: write, debug: write, info: write, warn: write, error: write } };
}

describe('Redactor', () => {
  it('takes out a secret in every form in which it travels', () => {
    const redactor = new Redactor();
    redactor.protect(secret);
    const forms = [
      secret,
      secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
      encodeURIComponent(secret),
      JSON.stringify({ secret }),
    ];
    for (const form of forms) {
      const redacted = redactor.redact(`before ${form} after`);
      assert.match(redacted, /^before .*\[redacted\].* after$/);
      assert.doesNotMatch(redacted, /C4n/);
    }
  });

  it('forgets a secret when its last user has released it', () => {
    const redactor = new Redactor();
    const first = redactor.protect('hunter22');
    const second = redactor.protect('hunter22');
    first();
    first();
    assert.equal(redactor.redact('hunter22'), '[redacted]');
    second();
    assert.equal(redactor.redact('hunter22'), 'hunter22');
  });

  it('replaces the longer of two secrets as a whole', () => {
    const redactor = new Redactor();
    redactor.protect('abc');
    redactor.protect('abcdef');
    assert.equal(redactor.redact('abcdef'), '[redacted]');
  });

  it('ignores an empty secret and survives one that has no URI form', () => {
    const redactor = new Redactor();
    redactor.protect('');
    redactor.protect('\ud800x');
    assert.equal(redactor.redact('plain'), 'plain');
  });

  it('knows the shapes of secrets that nobody registered', () => {
    const redactor = new Redactor();
    const cases = [
      ['<password>x&amp;y</password>', '<password>[redacted]</password>'],
      ['<ns:password type="a">cut off', '<ns:password type="a">[redacted]'],
      ['vmware_soap_session="52aa; x"; Path=/', 'vmware_soap_session=[redacted]; Path=/'],
      ['Set-Cookie: a=b; c=d\nnext', 'Set-Cookie: [redacted]\nnext'],
      ['"authorization": "Basic abc"', '"authorization": [redacted]'],
      ['http://user:pass@proxy:8080/', 'http://[redacted]@proxy:8080/'],
    ] as const;
    for (const [text, expected] of cases) {
      assert.equal(redactor.redact(text), expected);
    }
  });
});

describe('redactingLogger', () => {
  it('passes every level and every error through the redactor', () => {
    const { lines, logger } = recorder();
    const redactor = new Redactor();
    redactor.protect(secret);
    const log = redactingLogger(logger, redactor);
    log.trace(secret);
    log.debug(secret);
    log.info(secret);
    log.warn(secret);
    log.error(`with ${secret}`, new Error('outer', { cause: new Error(secret) }));
    log.error('without an error');
    assert.equal(lines.length, 6);
    for (const line of lines) {
      assert.doesNotMatch(line, /C4n/);
    }
  });

  it('can be silent', () => {
    nullLogger.trace('');
    nullLogger.debug('');
    nullLogger.info('');
    nullLogger.warn('');
    nullLogger.error('');
  });
});

describe('describeErrorChain', () => {
  it('gives causes of any type and ends on a circle', () => {
    const error = new Error('a', { cause: { code: 7 } });
    assert.match(describeErrorChain(error), /a[^]*caused by: \{"code":7\}$/);
    const circle = new Error('round');
    circle.cause = circle;
    assert.ok(describeErrorChain(circle).length < 100_000);
    assert.equal(describeErrorChain('text'), 'text');
  });
});
