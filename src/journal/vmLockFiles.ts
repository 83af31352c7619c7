import path from 'node:path';
import { digestOf } from '../common/digest';
import type { HypervisorConnection } from '../hypervisor/connection';
import type { ObjectId } from '../hypervisor/model/ids';
import type { VmLock, VmLocks } from '../operations/vmLocks';
import { acquireFileLock, type LockServices } from './fileLock';

/** Locks on VMs as files in a folder that all windows of this machine share. */
export class VmLockFiles implements VmLocks {
  /**
   * @param identityOf - what tells a server from others for all windows; undefined for one that only this window has
   */
  constructor(
    private readonly folder: string,
    private readonly identityOf: (connection: HypervisorConnection) => string | undefined,
    private readonly services: LockServices,
  ) {}

  async acquire(connection: HypervisorConnection, vmId: ObjectId): Promise<VmLock | undefined> {
    const identity = this.identityOf(connection);
    if (identity === undefined) {
      return { release: () => Promise.resolve() };
    }
    // A digest, as identities hold characters that files cannot bear.
    const name = `vm-${digestOf(JSON.stringify([identity, vmId]))}.lock`;
    return await acquireFileLock(path.join(this.folder, name), this.services);
  }
}
