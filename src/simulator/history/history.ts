import { DisposableStore, type Disposable } from '../../common/disposable';
import type { Event as VimEvent, EventFilterSpec, TaskFilterSpec } from '../../vsphere/vim/history';
import { TaskEvent } from '../../vsphere/vim/history';
import { type ManagedObjectReference, typed } from '../../vsphere/vim/schema';
import type { TaskInfo } from '../../vsphere/vim/task';
import { parentsOf } from '../access/accessControl';
import { isKind, type Registry } from '../model/registry';
import { taskInfo } from '../projection/taskInfo';
import { dateTime } from '../projection/viewer';
import type { TaskState } from '../state/taskState';
import { taskLabel } from '../tasks/taskDescriptions';
import type { TaskRunner } from '../tasks/taskRunner';

/** How many tasks, and how many events, a server remembers by default: a real vCenter keeps those of 30 days. */
export const defaultHistoryLength = 10_000;

/** What the server remembers: the latest tasks that are or were, and an event for the start of each. */
export class History implements Disposable {
  private readonly tasks = new Map<string, TaskState>();
  private readonly events: VimEvent[] = [];
  private readonly disposables = new DisposableStore();
  private eventKey = 0;

  constructor(
    private readonly registry: Registry,
    runner: TaskRunner,
    private readonly maxKept: number,
  ) {
    this.disposables.add(
      runner.onDidEnd((task) => {
        this.keep(task);
      }),
    );
    this.disposables.add(
      registry.onDidChange((changes) => {
        for (const { object, before } of changes) {
          if (before === undefined && isKind(object, 'Task')) {
            this.remember(object.state);
          }
        }
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Tasks that fit, oldest first. */
  findTasks(filter: TaskFilterSpec): TaskInfo[] {
    return [...this.tasks.values()]
      .map((task) => this.registry.find('Task', task.key)?.state ?? task)
      .filter((task) => this.fits(task, filter))
      .map(taskInfo);
  }

  /** The newest tasks that fit, newest first. */
  latestTasks(filter: TaskFilterSpec, count: number): TaskInfo[] {
    return this.findTasks(filter).slice(-count).reverse();
  }

  findEvents(filter: EventFilterSpec): VimEvent[] {
    return this.events.filter((event) => this.eventFits(event, filter));
  }

  latestEvents(filter: EventFilterSpec, count: number): VimEvent[] {
    return this.findEvents(filter).slice(-count).reverse();
  }

  latestEvent(): VimEvent | undefined {
    return this.events[this.events.length - 1];
  }

  private remember(task: TaskState): void {
    this.keep(task);
    this.events.push(this.eventOf(task));
    if (this.events.length > this.maxKept) {
      this.events.shift();
    }
  }

  private keep(task: TaskState): void {
    this.tasks.set(task.key, task);
    const oldest = this.tasks.keys().next();
    if (this.tasks.size > this.maxKept && oldest.done !== true) {
      this.tasks.delete(oldest.value);
    }
  }

  private eventOf(task: TaskState): VimEvent {
    const vm = task.entity?.type === 'VirtualMachine' ? task.entity : undefined;
    return typed(TaskEvent, {
      key: ++this.eventKey,
      chainId: task.eventChainId,
      createdTime: dateTime(task.queuedAtMs),
      userName: task.userName ?? '',
      ...(vm !== undefined && { vm: { name: task.entityName ?? '', vm } }),
      fullFormattedMessage: `Task: ${taskLabel(task.descriptionId)}`,
      info: taskInfo(task),
    });
  }

  private fits(task: TaskState, filter: TaskFilterSpec): boolean {
    const { entity, time, userName, state, eventChainId, activationId } = filter;
    return (
      (entity === undefined || this.isUnder(task.entity, entity.entity, entity.recursion)) &&
      (time === undefined || isWithin(timeOf(task, time.timeType), time.beginTime, time.endTime)) &&
      (userName === undefined ||
        (task.userName === undefined
          ? userName.systemUser
          : userName.userList.length === 0 || userName.userList.includes(task.userName))) &&
      (state.length === 0 || state.includes(task.state)) &&
      (eventChainId.length === 0 || eventChainId.includes(task.eventChainId)) &&
      (activationId.length === 0 || activationId.includes(task.activationId ?? ''))
    );
  }

  private eventFits(event: VimEvent, filter: EventFilterSpec): boolean {
    const { entity, time, userName, eventChainId, type, eventTypeId } = filter;
    const types = [...type, ...eventTypeId.map((id) => id.replace(/^vim\.event\./, ''))];
    return (
      (entity === undefined || this.isUnder(event.vm?.vm, entity.entity, entity.recursion)) &&
      (time === undefined || isWithin(Date.parse(event.createdTime), time.beginTime, time.endTime)) &&
      (userName === undefined || userName.userList.length === 0 || userName.userList.includes(event.userName)) &&
      (eventChainId === undefined || eventChainId === event.chainId) &&
      (types.length === 0 || types.includes('Event') || types.includes(event.$type ?? ''))
    );
  }

  private isUnder(
    target: ManagedObjectReference | undefined,
    container: ManagedObjectReference,
    recursion: string,
  ): boolean {
    if (target?.key === container.key) {
      return recursion !== 'children';
    }
    if (recursion === 'self') {
      return false;
    }
    const entity = this.registry.resolveEntity(target);
    let level = entity === undefined ? [] : parentsOf(this.registry, entity);
    while (level.length > 0) {
      if (level.some((parent) => parent.ref.key === container.key)) {
        return true;
      }
      level = recursion === 'all' ? level.flatMap((parent) => parentsOf(this.registry, parent)) : [];
    }
    return false;
  }
}

function timeOf(task: TaskState, timeType: string): number | undefined {
  switch (timeType) {
    case 'startedTime':
      return task.startedAtMs;
    case 'completedTime':
      return task.completedAtMs;
    default:
      return task.queuedAtMs;
  }
}

function isWithin(atMs: number | undefined, begin: string | undefined, end: string | undefined): boolean {
  return (
    atMs !== undefined &&
    (begin === undefined || atMs >= Date.parse(begin)) &&
    (end === undefined || atMs <= Date.parse(end))
  );
}
