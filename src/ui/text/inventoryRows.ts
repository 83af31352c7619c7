import { compareNatural } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { MatchingTree } from '../../hypervisor/filter/matchingTree';
import type { InventoryStore } from '../../hypervisor/inventory/inventoryStore';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type {
  Container,
  ContainerKind,
  InventoryObject,
  Layout,
  VirtualMachine,
} from '../../hypervisor/model/inventory';
import type { SnapshotTree } from '../../hypervisor/model/snapshot';
import { SnapshotLayout } from './snapshotRows';
import type { ContainerNode, NoticeNode, SnapshotNode, TreeNode, VmNode } from './treeNode';

// Joining goes on while folders hold one folder each; nobody nests deeper, and a circle must end.
const maxJoined = 50;

// As many VMs as can be looked over; more would bury the folders that they lie in.
export const maxUnfolded = 100;

const containerOrder: Readonly<Record<ContainerKind, number>> = {
  datacenter: 0,
  folder: 1,
  cluster: 2,
  host: 3,
  resourcePool: 4,
  vApp: 5,
};
const afterContainers = 6;

/** Which rows a server has and how they hang together, from what the connections hold at this moment. */
export class InventoryRows {
  private readonly layouts = new WeakMap<SnapshotTree, SnapshotLayout>();

  /**
   * @param layout - the present one
   * @param isHidden - whether the person does not want to see VMs and folders of this name
   * @param matching - what is left of a server's tree while a filter is on
   */
  constructor(
    private readonly layout: () => Layout,
    private readonly isHidden: (vmName: string) => boolean,
    private readonly matching: (connection: HypervisorConnection) => MatchingTree | undefined = () => undefined,
  ) {}

  snapshotLayout(tree: SnapshotTree): SnapshotLayout {
    const known = this.layouts.get(tree);
    if (known !== undefined) {
      return known;
    }
    const made = new SnapshotLayout(tree);
    this.layouts.set(tree, made);
    return made;
  }

  /** The rows under a row, in their order. */
  childrenOf(node: TreeNode): TreeNode[] {
    switch (node.kind) {
      case 'server':
        return this.serverChildren(node.connection);
      case 'container':
        return this.objectRows(node.connection, innermost(node).id);
      case 'vm':
        return this.vmChildren(node);
      case 'snapshot':
        return this.snapshotRows(node.connection, node.vmId, node.snapshot.id, node.under);
      case 'present':
      case 'notice':
        return [];
    }
  }

  hasChildren(node: TreeNode): boolean {
    switch (node.kind) {
      case 'server':
        return true;
      case 'container':
        return this.hasVisibleChild(node.connection, innermost(node).id);
      case 'vm':
        return node.vm.snapshots.roots.length > 0;
      case 'snapshot':
        return this.childrenOf(node).length > 0;
      case 'present':
      case 'notice':
        return false;
    }
  }

  /** The row under which a row stands; undefined for servers, and for what is not shown any more. */
  parentOf(node: TreeNode): TreeNode | undefined {
    const { connection } = node;
    switch (node.kind) {
      case 'server':
        return undefined;
      case 'container':
        return this.rowOfParent(connection, node.containers[0].id);
      case 'vm':
        return this.rowOfParent(connection, node.vm.id);
      case 'snapshot': {
        const vm = connection.inventory.vm(node.vmId);
        const parentId = vm && this.snapshotLayout(vm.snapshots).parentOf(node.snapshot.id);
        return parentId === undefined
          ? this.vmRow(connection, node.vmId, node.under)
          : this.snapshotRow(connection, node.vmId, parentId, node.under);
      }
      case 'present':
        return this.vmRow(connection, node.vmId, node.under);
      case 'notice':
        return { kind: 'server', connection };
    }
  }

  /** The same row with what is known now, the very one when nothing is new; undefined when it no longer exists. */
  current(node: TreeNode): TreeNode | undefined {
    switch (node.kind) {
      case 'vm':
        return node.connection.inventory.vm(node.vm.id) === node.vm
          ? node
          : this.vmRow(node.connection, node.vm.id, node.under);
      case 'snapshot':
        return this.snapshotRow(node.connection, node.vmId, node.snapshot.id, node.under);
      case 'container': {
        const object = node.connection.inventory.get(innermost(node).id);
        return object === undefined || object.kind === 'vm' ? undefined : this.containerRow(node.connection, object.id);
      }
      case 'server':
      case 'present':
      case 'notice':
        return node;
    }
  }

