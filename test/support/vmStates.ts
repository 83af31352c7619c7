import { withHistory } from '../../src/simulator/inventory/snapshotHistory';
import type { SnapshotSpec } from '../../src/simulator/inventory/snapshotHistory';
import { bareVm, type VmSpec } from '../../src/simulator/inventory/vmSpec';
import { seededRandom } from '../../src/simulator/random/random';
import type { VmState } from '../../src/simulator/state/vmState';
import { ManagedObjectReference } from '../../src/vsphere/vim/schema';

/** When the VMs of {@link vmState} are. */
export const nowMs = Date.UTC(2026, 10, 22, 14, 5);

/** The state of a VM by itself, without a server around it. */
export function vmState(spec: Partial<VmSpec> = {}, snapshots: readonly SnapshotSpec[] = []): VmState {
  const place = {
    parent: undefined,
    parentVApp: undefined,
    resourcePool: undefined,
    host: new ManagedObjectReference('HostSystem', 'host-1'),
    datastore: { ref: new ManagedObjectReference('Datastore', 'datastore-1'), name: 'DS' },
    folder: spec.name ?? 'VM',
    network: undefined,
    number: 1,
  };
  const bare = bareVm({ name: 'VM', ...spec }, place, nowMs, seededRandom(1));
  return snapshots.length === 0 ? bare : withHistory(bare, snapshots, (number) => `s${number}`, nowMs);
}

/** Names of a VM's snapshots with those below them: `a(b,c(d))`, the current one with a star. */
export function treeText(vm: VmState, parentId?: string): string {
  return vm.snapshots
    .filter((snapshot) => snapshot.parentId === parentId)
    .map(({ id, name }) => {
      const below = treeText(vm, id);
      return `${name}${id === vm.currentId ? '*' : ''}${below === '' ? '' : `(${below})`}`;
    })
    .join(',');
}
