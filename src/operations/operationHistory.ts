import { Emitter } from '../common/event';
import type { ObjectId, ServerId } from '../hypervisor/model/ids';
import { isOver, type OperationGroup, type TrackedOperation } from './trackedOperation';

// Ended operations that stand alone are forgotten beyond this many, oldest first.
const maxEnded = 200;

// The same for groups, each of which may hold hundreds of operations.
const maxEndedGroups = 10;

/** The operations of this window, newest first, those on many VMs at once in groups. */
export class OperationHistory {
  private readonly operations = new Map<number, TrackedOperation>();
  private readonly running = new Map<number, TrackedOperation>();
  private readonly groupsById = new Map<number, OperationGroup>();
  private readonly idsOfGroup = new Map<number, number[]>();
  private readonly changed = new Emitter<TrackedOperation | undefined>();
  private readonly groupChanged = new Emitter<OperationGroup>();
  private nextId = 1;
  private nextGroupId = 1;

  /** The operation that is new or different; undefined when some are no longer here. */
  readonly onDidChange = this.changed.event;

  /** The group that is new or different itself; its operations are told by {@link onDidChange}. */
  readonly onDidChangeGroup = this.groupChanged.event;

  add(operation: Omit<TrackedOperation, 'id'>): TrackedOperation {
    const tracked: TrackedOperation = { ...operation, id: this.nextId++ };
    if (tracked.groupId !== undefined) {
      this.idsOfGroup.get(tracked.groupId)?.push(tracked.id);
    }
    this.store(tracked);
    this.forgetOldest();
    return tracked;
  }

  update(id: number, change: Partial<Omit<TrackedOperation, 'id' | 'groupId'>>): TrackedOperation {
    const known = this.get(id);
    const tracked = { ...known, ...change };
    this.store(tracked);
    return tracked;
  }

  /** Takes back an operation that was announced and has sent nothing, as if it had never been here. */
  withdraw(id: number): void {
    const { groupId } = this.get(id);
    this.forget(id);
    if (groupId !== undefined) {
      const ids = this.idsOfGroup.get(groupId) ?? [];
      this.idsOfGroup.set(
        groupId,
        ids.filter((each) => each !== id),
      );
    }
    this.changed.fire(undefined);
  }

  /** @throws RangeError for an id that was never given or has been forgotten. */
  get(id: number): TrackedOperation {
    const operation = this.operations.get(id);
    if (operation === undefined) {
      throw new RangeError(`no operation ${id}`);
    }
    return operation;
  }

  has(id: number): boolean {
    return this.operations.has(id);
  }

  all(): TrackedOperation[] {
    return [...this.operations.values()].reverse();
  }

  /** Operations that have not ended, those of unknown outcome included. */
  active(): TrackedOperation[] {
    return [...this.running.values()].reverse();
  }

  /** The operation of this window that holds a VM now: one that is under way before one that waits for its turn. */
  ofVm(serverId: ServerId, vmId: ObjectId): TrackedOperation | undefined {
    let waiting: TrackedOperation | undefined;
    for (const each of this.running.values()) {
      if (each.connection.id !== serverId || each.operation.vmId !== vmId || each.state === 'unknown') {
        continue;
      }
      if (each.state !== 'waiting') {
        return each;
      }
      waiting ??= each;
    }
    return waiting;
  }

  addGroup(group: Omit<OperationGroup, 'id' | 'endedAtMs' | 'isStopping'>): OperationGroup {
    const added: OperationGroup = { ...group, id: this.nextGroupId++, endedAtMs: undefined, isStopping: false };
    this.idsOfGroup.set(added.id, []);
    this.storeGroup(added);
    return added;
  }

  updateGroup(id: number, change: Partial<Pick<OperationGroup, 'endedAtMs' | 'isStopping'>>): OperationGroup {
    const known = this.group(id);
    if (known === undefined) {
      throw new RangeError(`no group ${id}`);
    }
    const group = { ...known, ...change };
    this.storeGroup(group);
    return group;
  }

  /** Undefined when it has been forgotten. */
  group(id: number): OperationGroup | undefined {
    return this.groupsById.get(id);
  }

  groups(): OperationGroup[] {
    return [...this.groupsById.values()].reverse();
  }

  /** The operations of a group, in the order in which they were asked for. */
  ofGroup(id: number): TrackedOperation[] {
    return (this.idsOfGroup.get(id) ?? []).flatMap((each) => this.operations.get(each) ?? []);
  }

  /** Forgets what has ended. A group goes as a whole, when nothing of it is open. */
  clearEnded(): void {
    for (const group of this.groupsById.values()) {
      if (this.isGroupOver(group)) {
        this.forgetGroup(group.id);
      }
    }
    for (const operation of this.all()) {
      if (isOver(operation) && operation.groupId === undefined) {
        this.forget(operation.id);
      }
    }
    this.changed.fire(undefined);
  }

  private isGroupOver({ id, endedAtMs }: OperationGroup): boolean {
    return endedAtMs !== undefined && this.ofGroup(id).every(isOver);
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

  private storeGroup(group: OperationGroup): void {
    this.groupsById.set(group.id, group);
    this.groupChanged.fire(group);
  }

  private forget(id: number): void {
    this.operations.delete(id);
    this.running.delete(id);
  }

  private forgetGroup(id: number): void {
    for (const each of this.idsOfGroup.get(id) ?? []) {
      this.forget(each);
    }
    this.idsOfGroup.delete(id);
    this.groupsById.delete(id);
  }

  private forgetOldest(): void {
    const ended = [...this.operations.values()].filter((each) => each.groupId === undefined && isOver(each));
    for (const { id } of ended.slice(0, Math.max(0, ended.length - maxEnded))) {
      this.forget(id);
    }
    const groups = [...this.groupsById.values()].filter((each) => this.isGroupOver(each));
    for (const { id } of groups.slice(0, Math.max(0, groups.length - maxEndedGroups))) {
      this.forgetGroup(id);
    }
  }
}
