import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/event';
import type { Disposable } from '../../common/disposable';
import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { FaultError, faultError } from '../faultError';
import type { Entity, ManagedObject, Registry } from '../model/registry';
import type { ObjectIds } from '../model/objectIds';
import { fault, type FaultValue } from '../state/faultValues';
import type { TaskState } from '../state/taskState';
import { isKind } from '../model/registry';
import { descriptionIds } from './taskDescriptions';

/** One stretch of a task's work. */
export interface Stage {
  /** What it is doing, for the task's description. */
  readonly phase: string;
  readonly durationMs: number;
  /** Whether it can be cancelled in this stage. */
  readonly cancelable?: boolean;
  /** Does what the stage is for, at its end. Gives the next stage, or the task's result. @throws FaultError */
  finish(): Stage | { readonly result: unknown };
  /** Cleans up after a failure that came from outside. */
  abandon?(progress: number): void;
}

export interface TaskRequest {
  readonly method: string;
  readonly entity: Entity;
  readonly userName: string;
  readonly operationId: string | undefined;
  /** Whether nothing else may run on the entity meanwhile. */
  readonly locks: boolean;
  /** Starts to work, when the task leaves the queue. @throws FaultError */
  begin(): Stage;
}

interface Running {
  readonly request: TaskRequest;
  readonly task: ManagedObject<'Task'>;
  elapsedMs: number;
  timer: Disposable;
}

const queueMs = 60;
const tickMs = 1_000;
const ticksPerStage = 50;

/** How long a finished task can be looked at: from the API reference, TaskManager.recentTask. */
const keepFinishedMs = 600_000;

// vCenter shows no more than that many.
const maxRecent = 200;

/** Runs tasks over time: queued, running with progress, ended, and after ten minutes gone. */
export class TaskRunner implements Disposable {
  private readonly running = new Map<ManagedObject<'Task'>, Running>();
  private readonly locks = new Map<string, ManagedObject<'Task'>>();
  private readonly ended = new Emitter<TaskState>();
  private readonly cleanups = new Map<ManagedObject<'Task'>, Disposable>();
  private readonly recent = new Set<ManagedObject<'Task'>>();
  /** The same by the key of their entity: asked for with nearly every look at a VM. */
  private readonly recentByEntity = new Map<string, readonly ManagedObject<'Task'>[]>();
  private chainId = 1_000;

  /** Fires when a task has ended. */
  readonly onDidEnd: Event<TaskState> = this.ended.event;

  /**
   * @param speed - how many times faster than nominal the work goes
   * @param injected - a failure that a test wants the task to end with
   * @param pace - how long a stretch of work takes that is said to take so long
   */
  constructor(
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly ids: ObjectIds,
    public speed: number,
    private readonly injected: (request: TaskRequest, task: ManagedObjectReference) => FaultValue | undefined,
    private readonly pace: (nominalMs: number) => number = (nominalMs) => nominalMs,
  ) {}

  /** Tasks that run, and those that ended lately, oldest first; of one entity when it is given. */
  recentTasks(entity: ManagedObjectReference | undefined): ManagedObjectReference[] {
    const shown = entity === undefined ? [...this.recent] : (this.recentByEntity.get(entity.key) ?? []);
    return shown.slice(-maxRecent).map((task) => task.ref);
  }

  /** The task that has the entity to itself. */
  lockOn(entity: ManagedObjectReference): ManagedObject<'Task'> | undefined {
    return this.locks.get(entity.key);
  }

  /** @throws FaultError TaskInProgress when something else is running on the entity. */
  assertFree(entity: ManagedObjectReference): void {
    const lock = this.lockOn(entity);
    if (lock !== undefined) {
      throw faultError('TaskInProgress', { task: lock.ref });
    }
  }

  /** @throws FaultError TaskInProgress when it asks for a lock that another task holds. */
  start(request: TaskRequest): ManagedObjectReference {
    const { entity, method } = request;
    if (request.locks) {
      this.assertFree(entity.ref);
    }
    const descriptionId = descriptionIds[method] ?? method;
    const key = this.ids.task(descriptionId, entity.ref.value);
    const state: TaskState = {
      key,
      descriptionId,
      method,
      entity: entity.ref,
      entityName: entity.state.name,
      locked: request.locks ? [entity.ref] : [],
      phase: undefined,
      state: 'queued',
      cancelled: false,
      cancelable: false,
      progress: undefined,
      error: undefined,
      result: undefined,
      userName: request.userName,
      queuedAtMs: this.clock.now(),
      startedAtMs: undefined,
      completedAtMs: undefined,
      eventChainId: ++this.chainId,
      activationId: request.operationId,
    };
    const task = this.registry.update((change) => change.add('Task', key, state));
    this.remember(task, entity.ref.key);
    if (request.locks) {
      this.locks.set(entity.ref.key, task);
    }
    const running: Running = {
      request,
      task,
      elapsedMs: 0,
      timer: this.after(queueMs, () => {
        this.begin(running);
      }),
    };
    this.running.set(task, running);
    return task.ref;
  }

  /** @throws FaultError InvalidState when it has ended, NotSupported when it cannot be cancelled. */
  cancel(task: ManagedObject<'Task'>): void {
    const running = this.running.get(task);
    if (running === undefined) {
      throw faultError('InvalidState');
    }
    if (!task.state.cancelable) {
      throw faultError('NotSupported');
    }
    this.set(task, { cancelled: true });
  }