  vmRow(connection: HypervisorConnection, vmId: ObjectId, under?: VmNode['under']): VmNode | undefined {
    const vm = connection.inventory.vm(vmId);
    if (vm === undefined) {
      return undefined;
    }
    // Made for every row that is drawn, and a spread costs more than the rest of it.
    return under === undefined ? { kind: 'vm', connection, vm } : { kind: 'vm', connection, vm, under };
  }

  snapshotRow(
    connection: HypervisorConnection,
    vmId: ObjectId,
    snapshotId: SnapshotId,
    under?: VmNode['under'],
  ): SnapshotNode | undefined {
    const vm = connection.inventory.vm(vmId);
    const row = vm && this.snapshotLayout(vm.snapshots).row(snapshotId);
    return row && { kind: 'snapshot', connection, vmId, snapshot: row.snapshot, ...shownUnder(under) };
  }

  /** The row in which a container is shown, alone or joined with others. */
  containerRow(connection: HypervisorConnection, id: ObjectId): ContainerNode | undefined {
    const store = connection.inventory;
    let head = containerOf(store, id);
    if (head === undefined || !this.isVisible(connection, head)) {
      return undefined;
    }
    for (let i = 0; i < maxJoined; i++) {
      const parent = containerOf(store, store.parent(this.layout(), head.id));
      if (parent === undefined || this.joinedInto(connection, parent) !== head) {
        break;
      }
      head = parent;
    }
    return this.joinedFrom(connection, head);
  }

  /**
   * Says of VMs whether they, and every folder that they lie in, have names that the person wants to see.
   *
   * @remarks Made for one pass over them: thousands share few folders, and what was found out of one is kept.
   */
  wantedIn({ inventory }: HypervisorConnection): (vm: VirtualMachine) => boolean {
    const known = new Map<ObjectId, boolean>();
    return (vm) => {
      if (this.isHidden(vm.name)) {
        return false;
      }
      const folder = vm.placement.folders ?? undefined;
      if (folder === undefined) {
        return true;
      }
      let isWanted = known.get(folder);
      if (isWanted === undefined) {
        isWanted = this.isWantedPath(inventory, vm.id);
        known.set(folder, isWanted);
      }
      return isWanted;
    };
  }

  private isWantedPath(inventory: InventoryStore, vmId: ObjectId): boolean {
    let at = inventory.parent('folders', vmId);
    for (let i = 0; i < maxJoined && at !== undefined; i++) {
      const object = inventory.get(at);
      if (object?.kind === 'folder' && this.isHidden(object.name)) {
        return false;
      }
      at = inventory.parent('folders', at);
    }
    return true;
  }

  /** Whether an object has a place in the present layout and is not hidden by its own name. */
  isShown(object: InventoryObject): boolean {
    const canHide = object.kind === 'vm' || object.kind === 'folder';
    return object.placement[this.layout()] !== undefined && !(canHide && this.isHidden(object.name));
  }

  /** What a server's first row says when its inventory does not speak for itself. */
  noticeOf(connection: HypervisorConnection): NoticeNode['notice'] | undefined {
    return noticeFor(connection, () => this.hasVisibleChild(connection, undefined));
  }

  private serverChildren(connection: HypervisorConnection): TreeNode[] {
    const rows = this.objectRows(connection, undefined);
    const notice = this.noticeOf(connection);
    return notice === undefined ? rows : [{ kind: 'notice', connection, notice }, ...rows];
  }

  private objectRows(connection: HypervisorConnection, parent: ObjectId | undefined): TreeNode[] {
    return this.visibleChildren(connection, parent)
      .sort(compareObjects)
      .map((object) =>
        object.kind === 'vm' ? { kind: 'vm', connection, vm: object } : this.joinedFrom(connection, object),
      );
  }

  private visibleChildren(connection: HypervisorConnection, parent: ObjectId | undefined): InventoryObject[] {
    return connection.inventory.children(this.layout(), parent).filter((object) => this.isVisible(connection, object));
  }

