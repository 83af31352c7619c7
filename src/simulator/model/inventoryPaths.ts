import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { parentsOf } from '../access/accessControl';
import { plainName } from '../state/names';
import { type Entity, isKind, type Registry } from './registry';

/** What an inventory path goes on to from an entity. */
function pathChildren(registry: Registry, entity: Entity): Entity[] {
  const refs: ManagedObjectReference[] = [];
  if (isKind(entity, 'Folder')) {
    refs.push(...entity.state.children);
  } else if (isKind(entity, 'Datacenter')) {
    const { vmFolder, hostFolder, datastoreFolder, networkFolder } = entity.state;
    refs.push(vmFolder, hostFolder, datastoreFolder, networkFolder);
  } else if (isKind(entity, 'ComputeResource', 'ClusterComputeResource')) {
    refs.push(...entity.state.hosts, entity.state.rootPool);
  } else if (isKind(entity, 'VirtualApp')) {
    refs.push(...entity.state.pools, ...entity.state.vms);
  } else if (isKind(entity, 'ResourcePool')) {
    refs.push(...entity.state.pools, ...entity.state.vms);
  }
  return refs.map((ref) => registry.resolveEntity(ref)).filter((child) => child !== undefined);
}

/** The child of that name; escaped and plain names are the same. */
export function childNamed(registry: Registry, entity: Entity, name: string): Entity | undefined {
  const wanted = plainName(name);
  return pathChildren(registry, entity).find((child) => child.state.name === wanted);
}

/** The entity at an inventory path, which names neither the root folder nor starts with a slash. */
export function findByPath(registry: Registry, root: ManagedObjectReference, path: string): Entity | undefined {
  let at = registry.resolveEntity(root);
  for (const name of path.split('/').filter((part) => part !== '')) {
    at = at === undefined ? undefined : childNamed(registry, at, name);
  }
  return at;
}

/** Whether an entity lies below another, on any way up. */
export function isUnder(registry: Registry, entity: Entity, container: ManagedObjectReference): boolean {
  let level = parentsOf(registry, entity);
  const seen = new Set<Entity>();
  while (level.length > 0) {
    if (level.some((parent) => parent.ref.key === container.key)) {
      return true;
    }
    level.forEach((parent) => seen.add(parent));
    level = level.flatMap((parent) => parentsOf(registry, parent)).filter((parent) => !seen.has(parent));
  }
  return false;
}

/** Inventory path of a VM, for people and logs. */
export function pathOf(registry: Registry, entity: Entity): string {
  const names: string[] = [];
  for (let at: Entity | undefined = entity; at !== undefined; at = parentsOf(registry, at)[0]) {
    names.unshift(at.state.name);
  }
  return names.slice(1).join('/');
}
