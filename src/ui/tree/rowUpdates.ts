import type { Clock } from '../../common/clock';
import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import { Turns } from '../../common/turns';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { InventoryChange } from '../../hypervisor/inventory/inventoryStore';
import type { ObjectId, ServerId } from '../../hypervisor/model/ids';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import { allSnapshots } from '../../hypervisor/model/snapshotTree';
import type { OperationHistory } from '../../operations/operationHistory';
import type { RowContext } from '../text/rowContext';
import { describeNode } from '../text/rows';
import { type InventoryNode, nodeId } from '../text/treeNode';
import { withoutPercent } from '../text/vmActivity';
import { affectedRows } from './affectedRows';
import type { RefreshScheduler, Urgency } from './refreshScheduler';
import type { ShownRows } from './shownRows';
import type { ViewChange, ViewModel } from './viewModel';

// Ages are shown in hours and days.
const agesEveryMs = 3_600_000;

// So many rows or VMs are looked at in one go when all of them are.
const portion = 100;

// A row that is just being drawn says what is known by then, and need not be drawn twice.
const beingDrawnMs = 250;

const noChange: InventoryChange = {
  objects: new Set(),
  removed: new Set(),
  parents: { folders: new Set(), compute: new Set() },
};

/** Where the news come from and where they go. */
export interface RowUpdateServices {
  readonly clock: Clock;
  readonly history: Pick<OperationHistory, 'onDidChange'>;
  readonly model: ViewModel;
  readonly shown: ShownRows;
  readonly scheduler: RefreshScheduler;
  readonly rowContext: RowContext;
}

/** Hears everything that may change a row, and has just the rows drawn anew that say something else now. */
export class RowUpdates implements Disposable {
  private connections: readonly HypervisorConnection[] = [];
  private readonly watched = new Map<ServerId, DisposableStore>();
  private readonly resources = new DisposableStore();
  private readonly inventory = new Emitter<void>();
  private readonly turns: Turns;
  private agesTimer: Disposable | undefined;
  private readonly toCompare = new Set<string>();
  private comparison: Disposable | undefined;

  /** The inventory of some server has changed. */
  readonly onDidChangeInventory = this.inventory.event;

