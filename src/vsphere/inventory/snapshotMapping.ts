import { noSnapshots, type PowerState, type Snapshot, type SnapshotTree } from '../../hypervisor/model/snapshot';
import { parseDateTime } from '../dateTime';
import { snapshotIdOf } from '../ids';
import { decodeName } from '../names';
import type { VirtualMachineSnapshotInfo, VirtualMachineSnapshotTree } from '../vim/snapshot';

/** Power states of vim25, in the words of the domain. One that is not known counts as off. */
export function toPowerState(state: string | undefined): PowerState {
  return state === 'poweredOn' ? 'on' : state === 'suspended' ? 'suspended' : 'off';
}

/** All snapshots of a VM from its property `snapshot`, which is unset when there are none. */
export function toSnapshotTree(info: VirtualMachineSnapshotInfo | undefined): SnapshotTree {
  if (info === undefined) {
    return noSnapshots;
  }
  return {
    roots: toSnapshots(info.rootSnapshotList),
    currentId: info.currentSnapshot === undefined ? undefined : snapshotIdOf(info.currentSnapshot),
  };
}

// With an own stack: how deep a tree is, the server decides.
function toSnapshots(trees: readonly VirtualMachineSnapshotTree[]): Snapshot[] {
  const roots: Snapshot[] = [];
  const pending = trees.map((tree) => ({ tree, into: roots })).reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const children: Snapshot[] = [];
    next.into.push(toSnapshot(next.tree, children));
    for (const child of [...next.tree.childSnapshotList].reverse()) {
      pending.push({ tree: child, into: children });
    }
  }
  return roots;
}

function toSnapshot(tree: VirtualMachineSnapshotTree, children: readonly Snapshot[]): Snapshot {
  const powerState = toPowerState(tree.state);
  return {
    id: snapshotIdOf(tree.snapshot),
    number: tree.id,
    name: decodeName(tree.name),
    description: tree.description,
    createdAtMs: parseDateTime(tree.createTime) ?? 0,
    powerState,
    // Without memory the state is poweredOff, whatever the VM was doing; a suspended VM always brings its own.
    hasMemory: powerState !== 'off',
    quiesced: tree.quiesced,
    children,
  };
}
