import assert from 'node:assert/strict';
import type { CertificateProblem } from '../../../../src/hypervisor/errors';
import type { TrackedOperation } from '../../../../src/operations/trackedOperation';
import { maxDetailLines } from '../../../../src/ui/text/modalText';
import {
  certificateChangedText,
  certificateText,
  fingerprintLines,
  removeServerText,
  stopTaskText,
} from '../../../../src/ui/text/serverDialogs';
import { tracked } from '../../../support/operationBuilder';
import { paris, serverFacts } from '../../../support/rowFixtures';

const bytes = Array.from({ length: 32 }, (_, index) => index.toString(16).toUpperCase().padStart(2, '0'));
const sha256 = bytes.join(':');
const lines = [
  '00:01:02:03:04:05:06:07',
  '08:09:0A:0B:0C:0D:0E:0F',
  '10:11:12:13:14:15:16:17',
  '18:19:1A:1B:1C:1D:1E:1F',
];
const certificate = {
  subject: 'CN=vc-paris.corp',
  issuer: 'CN=CA, DC=vsphere, DC=local',
  validFromMs: Date.UTC(2024, 0, 2),
  validToMs: Date.UTC(2034, 0, 1, 12),
  sha256,
};

describe('dialogs: certificates', () => {
  it('shows who it is before it is trusted, and trust is not the button that Enter runs', () => {
    assert.deepEqual(certificateText('vc-paris.corp', certificate, 'untrusted', paris), {
      message: "Trust the certificate of 'vc-paris.corp'?",
      detail: [
        'Nobody whom this machine trusts vouches for it.',
        'Subject: CN=vc-paris.corp',
        'Issuer: CN=CA, DC=vsphere, DC=local',
        'Valid until: 1 Jan 2034',
        'SHA-256:',
        ...lines,
        "Compare it with your administrator's.",
      ].join('\n'),
      buttons: [
        { title: 'Copy Fingerprint', value: 'copy' },
        { title: 'Trust', value: 'trust' },
      ],
    });
  });

  it('begins with what is wrong with it', () => {
    const first = (
      ['untrusted', 'expired', 'notYetValid', 'wrongName', 'weak', 'changed', 'revoked'] satisfies CertificateProblem[]
    ).map((problem) => certificateText('vc', certificate, problem, paris).detail.split('\n')[0]);
    assert.deepEqual(first, [
      'Nobody whom this machine trusts vouches for it.',
      'It expired on 1 Jan 2034.',
      'It is not valid before 2 Jan 2024.',
      'It was made out to another name.',
      'Its signature or key is too weak by present standards.',
      'It is another one than before.',
      'Its issuer has revoked it.',
    ]);
  });

  it('keeps a hostile subject on one line', () => {
    const text = certificateText(
      'vc',
      { ...certificate, subject: `CN=a\nTrusted by everybody\u202E${'x'.repeat(500)}` },
      'expired',
      paris,
    );
    const subject = text.detail.split('\n')[1] ?? '';
    assert.match(subject, /^Subject: CN=a Trusted by everybody/);
    assert.equal([...subject].length, 'Subject: '.length + 60);
  });

  it('shows both when it has changed, and stays disconnected unless told otherwise', () => {
    const text = certificateChangedText(
      'vc-paris.corp',
      { sha256, validToMs: Date.UTC(2026, 9, 1) },
      certificate,
      paris,
    );
    assert.deepEqual(text, {
      message: "The certificate of 'vc-paris.corp' has changed. You are not connected.",
      detail: [
        'Trusted until now, valid until 1 Oct 2026, SHA-256:',
        ...lines,
        'New, valid until 1 Jan 2034, SHA-256:',
        ...lines,
        'This is normal after a renewal, and also what an attack looks like. Your password was not sent.',
      ].join('\n'),
      buttons: [
        { title: 'Keep Disconnected', value: 'keepDisconnected' },
        { title: 'Trust New Certificate', value: 'trustNew' },
      ],
    });
    assert.ok(text.detail.split('\n').length <= maxDetailLines);
  });

  it('puts a fingerprint on four lines of eight bytes', () => {
    assert.deepEqual(fingerprintLines(sha256), lines);
  });
});

describe('dialogs: leaving', () => {
  it('says what removing a server deletes', () => {
    assert.deepEqual(removeServerText('vc-paris', serverFacts, [], paris), {
      message: "Remove 'vc-paris' from the list?",
      detail: 'Nothing changes on the server. Its stored password is deleted.',
      buttons: [{ title: 'Remove', value: 'remove' }],
    });
    assert.equal(
      removeServerText('vc-paris', { ...serverFacts, passwordStore: undefined }, [], paris).detail,
      'Nothing changes on the server.',
    );
    assert.equal(removeServerText('vc-paris', undefined, [], paris).detail, 'Nothing changes on the server.');
  });

  it('says that the demo ends', () => {
    const demo = { ...serverFacts, isDemo: true };
    assert.equal(
      removeServerText('Demo', demo, [tracked()], paris).detail,
      'The demo ends, and nothing of it is kept.',
    );
  });

  it('says that what runs goes on', () => {
    const detail = (...operations: TrackedOperation[]): string | undefined =>
      removeServerText('vc-paris', serverFacts, operations, paris).detail.split('\n')[1];
    assert.equal(detail(tracked({ state: 'running' })), 'What runs goes on there, unwatched: 1 task.');
    assert.equal(detail(tracked(), tracked({ state: 'unknown' })), 'What runs goes on there, unwatched: 2 tasks.');
    assert.equal(detail(tracked({ state: 'succeeded' })), undefined);
  });

  it('asks before a task is stopped', () => {
    assert.deepEqual(stopTaskText(tracked()), {
      message: "Stop 'Delete snapshot' on 'SQL01'?",
      detail: 'Disks may be left that need consolidation.',
      buttons: [{ title: 'Stop Task', value: 'stop' }],
    });
    const powerOn = tracked({ operation: { kind: 'powerOn', vmId: tracked().operation.vmId } });
    assert.equal(stopTaskText(powerOn).detail, '');
  });
});
