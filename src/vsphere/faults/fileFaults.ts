import * as l10n from '@vscode/l10n';
import { type FaultFacts, type FaultRow, ofVm, type Sentence, theVm, withText } from './faultRow';

// Faults about datastores, files, hosts and their resources. API reference: FileFault, InsufficientResourcesFault.

function aboutFile(withName: (file: string, vm: string) => string, without: (vm: string) => string) {
  return (facts: FaultFacts): Sentence => {
    const file = facts.field('file');
    return (context) => (file === undefined ? without(ofVm(context)) : withName(file, ofVm(context)));
  };
}

const noResources: FaultRow = {
  kind: 'noResources',
  nextStep: 'retry',
  sentence: (facts) => (context) =>
    withText(l10n.t('There is not enough CPU or memory to power on {0}.', ofVm(context)), facts.text),
};

const hostUnreachable: FaultRow = {
  kind: 'hostUnreachable',
  nextStep: 'retry',
  sentence: () => (context) => l10n.t("The server can't reach the host on which {0} is.", ofVm(context)),
};

const diskFull: FaultRow = {
  kind: 'diskFull',
  nextStep: 'retry',
  sentence: (facts) => {
    const datastore = facts.field('datastore');
    return () =>
      datastore === undefined
        ? l10n.t('The datastore is full. Free space, then retry.')
        : l10n.t("Datastore '{0}' is full. Free space, then retry.", datastore);
  },
};

export const fileFaults: Readonly<Record<string, FaultRow>> = {
  FileFault: {
    kind: 'fileProblem',
    sentence: (facts) => (context) => {
      const file = facts.field('file');
      const sentence =
        file === undefined
          ? l10n.t("A file of {0} can't be used.", ofVm(context))
          : l10n.t("The file '{0}' of {1} can't be used.", file, ofVm(context));
      return withText(sentence, facts.text);
    },
  },
  NoDiskSpace: diskFull,
  InsufficientStorageSpace: diskFull,
  FileLocked: {
    kind: 'fileInUse',
    nextStep: 'retry',
    sentence: aboutFile(
      (file, vm) =>
        l10n.t("The file '{0}' of {1} is in use, often by a backup. Wait for it to end, then retry.", file, vm),
      (vm) => l10n.t('A file of {0} is in use, often by a backup. Wait for it to end, then retry.', vm),
    ),
  },
  FileNotFound: {
    kind: 'fileProblem',
    sentence: aboutFile(
      (file, vm) => l10n.t("The file '{0}' of {1} is missing.", file, vm),
      (vm) => l10n.t('A file of {0} is missing.', vm),
    ),
  },
  CannotAccessFile: {
    kind: 'fileProblem',
    sentence: aboutFile(
      (file, vm) => l10n.t("The file '{0}' of {1} can't be accessed.", file, vm),
      (vm) => l10n.t("A file of {0} can't be accessed.", vm),
    ),
  },
  FileTooLarge: {
    kind: 'fileProblem',
    sentence: (facts) => {
      const datastore = facts.field('datastore');
      return (context) =>
        datastore === undefined
          ? l10n.t('A file of {0} is too large for its datastore.', ofVm(context))
          : l10n.t("A file of {0} is too large for datastore '{1}'.", ofVm(context), datastore);
    },
  },
  InsufficientResourcesFault: noResources,
  HostCommunication: hostUnreachable,
  DisallowedOperationOnFailoverHost: {
    kind: 'wrongState',
    sentence: (facts) => {
      const host = facts.field('hostname');
      return (context) =>
        host === undefined
          ? l10n.t('{0} is on a failover host, where it cannot be powered on.', theVm(context))
          : l10n.t("{0} is on the failover host '{1}', where it cannot be powered on.", theVm(context), host);
    },
  },
  HostAccessRestrictedToManagementServer: {
    kind: 'disabledByOther',
    sentence: (facts) => {
      const server = facts.field('managementServer');
      return () =>
        server === undefined
          ? l10n.t('This host may only be changed through the vCenter that manages it.')
          : l10n.t("This host may only be changed through the vCenter that manages it: '{0}'.", server);
    },
  },
};