  private hasVisibleChild(connection: HypervisorConnection, parent: ObjectId | undefined): boolean {
    for (const object of connection.inventory.eachChild(this.layout(), parent)) {
      if (this.isVisible(connection, object)) {
        return true;
      }
    }
    return false;
  }

  private isVisible(connection: HypervisorConnection, object: InventoryObject): boolean {
    return this.isShown(object) && this.matching(connection)?.has(object.id) !== false;
  }

  private vmChildren({ connection, vm, under }: VmNode): TreeNode[] {
    const rows = this.snapshotRows(connection, vm.id, undefined, under);
    return rows.length === 0 ? [] : [...rows, { kind: 'present', connection, vmId: vm.id, ...shownUnder(under) }];
  }

  private snapshotRows(
    connection: HypervisorConnection,
    vmId: ObjectId,
    above: SnapshotId | undefined,
    under: VmNode['under'],
  ): TreeNode[] {
    const vm = connection.inventory.vm(vmId);
    return vm === undefined
      ? []
      : this.snapshotLayout(vm.snapshots)
          .rowsUnder(above)
          .map(({ snapshot }) => ({ kind: 'snapshot', connection, vmId, snapshot, ...shownUnder(under) }));
  }

  private rowOfParent(connection: HypervisorConnection, id: ObjectId): TreeNode | undefined {
    const object = connection.inventory.get(id);
    if (object === undefined || !this.isVisible(connection, object)) {
      return undefined;
    }
    const parent = connection.inventory.parent(this.layout(), id);
    return parent === undefined ? { kind: 'server', connection } : this.containerRow(connection, parent);
  }

  private joinedFrom(connection: HypervisorConnection, head: Container): ContainerNode {
    const containers: [Container, ...Container[]] = [head];
    let last = head;
    for (let i = 0; i < maxJoined; i++) {
      const next = this.joinedInto(connection, last);
      if (next === undefined) {
        break;
      }
      containers.push(next);
      last = next;
    }
    const matching = this.matching(connection);
    return {
      kind: 'container',
      connection,
      layout: this.layout(),
      ...(matching !== undefined && { filtered: matching.vmCount <= maxUnfolded ? 'unfolded' : 'folded' }),
      containers,
    };
  }

  /** The folder that is all that `container` holds. */
  private joinedInto(connection: HypervisorConnection, container: Container): Container | undefined {
    const canJoin = container.kind === 'datacenter' || container.kind === 'folder';
    // While objects come in, the first folder is always the only one.
    if (!canJoin || !connection.inventory.isComplete) {
      return undefined;
    }
    // Asked for every row of a folder: after the second child the answer is known.
    let only: InventoryObject | undefined;
    for (const object of connection.inventory.eachChild(this.layout(), container.id)) {
      if (this.isVisible(connection, object)) {
        if (only !== undefined || object.kind !== 'folder') {
          return undefined;
        }
        only = object;
      }
    }
    return only?.kind === 'folder' ? only : undefined;
  }
}

/** The container that a row stands for: the innermost of those that it joins. */
export function innermost(node: ContainerNode): Container {
  return node.containers[node.containers.length - 1] as Container;
}

/** A property that must not be there at all when it is not set. */
function shownUnder(under: VmNode['under']): Pick<VmNode, 'under'> {
  return under === undefined ? {} : { under };
}

function containerOf(store: InventoryStore, id: ObjectId | undefined): Container | undefined {
  const object = id === undefined ? undefined : store.get(id);
  return object === undefined || object.kind === 'vm' ? undefined : object;
}

function noticeFor(connection: HypervisorConnection, hasRows: () => boolean): NoticeNode['notice'] | undefined {
  switch (connection.state.kind) {
    case 'disconnected':
      return hasRows() ? undefined : 'notConnected';
    case 'connecting':
    case 'loading':
      return hasRows() ? undefined : 'loading';
    case 'live':
      return connection.inventory.vmCount === 0 ? 'noVms' : undefined;
    case 'reconnecting':
      // What was read stays there, and the server's own row says since when it is offline.
      return hasRows() ? undefined : 'error';
    case 'failed':
      return 'error';
  }
}

function compareObjects(a: InventoryObject, b: InventoryObject): number {
  return rank(a) - rank(b) || compareNatural(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

function rank(object: InventoryObject): number {
  return object.kind === 'vm' ? afterContainers : containerOrder[object.kind];
}
