import assert from 'node:assert/strict';

import { CancelledError } from '../../../src/common/cancellation';
import { nullLogger } from '../../../src/common/logger';
import type { CertificateProblem } from '../../../src/hypervisor/errors';
import type { TrustPrompt } from '../../../src/servers/prompts';
import { TrustService } from '../../../src/servers/trustService';
import { certificate, certificateError } from '../../support/serverFixtures';

type Untrusted = Parameters<TrustPrompt['untrusted']>[0];
type Changed = Parameters<TrustPrompt['changed']>[0];

function setUp(answer: boolean): { trust: TrustService; untrusted: Untrusted[]; changed: Changed[] } {
  const untrusted: Untrusted[] = [];
  const changed: Changed[] = [];
  const prompt: TrustPrompt = {
    untrusted: (request) => {
      untrusted.push(request);
      return Promise.resolve(answer ? 'trust' : 'cancel');
    },
    changed: (request) => {
      changed.push(request);
      return Promise.resolve(answer ? 'trustNew' : 'keepDisconnected');
    },
  };
  return { trust: new TrustService(prompt, nullLogger), untrusted, changed };
}

const { signal } = new AbortController();
const old = { mode: 'pinned' as const, ...certificate('A') };

describe('TrustService', () => {
  const problems: readonly CertificateProblem[] = ['untrusted', 'expired', 'notYetValid', 'wrongName', 'weak'];
  for (const problem of problems) {
    it(`pins exactly the certificate that is ${problem} when the person trusts it`, async () => {
      const { trust, untrusted } = setUp(true);
      const shown = certificate('B');
      const pin = await trust.decide('vc', { mode: 'verify' }, certificateError(problem, shown), signal);
      assert.deepEqual(pin, { mode: 'pinned', ...shown });
      assert.deepEqual(untrusted, [{ host: 'vc', certificate: shown, problem }]);
    });
  }

  it('pins nothing when the person does not trust it', async () => {
    const { trust } = setUp(false);
    assert.equal(await trust.decide('vc', { mode: 'verify' }, certificateError('untrusted'), signal), undefined);
    assert.equal(await trust.decide('vc', old, certificateError('changed', certificate('B')), signal), undefined);
  });

  for (const problem of ['changed', 'expired', 'untrusted'] as const) {
    it(`shows both certificates when there is a pin and the new one is ${problem}`, async () => {
      const { trust, untrusted, changed } = setUp(true);
      const shown = certificate('B');
      const pin = await trust.decide('vc', old, certificateError(problem, shown), signal);
      assert.deepEqual(changed, [{ host: 'vc', trusted: old, certificate: shown }]);
      assert.deepEqual(untrusted, []);
      assert.equal(pin?.sha256, shown.sha256);
    });
  }

  it('never trusts a revoked certificate', async () => {
    const { trust, untrusted, changed } = setUp(true);
    assert.equal(await trust.decide('vc', { mode: 'verify' }, certificateError('revoked'), signal), undefined);
    assert.equal(await trust.decide('vc', old, certificateError('revoked', certificate('B')), signal), undefined);
    assert.equal(untrusted.length + changed.length, 0);
  });

  it('takes no answer that comes after it was given up', async () => {
    const abort = new AbortController();
    const prompt: TrustPrompt = {
      untrusted: () => {
        abort.abort();
        return Promise.resolve('trust');
      },
      changed: () => Promise.resolve('trustNew'),
    };
    await assert.rejects(
      new TrustService(prompt, nullLogger).decide(
        'vc',
        { mode: 'verify' },
        certificateError('untrusted'),
        abort.signal,
      ),
      CancelledError,
    );
  });
});
