import { pathOf } from '../model/inventoryPaths';
import type { VimServer } from '../server/vimServer';
import { accountGrowth } from '../state/diskChain';
import type { ConnectionState, PowerState } from '../state/vmState';

/** The truth about a VM, past every permission and every delay. */
export interface VmTruth {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly power: PowerState;
  readonly connection: ConnectionState;
  readonly isTemplate: boolean;
  readonly hostId: string | undefined;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly consolidationNeeded: boolean;
  readonly currentSnapshotId: string | undefined;
  readonly snapshots: readonly SnapshotTruth[];
  readonly files: readonly FileTruth[];
}

export interface SnapshotTruth {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly description: string;
  readonly parentId: string | undefined;
  readonly createdAtMs: number;
  readonly power: PowerState;
  readonly quiesced: boolean;
}

export interface FileTruth {
  readonly name: string;
  readonly sizeBytes: number;
  readonly datastoreId: string;
}

export interface TaskTruth {
  readonly id: string;
  readonly method: string;
  readonly entityId: string | undefined;
  readonly state: string;
  readonly progress: number | undefined;
  readonly error: string | undefined;
  readonly user: string | undefined;
}

export interface ServerTruth {
  readonly nowMs: number;
  readonly instanceUuid: string | undefined;
  readonly vms: readonly VmTruth[];
  readonly datastores: readonly {
    readonly id: string;
    readonly name: string;
    readonly capacityBytes: number;
    readonly freeBytes: number;
  }[];
  readonly tasks: readonly TaskTruth[];
  /** By their public keys. */
  readonly sessions: readonly { readonly key: string; readonly user: string; readonly isWaiting: boolean }[];
  /** Views, collectors and filters that clients have made and not destroyed. */
  readonly scopedObjects: Readonly<Record<string, number>>;
}

/** What is really there. */
export function groundTruth(server: VimServer): ServerTruth {
  const { registry } = server;
  return {
    nowMs: server.clock.now(),
    instanceUuid: server.content.about.instanceUuid,
    vms: [...registry.all('VirtualMachine')].map((vm) => vmTruth(server, vm.ref.value)),
    datastores: [...registry.all('Datastore')].map(({ ref, state }) => ({
      id: ref.value,
      name: state.name,
      capacityBytes: state.capacityBytes,
      freeBytes: state.capacityBytes - state.usedBytes,
    })),
    tasks: [...registry.all('Task')].map(({ state }) => ({
      id: state.key,
      method: state.method,
      entityId: state.entity?.value,
      state: state.state,
      progress: state.progress,
      error: state.error?.$type,
      user: state.userName,
    })),
    sessions: server.sessionStore.all.map((session) => ({
      key: session.key,
      user: session.userName,
      isWaiting: [...session.collectors.values()].some((collector) => collector.isWaiting),
    })),
    scopedObjects: Object.fromEntries(
      (['ContainerView', 'ListView', 'PropertyCollector', 'PropertyFilter', 'TaskHistoryCollector'] as const).map(
        (kind) => [kind, [...registry.all(kind)].filter(({ session }) => session !== undefined).length],
      ),
    ),
  };
}

/** The truth about one VM. @throws Error when there is none of that id. */
export function vmTruth(server: VimServer, id: string): VmTruth {
  const vm = server.registry.find('VirtualMachine', id);
  if (vm === undefined) {
    throw new Error(`There is no VM ${id}.`);
  }
  const state = accountGrowth(vm.state, server.clock.now());
  return {
    id,
    name: state.name,
    path: pathOf(server.registry, vm),
    power: state.power,
    connection: state.connection,
    isTemplate: state.isTemplate,
    hostId: state.host?.value,
    memoryMb: state.config.memoryMb,
    cpus: state.config.cpus,
    consolidationNeeded: state.consolidationNeeded,
    currentSnapshotId: state.currentId,
    snapshots: state.snapshots.map((snapshot) => ({
      id: snapshot.id,
      number: snapshot.number,
      name: snapshot.name,
      description: snapshot.description,
      parentId: snapshot.parentId,
      createdAtMs: snapshot.createdAtMs,
      power: snapshot.power,
      quiesced: snapshot.quiesced,
    })),
    files: [
      ...state.files.map(({ name, sizeBytes, datastore }) => ({ name, sizeBytes, datastoreId: datastore.value })),
      ...state.snapshots
        .flatMap(({ dataFile, memoryFile }) => [dataFile, ...(memoryFile === undefined ? [] : [memoryFile])])
        .map(({ name, sizeBytes }) => ({ name, sizeBytes, datastoreId: state.home.datastore.value })),
    ],
  };
}
