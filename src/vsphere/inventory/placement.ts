import type { ObjectId } from '../../hypervisor/model/ids';
import type { Placement } from '../../hypervisor/model/inventory';
import type { EntityRecord } from './entityRecord';

// Where objects hang in the two layouts of the vSphere Client. All of it follows from what an object says itself, never
// from what else has arrived, so that the order of arrival cannot matter.

/** Type of the managed object that an identity stands for. */
function typeOf(id: ObjectId | undefined): string | undefined {
  return id?.slice(0, id.indexOf(':'));
}

/** Unset: not even that is readable for this account, so the object shows at top level. */
function under(parent: ObjectId | undefined): ObjectId | null {
  return parent ?? null;
}

/**
 * Folders are of four sorts, told apart by what they may hold: `vm`, `host`, `datastore` and `network` folders, and those
 * of datacenters, which are in both layouts.
 */
export function folderPlacement({ parent, childType }: EntityRecord): Placement {
  const at = under(parent);
  if (childType === undefined || childType.includes('Datacenter')) {
    return { folders: at, compute: at };
  }
  if (childType.includes('VirtualMachine')) {
    return { folders: at };
  }
  return childType.includes('ComputeResource') ? { compute: at } : {};
}

/**
 * Whether the vSphere Client does not show a folder either: the root, and the four under each datacenter. Their names
 * prove nothing, because people may give the same names to their own.
 */
export function isStructuralFolder({ id, parent }: EntityRecord, rootFolder: ObjectId): boolean {
  return id === rootFolder || typeOf(parent) === 'Datacenter';
}

/** A root pool belongs to its host or cluster and is not shown; only pools inside of it are. */
export function isRootPool({ parent }: EntityRecord): boolean {
  const type = typeOf(parent);
  return type === 'ComputeResource' || type === 'ClusterComputeResource';
}

/** A host of a cluster hangs under it. A standalone one is shown by its ComputeResource, which bears its name. */
export function hostPlacement({ parent }: EntityRecord): Placement {
  return typeOf(parent) === 'ComputeResource' ? {} : { compute: under(parent) };
}

/** A vApp hangs in a folder and in a pool; one inside of another vApp hangs there in both. */
export function vAppPlacement({ parent, parentFolder }: EntityRecord): Placement {
  const compute = under(parent);
  return { compute, folders: typeOf(parent) === 'VirtualApp' ? compute : under(parentFolder) };
}

/**
 * A VM of a vApp has no folder of its own; vcsim gives it one all the same. Templates belong to no pool and show in the
 * folders only.
 */
export function vmPlacement({ parent, parentVApp, resourcePool, isTemplate }: EntityRecord): Placement {
  const isOfVApp = parent === undefined && typeOf(resourcePool) === 'VirtualApp';
  const folders = under(parentVApp ?? parent ?? (isOfVApp ? resourcePool : undefined));
  return isTemplate ? { folders } : { folders, compute: under(resourcePool) };
}
