import * as l10n from '@vscode/l10n';
import type { CertificateProblem, CertificateSummary } from '../../hypervisor/errors';
import type { OperationKind } from '../../hypervisor/model/operation';
import { isOver, type TrackedOperation } from '../../operations/trackedOperation';
import { taskCount } from './counts';
import type { Formats } from './formats';
import type { ModalText } from './modalText';
import { nameInSentence } from './names';
import { operationName } from './operationNames';
import type { ServerFacts } from './serverFacts';

/** Before a certificate is trusted that nobody vouches for. *Trust* is never the button that Enter runs. */
export function certificateText(
  host: string,
  certificate: CertificateSummary,
  problem: CertificateProblem,
  formats: Formats,
): ModalText<'copy' | 'trust'> {
  return {
    message: l10n.t("Trust the certificate of '{0}'?", nameInSentence(host)),
    detail: [
      certificateProblem(problem, certificate, formats),
      l10n.t('Subject: {0}', nameInSentence(certificate.subject)),
      l10n.t('Issuer: {0}', nameInSentence(certificate.issuer)),
      l10n.t('Valid until: {0}', formats.date(certificate.validToMs)),
      l10n.t('SHA-256:'),
      ...fingerprintLines(certificate.sha256),
      l10n.t("Compare it with your administrator's."),
    ].join('\n'),
    buttons: [
      { title: l10n.t('Copy Fingerprint'), value: 'copy' },
      { title: l10n.t('Trust'), value: 'trust' },
    ],
  };
}

/** When a server shows another certificate than the one that was trusted. */
export function certificateChangedText(
  host: string,
  trusted: Pick<CertificateSummary, 'sha256' | 'validToMs'>,
  certificate: CertificateSummary,
  formats: Formats,
): ModalText<'keepDisconnected' | 'trustNew'> {
  return {
    message: l10n.t("The certificate of '{0}' has changed. You are not connected.", nameInSentence(host)),
    detail: [
      l10n.t('Trusted until now, valid until {0}, SHA-256:', formats.date(trusted.validToMs)),
      ...fingerprintLines(trusted.sha256),
      l10n.t('New, valid until {0}, SHA-256:', formats.date(certificate.validToMs)),
      ...fingerprintLines(certificate.sha256),
      l10n.t('This is normal after a renewal, and also what an attack looks like. Your password was not sent.'),
    ].join('\n'),
    buttons: [
      { title: l10n.t('Keep Disconnected'), value: 'keepDisconnected' },
      { title: l10n.t('Trust New Certificate'), value: 'trustNew' },
    ],
  };
}

/** Before a server leaves the list. */
export function removeServerText(
  label: string,
  facts: ServerFacts | undefined,
  operations: readonly TrackedOperation[],
  formats: Formats,
): ModalText<'remove'> {
  const running = operations.filter((operation) => !isOver(operation)).length;
  return {
    message: l10n.t("Remove '{0}' from the list?", nameInSentence(label)),
    detail: [
      ...(facts?.isDemo === true ? [l10n.t('The demo ends, and nothing of it is kept.')] : [removedServer(facts)]),
      ...(running > 0 && facts?.isDemo !== true
        ? [l10n.t('What runs goes on there, unwatched: {0}.', taskCount(running, formats))]
        : []),
    ].join('\n'),
    buttons: [{ title: l10n.t('Remove'), value: 'remove' }],
  };
}

/** Before a server that was made read-only can be changed again. */
export function allowChangesText(label: string): ModalText<'allow'> {
  return {
    message: l10n.t("Allow changes on '{0}'?", nameInSentence(label)),
    detail: l10n.t('It is marked as read-only. Afterwards snapshots on it can be taken, restored and deleted.'),
    buttons: [{ title: l10n.t('Allow Changes'), value: 'allow' }],
  };
}

/** Before the server is asked to stop an operation. */
export function stopTaskText(operation: TrackedOperation): ModalText<'stop'> {
  const { kind } = operation.operation;
  return {
    message: l10n.t("Stop '{0}' on '{1}'?", operationName(kind), nameInSentence(operation.vmName)),
    detail: mayLeaveDisks(kind) ? l10n.t('Disks may be left that need consolidation.') : '',
    buttons: [{ title: l10n.t('Stop Task'), value: 'stop' }],
  };
}

/** A SHA-256 in four lines of eight bytes, so that it can be compared by eye. */
export function fingerprintLines(sha256: string): string[] {
  const bytes = sha256.split(':');
  return [0, 8, 16, 24].map((start) => bytes.slice(start, start + 8).join(':'));
}

function certificateProblem(problem: CertificateProblem, certificate: CertificateSummary, formats: Formats): string {
  switch (problem) {
    case 'untrusted':
      return l10n.t('Nobody whom this machine trusts vouches for it.');
    case 'expired':
      return l10n.t('It expired on {0}.', formats.date(certificate.validToMs));
    case 'notYetValid':
      return l10n.t('It is not valid before {0}.', formats.date(certificate.validFromMs));
    case 'wrongName':
      return l10n.t('It was made out to another name.');
    case 'weak':
      return l10n.t('Its signature or key is too weak by present standards.');
    case 'changed':
      return l10n.t('It is another one than before.');
    case 'revoked':
      return l10n.t('Its issuer has revoked it.');
  }
}

function removedServer(facts: ServerFacts | undefined): string {
  return facts?.passwordStore === undefined
    ? l10n.t('Nothing changes on the server.')
    : l10n.t('Nothing changes on the server. Its stored password is deleted.');
}

function mayLeaveDisks(kind: OperationKind): boolean {
  return kind !== 'powerOn' && kind !== 'edit';
}
