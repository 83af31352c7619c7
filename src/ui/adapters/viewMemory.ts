import { type InventoryFilter, parseFilter } from '../../hypervisor/filter/inventoryFilter';
import type { StatePort } from '../../servers/statePort';
import type { ViewLayout } from '../text/treeNode';
import type { SavedExpansion } from '../tree/expansion';
import type { FilterScope } from '../tree/viewModel';

const keys = { layout: 'layout', favorites: 'favorites', expansion: 'expansion' } as const;
const filterKeys: Readonly<Record<FilterScope, string>> = { tree: 'filter.tree', snapshots: 'filter.snapshots' };
const layouts: readonly ViewLayout[] = ['folders', 'compute', 'snapshots'];

/**
 * What the inventory remembers across reloads: for all windows how it is arranged and which VMs are kept at hand, for
 * windows of one workspace what is filtered and unfolded.
 */
export class ViewMemory {
  constructor(
    private readonly globalState: StatePort,
    private readonly workspaceState: StatePort,
  ) {}

  get layout(): ViewLayout {
    const saved = this.globalState.get(keys.layout);
    return layouts.find((layout) => layout === saved) ?? 'folders';
  }

  async saveLayout(layout: ViewLayout): Promise<void> {
    await this.globalState.set(keys.layout, layout);
  }

  filter(scope: FilterScope): InventoryFilter {
    return parseFilter(this.workspaceState.get(filterKeys[scope]));
  }

  async saveFilter(scope: FilterScope, filter: InventoryFilter): Promise<void> {
    await this.workspaceState.set(filterKeys[scope], { ...filter });
  }

  /** As of `findableId`. */
  get favorites(): readonly string[] {
    return texts(this.globalState.get(keys.favorites));
  }

  async saveFavorites(ids: readonly string[]): Promise<void> {
    await this.globalState.set(keys.favorites, ids);
  }

  get expansion(): SavedExpansion {
    const saved = this.workspaceState.get(keys.expansion);
    const { expanded, collapsed } = (typeof saved === 'object' && saved !== null ? saved : {}) as Record<
      string,
      unknown
    >;
    return { expanded: texts(expanded), collapsed: texts(collapsed) };
  }

  async saveExpansion({ expanded, collapsed }: SavedExpansion): Promise<void> {
    await this.workspaceState.set(keys.expansion, { expanded, collapsed });
  }
}

function texts(saved: unknown): readonly string[] {
  return Array.isArray(saved) ? saved.filter((each): each is string => typeof each === 'string') : [];
}
