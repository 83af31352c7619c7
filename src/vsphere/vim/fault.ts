import {
  anyType,
  dataObject,
  type DynamicType,
  list,
  type ObjectType,
  one,
  opt,
  reference,
  type TypeOf,
  xsdLong,
  xsdString,
} from './schema';

// Faults, as far as this product tells them apart. One that is not here arrives as a MethodFault whose `$type` says
// what it was.

export const KeyAnyValue = dataObject('KeyAnyValue', { key: xsdString, value: anyType });

export const LocalizableMessage = dataObject('LocalizableMessage', {
  key: xsdString,
  arg: list(KeyAnyValue),
  message: opt(xsdString),
});
export type LocalizableMessage = TypeOf<typeof LocalizableMessage>;

/** Base of every fault. */
export interface MethodFault extends DynamicType {
  readonly faultCause?: LocalizedMethodFault | undefined;
  readonly faultMessage: readonly LocalizableMessage[];
}

/** A fault with the server's text in the session's language. */
export interface LocalizedMethodFault extends DynamicType {
  readonly fault: MethodFault;
  readonly localizedMessage?: string | undefined;
}

const MethodFaultFields = {
  faultCause: opt((): ObjectType<LocalizedMethodFault> => LocalizedMethodFault),
  faultMessage: list(LocalizableMessage),
};

export const MethodFault: ObjectType<MethodFault> = dataObject('MethodFault', MethodFaultFields);

export const LocalizedMethodFault: ObjectType<LocalizedMethodFault> = dataObject('LocalizedMethodFault', {
  fault: one((): ObjectType<MethodFault> => MethodFault),
  localizedMessage: opt(xsdString),
});

export const RuntimeFault = dataObject('RuntimeFault', {}, MethodFault);
export const VimFault = dataObject('VimFault', {}, MethodFault);

export const InvalidRequest = dataObject('InvalidRequest', {}, RuntimeFault);
export const InvalidArgument = dataObject('InvalidArgument', { invalidProperty: opt(xsdString) }, RuntimeFault);
export const ManagedObjectNotFound = dataObject('ManagedObjectNotFound', { obj: reference }, RuntimeFault);
export const NotSupported = dataObject('NotSupported', {}, RuntimeFault);
export const NotImplemented = dataObject('NotImplemented', {}, RuntimeFault);
export const MethodDisabled = dataObject('MethodDisabled', { source: opt(xsdString) }, RuntimeFault);
export const SystemError = dataObject('SystemError', { reason: xsdString }, RuntimeFault);
export const RestrictedVersion = dataObject('RestrictedVersion', {}, RuntimeFault);
export const NotEnoughLicenses = dataObject('NotEnoughLicenses', {}, RuntimeFault);
export const RequestCanceled = dataObject('RequestCanceled', {}, RuntimeFault);
export const HostCommunication = dataObject('HostCommunication', {}, RuntimeFault);
export const HostNotConnected = dataObject('HostNotConnected', {}, HostCommunication);
export const HostNotReachable = dataObject('HostNotReachable', {}, HostCommunication);
export const SecurityError = dataObject('SecurityError', {}, RuntimeFault);

const EntityPrivileges = dataObject('NoPermissionEntityPrivileges', {
  entity: reference,
  privilegeIds: list(xsdString),
});
export const NoPermission = dataObject(
  'NoPermission',
  {
    object: opt(reference),
    privilegeId: opt(xsdString),
    missingPrivileges: list(EntityPrivileges, '7.0.3.2'),
  },
  SecurityError,
);
export type NoPermission = TypeOf<typeof NoPermission>;
export const NotAuthenticated = dataObject('NotAuthenticated', {}, NoPermission);

