import { isCancelled } from '../../common/cancellation';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import { HypervisorError } from '../../hypervisor/errors';
import type { Snapshot } from '../../hypervisor/model/snapshot';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { Operation } from '../../hypervisor/model/operation';
import type { Plan } from '../../hypervisor/plan/plan';
import type { OperationsService } from '../../operations/operationsService';
import type { PreviewKind } from '../../webview/protocol/shapes';
import type { PageParts } from '../../webview/protocol/toPage';
import type { CommandName } from '../text/commandIds';
import type { ManagerContext } from '../text/manager/context';
import { loadingPreview, previewText } from '../text/manager/previewText';
import { nameInSentence } from '../text/names';

/** What an operation is asked for. */
export interface PreviewRequest {
  readonly kind: PreviewKind;
  readonly connection: HypervisorConnection;
  readonly vm: VirtualMachine;
  /** Unset for what is about the VM. */
  readonly snapshot: Snapshot | undefined;
}

/** The command that goes on where a preview ends. */
export const commandOf: Readonly<Record<PreviewKind, CommandName>> = {
  restore: 'restoreSnapshot',
  restoreLatest: 'restoreLatest',
  delete: 'deleteSnapshot',
  deleteWithChildren: 'deleteSnapshotWithChildren',
  deleteAll: 'deleteAllSnapshots',
  consolidate: 'consolidate',
};

/** An operation that is shown before it is done: planned as the operations service plans it, and planned again when the VM changes. */
export class PanelPreview {
  private plan: Plan | undefined;
  private failure: string | undefined;
  private isPlanning = false;
  private isOutdated = false;
  private wantsFirst = true;

  /** @param changed - there is something else to show */
  constructor(
    readonly id: number,
    readonly request: PreviewRequest,
    private readonly operations: Pick<OperationsService, 'plan'>,
    private readonly logger: Logger,
    private readonly changed: () => void,
  ) {}

  /** Whether a snapshot is wanted before the restore. */
  get snapshotFirst(): boolean {
    return this.wantsFirst;
  }

  takeFirst(isOn: boolean): void {
    this.wantsFirst = isOn;
    this.changed();
  }

  /** Plans, and once more if the VM has changed meanwhile. Never rejects. */
  async update(): Promise<void> {
    if (this.isPlanning) {
      this.isOutdated = true;
      return;
    }
    this.isPlanning = true;
    do {
      this.isOutdated = false;
      await this.planOnce();
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it changes while the plan is awaited
    } while (this.isOutdated);
    this.isPlanning = false;
    this.changed();
  }

  describe(context: ManagerContext, offersFirst: boolean): NonNullable<PageParts['preview']> {
    const { id, request, plan, failure, wantsFirst } = this;
    const { kind, connection, snapshot, vm } = request;
    const loading = loadingPreview(id, kind, snapshot?.name ?? vm.name);
    if (failure !== undefined) {
      return { ...loading, isLoading: false, notes: [{ tone: 'error', text: failure }] };
    }
    return plan === undefined ? loading : previewText({ id, kind, connection, plan, wantsFirst, offersFirst }, context);
  }

  private async planOnce(): Promise<void> {
    const { connection, vm, snapshot } = this.request;
    try {
      this.plan = await this.operations.plan(connection, this.operation());
      this.failure = undefined;
    } catch (error) {
      if (isCancelled(error) || !(error instanceof HypervisorError)) {
        this.logger.error(`a preview of ${vm.id} could not be planned`, error);
      }
      const names = {
        serverLabel: nameInSentence(connection.label),
        vmName: nameInSentence(vm.name),
        ...(snapshot !== undefined && { snapshotName: nameInSentence(snapshot.name) }),
      };
      this.failure = error instanceof HypervisorError ? error.say(names) : String(error);
    }
  }

  private operation(): Operation {
    const { kind, vm, snapshot } = this.request;
    switch (kind) {
      case 'restore':
      case 'delete':
      case 'deleteWithChildren':
        // Whoever asks for it has looked the snapshot up.
        return { kind, vmId: vm.id, snapshotId: (snapshot as Snapshot).id };
      case 'restoreLatest':
      case 'deleteAll':
      case 'consolidate':
        return { kind, vmId: vm.id };
    }
  }
}
