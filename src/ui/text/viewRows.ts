import type { HypervisorConnection } from '../../hypervisor/connection';
import type { SnapshotOverview } from '../../hypervisor/health/snapshotOverview';
import { snapshotGroups } from '../../hypervisor/health/snapshotGroups';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import { compareNatural } from '../../common/text';
import type { InventoryRows } from './inventoryRows';
import type { GroupNode, InventoryNode, ServerNode, ViewLayout, VmNode } from './treeNode';

/** What the rows of the view are made from. */
export interface ViewRowsParts {
  readonly servers: () => readonly HypervisorConnection[];
  readonly layout: () => ViewLayout;
  /** The rows of each server in the layouts that are trees. */
  readonly rows: InventoryRows;
  /** The lines of the layout that is a list. Up to date whenever that layout is shown. */
  readonly overview: SnapshotOverview;
  /** Whether a filter shortens that list. */
  readonly isListFiltered: () => boolean;
  /** VMs that the person keeps at hand and that are shown at the moment. */
  readonly favorites: () => readonly { readonly connection: HypervisorConnection; readonly vm: VirtualMachine }[];
}

/** Which rows the whole view has in its present layout, above those of one server. */
export class ViewRows {
  constructor(private readonly parts: ViewRowsParts) {}

  /**
   * The rows at the top, in their order.
   *
   * @remarks In the list of snapshots a server stands for what it cannot show: above the groups when it is on its way or
   * has failed, as the list is incomplete then; below them when nobody has connected it.
   */
  roots(): InventoryNode[] {
    const { servers, layout, overview } = this.parts;
    const all = servers().map((connection): ServerNode => ({ kind: 'server', connection }));
    if (layout() !== 'snapshots') {
      return this.favoriteRows().length > 0 ? [favorites, ...all] : all;
    }
    const away = all.filter(({ connection }) => connection.state.kind !== 'live');
    const isIdle = ({ connection }: ServerNode): boolean => connection.state.kind === 'disconnected';
    return [
      ...away.filter((node) => !isIdle(node)),
      ...snapshotGroups.filter((group) => overview.count(group) > 0).map((group) => this.groupRow(group)),
      ...away.filter(isIdle),
    ];
  }

  childrenOf(node: InventoryNode): InventoryNode[] {
    const { rows, overview, layout } = this.parts;
    if (node.kind === 'group') {
      return node.group === 'favorites'
        ? this.favoriteRows()
        : overview
            .entries(node.group)
            .flatMap(
              ({ connection, vmId, snapshot }): InventoryNode[] | InventoryNode =>
                (snapshot === undefined
                  ? rows.vmRow(connection, vmId)
                  : { kind: 'snapshot', connection, vmId, snapshot }) ?? [],
            );
    }
    if (layout() !== 'snapshots') {
      return rows.childrenOf(node);
    }
    const notice = node.kind === 'server' ? rows.noticeOf(node.connection) : undefined;
    return notice === undefined ? [] : [{ kind: 'notice', connection: node.connection, notice }];
  }

  /** The row under which a row stands; undefined at the top, and for what is not shown. */
  parentOf(node: InventoryNode): InventoryNode | undefined {
    const { rows, overview, layout } = this.parts;
    if (node.kind === 'group') {
      return undefined;
    }
    if (layout() !== 'snapshots') {
      return node.kind === 'vm' && node.under !== undefined ? favorites : rows.parentOf(node);
    }
    switch (node.kind) {
      case 'vm':
      case 'snapshot': {
        const [vmId, snapshotId] =
          node.kind === 'vm' ? ([node.vm.id, undefined] as const) : ([node.vmId, node.snapshot.id] as const);
        const group = overview.groupOf(node.connection.id, vmId, snapshotId);
        return group && this.groupRow(group);
      }
      case 'notice':
        return { kind: 'server', connection: node.connection };
      case 'server':
      case 'container':
      case 'present':
        return undefined;
    }
  }

  /** The row of a heading. */
  groupRow(group: GroupNode['group']): GroupNode {
    return group !== 'favorites' && this.parts.isListFiltered()
      ? { kind: 'group', group, filtered: true }
      : { kind: 'group', group };
  }

  /** The same row with what is known now; undefined when it no longer exists. */
  current(node: InventoryNode): InventoryNode | undefined {
    return node.kind === 'group' ? node : this.parts.rows.current(node);
  }

  /** Whether the row hangs under one of those at the top. */
  isPlaced(node: InventoryNode): boolean {
    let top = node;
    for (let at = this.parentOf(node); at !== undefined; at = this.parentOf(at)) {
      top = at;
    }
    return top.kind === 'group' || (top.kind === 'server' && this.parts.servers().includes(top.connection));
  }

  private favoriteRows(): VmNode[] {
    return this.parts
      .favorites()
      .map(({ connection, vm }): VmNode => ({ kind: 'vm', connection, vm, under: 'favorites' }))
      .sort((a, b) => compareNatural(a.vm.name, b.vm.name) || compareNatural(a.connection.label, b.connection.label));
  }
}

const favorites: GroupNode = { kind: 'group', group: 'favorites' };
