import type { Clock } from '../../common/clock';
import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { ServerDirectory } from '../tree/serverDirectory';
import { connectionOf, type PanelTarget } from './panelTarget';

/** What has changed of a {@link VmSubject}; `before` is the VM as it was, if it was. */
export type SubjectChange =
  { readonly kind: 'vm'; readonly before: VirtualMachine | undefined } | { readonly kind: 'state' | 'tasks' | 'place' };

/** The VM of a panel, through everything that may happen to it and to its server. */
export class VmSubject implements Disposable {
  connection: HypervisorConnection | undefined;
  vm: VirtualMachine | undefined;
  /** As it was last known. */
  vmName: string;
  /** When what is known was true; unset while it is. */
  trueAtMs: number | undefined;
  private readonly resources = new DisposableStore();
  private readonly changed = new Emitter<SubjectChange>();
  private ofConnection = new DisposableStore();

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly target: PanelTarget,
    private readonly directory: ServerDirectory,
    private readonly clock: Clock,
  ) {
    this.vmName = target.vmName;
    this.resources.add(this.changed);
    this.resources.add(
      directory.onDidChange(() => {
        this.find();
      }),
    );
    this.find();
  }

  dispose(): void {
    this.ofConnection.dispose();
    this.resources.dispose();
  }

  /** Servers came or went, or bear other names. */
  private find(): void {
    const connection = connectionOf(this.directory, this.target);
    if (connection === this.connection) {
      this.changed.fire({ kind: 'place' });
      return;
    }
    this.connection = connection;
    this.ofConnection.dispose();
    const store = new DisposableStore();
    this.ofConnection = store;
    if (connection !== undefined) {
      this.listen(connection, store);
    }
    this.followState();
  }

  private listen(connection: HypervisorConnection, store: DisposableStore): void {
    const { vmId } = this.target;
    store.add(
      connection.onDidChangeState(() => {
        this.followState();
      }),
    );
    store.add(
      connection.inventory.onDidChange(({ objects, removed, parents }) => {
        if (objects.has(vmId) || removed.has(vmId)) {
          this.followVm();
        } else if (parents.folders.size > 0) {
          this.changed.fire({ kind: 'place' });
        }
      }),
    );
    store.add(
      connection.runningTasks.onDidChange((vms) => {
        if (vms.includes(vmId)) {
          this.changed.fire({ kind: 'tasks' });
        }
      }),
    );
  }

  private followState(): void {
    const state = this.connection?.state;
    switch (state?.kind) {
      case 'live':
        this.trueAtMs = undefined;
        break;
      case 'reconnecting':
      case 'failed':
        this.trueAtMs = state.sinceMs;
        break;
      case 'disconnected':
      case undefined:
        this.trueAtMs ??= this.clock.now();
        break;
      case 'connecting':
      case 'loading':
    }
    this.followVm();
    this.changed.fire({ kind: 'state' });
  }

  private followVm(): void {
    const before = this.vm;
    this.vm = this.connection?.inventory.vm(this.target.vmId);
    if (this.vm === before) {
      return;
    }
    this.vmName = this.vm?.name ?? this.vmName;
    this.changed.fire({ kind: 'vm', before });
  }
}
