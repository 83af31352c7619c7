import { ElementDescription } from './description';
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
import { OptionValue } from './service';
import { VirtualMachineSnapshotInfo } from './snapshot';

// VirtualMachine and the parts of its properties that this product reads or serves.

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

/** Never served here with content: `runtime.device` is legal to ask for. */
const VirtualMachineDeviceRuntimeInfo = dataObject('VirtualMachineDeviceRuntimeInfo', { key: xsdInt });

export const VirtualMachineRuntimeInfo = dataObject('VirtualMachineRuntimeInfo', {
  device: list(VirtualMachineDeviceRuntimeInfo),
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
  onlineStandby: opt(xsdBoolean),
  minRequiredEVCModeKey: opt(xsdString),
  consolidationNeeded: opt(xsdBoolean),
  paused: opt(xsdBoolean),
  snapshotInBackground: opt(xsdBoolean),
  quiescedForkParent: opt(xsdBoolean),
  instantCloneFrozen: opt(xsdBoolean, '6.7'),
  cryptoState: opt(xsdString, '6.7'),
  suspendedToMemory: opt(xsdBoolean, '7.0.2.0'),
});
export type VirtualMachineRuntimeInfo = TypeOf<typeof VirtualMachineRuntimeInfo>;

export const VirtualMachineFileInfo = dataObject('VirtualMachineFileInfo', {
  vmPathName: opt(xsdString),
  snapshotDirectory: opt(xsdString),
  suspendDirectory: opt(xsdString),
  logDirectory: opt(xsdString),
});

/** `snapshotDisabled` and `snapshotLocked` forbid snapshots, or changing them. */
export const VirtualMachineFlagInfo = dataObject('VirtualMachineFlagInfo', {
  disableAcceleration: opt(xsdBoolean),
  enableLogging: opt(xsdBoolean),
  useToe: opt(xsdBoolean),
  runWithDebugInfo: opt(xsdBoolean),
  monitorType: opt(xsdString),
  htSharing: opt(xsdString),
  snapshotDisabled: opt(xsdBoolean),
  snapshotLocked: opt(xsdBoolean),
  diskUuidEnabled: opt(xsdBoolean),
  virtualMmuUsage: opt(xsdString),
  virtualExecUsage: opt(xsdString),
  snapshotPowerOffBehavior: opt(xsdString),
});

export const ToolsConfigInfo = dataObject('ToolsConfigInfo', {
  toolsVersion: opt(xsdInt),
  toolsInstallType: opt(xsdString),
  afterPowerOn: opt(xsdBoolean),
  afterResume: opt(xsdBoolean),
  beforeGuestStandby: opt(xsdBoolean),
  beforeGuestShutdown: opt(xsdBoolean),
  toolsUpgradePolicy: opt(xsdString),
  syncTimeWithHost: opt(xsdBoolean),
});

export const VirtualMachineDefaultPowerOpInfo = dataObject('VirtualMachineDefaultPowerOpInfo', {
  powerOffType: opt(xsdString),
  suspendType: opt(xsdString),
  resetType: opt(xsdString),
  defaultPowerOffType: opt(xsdString),
  defaultSuspendType: opt(xsdString),
  defaultResetType: opt(xsdString),
  standbyAction: opt(xsdString),
});

export const SharesInfo = dataObject('SharesInfo', { shares: xsdInt, level: xsdString });
export const ResourceAllocationInfo = dataObject('ResourceAllocationInfo', {
  reservation: opt(xsdLong),
  expandableReservation: opt(xsdBoolean),
  limit: opt(xsdLong),
  shares: opt(SharesInfo),
});

export const VirtualMachineConfigInfoDatastoreUrlPair = dataObject('VirtualMachineConfigInfoDatastoreUrlPair', {
  name: xsdString,
  url: xsdString,
});

/** The product that created the VM and looks after it. */
export const ManagedByInfo = dataObject('ManagedByInfo', { extensionKey: xsdString, type: xsdString });

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
  tools: opt(ToolsConfigInfo),
  flags: opt(VirtualMachineFlagInfo),
  defaultPowerOps: opt(VirtualMachineDefaultPowerOpInfo),
  hardware: VirtualHardware,
  cpuAllocation: opt(ResourceAllocationInfo),
  memoryAllocation: opt(ResourceAllocationInfo),
  memoryHotAddEnabled: opt(xsdBoolean),
  cpuHotAddEnabled: opt(xsdBoolean),
  cpuHotRemoveEnabled: opt(xsdBoolean),
  extraConfig: list(OptionValue),
  datastoreUrl: list(VirtualMachineConfigInfoDatastoreUrlPair),
  swapPlacement: opt(xsdString),
  changeTrackingEnabled: opt(xsdBoolean),
  firmware: opt(xsdString),
  guestAutoLockEnabled: opt(xsdBoolean),
  managedBy: opt(ManagedByInfo),
  memoryReservationLockedToMax: opt(xsdBoolean),
  nestedHVEnabled: opt(xsdBoolean),
  vPMCEnabled: opt(xsdBoolean),
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
  multipleCoresPerSocketSupported: opt(xsdBoolean),
  hostBasedReplicationSupported: opt(xsdBoolean),
  guestAutoLockSupported: opt(xsdBoolean),
  memoryReservationLockSupported: opt(xsdBoolean),
  featureRequirementSupported: opt(xsdBoolean),
  poweredOnMonitorTypeChangeSupported: opt(xsdBoolean),
  seSparseDiskSupported: opt(xsdBoolean),
  nestedHVSupported: opt(xsdBoolean),
  vPMCSupported: opt(xsdBoolean),
  secureBootSupported: opt(xsdBoolean),
  perVmEvcSupported: opt(xsdBoolean, '6.7'),
  virtualMmuUsageIgnored: opt(xsdBoolean, '6.7'),
  virtualExecUsageIgnored: opt(xsdBoolean, '6.7'),
  diskOnlySnapshotOnSuspendedVMSupported: opt(xsdBoolean, '6.7'),
});
export type VirtualMachineCapability = TypeOf<typeof VirtualMachineCapability>;

