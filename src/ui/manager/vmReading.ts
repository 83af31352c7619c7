import { isCancelled, LinkedAbort } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import { HypervisorError } from '../../hypervisor/errors';
import type { SnapshotId } from '../../hypervisor/model/ids';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import { allSnapshots } from '../../hypervisor/model/snapshotTree';
import type { Plan } from '../../hypervisor/plan/plan';
import type { OperationsService } from '../../operations/operationsService';

// A delta grows while somebody looks at it, and the server measures it every few minutes at best.
const readAgainMs = 60_000;

// Several changes of one act arrive within moments; one reading after the last of them is enough.
const settleMs = 150;

/**
 * What is read of a VM while its panel is looked at: sizes, space and what speaks against a snapshot. The server pushes
 * none of it.
 *
 * @remarks Read when the VM changes and every minute; never while nobody looks, and one reading at a time.
 */
export class VmReading implements Disposable {
  /** The plan for taking a snapshot as the VM is now, which holds everything else that was read. */
  plan: Plan | undefined;
  error: HypervisorError | undefined;
  creators: ReadonlyMap<SnapshotId, string> = new Map();
  private readonly abort = new LinkedAbort();
  private timer: Disposable | undefined;
  private isReading = false;
  private isWanted = false;
  private isPaused = true;
  private asked: ReadonlySet<SnapshotId> = new Set();

  /** @param changed - something was read, or could not be */
  constructor(
    private readonly subject: () =>
      { readonly connection: HypervisorConnection; readonly vm: VirtualMachine } | undefined,
    private readonly operations: Pick<OperationsService, 'plan'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly changed: () => void,
  ) {}

  setPaused(paused: boolean): void {
    this.isPaused = paused;
    if (paused) {
      this.timer?.dispose();
      this.timer = undefined;
    } else {
      this.readSoon();
    }
  }

  /** Reads when the VM has come to rest. */
  readSoon(): void {
    this.schedule(settleMs);
  }

  dispose(): void {
    this.timer?.dispose();
    this.abort.dispose();
  }

  private schedule(delayMs: number): void {
    if (this.isPaused || this.abort.signal.aborted) {
      return;
    }
    this.timer?.dispose();
    this.timer = this.clock.schedule(delayMs, () => {
      void this.read();
    });
  }

  private async read(): Promise<void> {
    if (this.isReading) {
      this.isWanted = true;
      return;
    }
    this.isReading = true;
    try {
      await this.readNow();
    } finally {
      this.isReading = false;
      this.schedule(this.isWanted ? settleMs : readAgainMs);
      this.isWanted = false;
    }
  }

  private async readNow(): Promise<void> {
    const subject = this.subject();
    if (subject?.connection.state.kind !== 'live') {
      return;
    }
    const { connection, vm } = subject;
    const { signal } = this.abort;
    try {
      const take = { kind: 'take', vmId: vm.id, name: '', description: '', contents: 'disks' } as const;
      this.plan = await this.operations.plan(connection, take, signal);
      this.error = undefined;
      this.changed();
      await this.readCreators(connection, this.plan.vm, signal);
    } catch (error) {
      if (isCancelled(error) || signal.aborted) {
        return;
      }
      if (!(error instanceof HypervisorError)) {
        this.logger.error(`${vm.id} could not be read for its panel`, error);
      } else if (error.kind !== 'gone' && error.kind !== 'notConnected' && error.kind !== 'connectionLost') {
        // Those are told by the inventory and by the connection.
        this.error = error;
        this.changed();
      }
    }
  }

  /** Asked once for each snapshot: who took it does not change, and asking costs several calls. */
  private async readCreators(connection: HypervisorConnection, vm: VirtualMachine, signal: AbortSignal): Promise<void> {
    const snapshots = allSnapshots(vm.snapshots);
    if (snapshots.every(({ id }) => this.asked.has(id))) {
      return;
    }
    this.asked = new Set(snapshots.map(({ id }) => id));
    try {
      this.creators = await connection.client().snapshotCreators(vm.id, snapshots, signal);
      this.changed();
    } catch (error) {
      if (isCancelled(error) || signal.aborted) {
        return;
      }
      // Without it the details are complete but for one line.
      this.logger.debug(`who took the snapshots of ${vm.id} could not be read: ${String(error)}`);
    }
  }
}
