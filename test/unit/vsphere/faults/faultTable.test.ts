import assert from 'node:assert/strict';
import {
  BusyError,
  type ErrorContext,
  type ErrorKind,
  type HypervisorError,
  PrivilegeError,
} from '../../../../src/hypervisor/errors';
import { reportOfSoapFault } from '../../../../src/vsphere/faults/faultError';
import { ancestry } from '../../../../src/vsphere/faults/faultAncestry';
import { faultTable } from '../../../../src/vsphere/faults/faultTable';
import { translateFault } from '../../../../src/vsphere/faults/translateFault';
import { escapeAttribute } from '../../../../src/vsphere/soap/vimEncoder';
import { toServerTask } from '../../../../src/vsphere/tasks/taskMapping';
import { RetrievePropertiesEx, type RetrieveResult } from '../../../../src/vsphere/vim/property';
import { ConsolidateVMDisks_Task } from '../../../../src/vsphere/vim/snapshot';
import type { TaskInfo } from '../../../../src/vsphere/vim/task';
import { faultOf, resultOf } from '../soap/codecSupport';

interface Case {
  readonly kind: ErrorKind;
  /** Content of the fault's element. */
  readonly inner?: string;
  /** The server's own text. */
  readonly text?: string;
  readonly says: RegExp;
}

const context: ErrorContext = {
  vmName: 'SQL01',
  serverLabel: 'vc-paris',
  snapshotName: 'before KB5034',
  attempt: 'delete snapshots of',
};

