import { anonymous, read, view } from '../access/privileges';
import type { ManagedObject } from '../model/registry';
import { isEntityKind, type Kind, type StateByKind } from '../model/states';
import { type PropertyPath, valueAt } from '../collector/propertyPath';
import {
  computeProperties,
  datacenterProperties,
  datastoreProperties,
  folderProperties,
  hostProperties,
  networkProperties,
  poolProperties,
  virtualAppProperties,
} from './inventoryProperties';
import type { PropertyTable } from './propertyTable';
import {
  authorizationManagerProperties,
  containerViewProperties,
  eventManagerProperties,
  listViewProperties,
  optionManagerProperties,
  propertyCollectorProperties,
  propertyFilterProperties,
  serviceInstanceProperties,
  sessionManagerProperties,
  taskManagerProperties,
  taskProperties,
} from './serviceProperties';
import type { Viewer } from './viewer';
import { snapshotProperties, vmProperties } from './vmProperties';

const historyProperties = (
  page: (object: ManagedObject, viewer: Viewer) => unknown,
): PropertyTable<'TaskHistoryCollector' | 'EventHistoryCollector'> => ({
  filter: ({ state }) => state.filter,
  latestPage: ({ ref }, viewer) => {
    const object = viewer.registry.resolve(ref);
    return object === undefined ? undefined : page(object, viewer);
  },
});

const tables: { readonly [K in Kind]: PropertyTable<K> } = {
  Folder: folderProperties,
  Datacenter: datacenterProperties,
  ComputeResource: computeProperties,
  ClusterComputeResource: computeProperties,
  HostSystem: hostProperties,
  ResourcePool: poolProperties,
  VirtualApp: virtualAppProperties,
  Datastore: datastoreProperties,
  Network: networkProperties,
  DistributedVirtualPortgroup: { ...networkProperties, key: ({ ref }) => ref.value },
  VirtualMachine: vmProperties,
  VirtualMachineSnapshot: snapshotProperties,
  Task: taskProperties,
  ContainerView: containerViewProperties,
  ListView: listViewProperties,
  PropertyCollector: propertyCollectorProperties,
  PropertyFilter: propertyFilterProperties,
  TaskHistoryCollector: historyProperties((object, viewer) =>
    viewer.service.taskPage(object as ManagedObject<'TaskHistoryCollector'>),
  ),
  EventHistoryCollector: historyProperties((object, viewer) =>
    viewer.service.eventPage(object as ManagedObject<'EventHistoryCollector'>),
  ),
  ServiceInstance: serviceInstanceProperties,
  SessionManager: sessionManagerProperties,
  ViewManager: {},
  AuthorizationManager: authorizationManagerProperties,
  TaskManager: taskManagerProperties,
  EventManager: eventManagerProperties,
  SearchIndex: {},
  OptionManager: optionManagerProperties,
};

/** What a path of an object shows to a reader; undefined for what is unset. */
export function readPath(object: ManagedObject, path: PropertyPath, viewer: Viewer): unknown {
  return new PropertyReader(object, object.state, viewer).read(path);
}

/** Reads an object as it is or was in one of its states. What several paths have in common is worked out once. */
export class PropertyReader {
  private readonly roots = new Map<string, unknown>();

  constructor(
    private readonly object: ManagedObject,
    private readonly state: StateByKind[Kind],
    private readonly viewer: Viewer,
  ) {}

  /** What a path shows; undefined for what is unset. */
  read(path: PropertyPath): unknown {
    const name = path.steps[0]?.name ?? '';
    const property = (tables[this.object.kind] as PropertyTable<Kind>)[name];
    if (property === undefined) {
      // A list that is not modelled is empty, if its type is known; anything else is unset.
      return path.field.array && path.steps.length === 1 && path.field.type.kind !== 'any' ? [] : undefined;
    }
    let root = this.roots.get(name);
    if (root === undefined) {
      root = property({ kind: this.object.kind, ref: this.object.ref, state: this.state }, this.viewer);
      this.roots.set(name, root);
    }
    return valueAt(path, root);
  }
}

const withView: ReadonlySet<string> = new Set([
  'name',
  'parent',
  'effectiveRole',
  'childEntity',
  'childType',
  'tag',
  'vmFolder',
  'hostFolder',
  'datastoreFolder',
  'networkFolder',
  'owner',
  'resourcePool',
  'host',
  'datastore',
  'network',
  'parentFolder',
]);

const withoutLogin: ReadonlySet<string> = new Set([
  'currentSession',
  'messageLocaleList',
  'supportedLocaleList',
  'defaultLocale',
  'content',
]);

/** The privilege that reading a property asks for. */
export function readPrivilege(kind: Kind, path: PropertyPath): string {
  const name = path.steps[0]?.name ?? '';
  if (kind === 'SessionManager' || kind === 'ServiceInstance') {
    return name === 'sessionList' ? 'Sessions.TerminateSession' : withoutLogin.has(name) ? anonymous : view;
  }
  return isEntityKind(kind) && !withView.has(name) ? read : view;
}
