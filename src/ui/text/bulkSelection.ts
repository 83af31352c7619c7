import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { Operation } from '../../hypervisor/model/operation';
import { type BulkTarget, deletesInOrder } from '../../operations/bulk/bulkRequest';
import { innermost } from './inventoryRows';
import type { ContainerNode, SnapshotNode, TreeNode } from './treeNode';

/** A VM of a server. */
export interface SelectedVm {
  readonly connection: HypervisorConnection;
  readonly vm: VirtualMachine;
}

/** Operations that need nothing but the VM. */
export type VmOperationKind = 'take' | 'restoreLatest' | 'deleteAll' | 'consolidate' | 'powerOn';

/** Operations that are about a snapshot. */
export type SnapshotOperationKind = 'restore' | 'delete' | 'deleteWithChildren';

/** The VMs of the selected rows, each once: a favourite may be selected in two places. Undefined when other rows are among them. */
export function selectedVms(nodes: readonly TreeNode[]): SelectedVm[] | undefined {
  const found = new Map<string, SelectedVm>();
  for (const node of nodes) {
    const vm =
      node.kind === 'vm' ? node.vm : node.kind === 'present' ? node.connection.inventory.vm(node.vmId) : undefined;
    if (vm === undefined) {
      return undefined;
    }
    found.set(`${node.connection.id}/${vm.id}`, { connection: node.connection, vm });
  }
  return [...found.values()];
}

/** The snapshots of the selected rows; undefined when other rows are among them. */
export function selectedSnapshots(nodes: readonly TreeNode[]): SnapshotNode[] | undefined {
  const found = nodes.flatMap((node) => (node.kind === 'snapshot' ? [node] : []));
  return found.length === nodes.length ? found : undefined;
}

/** Every VM in a folder, vApp or cluster and in what lies in it, but for templates and what the person hides. */
export function vmsIn(node: ContainerNode, isHidden: (name: string) => boolean): SelectedVm[] {
  const { connection, layout } = node;
  const found: SelectedVm[] = [];
  const seen = new Set<ObjectId>();
  const pending: ObjectId[] = [innermost(node).id];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (seen.has(at)) {
      continue;
    }
    seen.add(at);
    for (const child of connection.inventory.children(layout, at)) {
      if (child.kind !== 'vm') {
        if (!(child.kind === 'folder' && isHidden(child.name))) {
          pending.push(child.id);
        }
      } else if (!child.isTemplate && !isHidden(child.name)) {
        found.push({ connection, vm: child });
      }
    }
  }
  return found;
}

/** Whether an operation has anything to do on a VM, as far as the list of VMs tells. */
export function hasWork(kind: VmOperationKind, vm: VirtualMachine): boolean {
  switch (kind) {
    case 'restoreLatest':
    case 'deleteAll':
      return vm.snapshots.roots.length > 0;
    case 'consolidate':
      return vm.needsConsolidation;
    case 'powerOn':
      return vm.powerState !== 'on';
    case 'take':
      return true;
  }
}

export function targetsOf(kind: VmOperationKind, vms: readonly SelectedVm[]): BulkTarget[] {
  return vms.map(({ connection, vm }) => ({
    connection,
    vmId: vm.id,
    vmName: vm.name,
    operations: [operationOn(kind, vm.id)],
  }));
}

function operationOn(kind: VmOperationKind, vmId: ObjectId): Operation {
  // What a take is called and holds is asked for after the list.
  return kind === 'take' ? { kind, vmId, name: '', description: '', contents: 'disks' } : { kind, vmId };
}

/** The targets of an operation on snapshots of one VM or many. */
export function snapshotTargets(kind: SnapshotOperationKind, nodes: readonly SnapshotNode[]): BulkTarget[] {
  const byVm = new Map<string, { readonly first: SnapshotNode; readonly ids: Set<SnapshotId> }>();
  for (const node of nodes) {
    const key = `${node.connection.id}/${node.vmId}`;
    const known = byVm.get(key) ?? { first: node, ids: new Set<SnapshotId>() };
    known.ids.add(node.snapshot.id);
    byVm.set(key, known);
  }
  return [...byVm.values()].map(({ first: { connection, vmId }, ids }) => {
    const vm = connection.inventory.vm(vmId);
    const tree = vm?.snapshots ?? { roots: [], currentId: undefined };
    return {
      connection,
      vmId,
      vmName: vm?.name ?? '',
      operations:
        kind === 'restore'
          ? [...ids].map((snapshotId): Operation => ({ kind, vmId, snapshotId }))
          : deletesInOrder(kind, vmId, tree, [...ids]),
    };
  });
}
