import { CancelledError } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import type { ServerTask } from '../../hypervisor/model/task';
import { parseDateTime } from '../dateTime';
import { FaultError } from '../faults/faultError';
import type { Session } from '../session';
import {
  CreateCollectorForTasks,
  DestroyCollector,
  ReadNextTasks,
  ReadPreviousTasks,
  ResetCollector,
  RewindCollector,
  type TaskFilterSpec,
} from '../vim/history';
import { ManagedObjectReference } from '../vim/schema';
import { CurrentTime } from '../vim/service';
import { toServerTask } from './taskMapping';

// What one call brings. The server keeps 30 days of tasks unless it is told otherwise, and a VM that is backed up every
// night has a few hundred of them.
const pageTasks = 100;
const maxPages = 20;

/** A request is on its way for a while, and clocks are compared with a call that is, too. */
const clockSlackMs = 30_000;

const serviceInstance = new ManagedObjectReference('ServiceInstance', 'ServiceInstance');

/**
 * The tasks of a VM that a vCenter has written down: also those that ended more than ten minutes ago, when the task itself
 * is gone.
 *
 * @remarks A standalone ESXi keeps no history, and an account may lack the right to read it: it is empty then.
 */
export class TaskHistory {
  constructor(
    private readonly session: Session,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Tasks that were asked for since a moment by this machine's clock, oldest first. */
  async since(vm: ManagedObjectReference, sinceMs: number, signal?: AbortSignal): Promise<ServerTask[]> {
    return await this.orNothing(vm, async (manager) => {
      const beginTime = new Date((await this.serverTime(sinceMs, signal)) - clockSlackMs).toISOString();
      const filter = { ...ofVm(vm), time: { timeType: 'queuedTime', beginTime } };
      return await this.collect(manager, filter, 'oldestFirst', signal);
    });
  }

  /** The latest tasks that succeeded, newest first. */
  async succeeded(vm: ManagedObjectReference, signal?: AbortSignal): Promise<ServerTask[]> {
    return await this.orNothing(vm, async (manager) => {
      const filter = { ...ofVm(vm), state: ['success'] };
      return await this.collect(manager, filter, 'newestFirst', signal);
    });
  }

  private async orNothing(
    vm: ManagedObjectReference,
    read: (manager: ManagedObjectReference) => Promise<ServerTask[]>,
  ): Promise<ServerTask[]> {
    const manager = this.session.content.taskManager;
    if (manager === undefined || this.session.content.about.apiType === 'HostAgent') {
      return [];
    }
    try {
      return await read(manager);
    } catch (error) {
      if (error instanceof CancelledError || !(error instanceof FaultError)) {
        throw error;
      }
      // Good to know, and who may not read it does without.
      this.logger.debug(`no history of ${vm.key}: ${error.message}`);
      return [];
    }
  }

  /** A moment of this machine by the clock of the server, which may be hours off. */
  private async serverTime(atMs: number, signal: AbortSignal | undefined): Promise<number> {
    const serverNowMs = parseDateTime(await this.session.call(CurrentTime, serviceInstance, {}, { signal }));
    return serverNowMs === undefined ? atMs : serverNowMs - (this.clock.now() - atMs);
  }

  private async collect(
    manager: ManagedObjectReference,
    filter: TaskFilterSpec,
    order: 'oldestFirst' | 'newestFirst',
    signal: AbortSignal | undefined,
  ): Promise<ServerTask[]> {
    // Where a new collector stands is said differently by different servers.
    const [toStart, read] =
      order === 'oldestFirst'
        ? ([RewindCollector, ReadNextTasks] as const)
        : ([ResetCollector, ReadPreviousTasks] as const);
    const collector = await this.session.call(CreateCollectorForTasks, manager, { filter }, { signal });
    const bound = { signal, sessionBound: true };
    try {
      await this.session.call(toStart, collector, {}, bound);
      const found: ServerTask[] = [];
      for (let page = 0; page < maxPages; page++) {
        const tasks = await this.session.call(read, collector, { maxCount: pageTasks }, bound);
        found.push(...tasks.map(toServerTask));
        if (tasks.length < pageTasks) {
          break;
        }
      }
      return found;
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

function ofVm(vm: ManagedObjectReference): TaskFilterSpec {
  return {
    entity: { entity: vm, recursion: 'self' },
    activationId: [],
    state: [],
    eventChainId: [],
    tag: [],
    parentTaskKey: [],
    rootTaskKey: [],
  };
}
