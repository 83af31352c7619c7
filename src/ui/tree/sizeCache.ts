import { isCancelled } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import { Emitter } from '../../common/event';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import { HypervisorError } from '../../hypervisor/errors';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { SnapshotTree } from '../../hypervisor/model/snapshot';
import { sameTree } from '../../hypervisor/model/snapshotTree';
import type { KnownSizes } from '../text/rowContext';

interface Entry {
  /** The snapshots whose sizes these are; with others they are out of date. */
  readonly tree: SnapshotTree;
  known: KnownSizes | undefined;
  reading: Promise<void>;
}

// Far more VMs than anybody opens in a window; the oldest go first.
const maxEntries = 1_000;

/**
 * How much the snapshots of VMs occupy, for the VMs that somebody has opened or hovered.
 *
 * @remarks The server pushes no sizes and they cost a call, so they are read once for each state of a VM's snapshots
 * and never for a whole list.
 */
export class SizeCache {
  private readonly entries = new Map<string, Entry>();
  private readonly changed = new Emitter<{ readonly connection: HypervisorConnection; readonly vm: VirtualMachine }>();

  /** Sizes of a VM have become known. */
  readonly onDidRead = this.changed.event;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** What is known now, if it still belongs to the VM's snapshots. Never asks the server. */
  get(connection: HypervisorConnection, vm: VirtualMachine): KnownSizes | undefined {
    return this.entry(connection, vm)?.known;
  }

  /** Reads the sizes unless they are known or on their way. Resolves when that has ended, well or not; never rejects. */
  async read(connection: HypervisorConnection, vm: VirtualMachine): Promise<void> {
    if (vm.snapshots.roots.length === 0 || connection.state.kind !== 'live') {
      return;
    }
    const known = this.entry(connection, vm);
    if (known !== undefined) {
      await known.reading;
      return;
    }
    const entry: Entry = { tree: vm.snapshots, known: undefined, reading: Promise.resolve() };
    this.store(keyOf(connection, vm), entry);
    entry.reading = this.fill(entry, connection, vm);
    await entry.reading;
  }

  private async fill(entry: Entry, connection: HypervisorConnection, vm: VirtualMachine): Promise<void> {
    try {
      const sizes = (await connection.client().readSizes([vm.id])).get(vm.id);
      if (sizes !== undefined) {
        entry.known = { sizes, readAtMs: this.clock.now() };
        this.changed.fire({ connection, vm });
      }
    } catch (error) {
      // A figure beside a name: without it the row is complete. It is asked for again when the row is opened again.
      if (this.entries.get(keyOf(connection, vm)) === entry) {
        this.entries.delete(keyOf(connection, vm));
      }
      if (isCancelled(error) || error instanceof HypervisorError) {
        this.logger.debug(`no sizes for ${vm.id}: ${String(error)}`);
      } else {
        this.logger.error(`the sizes of ${vm.id} could not be read`, error);
      }
    }
  }

  private entry(connection: HypervisorConnection, vm: VirtualMachine): Entry | undefined {
    const entry = this.entries.get(keyOf(connection, vm));
    return entry !== undefined && sameTree(entry.tree, vm.snapshots) ? entry : undefined;
  }

  private store(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= maxEntries) {
        break;
      }
      this.entries.delete(oldest);
    }
  }
}

function keyOf(connection: HypervisorConnection, vm: VirtualMachine): string {
  return `${connection.id}/${vm.id}`;
}