export const GuestNicInfo = dataObject('GuestNicInfo', {
  network: opt(xsdString),
  ipAddress: list(xsdString),
  macAddress: opt(xsdString),
  connected: xsdBoolean,
  deviceConfigId: xsdInt,
});
export const GuestDiskInfo = dataObject('GuestDiskInfo', {
  diskPath: opt(xsdString),
  capacity: opt(xsdLong),
  freeSpace: opt(xsdLong),
  filesystemType: opt(xsdString, '7.0.0.0'),
});

export const GuestInfo = dataObject('GuestInfo', {
  toolsStatus: opt(xsdString),
  toolsVersionStatus: opt(xsdString),
  toolsVersionStatus2: opt(xsdString),
  /** guestToolsNotRunning, guestToolsRunning, guestToolsExecutingScripts. */
  toolsRunningStatus: opt(xsdString),
  toolsVersion: opt(xsdString),
  toolsInstallType: opt(xsdString),
  guestId: opt(xsdString),
  guestFamily: opt(xsdString),
  guestFullName: opt(xsdString),
  hostName: opt(xsdString),
  ipAddress: opt(xsdString),
  net: list(GuestNicInfo),
  disk: list(GuestDiskInfo),
  guestState: xsdString,
  appHeartbeatStatus: opt(xsdString),
  guestKernelCrashed: opt(xsdBoolean),
  appState: opt(xsdString),
  guestOperationsReady: opt(xsdBoolean),
  interactiveGuestOperationsReady: opt(xsdBoolean),
  guestStateChangeSupported: opt(xsdBoolean),
});
export type GuestInfo = TypeOf<typeof GuestInfo>;

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
  installBootRequired: opt(xsdBoolean),
  managedBy: opt(ManagedByInfo),
  tpmPresent: opt(xsdBoolean, '6.7'),
  numVmiopBackings: opt(xsdInt, '6.7'),
  hwVersion: opt(xsdString, '6.9.1'),
});
export type VirtualMachineConfigSummary = TypeOf<typeof VirtualMachineConfigSummary>;

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
export type VirtualMachineGuestSummary = TypeOf<typeof VirtualMachineGuestSummary>;

export const VirtualMachineStorageSummary = dataObject('VirtualMachineStorageSummary', {
  committed: xsdLong,
  uncommitted: xsdLong,
  unshared: xsdLong,
  timestamp: xsdDateTime,
});
export type VirtualMachineStorageSummary = TypeOf<typeof VirtualMachineStorageSummary>;

export const VirtualMachineUsageOnDatastore = dataObject('VirtualMachineUsageOnDatastore', {
  datastore: reference,
  committed: xsdLong,
  uncommitted: xsdLong,
  unshared: xsdLong,
});
export const VirtualMachineStorageInfo = dataObject('VirtualMachineStorageInfo', {
  perDatastoreUsage: list(VirtualMachineUsageOnDatastore),
  timestamp: xsdDateTime,
});
export type VirtualMachineStorageInfo = TypeOf<typeof VirtualMachineStorageInfo>;

export const VirtualMachineQuickStats = dataObject('VirtualMachineQuickStats', {
  overallCpuUsage: opt(xsdInt),
  overallCpuDemand: opt(xsdInt),
  guestMemoryUsage: opt(xsdInt),
  hostMemoryUsage: opt(xsdInt),
  guestHeartbeatStatus: xsdString,
  uptimeSeconds: opt(xsdInt),
});
export type VirtualMachineQuickStats = TypeOf<typeof VirtualMachineQuickStats>;

export const VirtualMachineSummary = dataObject('VirtualMachineSummary', {
  vm: opt(reference),
  runtime: VirtualMachineRuntimeInfo,
  guest: opt(VirtualMachineGuestSummary),
  config: VirtualMachineConfigSummary,
  storage: opt(VirtualMachineStorageSummary),
  quickStats: VirtualMachineQuickStats,
  overallStatus: xsdString,
});
export type VirtualMachineSummary = TypeOf<typeof VirtualMachineSummary>;

export const VirtualMachine = managedObject(
  'VirtualMachine',
  {
    capability: VirtualMachineCapability,
    config: opt(VirtualMachineConfigInfo),
    datastore: list(reference),
    environmentBrowser: opt(reference),
    guest: opt(GuestInfo),
    guestHeartbeatStatus: xsdString,
    layout: opt(anyType),
    layoutEx: opt(VirtualMachineFileLayoutEx),
    network: list(reference),
    parentVApp: opt(reference),
    resourceConfig: opt(anyType),
    resourcePool: opt(reference),
    rootSnapshot: list(reference),
    runtime: VirtualMachineRuntimeInfo,
    snapshot: opt(VirtualMachineSnapshotInfo),
    storage: opt(VirtualMachineStorageInfo),
    summary: VirtualMachineSummary,
  },
  ManagedEntity,
);

/** `config` is the VM's configuration when the snapshot was taken. */
export const VirtualMachineSnapshot = managedObject('VirtualMachineSnapshot', {
  availableField: list(anyType),
  childSnapshot: list(reference),
  config: VirtualMachineConfigInfo,
  value: list(anyType),
  vm: reference,
});
