import type { LocalizedMethodFault, MethodFault } from '../../vsphere/vim/fault';

/** A fault as a value: its type in `$type`, the fields of that type beside it. */
export type FaultValue = MethodFault & { readonly $type: string };

/** Makes a fault. The fields are those of the type of that name in the schema. */
export function fault(type: string, fields: Readonly<Record<string, unknown>> = {}): FaultValue {
  return { $type: type, faultMessage: [], ...fields };
}

/** Texts as a real server writes them, in English. Those of other faults are made of the type's name. */
const texts: Readonly<Record<string, string>> = {
  ApplicationQuiesceFault:
    "An error occurred while quiescing the virtual machine. See the virtual machine's event log for details.",
  CannotAccessFile: 'Unable to access file {file}',
  DeviceNotSupported: 'Device "{device}" is not supported.',
  DuplicateName: 'The name "{name}" already exists.',
  FileLocked: 'Unable to access file {file} since it is locked',
  FileNotFound: 'File {file} was not found',
  FilesystemQuiesceFault:
    'An error occurred while saving the snapshot: Failed to quiesce the virtual machine. The operation was rolled back.',
  GenericVmConfigFault: '{reason}',
  HostNotConnected: 'Unable to communicate with the remote host, since it is disconnected.',
  HostNotReachable: 'Unable to communicate with the remote host because it is not reachable.',
  InsufficientResourcesFault: 'The operation cannot be completed because of insufficient resources.',
  InvalidArgument: 'A specified parameter was not correct: {invalidProperty}',
  InvalidCollectorVersion: 'The version of the property collector is not valid.',
  InvalidLocale: 'The locale is invalid or unknown to the server.',
  InvalidLogin: 'Cannot complete login due to an incorrect user name or password.',
  InvalidName: 'The name "{name}" is not valid.',
  InvalidPowerState: 'The attempted operation cannot be performed in the current state ({existing}).',
  InvalidProperty: '',
  InvalidSnapshotFormat: 'Invalid snapshot configuration.',
  InvalidState: 'The operation is not allowed in the current state.',
  ManagedObjectNotFound: "The object '{object}' has already been deleted or has not been completely created",
  MemorySnapshotOnIndependentDisk:
    'An error occurred while taking a snapshot: Cannot take a memory snapshot, since the virtual machine is configured with independent disks.',
  MethodDisabled: "The method is disabled by '{source}'",
  MultipleSnapshotsNotSupported: 'The virtual machine supports only one snapshot.',
  NoDiskSpace: 'There is not enough space on the file system for the selected operation: {datastore}',
  NoPermission: 'Permission to perform this operation was denied.',
  NotAuthenticated: 'The session is not authenticated.',
  NotEnoughLicenses: 'There are not enough licenses to perform the operation.',
  NotFound: 'Unable to find the specified object.',
  NotSupported: 'The operation is not supported on the object.',
  PasswordExpired: 'The password for this account has expired.',
  RawDiskNotSupported: 'The raw disk "{device}" in physical compatibility mode does not support snapshots.',
  RequestCanceled: 'The task was canceled by a user.',
  RestrictedVersion: 'Current license or ESXi version prohibits execution of the requested operation.',
  SharedBusControllerNotSupported: 'The SCSI controller "{device}" is engaged in bus-sharing.',
  SnapshotDisabled: 'Snapshots are disabled for this virtual machine.',
  SnapshotIncompatibleDeviceInVm: 'A device in the virtual machine does not support snapshots: {device}',
  SnapshotLocked: 'The snapshots of this virtual machine are locked.',
  SnapshotNoChange:
    'Snapshot not taken since the state of the virtual machine has not changed since the last snapshot operation.',
  SystemError: 'A general system error occurred: {reason}',
  TaskInProgress: 'Another task is already in progress.',
  Timedout: 'Operation timed out.',
  ToolsUnavailable: 'Cannot complete operation because VMware Tools is not running in this virtual machine.',
  TooManySnapshotLevels: 'An error occurred while taking a snapshot: The maximum snapshot chain length was exceeded.',
};

const powerNames: Readonly<Record<string, string>> = {
  poweredOn: 'Powered on',
  poweredOff: 'Powered off',
  suspended: 'Suspended',
};

/** The text that goes with a fault. */
export function faultText(value: MethodFault): string {
  const type = value.$type ?? 'MethodFault';
  const fields = value as unknown as Readonly<Record<string, unknown>>;
  const template = texts[type] ?? `A fault occurred: ${type}.`;
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    switch (name) {
      case 'existing':
        return powerNames[String(fields['existingState'])] ?? String(fields['existingState']);
      case 'object': {
        const target = fields['obj'] as { readonly type: string; readonly value: string };
        return `vim.${target.type}:${target.value}`;
      }
      case 'device':
        return deviceText(fields);
      default:
        return textOf(fields[name]);
    }
  });
}

function deviceText(fields: Readonly<Record<string, unknown>>): string {
  const nested = fields['fault'] as LocalizedMethodFault | undefined;
  return nested === undefined ? textOf(fields['device']) : (nested.localizedMessage ?? '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A fault with its text, as it stands in a task or in a `missingSet`. */
export function localized(value: FaultValue): LocalizedMethodFault {
  return { fault: value, localizedMessage: faultText(value) };
}
