import type { HypervisorConnection } from '../../hypervisor/connection';
import type { SnapshotGroup } from '../../hypervisor/health/snapshotGroups';
import type { Container, Layout, VirtualMachine } from '../../hypervisor/model/inventory';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { Snapshot } from '../../hypervisor/model/snapshot';

/** How the inventory is arranged: as one of the server's trees, or as one list of snapshots over all servers. */
export type ViewLayout = Layout | 'snapshots';

/**
 * A row of the inventory that belongs to a server, as plain data: what commands act on. Rows are made anew whenever they
 * are asked for; what identifies a row across refreshes is {@link nodeId}.
 */
export type TreeNode = ServerNode | ContainerNode | VmNode | SnapshotNode | PresentNode | NoticeNode;

/** Any row of the inventory. */
export type InventoryNode = TreeNode | GroupNode;

/** A heading over rows of several servers. */
export interface GroupNode {
  readonly kind: 'group';
  readonly group: SnapshotGroup | 'favorites';
  /** Set while a filter shortens the list; for the same reason as in {@link ContainerNode}. */
  readonly filtered?: true;
}

/** A VM that the person keeps at hand is shown under that heading too, with all that stands under it. */
interface MaybeFavorite {
  readonly under?: 'favorites';
}

export interface ServerNode {
  readonly kind: 'server';
  readonly connection: HypervisorConnection;
}

/** A datacenter, folder, cluster and so on. A folder whose only child is a folder is shown as one row with it. */
export interface ContainerNode {
  readonly kind: 'container';
  readonly connection: HypervisorConnection;
  readonly layout: Layout;
  /**
   * Set while a filter leaves out what does not lead to a match, and unfolds what does. As another row, which it is to
   * VS Code, it does not change what is unfolded without the filter.
   */
  readonly filtered?: 'unfolded' | 'folded';
  /** The objects that the row joins, outermost first; the last one is what the row stands for. */
  readonly containers: readonly [Container, ...Container[]];
}

export interface VmNode extends MaybeFavorite {
  readonly kind: 'vm';
  readonly connection: HypervisorConnection;
  readonly vm: VirtualMachine;
}

export interface SnapshotNode extends MaybeFavorite {
  readonly kind: 'snapshot';
  readonly connection: HypervisorConnection;
  readonly vmId: ObjectId;
  readonly snapshot: Snapshot;
}

/** *You are here*: the present state of a VM that has snapshots. */
export interface PresentNode extends MaybeFavorite {
  readonly kind: 'present';
  readonly connection: HypervisorConnection;
  readonly vmId: ObjectId;
}

/** A sentence in place of rows: an error with what helps, or why there is nothing to show. */
export interface NoticeNode {
  readonly kind: 'notice';
  readonly connection: HypervisorConnection;
  readonly notice: 'error' | 'notConnected' | 'loading' | 'noVms';
}

/** Identity of a row, stable across refreshes and unique in the tree. Selection and expansion follow it. */
export function nodeId(node: InventoryNode): string {
  if (node.kind === 'group') {
    return `group/${node.filtered === true ? 'filtered/' : ''}${node.group}`;
  }
  const id = idOnServer(node);
  return 'under' in node ? `${node.under}/${id}` : id;
}

function idOnServer(node: TreeNode): string {
  const server = node.connection.id;
  switch (node.kind) {
    case 'server':
      return server;
    case 'container':
      return `${server}/${node.layout}${node.filtered === undefined ? '' : '/filtered'}/${
        (node.containers[node.containers.length - 1] as Container).id
      }`;
    case 'vm':
      return `${server}/${node.vm.id}`;
    case 'snapshot':
      return `${server}/${node.vmId}/${node.snapshot.id}`;
    case 'present':
      return `${server}/${node.vmId}/present`;
    case 'notice':
      return `${server}/notice`;
  }
}
