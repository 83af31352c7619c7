import type { Clock } from '../../common/clock';
import type { HypervisorConnection } from '../../hypervisor/connection';
import { FilterMatcher } from '../../hypervisor/filter/filterMatcher';
import { type InventoryFilter, isEmptyFilter } from '../../hypervisor/filter/inventoryFilter';
import { MatchingTree } from '../../hypervisor/filter/matchingTree';
import { backupNameMatcher } from '../../hypervisor/health/backupProduct';
import { SnapshotOverview } from '../../hypervisor/health/snapshotOverview';
import { snapshotGroups } from '../../hypervisor/health/snapshotGroups';
import type { InventoryChange } from '../../hypervisor/inventory/inventoryStore';
import type { ObjectId, ServerId } from '../../hypervisor/model/ids';
import type { Layout, VirtualMachine } from '../../hypervisor/model/inventory';
import type { SnapshotSelection } from '../text/exportScope';
import { hiddenVmMatcher } from '../text/hiddenVms';
import { InventoryRows, maxUnfolded } from '../text/inventoryRows';
import type { KnownSizes } from '../text/rowContext';
import { sizeOf } from '../text/snapshotSize';
import type { GroupNode, ViewLayout } from '../text/treeNode';
import { ViewRows } from '../text/viewRows';
import type { Favorites, PlacedVm } from './favorites';

/** The trees share a filter; the list of snapshots has one of its own. */
export type FilterScope = 'tree' | 'snapshots';

/** What the person has set about the inventory. */
export interface InventorySettings {
  /** Globs of names of VMs and folders that are not shown. */
  readonly hide: readonly string[];
  readonly warnAfterDays: number;
  readonly oldAfterDays: number;
  readonly backupNamePatterns: readonly string[];
}

export interface ViewModelServices {
  readonly servers: () => readonly HypervisorConnection[];
  readonly clock: Clock;
  /** Never asks the server. */
  readonly sizes: (connection: HypervisorConnection, vm: VirtualMachine) => KnownSizes | undefined;
  readonly favorites: Favorites;
  readonly settings: InventorySettings;
  /** As they are at the start. */
  readonly layout: ViewLayout;
  readonly filters: Readonly<Record<FilterScope, InventoryFilter>>;
}

/** What a change means for the view, beyond the rows of the objects that have changed. */
export interface ViewChange {
  /** Objects under which other ones are shown now; undefined is the server itself. Of the present tree. */
  readonly parents: ReadonlySet<ObjectId | undefined>;
  /** Headings under which other rows stand now. */
  readonly groups: ReadonlySet<GroupNode['group']>;
  /** Other rows stand at the top. */
  readonly top: boolean;
}

const nothing: ViewChange = { parents: new Set(), groups: new Set(), top: false };

/** What the view shows, without showing it: layout, filters, favorites, settings, and the rows that follow from them. */
export class ViewModel {
  readonly rows: InventoryRows;
  readonly view: ViewRows;
  readonly overview: SnapshotOverview;
  private readonly filters: Record<FilterScope, InventoryFilter>;
  private readonly trees = new Map<ServerId, MatchingTree>();
  private matcher: FilterMatcher;
  private currentLayout: ViewLayout;
  /** The last layout that was a tree: what a server's rows are arranged by while the list is shown. */
  private tree: Layout;
  private currentSettings: InventorySettings;
  private hasFavorites = false;
  private isHidden: (name: string) => boolean = () => false;
  private backup: (snapshotName: string) => string | undefined = () => undefined;

