import * as l10n from '@vscode/l10n';
import { CertificateError, type CertificateProblem, type ErrorContext, HypervisorError } from '../hypervisor/errors';
import type { OperationKind } from '../hypervisor/model/operation';
import type { PeerCertificate } from './soap/certificate';
import type { Endpoint } from './soap/transport';
import { CertificateFailure, type TransportError } from './soap/transportError';

// What it means when the server cannot be reached or answers with something else than SOAP.

function serverOf({ serverLabel }: ErrorContext, { host }: Endpoint): string {
  return serverLabel ?? host;
}

/**
 * What a failure to get a reply means.
 *
 * @param hadSession - whether there has been a session: then the network has failed, whatever it says now
 */
export function translateTransportError(
  error: TransportError,
  endpoint: Endpoint,
  hadSession: boolean,
): HypervisorError {
  if (error instanceof CertificateFailure) {
    return certificateError(error, endpoint);
  }
  const { message } = error;
  switch (error.failure) {
    case 'nameNotFound':
    case 'noAnswer':
    case 'broken':
      return hadSession ? connectionLost(message, endpoint, error) : notReached(error, endpoint);
    case 'certificate':
      return noAnswer(message, endpoint, error);
    case 'notTls':
      return notAServer(message, endpoint, error);
    case 'proxy':
      return proxyRefusal(error.status, message, endpoint, error);
    case 'tooLong':
    case 'undecodable':
      return badReply(message, endpoint, error);
  }
}

function notReached(error: TransportError, endpoint: Endpoint): HypervisorError {
  return error.failure === 'nameNotFound'
    ? new HypervisorError(
        'nameNotFound',
        error.message,
        () => l10n.t("Can't find '{0}'. Check the name or your VPN.", endpoint.host),
        { nextStep: 'editServer', cause: error },
      )
    : noAnswer(error.message, endpoint, error);
}

function noAnswer(message: string, endpoint: Endpoint, cause: unknown): HypervisorError {
  return new HypervisorError(
    'noAnswer',
    message,
    (context) =>
      l10n.t(
        "'{0}' doesn't answer on port {1}. Check VPN, firewall or the provider's IP allow list.",
        serverOf(context, endpoint),
        endpoint.port,
      ),
    { nextStep: 'retry', cause },
  );
}

/** The connection was there and is no longer. */
export function connectionLost(message: string, endpoint: Endpoint, cause?: unknown): HypervisorError {
  return new HypervisorError(
    'connectionLost',
    message,
    (context) => l10n.t("The connection to '{0}' was lost.", serverOf(context, endpoint)),
    { nextStep: 'retry', cause },
  );
}

/** The reply is none that makes sense. */
export function badReply(message: string, endpoint: Endpoint, cause?: unknown): HypervisorError {
  return new HypervisorError(
    'badReply',
    message,
    (context) => l10n.t("'{0}' sent a reply that can't be read. The log has the details.", serverOf(context, endpoint)),
    { nextStep: 'retry', cause },
  );
}

/** Nothing that goes on through this client any more. */
export function notConnected(message: string, endpoint: Endpoint): HypervisorError {
  return new HypervisorError(
    'notConnected',
    message,
    (context) => l10n.t("Not connected to '{0}'.", serverOf(context, endpoint)),
    { nextStep: 'connect' },
  );
}

/**
 * What a reply means that is not SOAP.
 *
 * @param hadSession - whether the address has proved to be a vSphere server before
 */
export function translateStatus(
  status: number,
  detail: string,
  endpoint: Endpoint,
  hadSession: boolean,
): HypervisorError {
  const message = `HTTP ${status} that is not SOAP: ${detail}`;
  if (status === 407 || status === 401 || status === 403) {
    return proxyRefusal(status, message, endpoint);
  }
  if (status >= 500 || status === 429) {
    return new HypervisorError(
      'serverUnavailable',
      message,
      (context) =>
        l10n.t(
          "'{0}' isn't ready (HTTP {1}). It may be starting, or have no session left. Try again in a few minutes.",
          serverOf(context, endpoint),
          status,
        ),
      { nextStep: 'retry' },
    );
  }
  if (hadSession) {
    return badReply(message, endpoint);
  }
  return notAServer(message, endpoint);
}

