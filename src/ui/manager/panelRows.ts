import type { Snapshot } from '../../hypervisor/model/snapshot';
import { allSnapshots } from '../../hypervisor/model/snapshotTree';
import { presentRowId } from '../../webview/protocol/shapes';
import type { TreeNode } from '../text/treeNode';
import type { VmSubject } from './vmSubject';

/** The rows of a page, looked up in what the server has told: a page never names anything that is not there. */
export class PanelRows {
  constructor(private readonly subject: Pick<VmSubject, 'connection' | 'vm'>) {}

  /** The row of the inventory that a row of the page stands for, the VM's own without one; undefined for one that does not exist. */
  node(rowId: string | undefined): TreeNode | undefined {
    const { connection, vm } = this.subject;
    if (connection === undefined || vm === undefined) {
      return undefined;
    }
    if (rowId === undefined) {
      return { kind: 'vm', connection, vm };
    }
    if (rowId === presentRowId) {
      return { kind: 'present', connection, vmId: vm.id };
    }
    const snapshot = this.snapshot(rowId);
    return snapshot && { kind: 'snapshot', connection, vmId: vm.id, snapshot };
  }

  snapshot(rowId: string): Snapshot | undefined {
    const { vm } = this.subject;
    return vm && allSnapshots(vm.snapshots).find(({ id }) => id === rowId);
  }

  /** Whether a row of the page is there. */
  has(rowId: string): boolean {
    return rowId === presentRowId || this.snapshot(rowId) !== undefined;
  }
}
