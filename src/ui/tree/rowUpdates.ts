import type { Clock } from '../../common/clock';
import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { InventoryChange } from '../../hypervisor/inventory/inventoryStore';
import type { ObjectId, ServerId } from '../../hypervisor/model/ids';
import type { Layout } from '../../hypervisor/model/inventory';
import type { OperationHistory } from '../../operations/operationHistory';
import type { InventoryRows } from '../text/inventoryRows';
import type { RowContext } from '../text/rowContext';
import { describeNode } from '../text/rows';
import { nodeId } from '../text/treeNode';
import { withoutPercent } from '../text/vmActivity';
import { affectedRows } from './affectedRows';
import type { RefreshScheduler, Urgency } from './refreshScheduler';
import type { ShownRows } from './shownRows';

// Ages are shown in hours and days.
const agesEveryMs = 3_600_000;

/** Where the news come from and where they go. */
export interface RowUpdateServices {
  readonly clock: Clock;
  readonly history: Pick<OperationHistory, 'onDidChange'>;
  readonly rows: InventoryRows;
  readonly shown: ShownRows;
  readonly scheduler: RefreshScheduler;
  readonly layout: () => Layout;
  readonly rowContext: () => RowContext;
}

/** Hears everything that may change a row, and has just the rows drawn anew that say something else now. */
export class RowUpdates implements Disposable {
  private readonly watched = new Map<ServerId, DisposableStore>();
  private readonly resources = new DisposableStore();
  private readonly inventory = new Emitter<void>();
  private agesTimer: Disposable | undefined;

  /** The inventory of some server has changed. */
  readonly onDidChangeInventory = this.inventory.event;

  constructor(private readonly services: RowUpdateServices) {
    this.resources.add(this.inventory);
    this.resources.add(
      services.history.onDidChange((operation) => {
        if (operation !== undefined) {
          this.activityChanged(operation.connection, [operation.operation.vmId]);
        }
      }),
    );
    this.keepAgesTrue();
  }

  /** Follows just these servers from now on. */
  follow(connections: readonly HypervisorConnection[]): void {
    const ids = new Set(connections.map(({ id }) => id));
    for (const [id, subscriptions] of this.watched) {
      if (!ids.has(id)) {
        subscriptions.dispose();
        this.watched.delete(id);
      }
    }
    for (const connection of connections) {
      if (!this.watched.has(connection.id)) {
        this.watched.set(connection.id, this.watch(connection));
      }
    }
  }

  dispose(): void {
    this.follow([]);
    this.agesTimer?.dispose();
    this.resources.dispose();
  }

  private watch(connection: HypervisorConnection): DisposableStore {
    const { scheduler } = this.services;
    const subscriptions = new DisposableStore();
    subscriptions.add(
      connection.inventory.onDidChange((change) => {
        this.inventoryChanged(connection, change);
      }),
    );
    subscriptions.add(
      connection.runningTasks.onDidChange((vmIds) => {
        this.activityChanged(connection, vmIds);
      }),
    );
    subscriptions.add(
      connection.onDidChangeState(() => {
        scheduler.mark([connection.id], 'soon');
      }),
    );
    return subscriptions;
  }

  private inventoryChanged(connection: HypervisorConnection, change: InventoryChange): void {
    const { scheduler, layout, rows, shown } = this.services;
    scheduler.mark(affectedRows(connection, change, layout(), rows, shown), 'soon');
    // The number of VMs stands in the server's row, whose refresh brings everything below it along.
    this.markIfDifferent(connection.id, connection.state.kind === 'loading' ? 'progress' : 'rarely');
    this.inventory.fire();
  }

  private activityChanged(connection: HypervisorConnection, vmIds: readonly ObjectId[]): void {
    const { scheduler, rows, shown, rowContext } = this.services;
    for (const vmId of vmIds) {
      const row = rows.vmRow(connection, vmId);
      const element = row && shown.get(nodeId(row));
      if (row !== undefined && element !== undefined) {
        const now = describeNode(row, rowContext()).description;
        const isProgress = withoutPercent(now) === withoutPercent(element.drawn?.description ?? '');
        scheduler.mark([element.id], isProgress ? 'progress' : 'soon');
      }
    }
  }

  /** Once an hour the rows whose age has become another one are drawn anew. */
  private keepAgesTrue(): void {
    this.agesTimer = this.services.clock.schedule(agesEveryMs, () => {
      for (const { id } of this.services.shown.all()) {
        this.markIfDifferent(id, 'soon');
      }
      this.keepAgesTrue();
    });
  }

  private markIfDifferent(id: string, urgency: Urgency): void {
    const { shown, rows, scheduler, rowContext } = this.services;
    const element = shown.get(id);
    const node = element && rows.current(element.node);
    if (element?.drawn === undefined || node === undefined) {
      return;
    }
    if (JSON.stringify(describeNode(node, rowContext())) !== JSON.stringify(element.drawn)) {
      scheduler.mark([id], urgency);
    }
  }
}
