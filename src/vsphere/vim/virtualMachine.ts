import { VirtualHardware } from './device';
import { ManagedEntity } from './inventory';
import { VirtualMachineFileLayoutEx } from './layout';
import { connectionState, powerState } from './power';
import {
  anyType,
  dataObject,
  enumeration,
  list,
  list1,
  managedObject,
  opt,
  reference,
  type TypeOf,
  xsdBoolean,
  xsdDateTime,
  xsdInt,
  xsdLong,
  xsdString,
} from './schema';
import { VirtualMachineSnapshotInfo } from './snapshot';

// VirtualMachine and the parts of its properties that this product reads or serves.

const ElementDescription = dataObject(
  'ElementDescription',
  { key: xsdString },
  dataObject('Description', { label: xsdString, summary: xsdString }),
);
const ChoiceOption = dataObject(
  'ChoiceOption',
  { choiceInfo: list1(ElementDescription), defaultIndex: opt(xsdInt) },
  dataObject('OptionType', { valueIsReadonly: opt(xsdBoolean) }),
);
/** A VM that waits for an answer; its tasks stand still until somebody gives it. */
export const VirtualMachineQuestionInfo = dataObject('VirtualMachineQuestionInfo', {
  id: xsdString,
  text: xsdString,
  choice: ChoiceOption,
});

export const VirtualMachineRuntimeInfo = dataObject('VirtualMachineRuntimeInfo', {
  host: opt(reference),
  connectionState,
  powerState,
  faultToleranceState: opt(
    enumeration(
      'VirtualMachineFaultToleranceState',
      'notConfigured',
      'disabled',
      'enabled',
      'needSecondary',
      'starting',
      'running',
    ),
  ),
  toolsInstallerMounted: opt(xsdBoolean),
  suspendTime: opt(xsdDateTime),
  bootTime: opt(xsdDateTime),
  suspendInterval: opt(xsdLong),
  question: opt(VirtualMachineQuestionInfo),
  memoryOverhead: opt(xsdLong),
  maxCpuUsage: opt(xsdInt),
  maxMemoryUsage: opt(xsdInt),
  numMksConnections: opt(xsdInt),
  recordReplayState: opt(xsdString),
  cleanPowerOff: opt(xsdBoolean),
  needSecondaryReason: opt(xsdString),
  consolidationNeeded: opt(xsdBoolean),
});
export type VirtualMachineRuntimeInfo = TypeOf<typeof VirtualMachineRuntimeInfo>;

export const OptionValue = dataObject('OptionValue', { key: xsdString, value: anyType });

export const VirtualMachineFileInfo = dataObject('VirtualMachineFileInfo', {
  vmPathName: opt(xsdString),
  snapshotDirectory: opt(xsdString),
  suspendDirectory: opt(xsdString),
  logDirectory: opt(xsdString),
});

export const VirtualMachineConfigInfo = dataObject('VirtualMachineConfigInfo', {
  changeVersion: xsdString,
  modified: xsdDateTime,
  name: xsdString,
  guestFullName: xsdString,
  version: xsdString,
  uuid: xsdString,
  createDate: opt(xsdDateTime, '6.7'),
  instanceUuid: opt(xsdString),
  template: xsdBoolean,
  guestId: xsdString,
  alternateGuestName: xsdString,
  annotation: opt(xsdString),
  files: VirtualMachineFileInfo,
  hardware: VirtualHardware,
  extraConfig: list(OptionValue),
  changeTrackingEnabled: opt(xsdBoolean),
});
export type VirtualMachineConfigInfo = TypeOf<typeof VirtualMachineConfigInfo>;

