import { type Disposable, DisposableStore } from '../common/disposable';
import { Emitter } from '../common/event';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorConnection } from '../hypervisor/connection';
import type { OpenEntry } from './journal/journalRecord';
import type { OperationJournal } from './journal/operationJournal';
import type { OperationHistory } from './operationHistory';
import type { OperationRunner } from './operationRunner';
import type { OperationGroup } from './trackedOperation';

/** What recovering needs to know of servers. */
export interface RecoveryServers {
  find(serverId: HypervisorConnection['id']): HypervisorConnection | undefined;
  /** Identity of the installation at the other end; undefined when it tells none or nobody is signed in. */
  instanceIdOf(connection: HypervisorConnection): string | undefined;
}

/**
 * Takes over what windows have left behind that were closed or have crashed. What was sent is found again on its server
 * and followed to its end; what was not is never sent by itself: it is in the history as not started.
 */
export class Recovery implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly foundUnsent = new Emitter<readonly OperationGroup[]>();
  private wasTold = false;

  /** Fires once: groups with operations that were not sent, as soon as one of their servers can be asked again. */
  readonly onDidFindUnsent = this.foundUnsent.event;

  constructor(
    private readonly journal: OperationJournal,
    private readonly runner: OperationRunner,
    private readonly history: OperationHistory,
    private readonly servers: RecoveryServers,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.resources.add(this.foundUnsent);
  }

  /**
   * Takes everything over. Asks no server by itself.
   *
   * @throws Error when what was left behind cannot be read; it stays for the next window then
   */
  async start(): Promise<void> {
    const left = await this.journal.takeLeftBehind();
    if (left === undefined) {
      return;
    }
    const unsent: OperationGroup[] = [];
    for (const entries of together(left.open)) {
      const group = await this.adopt(entries);
      if (group !== undefined && entries.some(({ sent }) => sent === undefined)) {
        unsent.push(group);
      }
    }
    await left.settle();
    this.tellUnsentWhenReady(unsent);
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** @returns the group in which the operations are now; undefined for one that stands alone, or when nothing is known of them */
  private async adopt(entries: readonly OpenEntry[]): Promise<OperationGroup | undefined> {
    const known = entries.flatMap((entry) => {
      const connection = this.servers.find(entry.requested.server.serverId);
      if (connection === undefined) {
        const { operation, vmName, server } = entry.requested;
        this.logger.warn(
          `${operation.kind} on "${vmName}" of ${server.label} was left behind by a window that is gone, and so is the server from the list: nobody can look it up.`,
        );
        return [];
      }
      return { entry, connection };
    });
    const [first] = known;
    if (first === undefined) {
      return undefined;
    }
    const { requested, sent } = first.entry;
    const isAlone = known.length === 1 && requested.bulk === undefined && sent !== undefined;
    const vms = new Set(known.map(({ entry, connection }) => `${connection.id}/${entry.requested.operation.vmId}`));
    const group = isAlone
      ? undefined
      : this.history.addGroup({ kind: requested.operation.kind, vmCount: vms.size, createdAtMs: requested.atMs });
    for (const { entry, connection } of known) {
      const { id } = await this.runner.adopt(connection, entry, group?.id);
      if (entry.sent !== undefined) {
        this.resumeWhenReady(id, connection, entry);
      }
    }
    return group && this.history.updateGroup(group.id, { endedAtMs: this.clock.now() });
  }

  private resumeWhenReady(id: number, connection: HypervisorConnection, { requested }: OpenEntry): void {
    this.whenReady(connection, () => {
      const expected = requested.server.instanceId;
      const actual = this.servers.instanceIdOf(connection);
      if (expected !== undefined && actual !== undefined && expected !== actual) {
        this.logger.warn(`${connection.label} is another server than the one that operation ${id} was sent to`);
        return;
      }
      void this.runner.resume(id);
    });
  }

  private tellUnsentWhenReady(groups: readonly OperationGroup[]): void {
    const connections = new Set(
      groups.flatMap(({ id }) => this.history.ofGroup(id).map(({ connection }) => connection)),
    );
    for (const connection of connections) {
      this.whenReady(connection, () => {
        if (!this.wasTold) {
          this.wasTold = true;
          this.foundUnsent.fire(groups);
        }
      });
    }
  }

  /** Runs `act` once, as soon as the server can be asked. */
  private whenReady(connection: HypervisorConnection, act: () => void): void {
    const isReady = (): boolean => connection.state.kind === 'live' || connection.state.kind === 'loading';
    if (isReady()) {
      act();
      return;
    }
    const subscription = this.resources.add(
      connection.onDidChangeState(() => {
        if (isReady()) {
          subscription.dispose();
          act();
        }
      }),
    );
  }
}

/** What was asked for together, in the order in which it was asked for. */
function together(open: readonly OpenEntry[]): OpenEntry[][] {
  const groups = new Map<string, OpenEntry[]>();
  for (const entry of open) {
    const { bulk } = entry.requested;
    const window = entry.key.slice(0, entry.key.lastIndexOf('/'));
    const key = bulk === undefined ? entry.key : `${window} ${bulk}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}
