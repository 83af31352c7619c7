import type { Clock } from '../../../../src/common/clock';
import type { HypervisorConnection } from '../../../../src/hypervisor/connection';
import { noFilter } from '../../../../src/hypervisor/filter/inventoryFilter';
import { Favorites } from '../../../../src/ui/tree/favorites';
import { ViewModel, type ViewModelServices } from '../../../../src/ui/tree/viewModel';

/** Favorites that are kept nowhere. */
export function favoritesOf(...ids: readonly string[]): Favorites {
  let kept = ids;
  return new Favorites(
    () => kept,
    (saved) => {
      kept = saved;
      return Promise.resolve();
    },
  );
}

/** The view's model with the settings that a person has who has set nothing, arranged as folders. */
export function viewModelOf(
  clock: Clock,
  servers: () => readonly HypervisorConnection[],
  changes: Partial<ViewModelServices> = {},
): ViewModel {
  return new ViewModel({
    servers,
    clock,
    sizes: () => undefined,
    favorites: favoritesOf(),
    settings: {
      hide: ['vCLS*'],
      warnAfterDays: 3,
      oldAfterDays: 30,
      backupNamePatterns: ['VEEAM BACKUP TEMPORARY SNAPSHOT'],
    },
    layout: 'folders',
    filters: { tree: noFilter, snapshots: noFilter },
    ...changes,
  });
}
