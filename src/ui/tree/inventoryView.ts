import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter, type Event } from '../../common/event';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { InventoryFilter } from '../../hypervisor/filter/inventoryFilter';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { Layout } from '../../hypervisor/model/inventory';
import type { OperationHistory } from '../../operations/operationHistory';
import type { ProtectionResolver } from '../adapters/protectionResolver';
import { viewIds } from '../text/commandIds';
import { badgeText } from '../text/counts';
import type { SnapshotSelection } from '../text/exportScope';
import type { Formats } from '../text/formats';
import type { RowContext } from '../text/rowContext';
import type { TreeNode, ViewLayout } from '../text/treeNode';
import { activityOf } from '../text/vmActivity';
import { ConsolidationBadge } from './consolidationBadge';
import { Expansion, type SavedExpansion } from './expansion';
import type { Favorites } from './favorites';
import { ForgottenRows } from './forgottenRows';
import { InventoryProvider } from './inventoryProvider';
import { ProtectedBadge } from './protectedBadge';
import { RefreshScheduler } from './refreshScheduler';
import { Revealer, type RevealOptions } from './revealer';
import { RowUpdates } from './rowUpdates';
import type { ServerDirectory } from './serverDirectory';
import { setContextKey } from './setContextKey';
import { ShownRows } from './shownRows';
import { SizeCache } from './sizeCache';
import { type TreeElement, withoutGroup } from './treeElement';
import { ViewHeader } from './viewHeader';
import { type FilterScope, type InventorySettings, ViewModel } from './viewModel';

/** What the view remembers across reloads. */
export interface InventoryMemory {
  readonly layout: ViewLayout;
  saveLayout(layout: ViewLayout): Promise<void>;
  filter(scope: FilterScope): InventoryFilter;
  saveFilter(scope: FilterScope, filter: InventoryFilter): Promise<void>;
  readonly expansion: SavedExpansion;
  saveExpansion(expansion: SavedExpansion): Promise<void>;
}

export interface InventoryViewServices {
  readonly directory: ServerDirectory;
  readonly history: OperationHistory;
  readonly formats: Formats;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As they are now. */
  readonly settings: () => InventorySettings;
  readonly onDidChangeSettings: Event<unknown>;
  readonly memory: InventoryMemory;
  readonly favorites: Favorites;
  /** Says what is protected. */
  readonly protection: Pick<ProtectionResolver, 'of' | 'onDidChange'>;
}

/**
 * The view *Inventory*: shows the servers of the directory, follows them live, and tells what the person does with it.
 *
 * @remarks Sets the context keys `hasServers`, `layout`, `filtered` and `selectedRow`.
 */
