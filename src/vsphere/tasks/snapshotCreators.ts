import { CancelledError } from '../../common/cancellation';
import type { Logger } from '../../common/logger';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { Snapshot } from '../../hypervisor/model/snapshot';
import type { ServerTask } from '../../hypervisor/model/task';
import { FaultError } from '../faults/faultError';
import { referenceOf } from '../ids';
import type { Session } from '../session';
import { CreateCollectorForTasks, DestroyCollector, ReadPreviousTasks, ResetCollector } from '../vim/history';
import type { ManagedObjectReference } from '../vim/schema';
import type { TaskInfo } from '../vim/task';
import { toServerTask } from './taskMapping';
import type { TaskReader } from './taskReader';

// What one call brings. The server keeps 30 days of tasks unless it is told otherwise, and a VM that is backed up every
// night has a few hundred of them.
const pageTasks = 100;
const maxPages = 20;

/**
 * The clock of an ESXi, which dates the snapshot, and that of the vCenter, which dates the task, are two: they may be this
 * far apart.
 */
const clockSlackMs = 5_000;

/** Finds out who took snapshots, from the tasks that the server remembers. */
export class SnapshotCreators {
  constructor(
    private readonly session: Session,
    private readonly tasks: TaskReader,
    private readonly logger: Logger,
  ) {}

  /** Accounts by snapshot; those whose task the server has forgotten are left out. */
  async of(
    vmId: ObjectId,
    snapshots: readonly Snapshot[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<SnapshotId, string>> {
    const vm = referenceOf(vmId);
    const recent = await this.tasks.recentOf(vm, signal);
    return creatorsAmong([...recent, ...(await this.history(vm, signal))], snapshots);
  }

  private async history(vm: ManagedObjectReference, signal: AbortSignal | undefined): Promise<ServerTask[]> {
    const manager = this.session.content.taskManager;
    // A standalone ESXi remembers recent tasks only.
    if (manager === undefined || this.session.content.about.apiType === 'HostAgent') {
      return [];
    }
    try {
      return await this.collect(manager, vm, signal);
    } catch (error) {
      if (error instanceof CancelledError || !(error instanceof FaultError)) {
        throw error;
      }
      // Who took a snapshot is good to know, and an account that may not read the history does without.
      this.logger.debug(`no history of ${vm.key}: ${error.message}`);
      return [];
    }
  }

  private async collect(
    manager: ManagedObjectReference,
    vm: ManagedObjectReference,
    signal: AbortSignal | undefined,
  ): Promise<ServerTask[]> {
    const filter = {
      entity: { entity: vm, recursion: 'self' as const },
      activationId: [],
      state: ['success' as const],
      eventChainId: [],
      tag: [],
      parentTaskKey: [],
      rootTaskKey: [],
    };
    const collector = await this.session.call(CreateCollectorForTasks, manager, { filter }, { signal });
    const bound = { signal, sessionBound: true };
    try {
      // A new collector stands at its oldest item, some servers say; from behind the newest, all of them read back.
      await this.session.call(ResetCollector, collector, {}, bound);
      const found: TaskInfo[] = [];
      for (let page = 0; page < maxPages; page++) {
        const tasks = await this.session.call(ReadPreviousTasks, collector, { maxCount: pageTasks }, bound);
        found.push(...tasks);
        if (tasks.length < pageTasks) {
          break;
        }
      }
      return found.map(toServerTask);
    } finally {
      await this.destroy(collector);
    }
  }

  /** The server holds only so many collectors for a session. */
  private async destroy(collector: ManagedObjectReference): Promise<void> {
    try {
      await this.session.call(DestroyCollector, collector, {}, { sessionBound: true });
    } catch (error) {
      this.logger.debug(`${collector.key} could not be ended: ${String(error)}`);
    }
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
