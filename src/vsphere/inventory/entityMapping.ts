import type { ObjectId } from '../../hypervisor/model/ids';
import type { Container, InventoryObject, Reachability, VirtualMachine } from '../../hypervisor/model/inventory';
import type { EntityRecord, TextPool } from './entityRecord';
import {
  folderPlacement,
  hostPlacement,
  isRootPool,
  isStructuralFolder,
  vAppPlacement,
  vmPlacement,
} from './placement';

const bytesPerMb = 1_048_576;

const reachabilities: ReadonlySet<string> = new Set<Reachability>([
  'connected',
  'disconnected',
  'orphaned',
  'inaccessible',
  'invalid',
]);

/** A VM that is being created says nothing yet and counts as connected; a state that nobody knows is not. */
function toReachability(state: string | undefined): Reachability {
  if (state === undefined) {
    return 'connected';
  }
  return reachabilities.has(state) ? (state as Reachability) : 'invalid';
}

function toCondition(host: EntityRecord | undefined): Container['condition'] {
  switch (host?.connectionState) {
    case 'disconnected':
      return 'disconnected';
    case 'notResponding':
      return 'notResponding';
    default:
      return host?.isInMaintenance === true ? 'maintenance' : undefined;
  }
}

function toVirtualMachine(record: EntityRecord, texts: TextPool): VirtualMachine {
  return {
    kind: 'vm',
    id: record.id,
    name: record.name,
    placement: texts.placement(vmPlacement(record)),
    powerState: record.powerState,
    reachability: toReachability(record.connectionState),
    isTemplate: record.isTemplate,
    needsConsolidation: record.needsConsolidation,
    hostId: record.host,
    memoryBytes: record.memoryMb === undefined ? undefined : record.memoryMb * bytesPerMb,
    guestName: record.guestName,
    question: record.question,
    snapshots: record.snapshots,
  };
}

/**
 * The domain's object for a record; undefined for a type that is in no layout.
 *
 * @param hostOf - the only host of a standalone ComputeResource, as far as it is known
 */
export function toInventoryObject(
  record: EntityRecord,
  rootFolder: ObjectId,
  hostOf: (computeResource: ObjectId) => EntityRecord | undefined,
  texts: TextPool,
): InventoryObject | undefined {
  return record.type === 'VirtualMachine' ? toVirtualMachine(record, texts) : toContainer(record, rootFolder, hostOf);
}

function toContainer(
  record: EntityRecord,
  rootFolder: ObjectId,
  hostOf: (computeResource: ObjectId) => EntityRecord | undefined,
): Container | undefined {
  const common = { id: record.id, name: record.name, structural: false, condition: undefined };
  const compute = { compute: record.parent ?? null };
  switch (record.type) {
    case 'Folder':
      return {
        ...common,
        kind: 'folder',
        placement: folderPlacement(record),
        structural: isStructuralFolder(record, rootFolder),
      };
    case 'Datacenter':
      return { ...common, kind: 'datacenter', placement: { ...compute, folders: compute.compute } };
    case 'ClusterComputeResource':
      return { ...common, kind: 'cluster', placement: compute };
    case 'ComputeResource':
      return { ...common, kind: 'host', placement: compute, condition: toCondition(hostOf(record.id)) };
    case 'HostSystem':
      return { ...common, kind: 'host', placement: hostPlacement(record), condition: toCondition(record) };
    case 'ResourcePool':
      return { ...common, kind: 'resourcePool', placement: compute, structural: isRootPool(record) };
    case 'VirtualApp':
      return { ...common, kind: 'vApp', placement: vAppPlacement(record) };
    default:
      return undefined;
  }
}
