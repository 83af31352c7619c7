import { isCancelled, sleep } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { TaskSink } from '../../hypervisor/client';
import type { TaskId } from '../../hypervisor/model/ids';
import { isEnded, type ServerTask } from '../../hypervisor/model/task';
import { outcomeUnknown } from '../connectionErrors';
import { translateError } from '../faults/translateFault';
import { referenceOf } from '../ids';
import type { Endpoint } from '../soap/transport';
import type { TaskFollower } from './taskFollower';
import { sameTask } from './taskMapping';
import type { TaskReader } from './taskReader';

/**
 * How often the server is asked for the tasks of everybody: often enough that a row shows a backup soon, seldom enough
 * that nobody notices. Servers need not push `recentTask`, so it is asked for.
 */
const taskPollMs = 4_000;

/** Tells a sink of tasks of VMs, whoever started them: by asking, and at once for those that are followed. */
export class TaskWatch {
  private readonly active = new Map<TaskId, ServerTask>();

  constructor(
    private readonly reader: TaskReader,
    private readonly follower: TaskFollower,
    private readonly endpoint: Endpoint,
    private readonly clock: Clock,
    private readonly sink: TaskSink,
  ) {}

  /** Runs until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const subscription = this.follower.onDidTell((task) => {
      this.tell([task]);
    });
    try {
      while (!signal.aborted) {
        await this.poll(signal);
        await sleep(this.clock, taskPollMs, signal);
      }
    } catch (error) {
      if (!(isCancelled(error) && signal.aborted)) {
        throw translateError(error);
      }
    } finally {
      subscription.dispose();
    }
  }

  private async poll(signal: AbortSignal): Promise<void> {
    const tasks = await this.reader.recent(signal);
    const seen = new Set(tasks.map(({ id }) => id));
    const vanished = [...this.active.values()].filter(({ id }) => !seen.has(id));
    this.tell(vanished.length === 0 ? tasks : [...tasks, ...(await this.lookAfter(vanished, signal))]);
  }

  /** Tasks that are no longer among the recent ones have ended, one way or the other. */
  private async lookAfter(vanished: readonly ServerTask[], signal: AbortSignal): Promise<ServerTask[]> {
    const tasks = await this.reader.read(
      vanished.map(({ id }) => referenceOf(id)),
      signal,
    );
    const known = new Map(tasks.map((task) => [task.id, task]));
    return vanished.map(
      (task): ServerTask =>
        known.get(task.id) ?? {
          ...task,
          state: 'failed',
          error: outcomeUnknown(undefined, `the server no longer knows ${task.id}`, this.endpoint),
        },
    );
  }

  private tell(tasks: readonly ServerTask[]): void {
    const news = tasks.filter((task) => task.vmId !== undefined && this.isNews(task));
    for (const task of news) {
      if (isEnded(task)) {
        this.active.delete(task.id);
      } else {
        this.active.set(task.id, task);
      }
    }
    if (news.length > 0) {
      this.sink.update(news);
    }
  }

  /** Ended tasks are news only if they were told of while they ran. */
  private isNews(task: ServerTask): boolean {
    const before = this.active.get(task.id);
    return before === undefined ? !isEnded(task) : !sameTask(before, task);
  }
}
