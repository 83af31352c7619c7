import type { Container, ContainerKind, Placement, VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { ObjectId, SnapshotId, TaskId } from '../../src/hypervisor/model/ids';
import type { Snapshot, SnapshotTree } from '../../src/hypervisor/model/snapshot';
import type { ServerTask } from '../../src/hypervisor/model/task';
import type { VmConfiguration } from '../../src/hypervisor/model/vmConfiguration';
import type { DatastoreFact, DiskFact, VmDetail } from '../../src/hypervisor/model/vmDetail';

// Builders for the domain: a test states the facts that it is about, everything else is valid and dull.

export const objectId = (text: string): ObjectId => text as ObjectId;
export const snapshotId = (text: string): SnapshotId => text as SnapshotId;
export const taskId = (text: string): TaskId => text as TaskId;

/** 2026-11-22 14:05 UTC: the moment at which tests take place. */
export const testNowMs = Date.UTC(2026, 10, 22, 14, 5);

/** A snapshot named after its id; children take their number and time after it. */
export function snapshot(id: string, facts: Partial<Snapshot> = {}): Snapshot {
  return {
    id: snapshotId(id),
    number: 1,
    name: id,
    description: '',
    createdAtMs: testNowMs - 86_400_000,
    powerState: 'off',
    hasMemory: false,
    quiesced: false,
    children: [],
    ...facts,
  };
}

/** A linear chain of snapshots, the first one the root, the last one current. */
export function chain(...ids: string[]): SnapshotTree {
  const roots = ids.reduceRight<Snapshot[]>(
    (children, id, index) => [
      snapshot(id, { children, number: index + 1, createdAtMs: testNowMs - (ids.length - index) * 3_600_000 }),
    ],
    [],
  );
  return { roots, currentId: ids.length === 0 ? undefined : snapshotId(ids[ids.length - 1] ?? '') };
}

export function vm(id: string, facts: Partial<VirtualMachine> = {}): VirtualMachine {
  return {
    kind: 'vm',
    id: objectId(id),
    name: id,
    placement: { folders: null, compute: null },
    powerState: 'on',
    reachability: 'connected',
    isTemplate: false,
    needsConsolidation: false,
    hostId: undefined,
    memoryBytes: 8 * 1024 ** 3,
    guestName: 'Debian GNU/Linux 12 (64-bit)',
    question: undefined,
    snapshots: { roots: [], currentId: undefined },
    ...facts,
  };
}

export function container(
  id: string,
  kind: ContainerKind,
  placement: Placement,
  facts: Partial<Container> = {},
): Container {
  return { kind, id: objectId(id), name: id, placement, structural: false, condition: undefined, ...facts };
}

export function disk(label: string, facts: Partial<DiskFact> = {}): DiskFact {
  return { label, independent: false, physicalRaw: false, shared: false, datastoreId: objectId('ds-1'), ...facts };
}

export function datastore(id: string, facts: Partial<DatastoreFact> = {}): DatastoreFact {
  return {
    id: objectId(id),
    name: id,
    capacityBytes: 1024 ** 4,
    freeBytes: 412 * 1024 ** 3,
    accessible: true,
    ...facts,
  };
}

export function detail(facts: Partial<VmDetail> = {}): VmDetail {
  return {
    vm: vm('vm-1'),
    activeTasks: [],
    disks: [disk('Hard disk 1')],
    blockingDevices: [],
    datastores: [datastore('ds-1')],
    sizes: undefined,
    toolsRunning: true,
    windowsGuest: false,
    maxSnapshots: undefined,
    limitations: new Set(),
    disabledOperations: new Set(),
    managedBy: undefined,
    ...facts,
  };
}

export function serverTask(id: string, facts: Partial<ServerTask> = {}): ServerTask {
  return {
    id: taskId(id),
    operation: 'delete',
    label: 'Remove snapshot',
    vmId: objectId('vm-1'),
    vmName: 'vm-1',
    state: 'running',
    progressPercent: undefined,
    phase: undefined,
    cancelable: false,
    startedBy: 'CORP\\jdoe',
    queuedAtMs: testNowMs,
    startedAtMs: testNowMs,
    completedAtMs: undefined,
    error: undefined,
    snapshotId: undefined,
    ...facts,
  };
}

export function vmConfiguration(facts: Partial<VmConfiguration> = {}): VmConfiguration {
  return {
    name: 'vm-1',
    annotation: '',
    hardwareVersion: 'vmx-19',
    guestName: 'Debian GNU/Linux 12 (64-bit)',
    firmware: 'efi',
    cpus: 2,
    coresPerSocket: 1,
    memoryMb: 4_096,
    cpuHotAdd: false,
    memoryHotAdd: false,
    changeTracking: false,
    disks: [],
    networks: [],
    devices: [],
    options: new Map(),
    ...facts,
  };
}
