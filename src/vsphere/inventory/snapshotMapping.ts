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

// Shared: most snapshots have none after them.
const noChildren: readonly Snapshot[] = [];

/** Snapshots that are still to be made, and where they belong. */
interface Pending {
  readonly trees: readonly VirtualMachineSnapshotTree[];
  readonly into: Snapshot[];
}

// With an own stack: how deep a tree is, the server decides.
function toSnapshots(trees: readonly VirtualMachineSnapshotTree[]): readonly Snapshot[] {
  const pending: Pending[] = [];
  const roots = place(trees, pending);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (let i = 0; i < next.trees.length; i++) {
      const tree = next.trees[i] as VirtualMachineSnapshotTree;
      next.into[i] = toSnapshot(tree, place(tree.childSnapshotList, pending));
    }
  }
  return roots;
}

function place(trees: readonly VirtualMachineSnapshotTree[], pending: Pending[]): readonly Snapshot[] {
  if (trees.length === 0) {
    return noChildren;
  }
  // Of just that length: an array that grows by itself takes room for a dozen more.
  const into = new Array<Snapshot>(trees.length);
  pending.push({ trees, into });
  return into;
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
