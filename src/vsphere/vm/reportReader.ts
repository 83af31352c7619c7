import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import { allSnapshots } from '../../hypervisor/model/snapshotTree';
import type { SnapshotFile, VmReportFacts } from '../../hypervisor/report/vmReportFacts';
import { objectIdOf, referenceOf, snapshotIdOf } from '../ids';
import { toSnapshotTree } from '../inventory/snapshotMapping';
import type { PropertyReader } from '../property/propertyReader';
import type { VirtualMachineFileLayoutEx } from '../vim/layout';
import { VirtualMachine } from '../vim/virtualMachine';
import { measureSnapshots } from './snapshotSizes';

// About 5 KB a VM, most of it the list of files.
const reportPaths: readonly string[] = [
  'config.annotation',
  'config.uuid',
  'guest.guestFullName',
  'layoutEx',
  'snapshot',
];

/**
 * Reads what reports say of VMs beyond the inventory, all of them in as few calls as there are pages. VMs that are gone
 * are left out.
 */
export async function readReportFacts(
  reader: PropertyReader,
  vmIds: readonly ObjectId[],
  signal?: AbortSignal,
): Promise<Map<ObjectId, VmReportFacts>> {
  const found = new Map<ObjectId, VmReportFacts>();
  for (const vm of await reader.read(VirtualMachine, vmIds.map(referenceOf), reportPaths, signal)) {
    const tree = toSnapshotTree(vm.get('snapshot'));
    const layout = vm.get('layoutEx');
    found.set(objectIdOf(vm.reference), {
      serverId: vm.reference.value,
      uuid: vm.get('config.uuid'),
      annotation: vm.get('config.annotation') ?? '',
      runningGuestName: vm.get('guest.guestFullName'),
      sizes: layout && measureSnapshots(layout, tree),
      serverSnapshotIds: new Map(allSnapshots(tree).map(({ id }) => [id, referenceOf(id).value])),
      files: layout === undefined ? new Map() : filesOf(layout),
    });
  }
  return found;
}

function filesOf(layout: VirtualMachineFileLayoutEx): ReadonlyMap<SnapshotId, SnapshotFile> {
  const byKey = new Map(layout.file.map((file) => [file.key, file]));
  return new Map(
    layout.snapshot.flatMap(({ key, dataKey }): [SnapshotId, SnapshotFile][] => {
      const file = byKey.get(dataKey);
      return file === undefined ? [] : [[snapshotIdOf(key), { path: file.name, bytes: Math.max(0, file.size) }]];
    }),
  );
}