/** Somebody answers who is no vSphere server. */
export function notAServer(message: string, endpoint: Endpoint, cause?: unknown): HypervisorError {
  return new HypervisorError(
    'notAServer',
    message,
    (context) => l10n.t("'{0}' isn't a vCenter or ESXi server.", serverOf(context, endpoint)),
    { nextStep: 'editServer', cause },
  );
}

function proxyRefusal(
  status: number | undefined,
  message: string,
  endpoint: Endpoint,
  cause?: unknown,
): HypervisorError {
  return new HypervisorError(
    'proxy',
    message,
    (context) =>
      status === 407
        ? l10n.t(
            "A proxy on the way to '{0}' asks for a sign-in. Check the proxy settings.",
            serverOf(context, endpoint),
          )
        : l10n.t(
            "A proxy or firewall does not let requests through to '{0}'. Check the proxy settings.",
            serverOf(context, endpoint),
          ),
    { nextStep: 'retry', cause },
  );
}

const acts: Readonly<Record<OperationKind, () => string>> = {
  take: () => l10n.t('the snapshot'),
  edit: () => l10n.t('the change of the snapshot'),
  restore: () => l10n.t('the restore'),
  restoreLatest: () => l10n.t('the restore'),
  delete: () => l10n.t('the delete'),
  deleteWithChildren: () => l10n.t('the delete'),
  deleteAll: () => l10n.t('the delete'),
  consolidate: () => l10n.t('the consolidation'),
  powerOn: () => l10n.t('the power-on'),
};

/**
 * Nobody knows whether a change has happened.
 *
 * @param act - what was asked for; undefined for a task that was followed
 */
export function outcomeUnknown(
  act: OperationKind | undefined,
  message: string,
  endpoint: Endpoint,
  cause?: unknown,
): HypervisorError {
  return new HypervisorError(
    'outcomeUnknown',
    message,
    (context) => {
      const server = serverOf(context, endpoint);
      if (act === undefined) {
        return l10n.t("'{0}' no longer knows the task. It may have succeeded or failed.", server);
      }
      const what = acts[act]();
      return context.vmName === undefined
        ? l10n.t(
            "The connection broke before '{0}' confirmed {1}. It may have happened. It will not be sent again.",
            server,
            what,
          )
        : l10n.t(
            "The connection broke before '{0}' confirmed {1} on '{2}'. It may have happened. It will not be sent again.",
            server,
            what,
            context.vmName,
          );
    },
    { nextStep: 'checkNow', cause },
  );
}

const problems: Readonly<Record<CertificateProblem, (server: string) => string>> = {
  untrusted: (server) => l10n.t("No authority vouches for the certificate of '{0}'.", server),
  expired: (server) => l10n.t("The certificate of '{0}' has expired.", server),
  notYetValid: (server) => l10n.t("The certificate of '{0}' is not valid yet. Check the clocks.", server),
  wrongName: (server) => l10n.t("The certificate of '{0}' is made out for another name.", server),
  weak: (server) => l10n.t("The certificate of '{0}' has a key that is too short.", server),
  changed: (server) => l10n.t("The certificate of '{0}' has changed. You are not connected.", server),
  revoked: (server) => l10n.t("The certificate of '{0}' has been revoked.", server),
};

function certificateError(failure: CertificateFailure, endpoint: Endpoint): CertificateError {
  return new CertificateError(
    failure.problem,
    summaryOf(failure.certificate),
    failure.trustedSha256,
    failure.message,
    // The certificate belongs to the address, so it is named here whatever the person calls the server.
    () => l10n.t('{0} Your password was not sent.', problems[failure.problem](endpoint.host)),
    { cause: failure },
  );
}

function summaryOf({
  subject,
  issuer,
  validFromMs,
  validToMs,
  sha256,
}: PeerCertificate): CertificateError['certificate'] {
  return { subject, issuer, validFromMs, validToMs, sha256 };
}
