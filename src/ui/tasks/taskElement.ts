import type { OperationGroup, TrackedOperation } from '../../operations/trackedOperation';
import type { RowDescription } from '../text/rowContext';

/** What a row of Recent Tasks stands for: an operation, or many that were asked for together. */
export type TaskNode =
  | { readonly kind: 'operation'; readonly operation: TrackedOperation }
  | { readonly kind: 'group'; readonly group: OperationGroup };

/** What VS Code holds for a row of Recent Tasks and hands to commands: one object for each operation and group. */
export class TaskElement {
  /** What VS Code was told to draw last; undefined before that. */
  drawn: RowDescription | undefined;
  /** Whether what it consists of is shown under it. */
  isOpen = false;

  constructor(
    /** As it was when VS Code asked for it last. */
    public node: TaskNode,
  ) {}

  get id(): string {
    return taskNodeId(this.node);
  }
}

/** Identity of a row, stable for its life. */
export function taskNodeId(node: TaskNode): string {
  return node.kind === 'operation' ? operationRowId(node.operation.id) : groupRowId(node.group.id);
}

export function operationRowId(operationId: number): string {
  return `operation/${operationId}`;
}

export function groupRowId(groupId: number): string {
  return `group/${groupId}`;
}

/** The operation that a command was chosen on; undefined when it came from elsewhere. */
export function operationOf(argument: unknown): TrackedOperation | undefined {
  return argument instanceof TaskElement && argument.node.kind === 'operation' ? argument.node.operation : undefined;
}

/** The group that a command was chosen on; undefined when it came from elsewhere. */
export function groupOf(argument: unknown): OperationGroup | undefined {
  return argument instanceof TaskElement && argument.node.kind === 'group' ? argument.node.group : undefined;
}