export class InventoryView implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly shown = new ShownRows();
  private readonly model: ViewModel;
  private readonly sizes: SizeCache;
  private readonly expansion: Expansion;
  private readonly scheduler: RefreshScheduler;
  private readonly provider: InventoryProvider;
  private readonly updates: RowUpdates;
  private readonly badge: ConsolidationBadge;
  private readonly header: ViewHeader;
  private readonly revealer: Revealer;
  private readonly view: vscode.TreeView<TreeElement>;
  private readonly visibility = new Emitter<boolean>();
  private readonly expandedServer = new Emitter<HypervisorConnection>();

  /** Whether the person can see the view; fires when that changes. */
  readonly onDidChangeVisibility = this.visibility.event;
  /** The person has unfolded a server that is not connected: he wants to see what it holds. */
  readonly onDidExpandServer = this.expandedServer.event;

  constructor(private readonly services: InventoryViewServices) {
    const { directory, history, clock, logger, memory, favorites } = services;
    const { resources, shown } = this;
    this.sizes = new SizeCache(clock, logger);
    const { sizes } = this;
    const model = new ViewModel({
      servers: () => directory.all(),
      clock,
      sizes: (connection, vm) => sizes.get(connection, vm),
      favorites,
      settings: services.settings(),
      layout: memory.layout,
      filters: { tree: memory.filter('tree'), snapshots: memory.filter('snapshots') },
    });
    this.model = model;
    const rowContext = this.makeRowContext();
    this.expansion = resources.add(
      new Expansion(memory.expansion, clock, (expansion) => {
        this.background('what is unfolded', memory.saveExpansion(expansion));
      }),
    );
    const forgotten = resources.add(
      new ForgottenRows<TreeElement>(clock, (row) => {
        logger.debug(`${row === undefined ? 'all rows are' : `${row.id} is`} drawn again: forgotten`);
        this.scheduler.markRow(row);
      }),
    );
    this.provider = resources.add(
      new InventoryProvider(model, shown, sizes, rowContext, this.expansion, forgotten, clock),
    );
    const scheduler = new RefreshScheduler(
      clock,
      (ids) => {
        this.provider.redraw(ids);
        this.header.update();
      },
      () => this.provider.requests,
    );
    this.scheduler = resources.add(scheduler);
    this.updates = resources.add(new RowUpdates({ clock, history, model, shown, scheduler, rowContext }));
    this.view = resources.add(
      vscode.window.createTreeView(viewIds.inventory, {
        treeDataProvider: this.provider,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    this.header = new ViewHeader(this.view, model, directory, services.formats);
    this.revealer = new Revealer(this.view, shown, model.view, scheduler, clock, logger);
    this.badge = resources.add(
      new ConsolidationBadge(
        clock,
        () => this.countNeedy(),
        (count) => {
          this.view.badge = count === 0 ? undefined : { value: count, tooltip: badgeText(count, services.formats) };
        },
      ),
    );
    resources.add(vscode.window.registerFileDecorationProvider(new ProtectedBadge()));
    this.listen();
    this.serversChanged();
    this.tellLayout();
    this.tellKey('vsphereSnapshots.selectedRow', 'none');
  }

  get isVisible(): boolean {
    return this.view.visible;
  }

  /** The selected rows on which commands act, with what is known now. */
  get selection(): readonly TreeNode[] {
    return this.view.selection.flatMap(({ node }) => withoutGroup(this.model.view.current(node) ?? node) ?? []);
  }

  get layout(): ViewLayout {
    return this.model.layout;
  }

  /** The arrangement of a server's rows, also while the list of snapshots is shown. */
  get treeLayout(): Layout {
    return this.model.treeLayout;
  }

  async setLayout(layout: ViewLayout): Promise<void> {
    this.model.setLayout(layout);
    this.tellLayout();
    this.scheduler.markAll();
    await this.services.memory.saveLayout(layout);
  }

  /** Which filter counts in the present layout. */
  get filterScope(): FilterScope {
    return this.model.scope;
  }

  /** What the present layout is filtered by. */
  get filter(): InventoryFilter {
    return this.model.filter;
  }

  async setFilter(scope: FilterScope, filter: InventoryFilter): Promise<void> {
    this.model.setFilter(scope, filter);
    this.tellLayout();
    this.scheduler.markAll();
    await this.services.memory.saveFilter(scope, filter);
  }

  get isFiltered(): boolean {
    return this.model.isFiltered;
  }

  /** The VMs that are left by the filter of the trees, or those of which the list shows snapshots, with just these. */
  get shownVms(): readonly SnapshotSelection[] {
    return this.model.shownVms();
  }

  /** Reads what all snapshots occupy that is not known yet. Resolves when that has ended, well or not. */
  async readAllSizes(): Promise<void> {
    const reading = this.services.directory
      .all()
      .map((connection) => this.sizes.readAll(connection, [...connection.inventory.allVms()]));
    await Promise.all(reading);
  }

  /** Draws a server's rows anew, or everything, from what is known. Asks no server. */
  redraw(connection?: HypervisorConnection): void {
    this.scheduler.markRow(connection);
  }

  /** Brings the view to the front without selecting anything. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${viewIds.inventory}.focus`);
  }

  /**
   * Selects the row of a VM and brings it into view, the view included.
   *
   * @returns whether there is such a row: the layout may not show the VM, or the person hides it
   */
  async revealVm(connection: HypervisorConnection, vmId: ObjectId, options?: RevealOptions): Promise<boolean> {
    return await this.revealer.reveal(this.model.rows.vmRow(connection, vmId), options);
  }

  /** As {@link revealVm}, for a snapshot. */
  async revealSnapshot(
    connection: HypervisorConnection,
    vmId: ObjectId,
    snapshotId: SnapshotId,
    options?: RevealOptions,
  ): Promise<boolean> {
    return await this.revealer.reveal(this.model.rows.snapshotRow(connection, vmId, snapshotId), options);
  }

  /** As {@link revealVm}, for the row at the top. */
  async revealFirst(): Promise<boolean> {
    const [first] = this.model.view.roots();
    return await this.revealer.reveal(first);
  }

  /** As {@link revealVm}, for a server. */
  async revealServer(connection: HypervisorConnection, options?: RevealOptions): Promise<boolean> {
    return await this.revealer.reveal({ kind: 'server', connection }, options);
  }

  dispose(): void {
    this.resources.dispose();
    this.visibility.dispose();
    this.expandedServer.dispose();
  }

  private listen(): void {
    const { directory, favorites, protection, onDidChangeSettings } = this.services;
    const { resources, view, updates } = this;
    resources.add(
      directory.onDidChange(() => {
        this.serversChanged();
      }),
    );
    resources.add(
      onDidChangeSettings(() => {
        this.model.setSettings(this.services.settings());
        this.scheduler.markAll();
        this.badge.invalidate();
      }),
    );
    resources.add(
      favorites.onDidChange(() => {
        this.model.reset();
        this.scheduler.markAll();
      }),
    );
    resources.add(
      protection.onDidChange(() => {
        this.scheduler.markAll();
      }),
    );
    resources.add(
      updates.onDidChangeInventory(() => {
        this.badge.invalidate();
      }),
    );
    resources.add(
      this.sizes.onDidRead(({ connection, vm }) => {
        updates.sizesRead(connection, vm);
      }),
    );
    resources.add(
      view.onDidChangeVisibility(({ visible }) => {
        this.scheduler.setPaused(!visible);
        this.visibility.fire(visible);
      }),
    );
    resources.add(
      view.onDidChangeSelection(({ selection }) => {
        const [kind = 'none', ...others] = new Set(selection.map(({ node }) => node.kind));
        this.tellKey('vsphereSnapshots.selectedRow', others.length === 0 ? kind : 'none');
      }),
    );
    resources.add(
      view.onDidExpandElement(({ element: { id, node, initially } }) => {
        this.expansion.note(id, true, initially);
        if (node.kind === 'server') {
          const { kind } = node.connection.state;
          if (kind === 'disconnected' || kind === 'failed') {
            this.expandedServer.fire(node.connection);
          }
        }
      }),
    );
    resources.add(
      view.onDidCollapseElement(({ element: { id, initially } }) => {
        this.expansion.note(id, false, initially);
      }),
    );
    this.scheduler.setPaused(!view.visible);
  }

  private serversChanged(): void {
    const servers = this.services.directory.all();
    this.model.reset();
    this.updates.follow(servers);
    this.tellKey('vsphereSnapshots.hasServers', servers.length > 0);
    this.scheduler.markAll();
    this.header.update();
    this.badge.invalidate();
  }

  private countNeedy(): number {
    let needy = 0;
    for (const connection of this.services.directory.all()) {
      const isWanted = this.model.rows.wantedIn(connection);
      for (const vm of connection.inventory.allVms()) {
        needy += vm.needsConsolidation && isWanted(vm) ? 1 : 0;
      }
    }
    return needy;
  }

  /** One for all rows: made for each of ten thousand, it would take as long as what is read from it. */
  private makeRowContext(): RowContext {
    const { services, model, sizes } = this;
    return {
      formats: services.formats,
      rows: model.rows,
      get nowMs() {
        return services.clock.now();
      },
      get layout() {
        return model.layout;
      },
      get warnAfterDays() {
        return model.settings.warnAfterDays;
      },
      get oldAfterDays() {
        return model.settings.oldAfterDays;
      },
      backupPattern: (name) => model.backupPattern(name),
      protection: (connection, objectId) => services.protection.of(connection, objectId),
      isFavorite: (connection, vmId) => services.favorites.has(connection, vmId),
      groupCount: (group) => model.groupCount(group),
      unfoldsGroup: (group) => model.unfoldsGroup(group),
      facts: (connection) => services.directory.facts(connection.id),
      activity: (connection, vmId) => activityOf(connection, vmId, services.history),
      sizes: (connection, vm) => sizes.get(connection, vm),
    };
  }

  private tellLayout(): void {
    this.tellKey('vsphereSnapshots.layout', this.model.layout);
    this.tellKey('vsphereSnapshots.filtered', this.model.isFiltered);
  }

  private tellKey(...[key, value]: Parameters<typeof setContextKey>): void {
    this.background(`the context key ${key}`, setContextKey(key, value));
  }

  private background(what: string, work: Promise<void>): void {
    work.then(undefined, (error: unknown) => {
      this.services.logger.error(`${what} could not be set`, error);
    });
  }
}
