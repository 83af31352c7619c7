import * as l10n from '@vscode/l10n';
import { type FaultRow, ofVm, row, theVm, withText } from './faultRow';

// Faults about snapshots, devices and the state of a VM.
// API reference: SnapshotFault, VmConfigFault, InvalidState.

/** A power state in words; one that is not known is shown as the server wrote it. */
function powerStateWords(state: string | undefined): string | undefined {
  switch (state) {
    case 'poweredOn':
      return l10n.t('powered on');
    case 'poweredOff':
      return l10n.t('powered off');
    case 'suspended':
      return l10n.t('suspended');
    default:
      return state;
  }
}

const deviceForbids: FaultRow = {
  kind: 'deviceForbids',
  sentence: (facts) => {
    const device = facts.field('device') ?? facts.nested('fault')?.field('device');
    const text = facts.nested('fault')?.text ?? facts.text;
    return (context) =>
      device === undefined
        ? withText(l10n.t('A device of {0} rules out snapshots.', ofVm(context)), text)
        : withText(l10n.t("The device '{0}' of {1} rules out snapshots.", device, ofVm(context)), text);
  },
};

export const snapshotFaults: Readonly<Record<string, FaultRow>> = {
  SnapshotFault: {
    kind: 'server',
    sentence: (facts) => (context) =>
      withText(l10n.t("The snapshot operation on {0} wasn't possible.", ofVm(context)), facts.text),
  },
  SnapshotNoChange: row('nothingToDo', (context) =>
    l10n.t('Nothing has changed in {0} since its last snapshot.', ofVm(context)),
  ),
  SnapshotLocked: row('wrongState', (context) => l10n.t('The snapshots of {0} are locked.', ofVm(context))),
  SnapshotDisabled: row('notSupported', (context) => l10n.t('Snapshots are switched off for {0}.', ofVm(context))),
  MultipleSnapshotsNotSupported: row('notSupported', (context) =>
    l10n.t('{0} can have only one snapshot.', theVm(context)),
  ),
  TooManySnapshotLevels: row('chainTooDeep', (context) =>
    l10n.t('{0} has the maximum of 32 snapshots in a chain. Delete some first.', theVm(context)),
  ),
  MemorySnapshotOnIndependentDisk: row(
    'memoryImpossible',
    (context) =>
      l10n.t(
        '{0} has an independent disk, so its memory cannot be in a snapshot. Leave the memory out, or power the VM off first.',
        theVm(context),
      ),
    'withoutMemory',
  ),
  SnapshotIncompatibleDeviceInVm: deviceForbids,
  DeviceNotSupported: deviceForbids,
  ApplicationQuiesceFault: row(
    'quiesceFailed',
    (context) => l10n.t("A program in {0} couldn't be quiesced: the script that runs before failed.", ofVm(context)),
    'withoutQuiescing',
  ),
  FilesystemQuiesceFault: row(
    'quiesceFailed',
    (context) => l10n.t("The file systems of {0} couldn't be quiesced in time. Nothing was changed.", ofVm(context)),
    'withoutQuiescing',
  ),
  ToolsUnavailable: row(
    'quiesceFailed',
    (context) => l10n.t("VMware Tools isn't running in {0}.", ofVm(context)),
    'withoutQuiescing',
  ),
  VmConfigFault: {
    kind: 'server',
    sentence: (facts) => (context) =>
      withText(l10n.t('The configuration of {0} does not allow it.', ofVm(context)), facts.text),
  },
  GenericVmConfigFault: {
    kind: 'server',
    // The host's real message is in the field; the text of the fault itself is a commonplace.
    sentence: (facts) => (context) =>
      withText(l10n.t("The operation on {0} wasn't possible.", ofVm(context)), facts.longField('reason') ?? facts.text),
  },
  CannotAccessVmComponent: row('fileProblem', (context) =>
    l10n.t("A part of {0} can't be reached by its host.", ofVm(context)),
  ),
  InvalidSnapshotFormat: row('damagedFiles', (context) =>
    l10n.t('The snapshot files of {0} are damaged or missing.', ofVm(context)),
  ),
  InvalidFormat: row('damagedFiles', (context) => l10n.t('Files of {0} are damaged or missing.', ofVm(context))),
  InvalidDiskFormat: row('damagedFiles', (context) =>
    l10n.t('A disk of {0} is damaged or of an unknown format.', ofVm(context)),
  ),
  CannotDisableSnapshot: row('notSupported', (context) =>
    l10n.t("Snapshots of {0} can't be switched off.", ofVm(context)),
  ),
  InvalidState: {
    kind: 'wrongState',
    nextStep: 'refresh',
    sentence: (facts) => (context) =>
      withText(l10n.t("This isn't possible in the present state of {0}.", ofVm(context)), facts.text),
  },
  InvalidPowerState: {
    kind: 'wrongState',
    nextStep: 'refresh',
    sentence: (facts) => {
      const existing = powerStateWords(facts.field('existingState'));
      const requested = powerStateWords(facts.field('requestedState'));
      return (context) =>
        existing === undefined
          ? l10n.t('The power state of {0} does not allow it.', ofVm(context))
          : // Some servers name the state that was asked for, some the one that is needed.
            requested === undefined || requested === existing
            ? l10n.t('{0} is {1}, which does not allow it.', theVm(context), existing)
            : l10n.t('{0} is {1}; for this it has to be {2}.', theVm(context), existing, requested);
    },
  },
  InvalidVmState: row(
    'wrongState',
    (context) => l10n.t("{0} can't be used at present; its configuration may be unavailable.", theVm(context)),
    'refresh',
  ),
  QuestionPending: {
    kind: 'wrongState',
    sentence: (facts) => {
      const question = facts.longField('text');
      return (context) =>
        withText(
          l10n.t('{0} waits for an answer. Give it in the vSphere Client, then try again.', theVm(context)),
          question,
        );
    },
  },
  VmPowerOnDisabled: row('wrongState', (context) => l10n.t('Powering on {0} is switched off.', ofVm(context))),
  VmFaultToleranceIssue: {
    kind: 'notSupported',
    sentence: (facts) => (context) =>
      withText(l10n.t('Fault Tolerance of {0} does not allow it.', ofVm(context)), facts.text),
  },
  InvalidName: {
    kind: 'invalidName',
    sentence: (facts) => {
      const name = facts.field('name');
      return () =>
        name === undefined
          ? l10n.t('The server does not accept this name.')
          : l10n.t("The server does not accept the name '{0}'.", name);
    },
  },
  DuplicateName: {
    kind: 'invalidName',
    sentence: (facts) => {
      const name = facts.field('name');
      return () =>
        name === undefined ? l10n.t('The name is in use already.') : l10n.t("The name '{0}' is in use already.", name);
    },
  },
  NotFound: row('noCurrentSnapshot', (context) => l10n.t('{0} has no current snapshot.', theVm(context)), 'refresh'),
  ConcurrentAccess: row(
    'wrongState',
    (context) => l10n.t('{0} was changed by somebody else at the same time.', theVm(context)),
    'retry',
  ),
};
