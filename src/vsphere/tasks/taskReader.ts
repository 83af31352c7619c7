import type { Logger } from '../../common/logger';
import type { TaskId } from '../../hypervisor/model/ids';
import type { ServerTask } from '../../hypervisor/model/task';
import { referenceOf } from '../ids';
import { ObjectProperties } from '../property/objectProperties';
import type { PropertyReader } from '../property/propertyReader';
import { followed, type Wanted } from '../property/propertySpecs';
import type { Session } from '../session';
import type { ManagedObjectReference, TypeOf } from '../vim/schema';
import { Task, TaskManager } from '../vim/task';
import { VirtualMachine } from '../vim/virtualMachine';
import { toServerTask } from './taskMapping';

const taskInfo = { type: Task, paths: ['info'] };

/** Reads tasks once. */
export class TaskReader {
  constructor(
    private readonly session: Session,
    private readonly reader: PropertyReader,
    private readonly logger: Logger,
  ) {}

  /** The tasks among `references` that the server still knows. */
  async read(references: readonly ManagedObjectReference[], signal?: AbortSignal): Promise<ServerTask[]> {
    return this.tasksOf(await this.reader.read(Task, references, ['info'], signal));
  }

  /** A task; undefined when the server no longer knows it. */
  async readOne(taskId: TaskId, signal?: AbortSignal): Promise<ServerTask | undefined> {
    return (await this.read([referenceOf(taskId)], signal))[0];
  }

  /** Tasks of a VM that the server remembers, newest first. */
  async recentOf(vm: ManagedObjectReference, signal?: AbortSignal): Promise<ServerTask[]> {
    const tasks = await this.recentTasks(vm, { type: VirtualMachine, paths: ['name'] }, signal);
    return tasks.sort((a, b) => b.queuedAtMs - a.queuedAtMs);
  }

  /** Every task that the server remembers and this account may see. */
  async recent(signal?: AbortSignal): Promise<ServerTask[]> {
    const manager = this.session.content.taskManager;
    return manager === undefined
      ? []
      : await this.recentTasks(manager, { type: TaskManager, paths: ['maxCollector'] }, signal);
  }

  /**
   * @param anything - some property that the object always has, for a sign of it
   */
  private async recentTasks(
    object: ManagedObjectReference,
    anything: Wanted,
    signal: AbortSignal | undefined,
  ): Promise<ServerTask[]> {
    const spec = followed([taskInfo, anything], object, ['recentTask']);
    const contents = await this.reader.readContents(spec, object, signal);
    return this.tasksOf(
      contents
        .filter(({ obj }) => obj.type === Task.name)
        .map((content) => new ObjectProperties(content.obj, Task, content, this.logger)),
    );
  }

  private tasksOf(found: readonly ObjectProperties<TypeOf<typeof Task>>[]): ServerTask[] {
    const tasks: ServerTask[] = [];
    for (const each of found) {
      const info = each.get('info');
      if (info === undefined) {
        this.logger.debug(`The task ${each.reference.key} cannot be read.`);
      } else {
        tasks.push(toServerTask(info));
      }
    }
    return tasks;
  }
}