export const VirtualMachineCapability = dataObject('VirtualMachineCapability', {
  snapshotOperationsSupported: xsdBoolean,
  multipleSnapshotsSupported: xsdBoolean,
  snapshotConfigSupported: xsdBoolean,
  poweredOffSnapshotsSupported: xsdBoolean,
  memorySnapshotsSupported: xsdBoolean,
  revertToSnapshotSupported: xsdBoolean,
  quiescedSnapshotsSupported: xsdBoolean,
  disableSnapshotsSupported: xsdBoolean,
  lockSnapshotsSupported: xsdBoolean,
  consolePreferencesSupported: xsdBoolean,
  cpuFeatureMaskSupported: xsdBoolean,
  s1AcpiManagementSupported: xsdBoolean,
  settingScreenResolutionSupported: xsdBoolean,
  toolsAutoUpdateSupported: xsdBoolean,
  vmNpivWwnSupported: xsdBoolean,
  npivWwnOnNonRdmVmSupported: xsdBoolean,
  vmNpivWwnDisableSupported: opt(xsdBoolean),
  vmNpivWwnUpdateSupported: opt(xsdBoolean),
  swapPlacementSupported: xsdBoolean,
  toolsSyncTimeSupported: xsdBoolean,
  virtualMmuUsageSupported: xsdBoolean,
  diskSharesSupported: xsdBoolean,
  bootOptionsSupported: xsdBoolean,
  bootRetryOptionsSupported: opt(xsdBoolean),
  settingVideoRamSizeSupported: xsdBoolean,
  settingDisplayTopologySupported: opt(xsdBoolean),
  recordReplaySupported: opt(xsdBoolean),
  changeTrackingSupported: opt(xsdBoolean),
  diskOnlySnapshotOnSuspendedVMSupported: opt(xsdBoolean, '6.7'),
});
export type VirtualMachineCapability = TypeOf<typeof VirtualMachineCapability>;

export const GuestInfo = dataObject('GuestInfo', {
  toolsStatus: opt(xsdString),
  toolsVersionStatus: opt(xsdString),
  toolsVersionStatus2: opt(xsdString),
  /** guestToolsNotRunning, guestToolsRunning, guestToolsExecutingScripts. */
  toolsRunningStatus: opt(xsdString),
  toolsVersion: opt(xsdString),
  guestId: opt(xsdString),
  guestFamily: opt(xsdString),
  guestFullName: opt(xsdString),
  hostName: opt(xsdString),
  ipAddress: opt(xsdString),
  guestState: xsdString,
});

export const VirtualMachineConfigSummary = dataObject('VirtualMachineConfigSummary', {
  name: xsdString,
  template: xsdBoolean,
  vmPathName: xsdString,
  memorySizeMB: opt(xsdInt),
  cpuReservation: opt(xsdInt),
  memoryReservation: opt(xsdInt),
  numCpu: opt(xsdInt),
  numEthernetCards: opt(xsdInt),
  numVirtualDisks: opt(xsdInt),
  uuid: opt(xsdString),
  instanceUuid: opt(xsdString),
  guestId: opt(xsdString),
  guestFullName: opt(xsdString),
  annotation: opt(xsdString),
});

export const VirtualMachineGuestSummary = dataObject('VirtualMachineGuestSummary', {
  guestId: opt(xsdString),
  guestFullName: opt(xsdString),
  toolsStatus: opt(xsdString),
  toolsVersionStatus: opt(xsdString),
  toolsVersionStatus2: opt(xsdString),
  toolsRunningStatus: opt(xsdString),
  hostName: opt(xsdString),
  ipAddress: opt(xsdString),
});

export const VirtualMachineStorageSummary = dataObject('VirtualMachineStorageSummary', {
  committed: xsdLong,
  uncommitted: xsdLong,
  unshared: xsdLong,
  timestamp: xsdDateTime,
});

export const VirtualMachineQuickStats = dataObject('VirtualMachineQuickStats', {
  overallCpuUsage: opt(xsdInt),
  overallCpuDemand: opt(xsdInt),
  guestMemoryUsage: opt(xsdInt),
  hostMemoryUsage: opt(xsdInt),
  guestHeartbeatStatus: xsdString,
  uptimeSeconds: opt(xsdInt),
});

export const VirtualMachineSummary = dataObject('VirtualMachineSummary', {
  vm: opt(reference),
  runtime: VirtualMachineRuntimeInfo,
  guest: opt(VirtualMachineGuestSummary),
  config: VirtualMachineConfigSummary,
  storage: opt(VirtualMachineStorageSummary),
  quickStats: VirtualMachineQuickStats,
  overallStatus: xsdString,
});

export const VirtualMachine = managedObject(
  'VirtualMachine',
  {
    capability: VirtualMachineCapability,
    config: opt(VirtualMachineConfigInfo),
    datastore: list(reference),
    guest: opt(GuestInfo),
    guestHeartbeatStatus: xsdString,
    layoutEx: opt(VirtualMachineFileLayoutEx),
    network: list(reference),
    parentVApp: opt(reference),
    resourcePool: opt(reference),
    rootSnapshot: list(reference),
    runtime: VirtualMachineRuntimeInfo,
    snapshot: opt(VirtualMachineSnapshotInfo),
    summary: VirtualMachineSummary,
  },
  ManagedEntity,
);
