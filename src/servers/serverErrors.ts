import * as l10n from '@vscode/l10n';
import { HypervisorError } from '../hypervisor/errors';
import type { ServerId } from '../hypervisor/model/ids';
import { fitToShow } from './serverProfile';

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @param sinceMs - when the connection was lost; undefined when there was none */
export function notConnected(label: string, sinceMs: number | undefined, cause?: unknown): HypervisorError {
  return new HypervisorError(
    'notConnected',
    'there is no connection to the server',
    () =>
      sinceMs === undefined
        ? l10n.t("Not connected to '{0}'.", label)
        : l10n.t("Not connected to '{0}' since {1}.", label, formatTime(sinceMs)),
    { nextStep: 'connect', cause },
  );
}

export function connectionLost(message: string, cause?: unknown): HypervisorError {
  return new HypervisorError(
    'connectionLost',
    message,
    ({ serverLabel }) =>
      serverLabel === undefined
        ? l10n.t('The connection to the server was lost.')
        : l10n.t("The connection to '{0}' was lost.", serverLabel),
    { nextStep: 'retry', cause },
  );
}

/** There is nothing stored to sign in with, and nobody may be asked now. */
export function passwordNeeded(label: string, userName: string): HypervisorError {
  return new HypervisorError(
    'passwordNeeded',
    'no password is stored for the account',
    () => l10n.t("Enter the password of '{0}' to connect to '{1}'.", fitToShow(userName), fitToShow(label)),
    { nextStep: 'enterPassword' },
  );
}

/** The password is stored, but its store does not give it out. */
export function passwordUnavailable(storeLabel: string, isOsKeychain: boolean, cause: unknown): HypervisorError {
  return new HypervisorError(
    'passwordUnavailable',
    `the store of the password is locked or unavailable: ${messageOf(cause)}`,
    () =>
      isOsKeychain
        ? l10n.t('The OS keychain is locked or unavailable. The stored password was not changed.')
        : l10n.t("Can't use {0}. The stored password was not changed.", storeLabel),
    { nextStep: 'enterPassword', cause },
  );
}

/** This password was refused before, in whatever window; another try could lock the account. */
export function refusedBefore(host: string): HypervisorError {
  return new HypervisorError(
    'loginRefused',
    'the server has refused this password before; it was not tried again',
    () =>
      l10n.t(
        "'{0}' refused the user name or password. It was not tried again, so the account isn't locked. A vCenter with an identity provider (MFA) needs a local account, such as one in vsphere.local.",
        fitToShow(host),
      ),
    { nextStep: 'enterPassword' },
  );
}

/** The server was removed from the list, perhaps in another window. */
export function serverGone(id: ServerId): HypervisorError {
  return new HypervisorError('gone', `server ${id} is no longer in the list`, ({ serverLabel }) =>
    serverLabel === undefined
      ? l10n.t('The server is no longer in the list.')
      : l10n.t("'{0}' is no longer in the list.", serverLabel),
  );
}

/** The same account of the same server is in the list already. */
export function serverExists(label: string): HypervisorError {
  return new HypervisorError('invalidInput', 'a server with this address and account exists', () =>
    l10n.t("'{0}' is in the list already, with the same address and user name.", fitToShow(label)),
  );
}

/** Anything thrown, as an error that can be shown. What is not understood keeps its cause for the log. */
export function asHypervisorError(error: unknown): HypervisorError {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof HypervisorError) {
      return current;
    }
  }
  return new HypervisorError(
    'server',
    messageOf(error),
    () => l10n.t('Something went wrong that this extension does not know. The log has the details.'),
    { nextStep: 'retry', cause: error },
  );
}

function formatTime(atMs: number): string {
  return new Date(atMs).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
