import { Emitter } from '../common/event';
import type { ObjectId, ServerId } from '../hypervisor/model/ids';
import { isOver, type TrackedOperation } from './trackedOperation';

// Ended operations beyond this many are forgotten, oldest first.
const maxEnded = 200;

/** The operations of this window, newest first. */
export class OperationHistory {
  private readonly operations = new Map<number, TrackedOperation>();
  private readonly running = new Map<number, TrackedOperation>();
  private readonly changed = new Emitter<TrackedOperation | undefined>();
  private nextId = 1;

  /** The operation that is new or different; undefined when some were forgotten. */
  readonly onDidChange = this.changed.event;

  add(operation: Omit<TrackedOperation, 'id'>): TrackedOperation {
    const tracked: TrackedOperation = { ...operation, id: this.nextId++ };
    this.store(tracked);
    this.forgetOldest();
    return tracked;
  }

  update(id: number, change: Partial<Omit<TrackedOperation, 'id'>>): TrackedOperation {
    const known = this.get(id);
    const tracked = { ...known, ...change };
    this.store(tracked);
    return tracked;
  }

  /** @throws RangeError for an id that was never given or has been forgotten. */
  get(id: number): TrackedOperation {
    const operation = this.operations.get(id);
    if (operation === undefined) {
      throw new RangeError(`no operation ${id}`);
    }
    return operation;
  }

  all(): TrackedOperation[] {
    return [...this.operations.values()].reverse();
  }

  /** Operations that have not ended, those of unknown outcome included. */
  active(): TrackedOperation[] {
    return [...this.running.values()].reverse();
  }

  /** The operation of this window that holds a VM now. */
  ofVm(serverId: ServerId, vmId: ObjectId): TrackedOperation | undefined {
    for (const each of this.running.values()) {
      if (each.connection.id === serverId && each.operation.vmId === vmId && each.state !== 'unknown') {
        return each;
      }
    }
    return undefined;
  }

  clearEnded(): void {
    for (const operation of this.all()) {
      if (isOver(operation)) {
        this.operations.delete(operation.id);
      }
    }
    this.changed.fire(undefined);
  }

  private store(operation: TrackedOperation): void {
    this.operations.set(operation.id, operation);
    if (isOver(operation)) {
      this.running.delete(operation.id);
    } else {
      this.running.set(operation.id, operation);
    }
    this.changed.fire(operation);
  }

  private forgetOldest(): void {
    const ended = [...this.operations.values()].filter(isOver);
    for (const operation of ended.slice(0, Math.max(0, ended.length - maxEnded))) {
      this.operations.delete(operation.id);
    }
  }
}