export const InvalidLogin = dataObject('InvalidLogin', {}, VimFault);
export const PasswordExpired = dataObject('PasswordExpired', {}, InvalidLogin);
export const InvalidLocale = dataObject('InvalidLocale', {}, VimFault);
export const InvalidProperty = dataObject('InvalidProperty', { name: xsdString }, MethodFault);
export const InvalidCollectorVersion = dataObject('InvalidCollectorVersion', {}, MethodFault);
export const InvalidType = dataObject('InvalidType', { argument: opt(xsdString) }, InvalidRequest);
/** The object exists, but its type has no such method. */
export const MethodNotFound = dataObject('MethodNotFound', { receiver: reference, method: xsdString }, InvalidRequest);
export const NotFound = dataObject('NotFound', {}, VimFault);
export const InvalidName = dataObject('InvalidName', { name: xsdString, entity: opt(reference) }, VimFault);
export const TaskInProgress = dataObject('TaskInProgress', { task: reference }, VimFault);
export type TaskInProgress = TypeOf<typeof TaskInProgress>;
export const InvalidState = dataObject('InvalidState', {}, VimFault);
export const InvalidPowerState = dataObject(
  'InvalidPowerState',
  { requestedState: opt(xsdString), existingState: xsdString },
  InvalidState,
);
/** Powering on is among the methods that are disabled. */
export const VmPowerOnDisabled = dataObject('VmPowerOnDisabled', {}, InvalidState);
export const Timedout = dataObject('Timedout', {}, VimFault);
export const DisallowedOperationOnFailoverHost = dataObject(
  'DisallowedOperationOnFailoverHost',
  { host: reference, hostname: xsdString },
  RuntimeFault,
);
export const InsufficientResourcesFault = dataObject('InsufficientResourcesFault', {}, VimFault);
export const InsufficientMemoryResourcesFault = dataObject(
  'InsufficientMemoryResourcesFault',
  { unreserved: xsdLong, requested: xsdLong },
  InsufficientResourcesFault,
);

export const SnapshotFault = dataObject('SnapshotFault', {}, VimFault);
export const SnapshotNoChange = dataObject('SnapshotNoChange', {}, SnapshotFault);
export const SnapshotLocked = dataObject('SnapshotLocked', {}, SnapshotFault);
export const SnapshotDisabled = dataObject('SnapshotDisabled', {}, SnapshotFault);
export const MultipleSnapshotsNotSupported = dataObject('MultipleSnapshotsNotSupported', {}, SnapshotFault);
export const TooManySnapshotLevels = dataObject('TooManySnapshotLevels', {}, SnapshotFault);
export const MemorySnapshotOnIndependentDisk = dataObject('MemorySnapshotOnIndependentDisk', {}, SnapshotFault);
export const SnapshotIncompatibleDeviceInVm = dataObject(
  'SnapshotIncompatibleDeviceInVm',
  { fault: LocalizedMethodFault },
  SnapshotFault,
);
export const ApplicationQuiesceFault = dataObject('ApplicationQuiesceFault', {}, SnapshotFault);
export const FilesystemQuiesceFault = dataObject('FilesystemQuiesceFault', {}, SnapshotFault);

export const VmConfigFault = dataObject('VmConfigFault', {}, VimFault);
export const GenericVmConfigFault = dataObject('GenericVmConfigFault', { reason: xsdString }, VmConfigFault);
export const InvalidSnapshotFormat = dataObject('InvalidSnapshotFormat', {}, VmConfigFault);
export const InvalidFormat = dataObject('InvalidFormat', {}, VmConfigFault);
export const InvalidDiskFormat = dataObject('InvalidDiskFormat', {}, InvalidFormat);
export const VirtualHardwareCompatibilityIssue = dataObject('VirtualHardwareCompatibilityIssue', {}, VmConfigFault);
export const DeviceNotSupported = dataObject(
  'DeviceNotSupported',
  { device: xsdString, reason: opt(xsdString) },
  VirtualHardwareCompatibilityIssue,
);
export const RawDiskNotSupported = dataObject('RawDiskNotSupported', {}, DeviceNotSupported);
export const SharedBusControllerNotSupported = dataObject('SharedBusControllerNotSupported', {}, DeviceNotSupported);

export const FileFault = dataObject('FileFault', { file: xsdString }, VimFault);
export const NoDiskSpace = dataObject('NoDiskSpace', { datastore: xsdString }, FileFault);
export const FileLocked = dataObject('FileLocked', {}, FileFault);
export const FileNotFound = dataObject('FileNotFound', {}, FileFault);
export const CannotAccessFile = dataObject('CannotAccessFile', {}, FileFault);
export const FileTooLarge = dataObject(
  'FileTooLarge',
  { datastore: xsdString, fileSize: xsdLong, maxFileSize: opt(xsdLong) },
  FileFault,
);
export const ConcurrentAccess = dataObject('ConcurrentAccess', {}, VimFault);
export const DuplicateName = dataObject('DuplicateName', { name: xsdString, object: reference }, VimFault);
export const ToolsUnavailable = dataObject('ToolsUnavailable', {}, VimFault);
