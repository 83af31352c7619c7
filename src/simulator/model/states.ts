import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { TaskFilterSpec, EventFilterSpec } from '../../vsphere/vim/history';
import type { PropertyFilterSpec } from '../../vsphere/vim/property';
import type { TaskState } from '../state/taskState';
import type { VmState } from '../state/vmState';

// What the server knows of each of its objects, by the type of the object. All of it is immutable: a change is a new
// state, handed to Registry.update.

type Ref = ManagedObjectReference;

export interface EntityState {
  /** As the person meant it; the wire form is escaped. */
  readonly name: string;
  readonly parent: Ref | undefined;
}

export interface FolderState extends EntityState {
  readonly childType: readonly string[];
  readonly children: readonly Ref[];
}

export interface DatacenterState extends EntityState {
  readonly vmFolder: Ref;
  readonly hostFolder: Ref;
  readonly datastoreFolder: Ref;
  readonly networkFolder: Ref;
  readonly datastores: readonly Ref[];
  readonly networks: readonly Ref[];
}

export interface ComputeState extends EntityState {
  readonly hosts: readonly Ref[];
  readonly datastores: readonly Ref[];
  readonly networks: readonly Ref[];
  readonly rootPool: Ref;
}

export interface HostState extends EntityState {
  readonly connection: 'connected' | 'notResponding' | 'disconnected';
  readonly inMaintenance: boolean;
  readonly memoryBytes: number;
  readonly cpuCores: number;
  readonly managementServerIp: string | undefined;
  readonly bootedAtMs: number;
  readonly datastores: readonly Ref[];
  readonly networks: readonly Ref[];
  readonly vms: readonly Ref[];
}

export interface PoolState extends EntityState {
  readonly owner: Ref;
  readonly pools: readonly Ref[];
  readonly vms: readonly Ref[];
}

export interface VirtualAppState extends PoolState {
  readonly parentFolder: Ref;
}

export interface DatastoreState extends EntityState {
  readonly type: 'VMFS' | 'NFS' | 'vsan';
  readonly capacityBytes: number;
  /** By VMs and by everything else that lies there. */
  readonly usedBytes: number;
  readonly accessible: boolean;
  readonly hosts: readonly Ref[];
  readonly vms: readonly Ref[];
}

export interface NetworkState extends EntityState {
  readonly hosts: readonly Ref[];
  readonly vms: readonly Ref[];
}

/** A snapshot's place: all else of it is in its VM's state. */
export interface SnapshotObjectState {
  readonly vm: Ref;
  readonly vmState: VmState;
}

export interface ViewState {
  readonly view: readonly Ref[];
}

export interface ContainerViewState extends ViewState {
  readonly container: Ref;
  readonly types: readonly string[];
  readonly recursive: boolean;
}

export interface PropertyFilterState {
  readonly spec: PropertyFilterSpec;
  readonly partialUpdates: boolean;
}

export interface CollectorState {
  readonly filters: readonly Ref[];
}

export interface HistoryState<Spec> {
  readonly filter: Spec;
  readonly pageSize: number;
}

/** Services hold no state of their own here. */
export type ServiceState = Readonly<Record<never, never>>;

export interface StateByKind {
  readonly Folder: FolderState;
  readonly Datacenter: DatacenterState;
  readonly ComputeResource: ComputeState;
  readonly ClusterComputeResource: ComputeState;
  readonly HostSystem: HostState;
  readonly ResourcePool: PoolState;
  readonly VirtualApp: VirtualAppState;
  readonly Datastore: DatastoreState;
  readonly Network: NetworkState;
  readonly DistributedVirtualPortgroup: NetworkState;
  readonly VirtualMachine: VmState;
  readonly VirtualMachineSnapshot: SnapshotObjectState;
  readonly Task: TaskState;
  readonly ContainerView: ContainerViewState;
  readonly ListView: ViewState;
  readonly PropertyCollector: CollectorState;
  readonly PropertyFilter: PropertyFilterState;
  readonly TaskHistoryCollector: HistoryState<TaskFilterSpec>;
  readonly EventHistoryCollector: HistoryState<EventFilterSpec>;
  readonly ServiceInstance: ServiceState;
  readonly SessionManager: ServiceState;
  readonly ViewManager: ServiceState;
  readonly AuthorizationManager: ServiceState;
  readonly TaskManager: ServiceState;
  readonly EventManager: ServiceState;
  readonly SearchIndex: ServiceState;
  readonly OptionManager: ServiceState;
}

export type Kind = keyof StateByKind;

export const entityKinds = [
  'Folder',
  'Datacenter',
  'ComputeResource',
  'ClusterComputeResource',
  'HostSystem',
  'ResourcePool',
  'VirtualApp',
  'Datastore',
  'Network',
  'DistributedVirtualPortgroup',
  'VirtualMachine',
] as const satisfies readonly Kind[];
export type EntityKind = (typeof entityKinds)[number];

/** Every kind, for methods that all objects have. */
export const allKinds = [
  ...entityKinds,
  'VirtualMachineSnapshot',
  'Task',
  'ContainerView',
  'ListView',
  'PropertyCollector',
  'PropertyFilter',
  'TaskHistoryCollector',
  'EventHistoryCollector',
  'ServiceInstance',
  'SessionManager',
  'ViewManager',
  'AuthorizationManager',
  'TaskManager',
  'EventManager',
  'SearchIndex',
  'OptionManager',
] as const satisfies readonly Kind[];

const entityKindSet: ReadonlySet<string> = new Set(entityKinds);

export function isEntityKind(kind: string): kind is EntityKind {
  return entityKindSet.has(kind);
}
