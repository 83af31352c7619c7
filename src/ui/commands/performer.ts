import type { HypervisorConnection } from '../../hypervisor/connection';
import { BusyError } from '../../hypervisor/errors';
import type { Operation } from '../../hypervisor/model/operation';
import type { OperationDialogs } from '../../operations/dialogs';
import type { OperationRunner } from '../../operations/operationRunner';
import type { OperationsService } from '../../operations/operationsService';
import type { TrackedOperation } from '../../operations/trackedOperation';
import type { Act, CommandBoundary } from '../feedback/commandBoundary';
import type { OperationFeedback, OutcomeActions } from '../feedback/operationFeedback';
import type { Subject } from '../feedback/subject';
import { safetySnapshotName } from '../text/confirmations';

/** One operation on one VM that a person has asked for. */
export interface PerformRequest {
  readonly connection: HypervisorConnection;
  readonly operation: Operation;
  /** Names and row for what is told about it. */
  readonly subject: Subject;
  /** Started where no row shows its progress. */
  readonly fromPalette: boolean;
  /** Instead of the usual dialogs, where some questions have been answered already. */
  readonly dialogs?: OperationDialogs;
}

/** Has operations carried out and tells the person how they went. */
export class Performer {
  /** @param createDialogs - makes the usual dialogs; the name is the one under which the snapshot was chosen */
  constructor(
    private readonly service: OperationsService,
    private readonly runner: OperationRunner,
    private readonly boundary: CommandBoundary,
    private readonly feedback: OperationFeedback,
    private readonly createDialogs: (snapshotName: string | undefined) => OperationDialogs,
    private readonly showTask: (operationId: number) => Promise<void>,
  ) {}

  /** Plans, has it confirmed, runs it to its end, and tells how it went. @throws HypervisorError when it cannot be planned. */
  async perform(act: Act, request: PerformRequest): Promise<void> {
    const { connection, operation, subject, fromPalette } = request;
    act.about(subject, { retry: this.again(request) });
    // Somebody reads a dialog, or waits for another task: the session must not end under it because the view is hidden.
    const hold = connection.hold();
    try {
      const { value: result, shown } = await this.feedback.follow(fromPalette, () =>
        this.service.perform(
          { connection, operation, safetySnapshotName },
          request.dialogs ?? this.createDialogs(subject.snapshotName),
        ),
      );
      if (result !== undefined) {
        this.feedback.tell(result, subject, this.actions(request, result.outcome), shown);
      }
    } finally {
      hold.dispose();
    }
  }

  /** Asks the server what became of an operation of unknown outcome, and tells the person. */
  async check(act: Act, tracked: TrackedOperation, subject: Subject): Promise<void> {
    const { connection, operation } = tracked;
    const request: PerformRequest = { connection, operation, subject, fromPalette: false };
    const actions = this.actions(request, tracked);
    act.about(subject, { retry: actions.checkNow });
    this.feedback.tellChecked(await this.runner.check(tracked.id), subject, actions);
  }

  /** What helps after an operation that was started earlier has failed. */
  actions(request: PerformRequest, tracked: TrackedOperation): OutcomeActions {
    const { connection, operation, subject } = request;
    const withDisksOnly =
      operation.kind === 'take'
        ? this.again({ ...request, operation: { ...operation, contents: 'disks' } })
        : undefined;
    return {
      retry: this.again(request),
      runWhenDone: this.whenFree(request, tracked),
      ...(withDisksOnly !== undefined && { withoutMemory: withDisksOnly, withoutQuiescing: withDisksOnly }),
      powerOn: this.again({
        connection,
        operation: { kind: 'powerOn', vmId: operation.vmId },
        subject: { ...subject, attempt: 'powerOn' },
        fromPalette: false,
      }),
      show: async () => {
        await this.boundary.run('show', async () => {
          await this.showTask(tracked.id);
        });
      },
      checkNow: async () => {
        await this.boundary.run('checkNow', async (act) => {
          await this.check(act, tracked, subject);
        });
      },
    };
  }

  private again(request: PerformRequest): () => Promise<void> {
    return async () => {
      await this.boundary.run(request.operation.kind, async (act) => {
        await this.perform(act, request);
      });
    };
  }

  /** Waits for the task that was in the way, then asks for the operation anew: what it would do may be another thing. */
  private whenFree(request: PerformRequest, { error }: TrackedOperation): () => Promise<void> {
    return async () => {
      await this.boundary.run(request.operation.kind, async (act) => {
        act.about(request.subject);
        if (error instanceof BusyError && error.taskId !== undefined) {
          await request.connection.client().followTask(error.taskId, () => undefined);
        }
        await this.perform(act, request);
      });
    };
  }
}