  /**
   * Shows tasks that have ended no longer, as a server that was started anew, or that ended them ten minutes ago. The
   * history keeps them.
   *
   * @param entity - whose tasks; undefined for all
   */
  forgetEnded(entity?: ManagedObjectReference): void {
    const shown = entity === undefined ? [...this.recent] : [...(this.recentByEntity.get(entity.key) ?? [])];
    const ended = shown.filter((task) => !this.running.has(task));
    for (const task of ended) {
      this.cleanups.get(task)?.dispose();
      this.forget(task);
    }
  }

  dispose(): void {
    for (const { timer } of this.running.values()) {
      timer.dispose();
    }
    this.running.clear();
    for (const cleanup of this.cleanups.values()) {
      cleanup.dispose();
    }
    this.cleanups.clear();
  }

  private after(nominalMs: number, callback: () => void): Disposable {
    return this.clock.schedule(nominalMs / this.speed, callback);
  }

  private begin(running: Running): void {
    this.set(running.task, { state: 'running', startedAtMs: this.clock.now() });
    this.step(running, () => running.request.begin());
  }

  /** Takes the next stage, or ends. */
  private step(running: Running, advance: () => Stage | { readonly result: unknown }): void {
    let next: Stage | { readonly result: unknown };
    try {
      next = advance();
    } catch (error) {
      // Anything but a fault is a mistake of this program; the task says so instead of never ending.
      const reason = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
      this.fail(running, error instanceof FaultError ? error.fault : fault('SystemError', { reason }));
      return;
    }
    if ('result' in next) {
      this.end(running, { state: 'success', result: next.result, progress: 100 });
      return;
    }
    const stage = { ...next, durationMs: this.pace(next.durationMs) };
    running.elapsedMs = 0;
    this.set(running.task, {
      phase: { key: `com.vmware.vim.vpxd.task.${running.task.state.descriptionId}`, arg: [], message: next.phase },
      cancelable: next.cancelable ?? false,
    });
    this.tick(running, stage);
  }

  private tick(running: Running, stage: Stage): void {
    const stepMs = Math.min(Math.max(tickMs, stage.durationMs / ticksPerStage), stage.durationMs - running.elapsedMs);
    running.timer = this.after(stepMs, () => {
      if (this.registry.resolve(running.request.entity.ref) !== running.request.entity) {
        this.fail(running, fault('ManagedObjectNotFound', { obj: running.request.entity.ref }));
      } else if (running.task.state.cancelled) {
        this.giveUp(running, stage, fault('RequestCanceled'));
      } else if (isWaitingForAnswer(running.request.entity)) {
        // Stands still, as on a real host, until somebody answers.
        this.tick(running, stage);
      } else {
        this.progress(running, stage, running.elapsedMs + stepMs);
      }
    });
  }

  private progress(running: Running, stage: Stage, elapsedMs: number): void {
    running.elapsedMs = elapsedMs;
    if (elapsedMs < stage.durationMs) {
      this.set(running.task, { progress: Math.min(99, Math.floor((100 * elapsedMs) / stage.durationMs)) });
      this.tick(running, stage);
      return;
    }
    const injected = this.injected(running.request, running.task.ref);
    if (injected !== undefined) {
      this.giveUp(running, stage, injected);
    } else {
      this.step(running, () => stage.finish());
    }
  }

  private giveUp(running: Running, stage: Stage, error: FaultValue): void {
    stage.abandon?.(running.task.state.progress ?? 0);
    this.fail(running, error);
  }

  private fail(running: Running, error: FaultValue): void {
    this.end(running, { state: 'error', error });
  }

  private end(running: Running, outcome: Partial<TaskState>): void {
    const { task, request } = running;
    this.running.delete(task);
    if (this.locks.get(request.entity.ref.key) === task) {
      this.locks.delete(request.entity.ref.key);
    }
    this.set(task, { ...outcome, phase: undefined, cancelable: false, completedAtMs: this.clock.now() });
    const state = task.state;
    const cleanup = this.clock.schedule(keepFinishedMs, () => {
      this.forget(task);
    });
    this.cleanups.set(task, cleanup);
    this.ended.fire(state);
  }

  private remember(task: ManagedObject<'Task'>, entityKey: string): void {
    this.recent.add(task);
    this.recentByEntity.set(entityKey, [...(this.recentByEntity.get(entityKey) ?? []), task]);
  }

  private forget(task: ManagedObject<'Task'>): void {
    this.cleanups.delete(task);
    this.recent.delete(task);
    const entityKey = task.state.entity?.key ?? '';
    const others = (this.recentByEntity.get(entityKey) ?? []).filter((other) => other !== task);
    if (others.length > 0) {
      this.recentByEntity.set(entityKey, others);
    } else {
      this.recentByEntity.delete(entityKey);
    }
    this.registry.update((change) => {
      change.remove(task);
    });
  }

  private set(task: ManagedObject<'Task'>, change: Partial<TaskState>): void {
    this.registry.update((update) => {
      update.set(task, { ...task.state, ...change });
    });
  }
}

function isWaitingForAnswer(entity: Entity): boolean {
  return isKind(entity, 'VirtualMachine') && entity.state.question !== undefined;
}
