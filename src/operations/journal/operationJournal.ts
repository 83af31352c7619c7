import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { TaskId } from '../../hypervisor/model/ids';
import type { Question } from '../settle';
import type { TrackedOperation } from '../trackedOperation';
import { unfinished } from './journalFold';
import type { EndedRecord, JournalRecord, OpenEntry, RequestedRecord, ServerMark } from './journalRecord';
import type { JournalStore } from './journalStore';

/**
 * Writes down what is asked of servers, so that after a crash nothing is lost and nothing is done twice.
 *
 * @remarks A journal that cannot be written keeps nobody from working: the server's own task list stays. The log says so.
 */
export class OperationJournal {
  private readonly noted = new Set<number>();

  /** @param markOf - how a server is recognised later; undefined for one that does not outlive this window */
  constructor(
    private readonly store: JournalStore,
    private readonly markOf: (connection: HypervisorConnection) => ServerMark | undefined,
    private readonly now: () => number,
    private readonly logger: Logger,
  ) {}

  /** Notes operations that wait for their turn. */
  async requested(operations: readonly TrackedOperation[]): Promise<void> {
    await this.write(
      operations.flatMap((operation) => this.requestOf(operation) ?? []),
      false,
    );
  }

  /** Notes that a request goes out, and resolves when that is on disk. */
  async sends(operation: TrackedOperation, { expectation, knownTaskIds, sentAtMs }: Question): Promise<void> {
    const request = this.noted.has(operation.id) ? [] : [this.requestOf(operation)];
    if (request.includes(undefined)) {
      return;
    }
    const { before, after } = expectation;
    await this.write(
      [
        ...request.flatMap((each) => each ?? []),
        {
          kind: 'sent',
          op: operation.id,
          atMs: sentAtMs,
          knownTaskIds: [...knownTaskIds],
          before,
          ...(after !== undefined && { after }),
        },
      ],
      true,
    );
  }

  /** Notes the task that the server has started. */
  started(operation: TrackedOperation, taskId: TaskId): void {
    this.writeLater(operation, { kind: 'task', op: operation.id, atMs: this.now(), taskId });
  }

  ended(operation: TrackedOperation, state: EndedRecord['state']): void {
    const error = operation.error?.kind;
    this.writeLater(operation, {
      kind: 'ended',
      op: operation.id,
      atMs: this.now(),
      state,
      ...(error !== undefined && { error }),
    });
    this.noted.delete(operation.id);
  }

  /** Notes that this window takes over what another one has left. Resolves when that is on disk. */
  async adopts(operation: TrackedOperation, entry: OpenEntry): Promise<void> {
    const { requested, sent, taskId } = entry;
    const op = operation.id;
    this.noted.add(op);
    await this.write(
      [
        { ...requested, op, bulk: operation.groupId, from: entry.key },
        ...(sent === undefined ? [] : [{ ...sent, op }]),
        ...(taskId === undefined ? [] : [{ kind: 'task', op, atMs: this.now(), taskId } as const]),
      ],
      true,
    );
  }

  /**
   * What windows that are gone have left open. Whoever takes it has to deal with all of it and then to call `settle`.
   */
  async takeLeftBehind(): Promise<{ readonly open: readonly OpenEntry[]; settle(): Promise<void> } | undefined> {
    const left = await this.store.takeLeftBehind();
    return (
      left && {
        open: unfinished(left.journals),
        settle: async () => {
          await left.settle();
        },
      }
    );
  }

  private requestOf(operation: TrackedOperation): RequestedRecord | undefined {
    const server = this.markOf(operation.connection);
    if (server === undefined) {
      return undefined;
    }
    this.noted.add(operation.id);
    const { id, groupId, vmName, snapshotName, connection } = operation;
    return {
      kind: 'requested',
      op: id,
      ...(groupId !== undefined && { bulk: groupId }),
      atMs: this.now(),
      server,
      vmName,
      ...(snapshotName !== undefined && { snapshotName }),
      operation: operation.operation,
      userName: connection.userName,
    };
  }

  private writeLater({ id }: TrackedOperation, record: JournalRecord): void {
    if (this.noted.has(id)) {
      void this.write([record], false);
    }
  }

  private async write(records: readonly JournalRecord[], isVital: boolean): Promise<void> {
    if (records.length === 0) {
      return;
    }
    try {
      await this.store.append(records, isVital);
    } catch (error) {
      this.logger.error(
        'The journal of operations cannot be written; after a crash they would have to be looked up',
        error,
      );
    }
  }
}
