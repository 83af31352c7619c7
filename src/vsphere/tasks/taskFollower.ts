import { throwIfCancelled } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import { Emitter } from '../../common/event';
import type { Logger } from '../../common/logger';
import type { HypervisorError } from '../../hypervisor/errors';
import type { TaskId } from '../../hypervisor/model/ids';
import { isEnded, type ServerTask } from '../../hypervisor/model/task';
import { connectionLost, outcomeUnknown } from '../connectionErrors';
import { translateError } from '../faults/translateFault';
import { referenceOf } from '../ids';
import type { WaitLimits } from '../property/collector';
import type { Session } from '../session';
import type { Endpoint } from '../soap/transport';
import { untilAborted } from '../untilAborted';
import type { TaskReader } from './taskReader';
import { TaskStream } from './taskStream';

interface Follower {
  readonly onProgress: (task: ServerTask) => void;
  readonly resolve: (task: ServerTask) => void;
  readonly reject: (error: unknown) => void;
}

// A task that has ended must not be followed for ever because one piece of news was lost on the way.
const checkIntervalMs = 30_000;

// One operation follows another; what it takes to hear of a task is kept for a while.
const lingerMs = 30_000;

/**
 * Follows tasks to their real end. One wait serves all tasks that are followed at a time; without any there is none.
 */
export class TaskFollower {
  private readonly followers = new Map<TaskId, Set<Follower>>();
  private readonly told = new Emitter<ServerTask>();
  private stream: TaskStream | undefined;
  private check: Disposable | undefined;
  private linger: Disposable | undefined;
  private isDisposed = false;

  /** News of any task that is followed. */
  readonly onDidTell = this.told.event;

  constructor(
    private readonly session: Session,
    private readonly reader: TaskReader,
    private readonly endpoint: Endpoint,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly limits: WaitLimits,
  ) {}

  /**
   * Resolves with the task when it has ended, however long that takes.
   *
   * @throws HypervisorError of kind `outcomeUnknown` when the server no longer knows the task; others when it cannot be
   * asked; CancelledError when `signal` is aborted, which does nothing to the task.
   */
  async follow(taskId: TaskId, onProgress: (task: ServerTask) => void, signal?: AbortSignal): Promise<ServerTask> {
    throwIfCancelled(signal);
    if (this.isDisposed) {
      throw this.closed();
    }
    let remove = (): void => undefined;
    const ended = new Promise<ServerTask>((resolve, reject) => {
      remove = this.add(taskId, { onProgress, resolve, reject });
    });
    try {
      // Many tasks have ended before anybody looks; only for the others it is worth while to listen.
      this.read([taskId]).then(
        () => {
          this.listen(taskId);
        },
        (error: unknown) => {
          this.fail(error);
        },
      );
      return await untilAborted(ended, signal);
    } finally {
      remove();
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.rest();
    this.fail(this.closed());
  }

  private closed(): HypervisorError {
    return connectionLost('the client was closed', this.endpoint);
  }

  private add(taskId: TaskId, follower: Follower): () => void {
    const others = this.followers.get(taskId) ?? new Set();
    this.followers.set(taskId, others.add(follower));
    this.linger?.dispose();
    this.linger = undefined;
    this.check ??= this.scheduleCheck();
    return () => {
      others.delete(follower);
      if (others.size === 0) {
        this.drop(taskId, others);
      }
    };
  }

  private drop(taskId: TaskId, followers: ReadonlySet<Follower>): void {
    if (this.followers.get(taskId) !== followers) {
      return;
    }
    this.followers.delete(taskId);
    this.stream?.remove(referenceOf(taskId));
    if (this.followers.size === 0 && !this.isDisposed) {
      this.check?.dispose();
      this.check = undefined;
      this.linger ??= this.clock.schedule(lingerMs, () => {
        this.rest();
      });
    }
  }

  /** Hears of the task from now on, unless nobody follows it any more. */
  private listen(taskId: TaskId): void {
    if (this.followers.has(taskId) && !this.isDisposed) {
      this.stream ??= this.openStream();
      this.stream.add(referenceOf(taskId));
    }
  }

  private rest(): void {
    this.linger?.dispose();
    this.linger = undefined;
    this.check?.dispose();
    this.check = undefined;
    this.stream?.dispose();
    this.stream = undefined;
  }

  private openStream(): TaskStream {
    const { session, clock, logger, limits } = this;
    const stream = new TaskStream({ session, clock, logger, limits }, (task) => {
      this.tell(task);
    });
    stream
      .run((gone) => this.read(gone))
      .catch((error: unknown) => {
        if (this.stream === stream) {
          this.fail(error);
        }
      });
    return stream;
  }

  private scheduleCheck(): Disposable {
    return this.clock.schedule(checkIntervalMs, () => {
      this.check = this.scheduleCheck();
      this.read([...this.followers.keys()]).catch((error: unknown) => {
        this.fail(error);
      });
    });
  }

  /** Reads tasks and tells how they are; those that the server no longer knows will never be heard of again. */
  private async read(taskIds: readonly TaskId[]): Promise<void> {
    const known = new Set<TaskId>();
    for (const task of await this.reader.read(taskIds.map(referenceOf))) {
      known.add(task.id);
      this.tell(task);
    }
    for (const taskId of taskIds.filter((each) => !known.has(each))) {
      const error = outcomeUnknown(undefined, `the server no longer knows ${taskId}`, this.endpoint);
      for (const { reject } of [...(this.followers.get(taskId) ?? [])]) {
        reject(error);
      }
    }
  }

  private tell(task: ServerTask): void {
    const followers = this.followers.get(task.id);
    if (followers === undefined) {
      return;
    }
    this.told.fire(task);
    for (const { onProgress, resolve } of [...followers]) {
      if (isEnded(task)) {
        resolve(task);
      } else {
        onProgress(task);
      }
    }
    if (isEnded(task)) {
      this.drop(task.id, followers);
    }
  }

  private fail(error: unknown): void {
    const translated = translateError(error);
    const followers = [...this.followers.values()].flatMap((each) => [...each]);
    for (const { reject } of followers) {
      reject(translated);
    }
  }
}
