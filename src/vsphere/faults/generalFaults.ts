import * as l10n from '@vscode/l10n';
import type { ErrorContext } from '../../hypervisor/errors';
import { type FaultRow, ofVm, row, theVm, withText } from './faultRow';

// Faults that any call may end with: privileges, licences, sessions, things that are gone.
// API reference: RuntimeFault and what derives from it.

function theServer({ serverLabel }: ErrorContext): string {
  return serverLabel === undefined ? l10n.t('The server') : `'${serverLabel}'`;
}

const freeLicense = row('license', () =>
  l10n.t('This ESXi license allows viewing only; VMware blocks changes by other programs.'),
);

const notSupported: FaultRow = {
  kind: 'notSupported',
  sentence: (facts) => (context) =>
    withText(l10n.t('The server or the host of {0} does not support this.', ofVm(context)), facts.text),
};

const loginRefused: FaultRow = row(
  'loginRefused',
  (context) =>
    l10n.t(
      "{0} refused the user name or password. It was not tried again, so the account isn't locked. A vCenter with an identity provider (MFA) needs a local account, such as one in vsphere.local.",
      theServer(context),
    ),
  'enterPassword',
);

export const generalFaults: Readonly<Record<string, FaultRow>> = {
  TaskInProgress: row('busy', (context) => l10n.t('{0} is busy with another task.', theVm(context)), 'runWhenDone'),
  NoPermission: row('noPrivilege', () => l10n.t('You lack a privilege for this.'), 'copyDetails'),
  RestrictedByAdministrator: {
    kind: 'disabledByOther',
    sentence: (facts) => () => withText(l10n.t('An administrator has switched this off.'), facts.longField('details')),
  },
  NotAuthenticated: row(
    'sessionEnded',
    (context) => l10n.t('{0} has ended the session.', theServer(context)),
    'connect',
  ),
  InvalidLogin: loginRefused,
  PasswordExpired: row(
    'loginRefused',
    (context) => l10n.t('The password for {0} has expired. Change it there first.', theServer(context)),
    'enterPassword',
  ),
  ManagedObjectNotFound: {
    kind: 'gone',
    nextStep: 'refresh',
    sentence: (facts) => {
      switch (facts.reference('obj')?.type) {
        case 'VirtualMachineSnapshot':
          return ({ snapshotName }) =>
            snapshotName === undefined
              ? l10n.t('The snapshot no longer exists. Nothing was changed.')
              : l10n.t("'{0}' no longer exists. Nothing was changed.", snapshotName);
        case 'VirtualMachine':
          return (context) => l10n.t('{0} no longer exists. Nothing was changed.', theVm(context));
        case 'Task':
          return () => l10n.t('The server no longer knows the task.');
        default:
          return () => l10n.t('What this is about no longer exists. Nothing was changed.');
      }
    },
  },
  RestrictedVersion: freeLicense,
  NotEnoughLicenses: {
    kind: 'license',
    sentence: (facts) => () => withText(l10n.t('The license of the server does not allow this.'), facts.text),
  },
  NotSupported: notSupported,
  NotImplemented: row('notSupported', (context) => l10n.t('{0} does not offer this.', theServer(context))),
  MethodNotFound: row('notSupported', (context) => l10n.t('{0} does not offer this.', theServer(context))),
  OperationDisallowedOnHost: notSupported,
  MethodDisabled: {
    kind: 'disabledByOther',
    nextStep: 'retry',
    sentence: (facts) => {
      const source = facts.field('source');
      return (context) =>
        source === undefined
          ? l10n.t('Another product has switched this off for {0}, perhaps while it makes a backup.', ofVm(context))
          : l10n.t(
              'Another product ({0}) has switched this off for {1}, perhaps while it makes a backup.',
              source,
              ofVm(context),
            );
    },
  },
  RequestCanceled: row('cancelledOnServer', () => l10n.t('The task was stopped.')),
  InvalidArgument: {
    kind: 'invalidInput',
    sentence: (facts) => {
      const property = facts.field('invalidProperty');
      return () =>
        withText(
          property === undefined
            ? l10n.t('The server does not accept what was entered.')
            : l10n.t("The server does not accept what was entered for '{0}'.", property),
          facts.text,
        );
    },
  },
  InvalidLocale: row('invalidInput', () => l10n.t('The server does not know the language.')),
  InvalidRequest: {
    kind: 'server',
    sentence: (facts) => () => withText(l10n.t('The server did not understand the request.'), facts.text),
  },
  Timedout: row('server', (context) => l10n.t('The host of {0} did not do it in time.', ofVm(context)), 'retry'),
  SystemError: {
    kind: 'server',
    nextStep: 'retry',
    sentence: (facts) => () =>
      withText(l10n.t('Something went wrong on the server.'), facts.text ?? facts.longField('reason')),
  },
};
