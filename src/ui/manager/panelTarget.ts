import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId, ServerId } from '../../hypervisor/model/ids';
import type { ServerDirectory } from '../tree/serverDirectory';

/** The VM that a panel is about, so that it is found again after a reload of the window. */
export interface PanelTarget {
  readonly serverId: ServerId;
  /** Whether it is in the embedded vCenter, which has to be started again then. */
  readonly isDemo: boolean;
  readonly vmId: ObjectId;
  /** As it was last known, for when it is gone. */
  readonly vmName: string;
}

/** The connection of a target; undefined when its server is not, or not yet, in the list. */
export function connectionOf(directory: ServerDirectory, target: PanelTarget): HypervisorConnection | undefined {
  const all = directory.all();
  return (
    all.find(({ id }) => id === target.serverId) ??
    (target.isDemo ? all.find(({ id }) => directory.facts(id)?.isDemo === true) : undefined)
  );
}
