import type { ObjectId, SnapshotId } from '../../src/hypervisor/model/ids';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { PowerState, Snapshot } from '../../src/hypervisor/model/snapshot';
import type { SnapshotFacts, VmFacts } from '../checksum';

const powerStates: Readonly<Record<PowerState, string>> = {
  on: 'poweredOn',
  off: 'poweredOff',
  suspended: 'suspended',
};

/** What the product's store knows of a VM, in the words in which every client says it. */
export function factsOf(vm: VirtualMachine): VmFacts {
  return {
    id: moid(vm.id),
    name: vm.name,
    parent: moid(vm.placement.folders ?? undefined),
    powerState: powerStates[vm.powerState],
    host: moid(vm.hostId),
    needsConsolidation: vm.needsConsolidation,
    isTemplate: vm.isTemplate,
    current: moid(vm.snapshots.currentId),
    roots: vm.snapshots.roots.map(snapshotFacts),
  };
}

function snapshotFacts(snapshot: Snapshot): SnapshotFacts {
  return {
    id: moid(snapshot.id),
    number: snapshot.number,
    name: snapshot.name,
    description: snapshot.description,
    createdAtMs: snapshot.createdAtMs,
    state: powerStates[snapshot.powerState],
    quiesced: snapshot.quiesced,
    children: snapshot.children.map(snapshotFacts),
  };
}

/** `vm-7` of `VirtualMachine:vm-7`. */
function moid(id: ObjectId | SnapshotId | undefined): string {
  return id === undefined ? '' : id.slice(id.indexOf(':') + 1);
}