// By type: what it means and what the person reads of it.
const cases: Readonly<Record<string, Case>> = {
  ApplicationQuiesceFault: { kind: 'quiesceFailed', says: /program in 'SQL01'.*script/ },
  CannotAccessFile: {
    kind: 'fileProblem',
    inner: '<file>[DS] a.vmdk</file>',
    says: /'\[DS\] a\.vmdk' of 'SQL01' can't be accessed/,
  },
  CannotAccessVmComponent: { kind: 'fileProblem', says: /part of 'SQL01' can't be reached/ },
  CannotDisableSnapshot: { kind: 'notSupported', says: /can't be switched off/ },
  ConcurrentAccess: { kind: 'wrongState', says: /'SQL01' was changed by somebody else/ },
  DeviceNotSupported: {
    kind: 'deviceForbids',
    inner: '<device>PCI 1</device>',
    says: /device 'PCI 1' of 'SQL01' rules out/,
  },
  DisallowedOperationOnFailoverHost: {
    kind: 'wrongState',
    inner: '<host type="HostSystem">host-1</host><hostname>esx-1</hostname>',
    says: /failover host 'esx-1'/,
  },
  DuplicateName: {
    kind: 'invalidName',
    inner: '<name>a</name><object type="Folder">f</object>',
    says: /'a' is in use/,
  },
  FileFault: {
    kind: 'fileProblem',
    inner: '<file>f</file>',
    text: 'Bad.',
    says: /file 'f' of 'SQL01'.*The server says: Bad\./,
  },
  FileLocked: { kind: 'fileInUse', inner: '<file>f</file>', says: /'f' of 'SQL01' is in use, often by a backup/ },
  FileNotFound: { kind: 'fileProblem', inner: '<file>f</file>', says: /'f' of 'SQL01' is missing/ },
  FileTooLarge: {
    kind: 'fileProblem',
    inner: '<file>f</file><datastore>DS-03</datastore><fileSize>1</fileSize>',
    says: /too large for datastore 'DS-03'/,
  },
  FilesystemQuiesceFault: { kind: 'quiesceFailed', says: /file systems of 'SQL01'.*in time/ },
  GenericVmConfigFault: {
    kind: 'server',
    inner: '<reason>msg.snapshot.error: disk busy</reason>',
    text: 'An error occurred.',
    says: /'SQL01'.*The server says: msg\.snapshot\.error: disk busy/,
  },
  HostAccessRestrictedToManagementServer: {
    kind: 'disabledByOther',
    inner: '<managementServer>10.0.0.9</managementServer>',
    says: /vCenter that manages it/,
  },
  HostCommunication: { kind: 'hostUnreachable', says: /can't reach the host on which 'SQL01' is/ },
  InsufficientResourcesFault: { kind: 'noResources', text: 'CPU.', says: /CPU or memory to power on 'SQL01'.*CPU\./ },
  InsufficientStorageSpace: { kind: 'diskFull', says: /datastore is full/ },
  InvalidArgument: {
    kind: 'invalidInput',
    inner: '<invalidProperty>name</invalidProperty>',
    says: /entered for 'name'/,
  },
  InvalidDiskFormat: { kind: 'damagedFiles', says: /disk of 'SQL01' is damaged/ },
  InvalidFormat: { kind: 'damagedFiles', says: /Files of 'SQL01' are damaged/ },
  InvalidLocale: { kind: 'invalidInput', says: /language/ },
  InvalidLogin: {
    kind: 'loginRefused',
    says: /^'vc-paris' refused the user name or password\. It was not tried again.*MFA/,
  },
  InvalidName: { kind: 'invalidName', inner: '<name>a</name>', says: /does not accept the name 'a'/ },
  InvalidPowerState: {
    kind: 'wrongState',
    inner: '<requestedState>poweredOff</requestedState><existingState>poweredOn</existingState>',
    says: /^'SQL01' is powered on; for this it has to be powered off\.$/,
  },
  InvalidRequest: {
    kind: 'server',
    text: 'Unexpected element tag.',
    says: /did not understand.*Unexpected element tag/,
  },
  InvalidSnapshotFormat: { kind: 'damagedFiles', says: /snapshot files of 'SQL01'/ },
  InvalidState: { kind: 'wrongState', text: 'No.', says: /present state of 'SQL01'.*The server says: No\./ },
  InvalidVmState: { kind: 'wrongState', says: /'SQL01' can't be used at present/ },
  ManagedObjectNotFound: {
    kind: 'gone',
    inner: '<obj type="VirtualMachineSnapshot">snapshot-1</obj>',
    says: /^'before KB5034' no longer exists\. Nothing was changed\.$/,
  },
  MemorySnapshotOnIndependentDisk: { kind: 'memoryImpossible', says: /'SQL01' has an independent disk/ },
  MethodDisabled: {
    kind: 'disabledByOther',
    inner: '<source>com.veeam</source>',
    says: /\(com\.veeam\).*'SQL01'.*backup/,
  },
  MethodNotFound: { kind: 'notSupported', says: /'vc-paris' does not offer this/ },
  MultipleSnapshotsNotSupported: { kind: 'notSupported', says: /'SQL01' can have only one snapshot/ },
  NoDiskSpace: {
    kind: 'diskFull',
    inner: '<file>f</file><datastore>DS-03</datastore>',
    says: /^Datastore 'DS-03' is full\. Free space, then retry\.$/,
  },
  NoPermission: {
    kind: 'noPrivilege',
    inner: '<object type="VirtualMachine">vm-1</object><privilegeId>VirtualMachine.State.RemoveSnapshot</privilegeId>',
    says: /^You can't delete snapshots of 'SQL01'\. Missing: Virtual machine > Snapshot management > Remove snapshot\.$/,
  },
  NotAuthenticated: { kind: 'sessionEnded', says: /'vc-paris' has ended the session/ },
  NotEnoughLicenses: { kind: 'license', text: 'Expired.', says: /license.*Expired\./ },
  NotFound: { kind: 'noCurrentSnapshot', says: /'SQL01' has no current snapshot/ },
  NotImplemented: { kind: 'notSupported', says: /'vc-paris' does not offer this/ },
  NotSupported: { kind: 'notSupported', text: 'FT.', says: /does not support this.*FT\./ },
  OperationDisallowedOnHost: { kind: 'notSupported', says: /does not support this/ },
  PasswordExpired: { kind: 'loginRefused', says: /password for 'vc-paris' has expired/ },
  QuestionPending: { kind: 'wrongState', inner: '<text>Disk full. Retry?</text>', says: /'SQL01' waits for an answer/ },
  RequestCanceled: { kind: 'cancelledOnServer', says: /stopped/ },
  RestrictedByAdministrator: { kind: 'disabledByOther', inner: '<details>Lockdown</details>', says: /administrator/ },
  RestrictedVersion: { kind: 'license', says: /^This ESXi license allows viewing only/ },
  SnapshotDisabled: { kind: 'notSupported', says: /Snapshots are switched off for 'SQL01'/ },
  SnapshotFault: { kind: 'server', text: 'Odd.', says: /snapshot operation on 'SQL01'.*Odd\./ },
  SnapshotIncompatibleDeviceInVm: {
    kind: 'deviceForbids',
    inner:
      '<fault><fault xsi:type="RawDiskNotSupported"><device>Hard disk 3</device></fault><localizedMessage>Raw.</localizedMessage></fault>',
    says: /^The device 'Hard disk 3' of 'SQL01' rules out snapshots\. The server says: Raw\.$/,
  },
  SnapshotLocked: { kind: 'wrongState', says: /snapshots of 'SQL01' are locked/ },
  SnapshotNoChange: { kind: 'nothingToDo', says: /Nothing has changed in 'SQL01'/ },
  SystemError: { kind: 'server', inner: '<reason>Disk died</reason>', says: /went wrong on the server.*Disk died/ },
  TaskInProgress: {
    kind: 'busy',
    inner: '<task type="Task">task-7</task>',
    says: /^'SQL01' is busy with another task\.$/,
  },
  Timedout: { kind: 'server', says: /in time/ },
  TooManySnapshotLevels: {
    kind: 'chainTooDeep',
    says: /^'SQL01' has the maximum of 32 snapshots in a chain\. Delete some first\.$/,
  },
  ToolsUnavailable: { kind: 'quiesceFailed', says: /VMware Tools isn't running in 'SQL01'/ },
  VmConfigFault: { kind: 'server', text: 'Config.', says: /configuration of 'SQL01'.*Config\./ },
  VmFaultToleranceIssue: { kind: 'notSupported', text: 'FT on.', says: /Fault Tolerance of 'SQL01'.*FT on\./ },
  VmPowerOnDisabled: { kind: 'wrongState', says: /Powering on 'SQL01' is switched off/ },
};

function inPlaceOfReply(type: string, { inner = '', text = '' }: Pick<Case, 'inner' | 'text'>): HypervisorError {
  const fault = faultOf(
    ConsolidateVMDisks_Task,
    `<faultcode>ServerFaultCode</faultcode><faultstring>${text}</faultstring><detail>` +
      `<RuntimeFaultFault xmlns="urn:vim25" xsi:type="${escapeAttribute(type)}">${inner}</RuntimeFaultFault></detail>`,
  );
  return translateFault(reportOfSoapFault(fault), 'test');
}

function inTask(type: string, { inner = '', text = '' }: Pick<Case, 'inner' | 'text'>): HypervisorError | undefined {
  const result = resultOf(
    RetrievePropertiesEx,
    '<returnval><objects><obj type="Task">task-1</obj><propSet><name>info</name><val xsi:type="TaskInfo">' +
      '<key>task-1</key><task type="Task">task-1</task><descriptionId>VirtualMachine.consolidateDisks</descriptionId>' +
      '<entity type="VirtualMachine">vm-1</entity><entityName>SQL01</entityName><state>error</state>' +
      `<cancelled>false</cancelled><cancelable>false</cancelable><error><fault xsi:type="${escapeAttribute(type)}">${inner}</fault>` +
      `<localizedMessage>${text}</localizedMessage></error><reason xsi:type="TaskReasonUser"><userName>u</userName></reason>` +
      '<queueTime>2026-01-01T00:00:00Z</queueTime><eventChainId>1</eventChainId></val></propSet></objects></returnval>',
  ) as RetrieveResult;
  return toServerTask(result.objects[0]?.propSet[0]?.val as TaskInfo).error;
}

describe('the table of faults', () => {
  it('has an expectation for every row', () => {
    assert.deepEqual([...faultTable.keys()].sort(), Object.keys(cases).sort());
  });

  for (const [type, expected] of Object.entries(cases)) {
    it(`means the same by ${type} wherever it comes from`, () => {
      for (const error of [inPlaceOfReply(type, expected), inTask(type, expected)]) {
        assert.ok(error !== undefined);
        assert.equal(error.kind, expected.kind);
        assert.match(error.say(context), expected.says);
        assert.ok(error.message.includes(type), error.message);
      }
    });

    it(`can say ${type} without any name and without any field`, () => {
      for (const error of [inPlaceOfReply(type, {}), inTask(type, {})]) {
        assert.equal(error?.kind, expected.kind);
        const sentence = error.say();
        assert.match(sentence, /^[A-Z].*\.$/);
        assert.doesNotMatch(sentence, /undefined|\{\d\}|''|SQL01/);
      }
    });
  }

  it('takes a fault that it does not know for its ancestor', () => {
    assert.equal(inPlaceOfReply('InsufficientCpuResourcesFault', {}).kind, 'noResources');
    assert.equal(inPlaceOfReply('PhysCompatRDMNotSupported', {}).kind, 'deviceForbids');
    assert.equal(inPlaceOfReply('ExpiredFeatureLicense', {}).kind, 'license');
    assert.equal(inTask('FileNameTooLong', {})?.kind, 'fileProblem');
    assert.equal(inPlaceOfReply('HostNotReachable', {}).kind, 'hostUnreachable');
    assert.equal(inPlaceOfReply('CannotAccessVmDisk', {}).kind, 'fileProblem');
  });

  it('takes a fault that nobody knows for what the call was declared to throw', () => {
    const fault = faultOf(
      ConsolidateVMDisks_Task,
      '<faultcode>s</faultcode><faultstring>New.</faultstring><detail><FileFaultFault xmlns="urn:vim25" ' +
        'xsi:type="FileIsHaunted"><file>f</file></FileFaultFault></detail>',
    );
    const error = translateFault(reportOfSoapFault(fault), 'test');
    assert.equal(error.kind, 'fileProblem');
    assert.match(error.say(context), /'f' of 'SQL01'.*New\./);
  });

  it('gives a fault that means nothing to it in the words of the server, or at least by its type', () => {
    const known = inPlaceOfReply('WeirdThingFault', { text: 'Something &lt;odd&gt;\nhappened' });
    assert.equal(known.kind, 'server');
    assert.equal(known.say(), 'The server reports: Something <odd> happened');
    assert.equal(inTask('WeirdThingFault', {})?.say(), 'The server reports: Weird thing');
    assert.equal(
      inTask('WeirdThingFault', { text: '*types.WeirdThingFault' })?.say(),
      'The server reports: Weird thing',
    );
  });

  it('prefers the message of the fault, then its details, then its cause', () => {
    const details =
      '<faultCause><fault xsi:type="Timedout"/><localizedMessage>cause</localizedMessage></faultCause>' +
      '<faultMessage><key>k</key><message>detail</message></faultMessage>';
    assert.match(inPlaceOfReply('Odd', { inner: details, text: 'own' }).say(), /own$/);
    assert.match(inPlaceOfReply('Odd', { inner: details }).say(), /detail$/);
    const cause = '<faultCause><fault xsi:type="Timedout"/><localizedMessage>cause</localizedMessage></faultCause>';
    assert.match(inTask('Odd', { inner: cause })?.say() ?? '', /cause$/);
  });

  it('shows no more of a text than a person reads, on one line and without what reverses it', () => {
    const sentence = inPlaceOfReply('Odd', { text: `a\u202e\r\n${'x'.repeat(1_000)}` }).say();
    assert.ok(sentence.length < 350);
    assert.doesNotMatch(sentence, /[\u202e\r\n]/);
  });

  it('gives the task that holds a VM', () => {
    const error = inPlaceOfReply('TaskInProgress', { inner: '<task type="Task">task-7</task>' });
    assert.ok(error instanceof BusyError);
    assert.equal(error.taskId, 'Task:task-7');
    assert.equal(error.nextStep, 'runWhenDone');
    const half = inPlaceOfReply('TaskInProgress', {});
    assert.ok(half instanceof BusyError && half.taskId === undefined);
  });

  it('lists all privileges that a server names, each once, and those that it cannot name by their ids', () => {
    const error = inPlaceOfReply('NoPermission', {
      inner:
        '<privilegeId>System.Read</privilegeId><missingPrivileges><entity type="VirtualMachine">vm-1</entity>' +
        '<privilegeIds>VirtualMachine.State.CreateSnapshot</privilegeIds><privilegeIds>Odd.One</privilegeIds>' +
        '</missingPrivileges><missingPrivileges><entity type="Datastore">d</entity>' +
        '<privilegeIds>Odd.One</privilegeIds></missingPrivileges>',
    });
    assert.ok(error instanceof PrivilegeError);
    assert.deepEqual(error.missing, ['Virtual machine > Snapshot management > Create snapshot', 'Odd.One']);
    assert.match(error.say(), /^You lack a privilege for this\. Missing: Virtual machine > .*, Odd\.One\.$/);
  });

  it('says what is gone by its type', () => {
    const gone = (type: string): string =>
      inPlaceOfReply('ManagedObjectNotFound', { inner: `<obj type="${type}">x</obj>` }).say(context);
    assert.equal(gone('VirtualMachine'), "'SQL01' no longer exists. Nothing was changed.");
    assert.match(gone('Task'), /no longer knows the task/);
    assert.match(gone('Folder'), /no longer exists/);
  });

  it('ends the ancestry of whatever it is given', () => {
    assert.deepEqual(ancestry('NotAuthenticated').slice(0, 3), ['NotAuthenticated', 'NoPermission', 'SecurityError']);
    assert.deepEqual(ancestry('Odd'), ['Odd']);
    assert.deepEqual(ancestry('__proto__'), ['__proto__']);
  });
});
