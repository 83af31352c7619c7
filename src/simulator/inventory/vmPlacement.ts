import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { isKind, type ManagedObject, type Registry } from '../model/registry';
import type { VmPlace, VmSpec } from './vmSpec';

type Ref = ManagedObjectReference;
type Host = ManagedObject<'HostSystem'>;
type Pool = ManagedObject<'ResourcePool' | 'VirtualApp'>;

/** Where a new VM goes; everything has a default as long as the datacenter has one of its kind. */
export interface PlaceSpec {
  readonly folder?: ManagedObject<'Folder'>;
  /** A pool, or a vApp: then the VM has no folder. */
  readonly pool?: Pool;
  readonly host?: Host;
  readonly datastore?: ManagedObject<'Datastore'>;
  readonly network?: ManagedObject<'Network'>;
}

/** What a VM gets when nothing else is said. */
export interface FreePlaces {
  readonly folder: ManagedObject<'Folder'>;
  readonly hosts: readonly Host[];
}

/** Finds places for new VMs: hosts in turn, a folder of its own on the datastore. */
export class VmPlacement {
  private number: number;
  private readonly usedFolders = new Set<string>();

  constructor(private readonly registry: Registry) {
    for (const { state } of registry.all('VirtualMachine')) {
      this.usedFolders.add(`${state.home.datastore.value}/${state.home.folder}`);
    }
    this.number = this.usedFolders.size;
  }

  place(spec: VmSpec, place: PlaceSpec, free: FreePlaces): VmPlace {
    const host = place.host ?? this.nextHost(free.hosts, place.pool);
    const datastore = place.datastore ?? this.registry.get('Datastore', first(host.state.datastores));
    const networkRef = place.network?.ref ?? host.state.networks[0];
    const isInApp = place.pool?.kind === 'VirtualApp';
    const pool = place.pool?.ref ?? this.rootPoolOf(host);
    return {
      parent: isInApp ? undefined : (place.folder ?? free.folder).ref,
      parentVApp: isInApp ? pool : undefined,
      resourcePool: spec.isTemplate === true ? undefined : pool,
      host: host.ref,
      datastore: { ref: datastore.ref, name: datastore.state.name },
      folder: this.folderOn(datastore.ref, spec.name),
      network: networkRef === undefined ? undefined : this.networkPlace(networkRef),
      number: this.number++,
    };
  }

  /** VMs are spread over the hosts that can run them: of the pool's cluster, or all. */
  private nextHost(all: readonly Host[], pool: Pool | undefined): Host {
    const hosts = all.filter(
      ({ state }) =>
        state.connection === 'connected' &&
        !state.inMaintenance &&
        (pool === undefined || state.parent?.value === pool.state.owner.value),
    );
    const host = hosts[this.number % Math.max(1, hosts.length)];
    if (host === undefined) {
      throw new Error('a VM needs a host');
    }
    return host;
  }

  private rootPoolOf(host: Host): Ref {
    const compute = this.registry.resolveEntity(host.state.parent);
    if (compute === undefined || !isKind(compute, 'ComputeResource', 'ClusterComputeResource')) {
      throw new Error(`"${host.state.name}" has no compute resource`);
    }
    return compute.state.rootPool;
  }

  private networkPlace(ref: Ref): VmPlace['network'] {
    return { ref, name: this.registry.resolveEntity(ref)?.state.name ?? '' };
  }

  /** As vSphere does it: what a file system cannot hold is left out, and a name that is taken gets a number. */
  private folderOn(datastore: Ref, name: string): string {
    const clean = name.replace(/[^\p{L}\p{N} ._()-]/gu, '_').trim() || 'vm';
    for (let number = 0; ; number++) {
      const folder = number === 0 ? clean : `${clean}_${number}`;
      const key = `${datastore.value}/${folder}`;
      if (!this.usedFolders.has(key)) {
        this.usedFolders.add(key);
        return folder;
      }
    }
  }
}

function first(refs: readonly Ref[]): Ref {
  const [ref] = refs;
  if (ref === undefined) {
    throw new Error('a VM needs a datastore');
  }
  return ref;
}