  constructor(private readonly services: RowUpdateServices) {
    this.turns = new Turns(services.clock);
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
    this.connections = connections;
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
    this.comparison?.dispose();
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
        if (this.services.model.layout === 'snapshots') {
          // A server stands at the top of the list only while it is not live.
          scheduler.markAll();
        } else {
          scheduler.mark([connection.id], 'soon');
        }
      }),
    );
    return subscriptions;
  }

  /** Something beside the inventory has become known of VMs, by which rows may be filtered. */
  review(connection: HypervisorConnection, vmIds: readonly ObjectId[]): void {
    const { model, scheduler, shown } = this.services;
    const change = model.review(connection, vmIds);
    scheduler.mark(affectedRows(connection, noChange, change.parents, model, shown), 'soon');
    this.markView(change);
  }

  /** What the snapshots of a VM occupy has become known. */
  sizesRead(connection: HypervisorConnection, vm: VirtualMachine): void {
    this.review(connection, [vm.id]);
    // Not the VM's own row: it may have been read for the tooltip over it, which a redrawn row would close.
    for (const snapshot of allSnapshots(vm.snapshots)) {
      const row = { kind: 'snapshot', connection, vmId: vm.id, snapshot } as const;
      for (const id of [nodeId(row), nodeId({ ...row, under: 'favorites' })]) {
        if (this.services.shown.get(id) !== undefined) {
          this.toCompare.add(id);
        }
      }
    }
    this.comparison ??= this.services.clock.schedule(beingDrawnMs, () => {
      this.comparison = undefined;
      const ids = [...this.toCompare];
      this.toCompare.clear();
      this.markDifferent(ids);
    });
  }

  private inventoryChanged(connection: HypervisorConnection, change: InventoryChange): void {
    const { scheduler, model, shown } = this.services;
    const viewChange = model.inventoryChanged(connection, change);
    if (model.layout === 'snapshots') {
      for (const vmId of change.objects) {
        for (const node of this.rowsOfVm(connection, vmId)) {
          this.markIfDifferent(nodeId(node), 'soon');
        }
      }
    } else {
      scheduler.mark(affectedRows(connection, change, viewChange.parents, model, shown), 'soon');
    }
    this.markView(viewChange);
    // The number of VMs stands in the server's row, whose refresh brings everything below it along.
    this.markIfDifferent(connection.id, connection.state.kind === 'loading' ? 'progress' : 'rarely');
    this.inventory.fire();
  }

  private activityChanged(connection: HypervisorConnection, vmIds: readonly ObjectId[]): void {
    const { scheduler, shown, rowContext } = this.services;
    for (const row of vmIds.flatMap((vmId) => this.rowsOfVm(connection, vmId))) {
      const element = shown.get(nodeId(row));
      if (element !== undefined) {
        const now = describeNode(row, rowContext).description;
        const isProgress = withoutPercent(now) === withoutPercent(element.drawn?.description ?? '');
        scheduler.mark([element.id], isProgress ? 'progress' : 'soon');
      }
    }
  }

  /** The rows that tell of a VM itself: its own, and in the list those of its snapshots. */
  private rowsOfVm(connection: HypervisorConnection, vmId: ObjectId): InventoryNode[] {
    const { rows, overview, layout } = this.services.model;
    const own = [rows.vmRow(connection, vmId), rows.vmRow(connection, vmId, 'favorites')].flatMap((row) => row ?? []);
    const listed =
      layout === 'snapshots'
        ? overview
            .entriesOf(connection.id, vmId)
            .flatMap(({ snapshot }) => (snapshot && rows.snapshotRow(connection, vmId, snapshot.id)) ?? [])
        : [];
    return [...own, ...listed];
  }

  private markView({ groups, top }: ViewChange): void {
    const { scheduler, shown } = this.services;
    if (top) {
      scheduler.markAll();
    }
    const ids = [...groups].map((group) => nodeId(this.services.model.view.groupRow(group)));
    // A heading brings all rows under it along, and a row that moves must leave one when it comes under the other.
    scheduler.mark(
      ids.filter((id) => shown.get(id) !== undefined),
      'progress',
      'groups',
    );
  }

  /** Once an hour the rows whose age has become another one are drawn anew, and those that age brings in or takes out. */
  private keepAgesTrue(): void {
    this.agesTimer = this.services.clock.schedule(agesEveryMs, () => {
      this.lookAtAges();
      this.keepAgesTrue();
    });
  }

  private lookAtAges(): void {
    const { model, shown } = this.services;
    if (model.changesWithTime) {
      for (const connection of this.connections) {
        const vmIds = [...connection.inventory.allVms()].map(({ id }) => id);
        this.inPortions(vmIds, (some) => {
          // A server that was removed meanwhile would come back into the list.
          if (this.connections.includes(connection)) {
            this.review(connection, some);
          }
        });
      }
    }
    const rows = [...shown.all()].flatMap(({ id, node }) => (node.kind === 'group' ? [] : id));
    this.markDifferent(rows);
  }

  private markDifferent(ids: readonly string[]): void {
    this.inPortions(ids, (some) => {
      for (const id of some) {
        this.markIfDifferent(id, 'soon');
      }
    });
  }

  /** Does something with many, some at a time. */
  private inPortions<T>(items: readonly T[], work: (some: readonly T[]) => void): void {
    for (let at = 0; at < items.length; at += portion) {
      void this.turns.do(() => {
        if (!this.resources.isDisposed) {
          work(items.slice(at, at + portion));
        }
      });
    }
  }

  private markIfDifferent(id: string, urgency: Urgency): void {
    const { shown, model, scheduler, rowContext } = this.services;
    const element = shown.get(id);
    const node = element && model.view.current(element.node);
    if (element?.drawn === undefined || node === undefined) {
      return;
    }
    if (JSON.stringify(describeNode(node, rowContext)) !== JSON.stringify(element.drawn)) {
      scheduler.mark([id], urgency);
    }
  }
}
