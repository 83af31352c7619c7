import type { HypervisorConnection } from '../../hypervisor/connection';
import type { InventoryChange } from '../../hypervisor/inventory/inventoryStore';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { InventoryRows } from '../text/inventoryRows';
import { type InventoryNode, nodeId } from '../text/treeNode';
import type { ShownRows } from './shownRows';
import type { ViewModel } from './viewModel';

/**
 * The shown rows of a server's tree that have to be drawn anew after a change, as few as tell the whole truth.
 *
 * @param filtered - objects under which other ones are shown because of the filter
 */
export function affectedRows(
  connection: HypervisorConnection,
  change: InventoryChange,
  filtered: ReadonlySet<ObjectId | undefined>,
  { rows, treeLayout }: Pick<ViewModel, 'rows' | 'treeLayout'>,
  shown: ShownRows,
): ReadonlySet<string> {
  const affected = new Set<string>();
  const add = (id: string | undefined): void => {
    if (id !== undefined && shown.get(id) !== undefined) {
      affected.add(id);
    }
  };
  for (const id of change.objects) {
    const object = connection.inventory.get(id);
    if (object?.kind === 'vm') {
      add(nodeId({ kind: 'vm', connection, vm: object }));
      add(nodeId({ kind: 'vm', connection, vm: object, under: 'favorites' }));
    } else {
      add(shown.rowOfContainer(connection.id, id)?.id);
    }
  }
  for (const parent of [...change.parents[treeLayout], ...filtered]) {
    for (const id of parent === undefined ? [connection.id] : rowsHolding(connection, parent, rows, shown)) {
      add(id);
    }
  }
  if (shownNotice(connection, shown) !== rows.noticeOf(connection)) {
    add(connection.id);
  }
  return affected;
}

/**
 * The rows whose list of children is another one when `parent` has gained or lost children. As containers with a single
 * folder are joined with it, that may be a row further up.
 */
function rowsHolding(
  connection: HypervisorConnection,
  parent: ObjectId,
  rows: InventoryRows,
  shown: ShownRows,
): (string | undefined)[] {
  const drawn = shown.rowOfContainer(connection.id, parent);
  const now = rows.containerRow(connection, parent);
  if (drawn !== undefined && now !== undefined && sameContainers(drawn.node, now)) {
    return [drawn.id];
  }
  const above = now && rows.parentOf(now);
  return [drawn && shown.parentId(drawn.id), above && nodeId(above)];
}

function sameContainers(a: InventoryNode, b: InventoryNode): boolean {
  return (
    a.kind === 'container' &&
    b.kind === 'container' &&
    a.containers.length === b.containers.length &&
    a.containers.every((container, index) => container.id === b.containers[index]?.id)
  );
}

function shownNotice(connection: HypervisorConnection, shown: ShownRows): string | undefined {
  const node = shown.get(nodeId({ kind: 'notice', connection, notice: 'error' }))?.node;
  return node?.kind === 'notice' ? node.notice : undefined;
}