  constructor(private readonly services: ViewModelServices) {
    const { servers, clock } = services;
    this.filters = { ...services.filters };
    this.currentLayout = services.layout;
    this.tree = services.layout === 'snapshots' ? 'folders' : services.layout;
    this.currentSettings = services.settings;
    this.rows = new InventoryRows(
      () => this.tree,
      (name) => this.isHidden(name),
      (connection) => this.matching(connection),
    );
    this.overview = new SnapshotOverview({
      nowMs: () => clock.now(),
      limits: () => this.currentSettings,
      isBackup: (name) => this.backup(name) !== undefined,
      wantedIn: (connection) => this.rows.wantedIn(connection),
      acceptsVm: (connection, vm) => this.matchesVm(connection, vm),
      acceptsSnapshot: (connection, vm, snapshot) =>
        this.matcher.matchesSnapshot(vm, snapshot, {
          nowMs: () => clock.now(),
          sizeBytes: () => sizeOf(services.sizes(connection, vm)?.sizes, snapshot.id),
        }),
    });
    this.view = new ViewRows({
      servers,
      layout: () => this.currentLayout,
      rows: this.rows,
      overview: this.overview,
      isListFiltered: () => this.currentLayout === 'snapshots' && this.isFiltered,
      favorites: () => this.favorites(),
    });
    this.matcher = new FilterMatcher(this.filter);
    this.setSettings(services.settings);
  }

  get layout(): ViewLayout {
    return this.currentLayout;
  }

  /** The arrangement of a server's rows. */
  get treeLayout(): Layout {
    return this.tree;
  }

  get scope(): FilterScope {
    return this.currentLayout === 'snapshots' ? 'snapshots' : 'tree';
  }

  /** What the present layout is filtered by. */
  get filter(): InventoryFilter {
    return this.filters[this.scope];
  }

  get isFiltered(): boolean {
    return !isEmptyFilter(this.filter);
  }

  get settings(): InventorySettings {
    return this.currentSettings;
  }

  setLayout(layout: ViewLayout): void {
    this.currentLayout = layout;
    this.tree = layout === 'snapshots' ? this.tree : layout;
    this.reset();
  }

  setFilter(scope: FilterScope, filter: InventoryFilter): void {
    this.filters[scope] = filter;
    this.reset();
  }

  setSettings(settings: InventorySettings): void {
    this.currentSettings = settings;
    this.isHidden = hiddenVmMatcher(settings.hide);
    this.backup = backupNameMatcher(settings.backupNamePatterns);
    this.reset();
  }

  /** Other servers are shown now, or everything has to be looked at again. */
  reset(): void {
    this.trees.clear();
    this.matcher = new FilterMatcher(this.filter);
    if (this.currentLayout === 'snapshots') {
      this.overview.rebuild(this.services.servers());
    } else {
      this.overview.clear();
    }
    this.hasFavorites = this.favorites().length > 0;
  }

  /** The pattern by which a snapshot's name belongs to a backup product. */
  backupPattern(snapshotName: string): string | undefined {
    return this.backup(snapshotName);
  }

  /** How many rows stand under a heading. */
  groupCount(group: GroupNode['group']): number {
    return group === 'favorites' ? this.favorites().length : this.overview.count(group);
  }

  /**
   * Whether what stands under a heading shows without being asked for: the favorites, in the list the oldest snapshots,
   * which are looked for first, and all that a filter has found as long as that can be overlooked.
   */
  unfoldsGroup(group: GroupNode['group']): boolean {
    if (group === 'favorites') {
      return true;
    }
    const counts = snapshotGroups.map((each) => this.overview.count(each));
    const isShort = counts.reduce((sum, count) => sum + count, 0) <= maxUnfolded;
    return (this.isFiltered && isShort) || group === snapshotGroups.find((each) => this.overview.count(each) > 0);
  }

  /** Whether nothing is left of what the servers have. Only while a filter is on, or in the list. */
  get isEmpty(): boolean {
    return this.currentLayout === 'snapshots'
      ? this.overview.isEmpty
      : this.isFiltered && this.services.servers().every((each) => this.matching(each)?.vmCount === 0);
  }

  /** The VMs that are left by the filter of the trees, or those of which the list shows snapshots, with just these. */
  shownVms(): SnapshotSelection[] {
    return this.services.servers().flatMap((connection) => {
      const isWanted = this.rows.wantedIn(connection);
      return [...connection.inventory.allVms()].flatMap((vm): SnapshotSelection[] | SnapshotSelection => {
        if (this.currentLayout !== 'snapshots') {
          return isWanted(vm) && this.matchesVm(connection, vm) ? { connection, vm } : [];
        }
        const listed = this.overview.entriesOf(connection.id, vm.id).flatMap(({ snapshot }) => snapshot?.id ?? []);
        return listed.length === 0 ? [] : { connection, vm, snapshotIds: new Set(listed) };
      });
    });
  }

