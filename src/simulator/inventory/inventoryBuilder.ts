import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { type Change, isKind, type ManagedObject } from '../model/registry';
import type { HostState, StateByKind } from '../model/states';
import { addVms } from '../model/vmStore';
import type { VimServer } from '../server/vimServer';
import { bytesPerGb, type VmState } from '../state/vmState';
import { withHistory, withLeftovers, write } from './snapshotHistory';
import { type FreePlaces, type PlaceSpec, VmPlacement } from './vmPlacement';
import { bareVm, type VmSpec } from './vmSpec';

type Ref = ManagedObjectReference;
type Folder = ManagedObject<'Folder'>;
type Host = ManagedObject<'HostSystem'>;
type Datastore = ManagedObject<'Datastore'>;
type Network = ManagedObject<'Network'>;
type Compute = ManagedObject<'ComputeResource' | 'ClusterComputeResource'>;
type Pool = ManagedObject<'ResourcePool' | 'VirtualApp'>;

export interface DatastoreSpec {
  readonly capacityGb: number;
  /** Taken by things that are not VMs of this inventory; default: none. */
  readonly otherGb?: number;
  /** Default: VMFS. */
  readonly type?: StateByKind['Datastore']['type'];
  readonly accessible?: boolean;
}

export type HostSpec = Partial<
  Pick<HostState, 'connection' | 'inMaintenance' | 'memoryBytes' | 'cpuCores' | 'managementServerIp'>
>;

const millisecondsPerDay = 86_400_000;

/** A datacenter while an inventory is built. */
export interface BuiltDatacenter {
  readonly object: ManagedObject<'Datacenter'>;
  readonly vmFolder: Folder;
  readonly hostFolder: Folder;
  readonly datastoreFolder: Folder;
  readonly networkFolder: Folder;
}

/** Builds an inventory piece by piece. Every piece is complete and in all the lists it belongs into. */
export class InventoryBuilder {
  private readonly placement: VmPlacement;

  constructor(readonly server: VimServer) {
    this.placement = new VmPlacement(server.registry);
  }

  get root(): Folder {
    const { rootFolder } = this.server.content;
    return (
      this.server.registry.find('Folder', rootFolder.value) ??
      this.update((change) =>
        change.add('Folder', rootFolder.value, {
          name: this.server.isEsx ? 'ha-folder-root' : 'Datacenters',
          parent: undefined,
          childType: ['Folder', 'Datacenter'],
          children: [],
        }),
      )
    );
  }

  /** @param ids - ids of the datacenter and its four folders, where the product fixes them */
  datacenter(name: string, parent: Folder = this.root, ids: Partial<Record<string, string>> = {}): BuiltDatacenter {
    return this.update((change) => {
      const id = ids['datacenter'] ?? this.server.ids.next('Datacenter');
      const folder = (folderName: string, childType: readonly string[]): Folder =>
        change.add('Folder', ids[folderName] ?? this.folderId(folderName), {
          name: folderName,
          // Until the datacenter exists, a few lines below.
          parent: undefined,
          childType,
          children: [],
        });
      const vmFolder = folder('vm', ['Folder', 'VirtualMachine', 'VirtualApp']);
      const hostFolder = folder('host', ['Folder', 'ComputeResource']);
      const datastoreFolder = folder('datastore', ['Folder', 'Datastore', 'StoragePod']);
      const networkFolder = folder('network', ['Folder', 'Network', 'DistributedVirtualSwitch']);
      const object = change.add('Datacenter', id, {
        name,
        parent: parent.ref,
        vmFolder: vmFolder.ref,
        hostFolder: hostFolder.ref,
        datastoreFolder: datastoreFolder.ref,
        networkFolder: networkFolder.ref,
        datastores: [],
        networks: [],
      });
      for (const child of [vmFolder, hostFolder, datastoreFolder, networkFolder]) {
        change.set(child, { ...child.state, parent: object.ref });
      }
      append(change, parent, 'children', object.ref);
      return { object, vmFolder, hostFolder, datastoreFolder, networkFolder };
    });
  }

  /** The datacenter that a folder lies in, for going on with an inventory that exists. */
  datacenterOf(folder: Folder): BuiltDatacenter {
    const { registry } = this.server;
    for (let at: ManagedObject | undefined = folder; at !== undefined;) {
      if (isKind(at, 'Datacenter')) {
        return {
          object: at,
          vmFolder: registry.get('Folder', at.state.vmFolder),
          hostFolder: registry.get('Folder', at.state.hostFolder),
          datastoreFolder: registry.get('Folder', at.state.datastoreFolder),
          networkFolder: registry.get('Folder', at.state.networkFolder),
        };
      }
      at = registry.resolveEntity((at as ManagedObject<'Folder'>).state.parent);
    }
    throw new Error(`"${folder.state.name}" lies in no datacenter`);
  }

