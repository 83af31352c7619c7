import { findType } from '../vim/registry';
import type { ObjectType } from '../vim/schema';

// Faults that may come out of what this client asks for and that say nothing more to it than the fault from which they
// derive. On the wire a fault tells its type but not its ancestors.
const derived: Readonly<Record<string, readonly string[]>> = {
  CannotAccessVmComponent: ['CannotAccessVmConfig', 'CannotAccessVmDevice'],
  CannotAccessVmDevice: ['CannotAccessNetwork', 'CannotAccessVmDisk'],
  CannotAccessVmDisk: ['RDMPointsToInaccessibleDisk'],
  DeviceNotSupported: [
    'DeviceBackingNotSupported',
    'DeviceControllerNotSupported',
    'DigestNotSupported',
    'FileBackedPortNotSupported',
    'MultiWriterNotSupported',
    'NonPersistentDisksNotSupported',
    'RDMNotSupported',
    'RemoteDeviceNotSupported',
    'SharedBusControllerNotSupported',
    'VirtualDiskModeNotSupported',
    'VirtualEthernetCardNotSupported',
  ],
  FileFault: [
    'CannotCreateFile',
    'CannotDeleteFile',
    'DirectoryNotEmpty',
    'FileAlreadyExists',
    'FileNameTooLong',
    'FileNotWritable',
    'IncorrectFileType',
    'NetworkCopyFault',
    'NotADirectory',
    'NotAFile',
    'TooManyConcurrentNativeClones',
    'TooManyNativeCloneLevels',
    'TooManyNativeClonesOnFile',
  ],
  InsufficientResourcesFault: [
    'InsufficientCpuResourcesFault',
    'InsufficientFailoverResourcesFault',
    'InsufficientGraphicsResourcesFault',
    'InsufficientHostCapacityFault',
    'InsufficientMemoryResourcesFault',
    'InsufficientStandbyResource',
    'InsufficientVFlashResourcesFault',
    'InvalidResourcePoolStructureFault',
    'NumVirtualCpusExceedsLimit',
  ],
  InvalidLogin: ['InvalidClientCertificate'],
  InvalidState: [
    'EncryptionKeyRequired',
    'InvalidDatastoreState',
    'InvalidHostState',
    'InvalidVmState',
    'MksConnectionLimitReached',
    'NoActiveHostInCluster',
    'VmPowerOnDisabled',
  ],
  NotEnoughLicenses: [
    'ExpiredFeatureLicense',
    'InvalidEditionLicense',
    'InventoryHasStandardAloneHosts',
    'LicenseDowngradeDisallowed',
    'LicenseExpired',
    'LicenseKeyEntityMismatch',
    'LicenseRestricted',
    'LicenseSourceUnavailable',
    'NoLicenseServerConfigured',
    'VmLimitLicense',
    'VramLimitLicense',
  ],
  RDMNotSupported: ['PhysCompatRDMNotSupported'],
  TaskInProgress: ['VAppTaskInProgress'],
  Timedout: ['PowerOnFtSecondaryTimedout'],
  VimFault: ['VmFaultToleranceIssue'],
  VmConfigFault: [
    'CannotAccessVmComponent',
    'CannotDisableSnapshot',
    'DeltaDiskFormatNotSupported',
    'InvalidVmConfig',
    'LargeRDMNotSupportedOnDatastore',
    'RDMNotSupportedOnDatastore',
    'UnsupportedDatastore',
    'UnsupportedVmxLocation',
  ],
  VmFaultToleranceIssue: [
    'VmFaultToleranceConfigIssue',
    'VmFaultToleranceInvalidFileBacking',
    'VmFaultToleranceOpIssuesList',
  ],
};

const bases: ReadonlyMap<string, string> = new Map(
  Object.entries(derived).flatMap(([base, types]) => types.map((type) => [type, base] as const)),
);

// No fault of vim25 derives over more than six steps.
const maxSteps = 16;

/**
 * A fault's type, then what it derives from, as far as that is known.
 *
 * @param declaredType - what the call was declared to throw, where the type itself is newer than this client
 */
export function ancestry(type: string, declaredType?: string): readonly string[] {
  const found: string[] = [];
  for (let at: string | undefined = type; at !== undefined && found.length < maxSteps; at = baseOf(at)) {
    found.push(at);
  }
  if (found.length === 1 && declaredType !== undefined && declaredType !== type) {
    found.push(...ancestry(declaredType));
  }
  return found;
}

function baseOf(type: string): string | undefined {
  const known = findType(type) as ObjectType | undefined;
  return (known?.kind === 'object' ? known.base?.name : undefined) ?? bases.get(type);
}