  /** Follows a change of a server's inventory. */
  inventoryChanged(connection: HypervisorConnection, change: InventoryChange): ViewChange {
    if (this.currentLayout === 'snapshots') {
      return this.listChanged(() =>
        hasContainers(connection, change)
          ? this.rebuildList()
          : this.overview.update(connection, [...change.objects, ...change.removed]),
      );
    }
    const moved = this.trees.get(connection.id)?.update(change) ?? new Set();
    return this.treeChanged(connection, moved, [...change.objects, ...change.removed, ...moved]);
  }

  /** Looks at VMs again of which something beside the inventory has become known, or which have become older. */
  review(connection: HypervisorConnection, vmIds: readonly ObjectId[]): ViewChange {
    if (this.currentLayout === 'snapshots') {
      return this.listChanged(() => this.overview.update(connection, vmIds));
    }
    const moved = this.trees.get(connection.id)?.review(vmIds) ?? new Set();
    return this.treeChanged(connection, moved, moved);
  }

  /** Whether other rows may be shown when nothing has happened but that time has passed. */
  get changesWithTime(): boolean {
    return this.currentLayout === 'snapshots' || this.filter.olderThanDays !== undefined;
  }

  private matching(connection: HypervisorConnection): MatchingTree | undefined {
    if (isEmptyFilter(this.filters.tree) || this.currentLayout === 'snapshots') {
      return undefined;
    }
    const known = this.trees.get(connection.id);
    if (known !== undefined) {
      return known;
    }
    const made = new MatchingTree(connection.inventory, this.tree, () => {
      const isWanted = this.rows.wantedIn(connection);
      return (vm) => isWanted(vm) && this.matchesVm(connection, vm);
    });
    this.trees.set(connection.id, made);
    return made;
  }

  private matchesVm(connection: HypervisorConnection, vm: VirtualMachine): boolean {
    return this.matcher.matchesVm(vm, {
      nowMs: () => this.services.clock.now(),
      sizeBytes: () => this.services.sizes(connection, vm)?.sizes.totalBytes,
    });
  }

  private favorites(): PlacedVm[] {
    const { favorites, servers } = this.services;
    return favorites
      .of(servers())
      .filter(
        ({ connection, vm }) =>
          this.rows.wantedIn(connection)(vm) && (!this.isFiltered || this.matchesVm(connection, vm)),
      );
  }

  private treeChanged(
    connection: HypervisorConnection,
    moved: ReadonlySet<ObjectId>,
    touched: Iterable<ObjectId>,
  ): ViewChange {
    const parents = new Set([...moved].map((id) => connection.inventory.parent(this.tree, id)));
    if (![...touched].some((id) => this.services.favorites.has(connection, id))) {
      return { ...nothing, parents };
    }
    const had = this.hasFavorites;
    this.hasFavorites = this.favorites().length > 0;
    return { parents, groups: new Set(['favorites']), top: this.hasFavorites !== had };
  }

  private listChanged(update: () => ReadonlySet<GroupNode['group']>): ViewChange {
    const before = this.shownGroups();
    const groups = update();
    return { ...nothing, groups, top: this.shownGroups() !== before };
  }

  private shownGroups(): string {
    return snapshotGroups.filter((group) => this.overview.count(group) > 0).join();
  }

  private rebuildList(): ReadonlySet<GroupNode['group']> {
    this.overview.rebuild(this.services.servers());
    return new Set(snapshotGroups);
  }
}

/** Whether a folder or the like has changed, whose name may hide all that lies in it. */
function hasContainers({ inventory }: HypervisorConnection, { objects }: InventoryChange): boolean {
  for (const id of objects) {
    if (inventory.vm(id) === undefined) {
      return true;
    }
  }
  return false;
}
