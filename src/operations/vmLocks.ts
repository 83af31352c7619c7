import type { HypervisorConnection } from '../hypervisor/connection';
import type { ObjectId } from '../hypervisor/model/ids';

/** A VM that nobody else on this machine sends anything for, until it is released. */
export interface VmLock {
  /** Never rejects. */
  release(): Promise<void>;
}

/**
 * Keeps windows of one machine from sending for the same VM at the same time. Within a window the history does that; two
 * machines are told apart by the server, which refuses the second task.
 */
export interface VmLocks {
  /**
   * @returns undefined when another window has the VM
   * @throws Error when nobody can tell, for instance because nothing can be written
   */
  acquire(connection: HypervisorConnection, vmId: ObjectId): Promise<VmLock | undefined>;
}

/** For a product that runs in one window only. */
export const noVmLocks: VmLocks = {
  acquire: () => Promise.resolve({ release: () => Promise.resolve() }),
};
