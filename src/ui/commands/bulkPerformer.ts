import type { BulkDialogs } from '../../operations/bulk/bulkDialogs';
import type { BulkRequest } from '../../operations/bulk/bulkRequest';
import type { BulkService, Rest } from '../../operations/bulk/bulkService';
import type { OperationGroup, TrackedOperation } from '../../operations/trackedOperation';
import type { BulkActions, BulkFeedback } from '../feedback/bulkFeedback';
import type { CommandBoundary } from '../feedback/commandBoundary';
import { type NameNotes, noNotes } from '../text/bulkReview';

/** Has operations on many VMs carried out and tells the person how they went. */
export class BulkPerformer {
  constructor(
    private readonly service: BulkService,
    private readonly boundary: CommandBoundary,
    private readonly feedback: BulkFeedback,
    private readonly createDialogs: (notes: NameNotes) => BulkDialogs,
    private readonly showGroup: (groupId: number) => Promise<void>,
  ) {}

  /** Reviews, confirms, runs to the end of the last VM and tells how it went. @throws HypervisorError, CancelledError */
  async perform(request: BulkRequest, fromPalette: boolean, notes: NameNotes = noNotes): Promise<void> {
    const group = await this.feedback.follow(fromPalette, () =>
      this.service.perform(request, this.createDialogs(notes)),
    );
    this.tell(group);
  }

  /** Asks again for what of a group is not done. */
  async again(groupId: number, rest: Rest): Promise<void> {
    this.tell(await this.feedback.follow(false, () => this.service.again(groupId, rest, this.createDialogs(noNotes))));
  }

  stop(groupId: number): void {
    this.service.stop(groupId);
  }

  discard(groupId: number): void {
    this.service.discard(groupId);
  }

  private tell(group: OperationGroup | undefined): void {
    if (group !== undefined) {
      this.feedback.tell(group, this.actions(group));
    }
  }

  private actions({ id }: OperationGroup): BulkActions {
    return {
      show: async () => {
        await this.boundary.run('show', async () => {
          await this.showGroup(id);
        });
      },
      retryFailed: async () => {
        await this.boundary.run('retryFailed', async () => {
          await this.again(id, 'failed');
        });
      },
      powerOn: async (operations) => {
        await this.boundary.run('powerOn', async () => {
          await this.perform({ kind: 'powerOn', targets: powerOnTargets(operations) }, false);
        });
      },
    };
  }
}

function powerOnTargets(operations: readonly TrackedOperation[]): BulkRequest['targets'] {
  return operations.map(({ connection, operation: { vmId }, vmName }) => ({
    connection,
    vmId,
    vmName,
    operations: [{ kind: 'powerOn', vmId }],
  }));
}
