import type { ObjectId, SnapshotId, TaskId } from '../hypervisor/model/ids';
import { ManagedObjectReference } from './vim/schema';

// The domain's identities are references to managed objects, written as one text. Nobody outside of this folder takes
// them apart.

export function objectIdOf(reference: ManagedObjectReference): ObjectId {
  return reference.key as ObjectId;
}

export function snapshotIdOf(reference: ManagedObjectReference): SnapshotId {
  return reference.key as SnapshotId;
}

export function taskIdOf(reference: ManagedObjectReference): TaskId {
  return reference.key as TaskId;
}

export function referenceOf(id: ObjectId | SnapshotId | TaskId): ManagedObjectReference {
  return ManagedObjectReference.fromKey(id);
}
