import type { Disposable } from '../../common/disposable';
import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { type Access, canSee, parentsOf } from '../access/accessControl';
import { isManagedA } from './managedTypes';
import { type Entity, isEntity, type ObjectChange, type Registry } from './registry';
import type { ContainerViewState, StateByKind, Kind } from './states';

/** Everything in a container, as the session may see it. */
export function contentsOf(
  registry: Registry,
  view: Pick<ContainerViewState, 'container' | 'types' | 'recursive'>,
  access: Access,
): ManagedObjectReference[] {
  const container = registry.resolveEntity(view.container);
  if (container === undefined) {
    return [];
  }
  const found: ManagedObjectReference[] = [];
  // References are shared: most of a large inventory is met three times, and looked up once.
  const seen = new Set<ManagedObjectReference>([container.ref]);
  const pending = childRefs(container).reverse();
  for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
    const at = seen.has(ref) ? undefined : registry.resolveEntity(ref);
    if (at === undefined) {
      continue;
    }
    seen.add(ref);
    if (isOfType(at, view.types) && canSee(access, at)) {
      found.push(ref);
    }
    if (view.recursive) {
      pending.push(...childRefs(at).reverse());
    }
  }
  return found;
}

function isOfType(entity: Entity, types: readonly string[]): boolean {
  return types.length === 0 || types.some((type) => isManagedA(entity.type, type));
}

const childLists: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  Folder: ['children'],
  Datacenter: ['vmFolder', 'hostFolder', 'datastoreFolder', 'networkFolder'],
  ComputeResource: ['hosts', 'rootPool'],
  ClusterComputeResource: ['hosts', 'rootPool'],
  HostSystem: ['vms'],
  ResourcePool: ['pools', 'vms'],
  VirtualApp: ['pools', 'vms'],
};

function childRefs(entity: Entity): ManagedObjectReference[] {
  const state = entity.state as unknown as Readonly<Record<string, unknown>>;
  return (childLists[entity.kind] ?? []).flatMap(
    (name) => state[name] as ManagedObjectReference | readonly ManagedObjectReference[],
  );
}

/** Keeps container views up to date. The cost of a change does not depend on the size of the inventory's tree. */
export class ContainerViews implements Disposable {
  private readonly subscription: Disposable;

  constructor(
    private readonly registry: Registry,
    private readonly accessOf: (sessionKey: string) => Access,
  ) {
    this.subscription = registry.onDidChange((changes) => {
      this.apply(changes);
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Looks at everything again: what sessions may see has changed. */
  refresh(): void {
    for (const view of [...this.registry.all('ContainerView')]) {
      const after = contentsOf(this.registry, view.state, this.accessOf(view.session ?? ''));
      this.registry.update((change) => {
        change.set(view, { ...view.state, view: after });
      });
    }
  }

  private apply(changes: readonly ObjectChange[]): void {
    const moved = changes.filter((change) => isEntity(change.object) && isMove(change));
    if (moved.length === 0 || this.registry.count('ContainerView') === 0) {
      return;
    }
    // A container that moved takes along everything below it; that is rare enough to look at all of it again.
    const isSubtree = moved.some(
      ({ object, before, after }) => before !== undefined && after !== undefined && object.kind in childLists,
    );
    for (const view of [...this.registry.all('ContainerView')]) {
      const access = this.accessOf(view.session ?? '');
      const after = isSubtree ? contentsOf(this.registry, view.state, access) : this.changed(view.state, moved, access);
      if (after !== view.state.view) {
        this.registry.update((change) => {
          change.set(view, { ...view.state, view: after });
        });
      }
    }
  }

  private changed(
    view: ContainerViewState,
    moved: readonly ObjectChange[],
    access: Access,
  ): readonly ManagedObjectReference[] {
    const gone = new Set<ManagedObjectReference>();
    const come: ManagedObjectReference[] = [];
    for (const { object, before, after } of moved) {
      if (!isEntity(object) || !isOfType(object, view.types)) {
        continue;
      }
      const isIn = after !== undefined && canSee(access, object) && this.isInside(object, view);
      if (before !== undefined) {
        gone.add(object.ref);
      }
      if (isIn) {
        come.push(object.ref);
      }
    }
    const stays = gone.size === 0 ? view.view : view.view.filter((ref) => !gone.has(ref));
    const isSame = stays.length + come.length === view.view.length && come.every((ref) => view.view.includes(ref));
    return isSame ? view.view : [...stays, ...come];
  }

  private isInside(entity: Entity, view: ContainerViewState): boolean {
    let level = containersOf(this.registry, entity);
    if (!view.recursive) {
      return level.some((parent) => parent.ref.key === view.container.key);
    }
    const seen = new Set<Entity>();
    while (level.length > 0) {
      if (level.some((parent) => parent.ref.key === view.container.key)) {
        return true;
      }
      level.forEach((parent) => seen.add(parent));
      level = level.flatMap((parent) => containersOf(this.registry, parent)).filter((parent) => !seen.has(parent));
    }
    return false;
  }
}

/** What an entity lies in, for the purpose of views: a VM also in its host. */
function containersOf(registry: Registry, entity: Entity): Entity[] {
  const host = entity.kind === 'VirtualMachine' ? (entity.state as StateByKind['VirtualMachine']).host : undefined;
  const hostEntity = registry.resolveEntity(host);
  return hostEntity === undefined ? parentsOf(registry, entity) : [...parentsOf(registry, entity), hostEntity];
}

const placeFields = ['parent', 'parentVApp', 'parentFolder', 'resourcePool', 'host'] as const;

/** Whether the object came, went, or hangs elsewhere now. */
function isMove({ before, after }: ObjectChange): boolean {
  if (before === undefined || after === undefined) {
    return true;
  }
  const old = before as unknown as Readonly<Record<string, unknown>>;
  const now = after as unknown as Readonly<Record<string, unknown>>;
  return placeFields.some((field) => old[field] !== now[field]);
}