  private folderId(name: string): string {
    const letters: Readonly<Record<string, string>> = { vm: 'v', host: 'h', datastore: 's', network: 'n' };
    return this.server.ids.next('Folder').replace('group-v', `group-${letters[name] ?? 'v'}`);
  }

  folder(parent: Folder, name: string): Folder {
    return this.update((change) => {
      const state = { name, parent: parent.ref, childType: parent.state.childType, children: [] };
      const folder = change.add('Folder', this.server.ids.next('Folder'), state);
      append(change, parent, 'children', folder.ref);
      return folder;
    });
  }

  /** A cluster with hosts of those names. */
  cluster(datacenter: BuiltDatacenter, name: string, hosts: readonly string[], spec: HostSpec = {}): Compute {
    return this.compute('ClusterComputeResource', datacenter, name, hosts, spec);
  }

  /** A host by itself; its compute resource has the host's name. */
  standaloneHost(datacenter: BuiltDatacenter, name: string, spec: HostSpec = {}, ids?: EsxIdsOfHost): Compute {
    return this.compute('ComputeResource', datacenter, name, [name], spec, ids);
  }

  private compute(
    kind: 'ClusterComputeResource' | 'ComputeResource',
    datacenter: BuiltDatacenter,
    name: string,
    hosts: readonly string[],
    spec: HostSpec,
    ids?: EsxIdsOfHost,
  ): Compute {
    const { registry } = this.server;
    const compute = this.update((change): Compute => {
      const poolId = ids?.pool ?? this.server.ids.next('ResourcePool');
      const { datastores, networks } = datacenter.object.state;
      const id = ids?.compute ?? this.server.ids.next(kind);
      const poolState = { name: 'Resources', parent: undefined, owner: datacenter.object.ref, pools: [], vms: [] };
      const pool = change.add('ResourcePool', poolId, poolState);
      const object = change.add(kind, id, {
        name,
        parent: datacenter.hostFolder.ref,
        hosts: [],
        datastores,
        networks,
        rootPool: pool.ref,
      });
      change.set(pool, { ...pool.state, parent: object.ref, owner: object.ref });
      append(change, datacenter.hostFolder, 'children', object.ref);
      return object;
    });
    for (const host of hosts) {
      this.host(compute, host, spec, ids?.host);
    }
    return registry.get(kind, compute.ref);
  }

  host(compute: Compute, name: string, spec: HostSpec = {}, id = this.server.ids.next('HostSystem')): Host {
    return this.update((change) => {
      const { datastores, networks } = compute.state;
      const host = change.add('HostSystem', id, {
        name,
        parent: compute.ref,
        connection: 'connected',
        inMaintenance: false,
        memoryBytes: 512 * bytesPerGb,
        cpuCores: 48,
        managementServerIp: undefined,
        bootedAtMs: this.server.clock.now() - 90 * millisecondsPerDay,
        datastores,
        networks,
        vms: [],
        ...spec,
      });
      append(change, compute, 'hosts', host.ref);
      for (const ref of [...datastores, ...networks]) {
        append(change, this.server.registry.resolve(ref) as ManagedObject, 'hosts', host.ref);
      }
      return host;
    });
  }

  hostsIn(compute: Compute): Host[] {
    return compute.state.hosts.map((ref) => this.server.registry.get('HostSystem', ref));
  }

  pool(parent: Pool, name: string): ManagedObject<'ResourcePool'> {
    return this.update((change) => {
      const state = { name, parent: parent.ref, owner: parent.state.owner, pools: [], vms: [] };
      const pool = change.add('ResourcePool', this.server.ids.next('ResourcePool'), state);
      append(change, parent, 'pools', pool.ref);
      return pool;
    });
  }

  vApp(parent: Pool, folder: Folder, name: string): ManagedObject<'VirtualApp'> {
    return this.update((change) => {
      const app = change.add('VirtualApp', this.server.ids.next('VirtualApp'), {
        name,
        parent: parent.ref,
        parentFolder: folder.ref,
        owner: parent.state.owner,
        pools: [],
        vms: [],
      });
      append(change, parent, 'pools', app.ref);
      append(change, folder, 'children', app.ref);
      return app;
    });
  }

