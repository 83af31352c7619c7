import type { RowDescription } from '../text/rowContext';
import type { TrackedOperation } from '../../operations/trackedOperation';

/** What VS Code holds for a row of Recent Tasks and hands to commands: one object for each operation. */
export class TaskElement {
  /** What VS Code was told to draw last; undefined before that. */
  drawn: RowDescription | undefined;

  constructor(
    /** As it was when VS Code asked for it last. */
    public operation: TrackedOperation,
  ) {}

  get id(): string {
    return `operation/${this.operation.id}`;
  }
}

/** The operation that a command was chosen on; undefined when it came from elsewhere. */
export function operationOf(argument: unknown): TrackedOperation | undefined {
  return argument instanceof TaskElement ? argument.operation : undefined;
}
