import { hostConnectionState } from './power';
import {
  anyType,
  dataObject,
  list,
  managedObject,
  opt,
  reference,
  type TypeOf,
  xsdBoolean,
  xsdDateTime,
  xsdInt,
  xsdLong,
  xsdShort,
  xsdString,
} from './schema';
import { AboutInfo, Permission } from './service';

// Everything in an inventory but the VirtualMachine itself. Properties whose content nobody here reads or serves are
// declared as `unread`: asking for them is legal, and they arrive as opaque values.

const unread = opt(anyType);

export const ManagedEntity = managedObject('ManagedEntity', {
  alarmActionsEnabled: opt(xsdBoolean),
  availableField: list(anyType),
  value: list(anyType),
  configIssue: list(anyType),
  configStatus: xsdString,
  customValue: list(anyType),
  declaredAlarmState: list(anyType),
  disabledMethod: list(xsdString),
  /** Role ids: the only way to learn one's rights on an ESXi. */
  effectiveRole: list(xsdInt),
  name: xsdString,
  overallStatus: xsdString,
  parent: opt(reference),
  permission: list(Permission),
  recentTask: list(reference),
  tag: list(anyType),
  triggeredAlarmState: list(anyType),
});

export const Folder = managedObject(
  'Folder',
  { childEntity: list(reference), childType: list(xsdString), namespace: opt(xsdString, '7.0.0.0') },
  ManagedEntity,
);

export const Datacenter = managedObject(
  'Datacenter',
  {
    configuration: unread,
    datastore: list(reference),
    datastoreFolder: reference,
    hostFolder: reference,
    network: list(reference),
    networkFolder: reference,
    vmFolder: reference,
  },
  ManagedEntity,
);

/** Memory in bytes, CPU in MHz. */
export const ComputeResourceSummary = dataObject('ComputeResourceSummary', {
  totalCpu: xsdInt,
  totalMemory: xsdLong,
  numCpuCores: xsdShort,
  numCpuThreads: xsdShort,
  effectiveCpu: xsdInt,
  effectiveMemory: xsdLong,
  numHosts: xsdInt,
  numEffectiveHosts: xsdInt,
  overallStatus: xsdString,
});

export const ComputeResource = managedObject(
  'ComputeResource',
  {
    configurationEx: unread,
    datastore: list(reference),
    environmentBrowser: opt(reference),
    host: list(reference),
    network: list(reference),
    resourcePool: opt(reference),
    summary: opt(ComputeResourceSummary),
  },
  ManagedEntity,
);
export const ClusterComputeResource = managedObject(
  'ClusterComputeResource',
  {
    actionHistory: list(anyType),
    configuration: unread,
    drsFault: list(anyType),
    drsRecommendation: list(anyType),
    migrationHistory: list(anyType),
    recommendation: list(anyType),
  },
  ComputeResource,
);

export const ResourcePool = managedObject(
  'ResourcePool',
  {
    childConfiguration: list(anyType),
    config: unread,
    namespace: opt(xsdString, '7.0.0.0'),
    owner: reference,
    resourcePool: list(reference),
    runtime: unread,
    summary: unread,
    vm: list(reference),
  },
  ManagedEntity,
);
/** `parentFolder` places it in the folders view; its `parent` is a pool. */
export const VirtualApp = managedObject(
  'VirtualApp',
  {
    childLink: list(anyType),
    datastore: list(reference),
    network: list(reference),
    parentFolder: opt(reference),
    parentVApp: opt(reference),
    vAppConfig: unread,
  },
  ResourcePool,
);

export const HostRuntimeInfo = dataObject('HostRuntimeInfo', {
  connectionState: hostConnectionState,
  powerState: xsdString,
  standbyMode: opt(xsdString),
  inMaintenanceMode: xsdBoolean,
  inQuarantineMode: opt(xsdBoolean),
  bootTime: opt(xsdDateTime),
});

export const HostHardwareSummary = dataObject('HostHardwareSummary', {
  vendor: xsdString,
  model: xsdString,
  uuid: xsdString,
  memorySize: xsdLong,
  cpuModel: xsdString,
  cpuMhz: xsdInt,
  numCpuPkgs: xsdShort,
  numCpuCores: xsdShort,
  numCpuThreads: xsdShort,
  numNics: xsdInt,
  numHBAs: xsdInt,
});

export const HostConfigSummary = dataObject('HostConfigSummary', {
  name: xsdString,
  port: xsdInt,
  sslThumbprint: opt(xsdString),
  product: opt(AboutInfo),
  vmotionEnabled: xsdBoolean,
  faultToleranceEnabled: xsdBoolean,
});

/** CPU in MHz, memory in MB, uptime in seconds. */
export const HostListSummaryQuickStats = dataObject('HostListSummaryQuickStats', {
  overallCpuUsage: opt(xsdInt),
  overallMemoryUsage: opt(xsdInt),
  distributedCpuFairness: opt(xsdInt),
  distributedMemoryFairness: opt(xsdInt),
  availablePMemCapacity: opt(xsdInt, '6.7'),
  uptime: opt(xsdInt),
});

export const HostListSummary = dataObject('HostListSummary', {
  host: opt(reference),
  hardware: opt(HostHardwareSummary),
  runtime: opt(HostRuntimeInfo),
  config: opt(HostConfigSummary),
  quickStats: opt(HostListSummaryQuickStats),
  overallStatus: opt(xsdString),
  rebootRequired: opt(xsdBoolean),
  /** Address of the vCenter that manages this host. */
  managementServerIp: opt(xsdString),
});

export const HostSystem = managedObject(
  'HostSystem',
  {
    capability: unread,
    config: unread,
    configManager: unread,
    datastore: list(reference),
    datastoreBrowser: opt(reference),
    hardware: unread,
    licensableResource: unread,
    network: list(reference),
    runtime: HostRuntimeInfo,
    summary: HostListSummary,
    systemResources: unread,
    vm: list(reference),
  },
  ManagedEntity,
);

export const DatastoreSummary = dataObject('DatastoreSummary', {
  datastore: opt(reference),
  name: xsdString,
  url: xsdString,
  capacity: xsdLong,
  freeSpace: xsdLong,
  uncommitted: opt(xsdLong),
  accessible: xsdBoolean,
  multipleHostAccess: opt(xsdBoolean),
  type: xsdString,
  maintenanceMode: opt(xsdString),
});
export type DatastoreSummary = TypeOf<typeof DatastoreSummary>;

export const HostMountInfo = dataObject('HostMountInfo', {
  path: opt(xsdString),
  accessMode: xsdString,
  mounted: opt(xsdBoolean),
  accessible: opt(xsdBoolean),
});
export const DatastoreHostMount = dataObject('DatastoreHostMount', { key: reference, mountInfo: HostMountInfo });

export const Datastore = managedObject(
  'Datastore',
  {
    browser: reference,
    capability: unread,
    host: list(DatastoreHostMount),
    info: unread,
    iormConfiguration: unread,
    summary: DatastoreSummary,
    vm: list(reference),
  },
  ManagedEntity,
);

export const NetworkSummary = dataObject('NetworkSummary', {
  network: opt(reference),
  name: xsdString,
  accessible: xsdBoolean,
  ipPoolName: opt(xsdString),
});
export const Network = managedObject(
  'Network',
  { host: list(reference), summary: opt(NetworkSummary), vm: list(reference) },
  ManagedEntity,
);
export const DistributedVirtualPortgroup = managedObject(
  'DistributedVirtualPortgroup',
  { config: unread, key: opt(xsdString), portKeys: list(xsdString) },
  Network,
);