  rootPool(compute: Compute): ManagedObject<'ResourcePool'> {
    return this.server.registry.get('ResourcePool', compute.state.rootPool);
  }

  /** A datastore that every host of the datacenter has. */
  datastore(
    datacenter: BuiltDatacenter,
    name: string,
    spec: DatastoreSpec,
    id = this.server.ids.next('Datastore'),
  ): Datastore {
    return this.update((change) => {
      const datastore = change.add('Datastore', id, {
        name,
        parent: datacenter.datastoreFolder.ref,
        type: spec.type ?? 'VMFS',
        capacityBytes: spec.capacityGb * bytesPerGb,
        usedBytes: (spec.otherGb ?? 0) * bytesPerGb,
        accessible: spec.accessible ?? true,
        hosts: this.hostsOf(datacenter).map((host) => host.ref),
        vms: [],
      });
      append(change, datacenter.datastoreFolder, 'children', datastore.ref);
      this.offer(change, datacenter, 'datastores', datastore.ref);
      return datastore;
    });
  }

  /** A network that every host of the datacenter has. */
  network(datacenter: BuiltDatacenter, name: string, id = this.server.ids.next('Network')): Network {
    return this.update((change) => {
      const network = change.add('Network', id, {
        name,
        parent: datacenter.networkFolder.ref,
        hosts: this.hostsOf(datacenter).map((host) => host.ref),
        vms: [],
      });
      append(change, datacenter.networkFolder, 'children', network.ref);
      this.offer(change, datacenter, 'networks', network.ref);
      return network;
    });
  }

  private offer(change: Change, datacenter: BuiltDatacenter, list: 'datastores' | 'networks', ref: Ref): void {
    append(change, datacenter.object, list, ref);
    for (const compute of this.computesOf(datacenter)) {
      append(change, compute, list, ref);
    }
    for (const host of this.hostsOf(datacenter)) {
      append(change, host, list, ref);
    }
  }

  private computesOf({ hostFolder }: BuiltDatacenter): Compute[] {
    return hostFolder.state.children
      .map((ref) => this.server.registry.resolve(ref))
      .filter((object): object is Compute => object?.kind.endsWith('ComputeResource') === true);
  }

  private hostsOf(datacenter: BuiltDatacenter): Host[] {
    return this.computesOf(datacenter)
      .flatMap((compute) => compute.state.hosts)
      .map((ref) => this.server.registry.get('HostSystem', ref));
  }

  /** A VM with its past. */
  vm(datacenter: BuiltDatacenter, spec: VmSpec, place: PlaceSpec = {}): ManagedObject<'VirtualMachine'> {
    const [vm] = this.vms(datacenter, [[spec, place]]);
    return vm as ManagedObject<'VirtualMachine'>;
  }

  /** Many VMs, in one update. */
  vms(
    datacenter: BuiltDatacenter,
    specs: readonly (readonly [VmSpec, PlaceSpec])[],
  ): ManagedObject<'VirtualMachine'>[] {
    const free = { folder: datacenter.vmFolder, hosts: this.hostsOf(datacenter) };
    const states = specs.map(([spec, place]): [string, VmState] => {
      const id = this.server.ids.next('VirtualMachine');
      return [id, this.vmState(free, spec, place, id)];
    });
    return this.update((change) => addVms(this.server.registry, change, states));
  }

  private vmState(free: FreePlaces, spec: VmSpec, place: PlaceSpec, id: string): VmState {
    const nowMs = this.server.clock.now();
    let vm = bareVm(spec, this.placement.place(spec, place, free), nowMs, this.server.random);
    if (spec.snapshots !== undefined && spec.snapshots.length > 0) {
      const nextId = (number: number): string => this.server.ids.snapshot(id, number);
      vm = withHistory(vm, spec.snapshots, nextId, nowMs, spec.hasNoCurrent);
    }
    vm = write(vm, (spec.writtenGbSince ?? 0) * bytesPerGb);
    return spec.leftoverLinks === undefined ? vm : withLeftovers(vm, spec.leftoverLinks, spec.leftoverGb ?? 1);
  }

  private update<T>(mutate: (change: Change) => T): T {
    return this.server.registry.update(mutate);
  }
}

/** Ids of a standalone host, where the product fixes them. */
export interface EsxIdsOfHost {
  readonly compute: string;
  readonly host: string;
  readonly pool: string;
}

function append(change: Change, object: ManagedObject, list: string, ref: Ref): void {
  const state = object.state as unknown as Readonly<Record<string, readonly Ref[]>>;
  change.set(object, { ...object.state, [list]: [...(state[list] ?? []), ref] });
}
