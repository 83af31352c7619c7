import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { PowerState, Snapshot } from '../../src/hypervisor/model/snapshot';
import type { Checksum } from '../checksum';

/** Adds what the product's store knows of a VM, in the words in which every client says it. */
export function addVm(checksum: Checksum, vm: VirtualMachine): void {
  addId(checksum, vm.id);
  checksum.text('|');
  checksum.text(vm.name);
  checksum.text('|');
  addId(checksum, vm.placement.folders);
  checksum.text('|');
  checksum.text(powerState(vm.powerState));
  checksum.text('|');
  addId(checksum, vm.hostId);
  checksum.text(vm.needsConsolidation ? '|1|' : '|0|');
  checksum.text(vm.isTemplate ? '1|' : '0|');
  addId(checksum, vm.snapshots.currentId);
  addSnapshots(checksum, vm.snapshots.roots, 1);
  checksum.endVm();
}

function addSnapshots(checksum: Checksum, snapshots: readonly Snapshot[], depth: number): void {
  for (let i = 0; i < snapshots.length; i++) {
    const snapshot = snapshots[i] as Snapshot;
    checksum.text('|');
    checksum.text(String(depth));
    checksum.text(',');
    addId(checksum, snapshot.id);
    checksum.text(',');
    checksum.text(String(snapshot.number));
    checksum.text(',');
    checksum.text(snapshot.name);
    checksum.text(',');
    checksum.text(snapshot.description);
    checksum.text(',');
    checksum.text(String(snapshot.createdAtMs));
    checksum.text(',');
    checksum.text(powerState(snapshot.powerState));
    checksum.text(snapshot.quiesced ? ',1' : ',0');
    addSnapshots(checksum, snapshot.children, depth + 1);
  }
}

/** Managed object id alone: `vm-7` of `VirtualMachine:vm-7`. */
function addId(checksum: Checksum, id: string | null | undefined): void {
  if (id !== undefined && id !== null) {
    checksum.text(id, id.indexOf(':') + 1);
  }
}

function powerState(state: PowerState): string {
  return state === 'on' ? 'poweredOn' : state === 'off' ? 'poweredOff' : 'suspended';
}
