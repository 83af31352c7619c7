import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { Layout, VirtualMachine } from '../../hypervisor/model/inventory';
import { innermost } from './inventoryRows';
import type { TreeNode } from './treeNode';

/** A VM whose snapshots, all of them or some, are meant. */
export interface SnapshotSelection {
  readonly connection: HypervisorConnection;
  readonly vm: VirtualMachine;
  /** All of them when unset. */
  readonly snapshotIds?: ReadonlySet<SnapshotId>;
}

// Deeper than any real inventory; a server that nests in a circle does not get to hang us.
const maxClimb = 1_000;

/**
 * What selected rows stand for: a VM for all its snapshots, a folder or server for all VMs in it, a snapshot for itself.
 * Each VM comes once.
 */
export function selectedVms(nodes: readonly TreeNode[], layout: Layout): SnapshotSelection[] {
  const found = new Map<string, SnapshotSelection>();
  const add = (connection: HypervisorConnection, vm: VirtualMachine | undefined, snapshotId?: SnapshotId): void => {
    if (vm === undefined) {
      return;
    }
    const key = `${connection.id}/${vm.id}`;
    const known = found.get(key);
    if (snapshotId === undefined) {
      found.set(key, { connection, vm });
    } else if (known === undefined || known.snapshotIds !== undefined) {
      found.set(key, { connection, vm, snapshotIds: new Set([...(known?.snapshotIds ?? []), snapshotId]) });
    }
  };
  for (const node of nodes) {
    const { connection } = node;
    switch (node.kind) {
      case 'vm':
        add(connection, node.vm);
        break;
      case 'snapshot':
        add(connection, connection.inventory.vm(node.vmId), node.snapshot.id);
        break;
      case 'present':
        add(connection, connection.inventory.vm(node.vmId));
        break;
      case 'server':
      case 'container':
        for (const vm of connection.inventory.allVms()) {
          if (node.kind === 'server' || isBelow(connection, vm.id, innermost(node).id, layout)) {
            add(connection, vm);
          }
        }
        break;
      case 'notice':
        break;
    }
  }
  return [...found.values()];
}

function isBelow({ inventory }: HypervisorConnection, id: ObjectId, container: ObjectId, layout: Layout): boolean {
  let at = inventory.parent(layout, id);
  for (let i = 0; i < maxClimb && at !== undefined; i++) {
    if (at === container) {
      return true;
    }
    at = inventory.parent(layout, at);
  }
  return false;
}
