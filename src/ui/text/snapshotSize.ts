import type { SnapshotId } from '../../hypervisor/model/ids';
import type { SnapshotSizes } from '../../hypervisor/model/vmDetail';

/** Everything that a snapshot occupies, the growing delta of the current one included; undefined when it is not known. */
export function sizeOf(sizes: SnapshotSizes | undefined, id: SnapshotId): number | undefined {
  const size = sizes?.bySnapshot.get(id);
  return size && size.diskBytes + size.memoryBytes + size.liveBytes;
}
