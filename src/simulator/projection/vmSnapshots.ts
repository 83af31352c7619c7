import { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { VirtualMachineSnapshotInfo, VirtualMachineSnapshotTree } from '../../vsphere/vim/snapshot';
import { escapeName } from '../state/names';
import type { SnapshotState, VmState } from '../state/vmState';
import { dateTime } from './viewer';

export function snapshotRef(id: string): ManagedObjectReference {
  return new ManagedObjectReference('VirtualMachineSnapshot', id);
}

/** `snapshot` of a VM; unset without snapshots. */
export function snapshotInfo(vm: VmState, vmRef: ManagedObjectReference): VirtualMachineSnapshotInfo | undefined {
  if (vm.snapshots.length === 0) {
    return undefined;
  }
  const trees = new Map<string, VirtualMachineSnapshotTree[]>();
  const roots: VirtualMachineSnapshotTree[] = [];
  for (const snapshot of vm.snapshots) {
    const children: VirtualMachineSnapshotTree[] = [];
    trees.set(snapshot.id, children);
    const siblings = snapshot.parentId === undefined ? roots : trees.get(snapshot.parentId);
    siblings?.push(snapshotTree(snapshot, vmRef, children));
  }
  return {
    ...(vm.currentId !== undefined && { currentSnapshot: snapshotRef(vm.currentId) }),
    rootSnapshotList: roots,
  };
}

function snapshotTree(
  snapshot: SnapshotState,
  vmRef: ManagedObjectReference,
  children: readonly VirtualMachineSnapshotTree[],
): VirtualMachineSnapshotTree {
  return {
    snapshot: snapshotRef(snapshot.id),
    vm: vmRef,
    name: escapeName(snapshot.name),
    description: snapshot.description,
    id: snapshot.number,
    createTime: dateTime(snapshot.createdAtMs),
    state: snapshot.power,
    quiesced: snapshot.quiesced,
    ...(snapshot.backupManifest !== undefined && { backupManifest: snapshot.backupManifest }),
    childSnapshotList: children,
    replaySupported: false,
  };
}
