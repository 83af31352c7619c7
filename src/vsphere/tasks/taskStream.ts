import { isCancelled } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { TaskId } from '../../hypervisor/model/ids';
import type { ServerTask } from '../../hypervisor/model/task';
import { taskIdOf } from '../ids';
import { Collector, ResyncError, type WaitLimits } from '../property/collector';
import { ofView } from '../property/propertySpecs';
import { declaredField, fits } from '../property/propertyValue';
import { type Session, SessionRenewedError } from '../session';
import type { PropertyChange, UpdateSet } from '../vim/property';
import type { ManagedObjectReference } from '../vim/schema';
import { CreateListView, DestroyView, ModifyListView } from '../vim/service';
import { Task, type TaskInfo } from '../vim/task';
import { toServerTask } from './taskMapping';

export interface TaskStreamOptions {
  readonly session: Session;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: WaitLimits;
}

interface ListChange {
  readonly add: readonly ManagedObjectReference[];
  readonly remove: readonly ManagedObjectReference[];
}

/**
 * Hears of changes of some tasks through one wait on a collector of its own: inventory news must not wait for it, nor it
 * for them. The tasks are members of a list on the server, so that one more or less does not disturb the wait.
 */
export class TaskStream implements Disposable {
  private readonly abort = new AbortController();
  private readonly members = new Map<string, ManagedObjectReference>();
  private view: ManagedObjectReference | undefined;

  constructor(
    private readonly options: TaskStreamOptions,
    private readonly onTask: (task: ServerTask) => void,
  ) {}

  add(task: ManagedObjectReference): void {
    this.members.set(task.key, task);
    this.modify({ add: [task], remove: [] });
  }

  remove(task: ManagedObjectReference): void {
    if (this.members.delete(task.key)) {
      this.modify({ add: [], remove: [task] });
    }
  }

  /** Ends {@link run}. */
  dispose(): void {
    this.abort.abort();
  }

  /**
   * Runs until disposed. A new session in place of one that was lost is no reason to stop.
   *
   * @param onGone - told of members that the server no longer knows
   */
  async run(onGone: (tasks: readonly TaskId[]) => Promise<void>): Promise<void> {
    const { signal } = this.abort;
    if (this.options.session.content.viewManager === undefined) {
      // Then what is read from time to time has to do.
      this.options.logger.warn('The server has no ViewManager; tasks are only looked at from time to time.');
      return;
    }
    while (!signal.aborted) {
      try {
        await this.round(onGone, signal);
      } catch (error) {
        if (isCancelled(error)) {
          return;
        }
        if (!(error instanceof ResyncError || error instanceof SessionRenewedError)) {
          throw error;
        }
        this.options.logger.info(`Following tasks anew: ${error.message}.`);
        await this.options.session.verify(signal);
      }
    }
  }

  private async round(onGone: (tasks: readonly TaskId[]) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { session, clock, logger, limits } = this.options;
    const manager = session.content.viewManager;
    if (manager === undefined) {
      throw new ResyncError('the server has lost its ViewManager');
    }
    // What is made on the server is not given up half-way: nobody could clean it up then.
    const view = await session.call(CreateListView, manager, { obj: [] });
    const collector = await Collector.create(session, clock, logger, limits);
    try {
      this.view = view;
      const change = { add: [...this.members.values()], remove: [] };
      await session.call(ModifyListView, view, change, { sessionBound: true });
      await collector.createFilter(ofView([{ type: Task, paths: ['info'] }], view));
      for await (const { set } of collector.updates(signal)) {
        const gone = this.merge(set);
        if (gone.length > 0) {
          await onGone(gone);
        }
      }
    } finally {
      this.view = undefined;
      await collector.dispose((limit) => session.call(DestroyView, view, {}, { sessionBound: true, signal: limit }));
    }
  }

  /** Tells what has changed. @returns members that are no longer on the server */
  private merge(set: UpdateSet): TaskId[] {
    const gone: ManagedObjectReference[] = [];
    for (const { objectSet, missingSet } of set.filterSet) {
      for (const { kind, obj, changeSet } of objectSet) {
        const info = kind === 'leave' ? undefined : infoIn(changeSet);
        if (kind === 'leave') {
          gone.push(obj);
        } else if (info !== undefined) {
          this.onTask(toServerTask(info));
        }
      }
      gone.push(...missingSet.map(({ obj }) => obj));
    }
    return gone.filter(({ key }) => this.members.has(key)).map(taskIdOf);
  }

  private modify(change: ListChange): void {
    const { view } = this;
    if (view !== undefined && !this.abort.signal.aborted) {
      // When it fails, so does the wait, which says so.
      void this.quietly(this.options.session.call(ModifyListView, view, change, { sessionBound: true }));
    }
  }

  private async quietly(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      this.options.logger.debug(`A list of tasks could not be changed: ${String(error)}`);
    }
  }
}

const infoField = declaredField(Task, 'info');

function infoIn(changes: readonly PropertyChange[]): TaskInfo | undefined {
  const value = changes.find(({ name }) => name === 'info')?.val;
  return value !== undefined && infoField !== undefined && fits(infoField, value) ? (value as TaskInfo) : undefined;
}
