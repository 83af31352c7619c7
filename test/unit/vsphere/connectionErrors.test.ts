import assert from 'node:assert/strict';
import { CertificateError } from '../../../src/hypervisor/errors';
import { outcomeUnknown, translateStatus, translateTransportError } from '../../../src/vsphere/connectionErrors';
import type { TrustProblem } from '../../../src/vsphere/soap/certificate';
import { CertificateFailure, TransportError, type TransportFailure } from '../../../src/vsphere/soap/transportError';

const endpoint = { host: 'vcc.corp', port: 8443, useTls: true };
const named = { serverLabel: 'vc-paris', vmName: 'SQL01' };

function meaning(failure: TransportFailure, hadSession: boolean): string[] {
  const error = translateTransportError(
    new TransportError(failure, 'why', { mayHaveArrived: false }),
    endpoint,
    hadSession,
  );
  return [error.kind, error.say(named), error.say()];
}

describe('translateTransportError', () => {
  it('says before there was a session what to check', () => {
    assert.deepEqual(meaning('nameNotFound', false), [
      'nameNotFound',
      "Can't find 'vcc.corp'. Check the name or your VPN.",
      "Can't find 'vcc.corp'. Check the name or your VPN.",
    ]);
    assert.deepEqual(meaning('noAnswer', false), [
      'noAnswer',
      "'vc-paris' doesn't answer on port 8443. Check VPN, firewall or the provider's IP allow list.",
      "'vcc.corp' doesn't answer on port 8443. Check VPN, firewall or the provider's IP allow list.",
    ]);
    assert.equal(meaning('broken', false)[0], 'noAnswer');
    assert.deepEqual(meaning('notTls', false).slice(0, 2), [
      'notAServer',
      "'vc-paris' isn't a vCenter or ESXi server.",
    ]);
  });

  it('says afterwards that the connection was lost, whatever the network says', () => {
    for (const failure of ['nameNotFound', 'noAnswer', 'broken'] as const) {
      assert.deepEqual(meaning(failure, true).slice(0, 2), [
        'connectionLost',
        "The connection to 'vc-paris' was lost.",
      ]);
    }
  });

  it('knows the rest of them at any time', () => {
    for (const hadSession of [false, true]) {
      assert.equal(meaning('proxy', hadSession)[0], 'proxy');
      assert.equal(meaning('tooLong', hadSession)[0], 'badReply');
      assert.equal(meaning('undecodable', hadSession)[0], 'badReply');
      assert.equal(meaning('certificate', hadSession)[0], 'noAnswer', 'a certificate that could not be read');
    }
  });

  it('keeps the certificate, and says what is wrong with it and that nothing was sent', () => {
    const certificate = { subject: 'CN=a', issuer: 'CN=b', validFromMs: 1, validToMs: 2, sha256: 'AB:CD' };
    const says: Readonly<Record<TrustProblem, RegExp>> = {
      untrusted: /No authority vouches/,
      expired: /has expired/,
      notYetValid: /not valid yet/,
      wrongName: /another name/,
      weak: /too short/,
      changed: /has changed\. You are not connected\./,
      revoked: /revoked/,
    };
    for (const [problem, sentence] of Object.entries(says)) {
      const failure = new CertificateFailure(problem as TrustProblem, certificate, 'EF');
      const error = translateTransportError(failure, endpoint, true);
      assert.ok(error instanceof CertificateError);
      assert.deepEqual([error.problem, error.certificate, error.trustedSha256], [problem, certificate, 'EF']);
      assert.match(error.say(named), sentence);
      assert.match(error.say(named), /'vcc\.corp'.*Your password was not sent\.$/);
      assert.equal(error.nextStep, 'reviewCertificate');
    }
  });
});

describe('translateStatus', () => {
  it('takes an address for something else only before it has proved what it is', () => {
    assert.equal(translateStatus(404, '', endpoint, false).kind, 'notAServer');
    assert.equal(translateStatus(404, '', endpoint, true).kind, 'badReply');
    assert.equal(translateStatus(503, '', endpoint, false).kind, 'serverUnavailable');
    assert.match(translateStatus(407, '', endpoint, false).say(named), /proxy on the way to 'vc-paris'/);
  });
});

describe('outcomeUnknown', () => {
  it('names the act, the server and the VM as far as they are known', () => {
    assert.equal(
      outcomeUnknown('deleteAll', 'm', endpoint).say(named),
      "The connection broke before 'vc-paris' confirmed the delete on 'SQL01'. It may have happened. It will not be sent again.",
    );
    assert.equal(
      outcomeUnknown('take', 'm', endpoint).say(),
      "The connection broke before 'vcc.corp' confirmed the snapshot. It may have happened. It will not be sent again.",
    );
    assert.match(outcomeUnknown(undefined, 'm', endpoint).say(named), /'vc-paris' no longer knows the task/);
  });
});
