import type { DatastoreSummary } from '../../vsphere/vim/inventory';
import { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { HostState } from '../model/states';
import { escapeName } from '../state/names';
import { bytesPerMb } from '../state/vmState';
import { entityProperties, ifVisible, visible } from './entityProperties';
import type { PropertyTable, Snapshotted } from './propertyTable';
import { dateTime, type Viewer } from './viewer';

const cpuMhz = 2_400;

export const folderProperties: PropertyTable<'Folder'> = {
  ...entityProperties,
  childEntity: ({ state }, viewer) => visible(state.children, viewer),
  childType: ({ state }) => state.childType,
};

export const datacenterProperties: PropertyTable<'Datacenter'> = {
  ...entityProperties,
  datastore: ({ state }, viewer) => visible(state.datastores, viewer),
  datastoreFolder: ({ state }) => state.datastoreFolder,
  hostFolder: ({ state }) => state.hostFolder,
  network: ({ state }, viewer) => visible(state.networks, viewer),
  networkFolder: ({ state }) => state.networkFolder,
  vmFolder: ({ state }) => state.vmFolder,
};

function hostsOf(refs: readonly ManagedObjectReference[], viewer: Viewer): HostState[] {
  return refs.map((ref) => viewer.registry.get('HostSystem', ref).state);
}

export const computeProperties: PropertyTable<'ComputeResource' | 'ClusterComputeResource'> = {
  ...entityProperties,
  datastore: ({ state }, viewer) => visible(state.datastores, viewer),
  host: ({ state }, viewer) => visible(state.hosts, viewer),
  network: ({ state }, viewer) => visible(state.networks, viewer),
  resourcePool: ({ state }, viewer) => ifVisible(state.rootPool, viewer),
  summary: ({ state }, viewer) => {
    const hosts = hostsOf(state.hosts, viewer);
    const working = hosts.filter((host) => host.connection === 'connected' && !host.inMaintenance);
    const cores = (of: readonly HostState[]): number => of.reduce((sum, host) => sum + host.cpuCores, 0);
    const memory = (of: readonly HostState[]): number => of.reduce((sum, host) => sum + host.memoryBytes, 0);
    return {
      totalCpu: cores(hosts) * cpuMhz,
      totalMemory: memory(hosts),
      numCpuCores: cores(hosts),
      numCpuThreads: cores(hosts) * 2,
      effectiveCpu: cores(working) * cpuMhz,
      effectiveMemory: Math.floor(memory(working) / bytesPerMb),
      numHosts: hosts.length,
      numEffectiveHosts: working.length,
      overallStatus: 'green',
    };
  },
};

function hostRuntime(host: HostState): Readonly<Record<string, unknown>> {
  return {
    connectionState: host.connection,
    powerState: host.connection === 'connected' ? 'poweredOn' : 'unknown',
    standbyMode: 'none',
    inMaintenanceMode: host.inMaintenance,
    inQuarantineMode: false,
    bootTime: dateTime(host.bootedAtMs),
  };
}

function hostSummary({ state, ref }: Snapshotted<'HostSystem'>, viewer: Viewer): Readonly<Record<string, unknown>> {
  return {
    host: ref,
    hardware: {
      vendor: 'Dell Inc.',
      model: 'PowerEdge R650',
      uuid: `4c4c4544-0000-1000-8000-${ref.value.replace(/\D/g, '').padStart(12, '0').slice(-12)}`,
      memorySize: state.memoryBytes,
      cpuModel: 'Intel(R) Xeon(R) Gold 6312U CPU @ 2.40GHz',
      cpuMhz,
      numCpuPkgs: 2,
      numCpuCores: state.cpuCores,
      numCpuThreads: state.cpuCores * 2,
      numNics: 4,
      numHBAs: 2,
    },
    runtime: hostRuntime(state),
    config: {
      name: escapeName(state.name),
      port: 443,
      product: { ...viewer.service.content.about, ...hostProduct },
      vmotionEnabled: true,
      faultToleranceEnabled: false,
    },
    quickStats: {
      overallCpuUsage: state.cpuCores * 240,
      overallMemoryUsage: Math.floor(state.memoryBytes / bytesPerMb / 2),
      uptime: Math.max(0, Math.floor((viewer.nowMs - state.bootedAtMs) / 1_000)),
    },
    overallStatus: 'green',
    rebootRequired: false,
    managementServerIp: state.managementServerIp,
  };
}

const hostProduct = {
  name: 'VMware ESXi',
  fullName: 'VMware ESXi 8.0.3 build-24022510',
  osType: 'vmnix-x86',
  productLineId: 'embeddedEsx',
  apiType: 'HostAgent',
  instanceUuid: undefined,
} as const;

export const hostProperties: PropertyTable<'HostSystem'> = {
  ...entityProperties,
  datastore: ({ state }, viewer) => visible(state.datastores, viewer),
  network: ({ state }, viewer) => visible(state.networks, viewer),
  runtime: ({ state }) => hostRuntime(state),
  summary: hostSummary,
  vm: ({ state }, viewer) => visible(state.vms, viewer),
};

export const poolProperties: PropertyTable<'ResourcePool'> = {
  ...entityProperties,
  owner: ({ state }) => state.owner,
  resourcePool: ({ state }, viewer) => visible(state.pools, viewer),
  vm: ({ state }, viewer) => visible(state.vms, viewer),
};

export const virtualAppProperties: PropertyTable<'VirtualApp'> = {
  ...(poolProperties as PropertyTable<'VirtualApp'>),
  parentFolder: ({ state }, viewer) => ifVisible(state.parentFolder, viewer),
};

function datastoreUrl(ref: ManagedObjectReference): string {
  return `ds:///vmfs/volumes/${ref.value}/`;
}

export const datastoreProperties: PropertyTable<'Datastore'> = {
  ...entityProperties,
  browser: ({ ref }) => new ManagedObjectReference('HostDatastoreBrowser', `datastoreBrowser-${ref.value}`),
  host: ({ state, ref }, viewer) =>
    visible(state.hosts, viewer).map((key) => ({
      key,
      mountInfo: {
        path: `/vmfs/volumes/${ref.value}`,
        accessMode: 'readWrite',
        mounted: true,
        accessible: state.accessible,
      },
    })),
  summary: ({ state, ref }): DatastoreSummary => ({
    datastore: ref,
    name: escapeName(state.name),
    url: datastoreUrl(ref),
    capacity: state.capacityBytes,
    freeSpace: Math.max(0, state.capacityBytes - state.usedBytes),
    uncommitted: 0,
    accessible: state.accessible,
    multipleHostAccess: state.hosts.length > 1,
    type: state.type,
    maintenanceMode: 'normal',
  }),
  vm: ({ state }, viewer) => visible(state.vms, viewer),
};

export const networkProperties: PropertyTable<'Network' | 'DistributedVirtualPortgroup'> = {
  ...entityProperties,
  host: ({ state }, viewer) => visible(state.hosts, viewer),
  summary: ({ state, ref }) => ({ network: ref, name: escapeName(state.name), accessible: true, ipPoolName: '' }),
  vm: ({ state }, viewer) => visible(state.vms, viewer),
};
