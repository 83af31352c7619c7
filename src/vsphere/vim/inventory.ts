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
  xsdInt,
  xsdLong,
  xsdString,
} from './schema';

// Everything in an inventory but the VirtualMachine itself.

export const Permission = dataObject('Permission', {
  entity: opt(reference),
  principal: xsdString,
  group: xsdBoolean,
  roleId: xsdInt,
  propagate: xsdBoolean,
});

export const ManagedEntity = managedObject('ManagedEntity', {
  availableField: list(anyType),
  value: list(anyType),
  configStatus: xsdString,
  disabledMethod: list(xsdString),
  /** Role ids: the only way to learn one's rights on an ESXi. */
  effectiveRole: list(xsdInt),
  name: xsdString,
  overallStatus: xsdString,
  parent: opt(reference),
  permission: list(Permission),
  recentTask: list(reference),
  tag: list(anyType),
});

export const Folder = managedObject(
  'Folder',
  { childEntity: list(reference), childType: list(xsdString) },
  ManagedEntity,
);

export const Datacenter = managedObject(
  'Datacenter',
  {
    datastore: list(reference),
    datastoreFolder: reference,
    hostFolder: reference,
    network: list(reference),
    networkFolder: reference,
    vmFolder: reference,
  },
  ManagedEntity,
);

export const ComputeResource = managedObject(
  'ComputeResource',
  { datastore: list(reference), host: list(reference), network: list(reference), resourcePool: opt(reference) },
  ManagedEntity,
);
export const ClusterComputeResource = managedObject('ClusterComputeResource', {}, ComputeResource);

export const ResourcePool = managedObject(
  'ResourcePool',
  { owner: reference, resourcePool: list(reference), vm: list(reference) },
  ManagedEntity,
);
/** `parentFolder` places it in the folders view; its `parent` is a pool. */
export const VirtualApp = managedObject('VirtualApp', { parentFolder: opt(reference) }, ResourcePool);

export const HostRuntimeInfo = dataObject('HostRuntimeInfo', {
  connectionState: hostConnectionState,
  powerState: xsdString,
  standbyMode: opt(xsdString),
  inMaintenanceMode: xsdBoolean,
});

export const HostListSummary = dataObject('HostListSummary', {
  host: opt(reference),
  runtime: opt(HostRuntimeInfo),
  /** Address of the vCenter that manages this host. */
  managementServerIp: opt(xsdString),
});

export const HostSystem = managedObject(
  'HostSystem',
  {
    datastore: list(reference),
    network: list(reference),
    runtime: HostRuntimeInfo,
    summary: HostListSummary,
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

export const Datastore = managedObject(
  'Datastore',
  { browser: reference, summary: DatastoreSummary, vm: list(reference) },
  ManagedEntity,
);
export const Network = managedObject('Network', { host: list(reference), vm: list(reference) }, ManagedEntity);
