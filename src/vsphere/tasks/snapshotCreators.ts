import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { Snapshot } from '../../hypervisor/model/snapshot';
import type { ServerTask } from '../../hypervisor/model/task';
import { referenceOf } from '../ids';
import type { TaskHistory } from './taskHistory';
import type { TaskReader } from './taskReader';

/**
 * The clock of an ESXi, which dates the snapshot, and that of the vCenter, which dates the task, are two: they may be this
 * far apart.
 */
const clockSlackMs = 5_000;

/** Finds out who took snapshots, from the tasks that the server remembers. */
export class SnapshotCreators {
  constructor(
    private readonly tasks: TaskReader,
    private readonly history: TaskHistory,
  ) {}

  /** Accounts by snapshot; those whose task the server has forgotten are left out. */
  async of(
    vmId: ObjectId,
    snapshots: readonly Snapshot[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<SnapshotId, string>> {
    const vm = referenceOf(vmId);
    const recent = await this.tasks.recentOf(vm, signal);
    return creatorsAmong([...recent, ...(await this.history.succeeded(vm, signal))], snapshots);
  }
}

/**
 * Accounts by snapshot. A task that names its snapshot settles it; where the history has lost that, the one task does
 * that was taking a snapshot when the snapshot was made.
 */
export function creatorsAmong(
  tasks: readonly ServerTask[],
  snapshots: readonly Snapshot[],
): ReadonlyMap<SnapshotId, string> {
  const takes = tasks.filter(({ operation, state }) => operation === 'take' && state === 'succeeded');
  const found = new Map<SnapshotId, string>();
  for (const { id, createdAtMs } of snapshots) {
    const named = takes.find(({ snapshotId }) => snapshotId === id);
    const users = new Set(
      (named === undefined ? takes.filter((task) => wasTaking(task, createdAtMs)) : [named]).map(
        ({ startedBy }) => startedBy,
      ),
    );
    const [user] = users;
    if (users.size === 1 && user !== undefined) {
      found.set(id, user);
    }
  }
  return found;
}

function wasTaking({ queuedAtMs, startedAtMs, completedAtMs, snapshotId }: ServerTask, createdAtMs: number): boolean {
  return (
    snapshotId === undefined &&
    createdAtMs >= (startedAtMs ?? queuedAtMs) - clockSlackMs &&
    completedAtMs !== undefined &&
    createdAtMs <= completedAtMs + clockSlackMs
  );
}
