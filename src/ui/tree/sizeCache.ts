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

// More VMs with snapshots than a sound inventory has; the oldest go first.
const maxEntries = 10_000;
// About half a megabyte a call.
const batchSize = 100;

/**
 * How much the snapshots of VMs occupy, for the VMs that somebody has opened or hovered, or that a filter asks for.
 *
 * @remarks The server pushes no sizes and they cost a call, so they are read once for each state of a VM's snapshots.
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
    await this.fill(connection, [vm]);
  }

  /** Reads the sizes of many VMs, as far as they are not known, in batches. As {@link read}. */
  async readAll(connection: HypervisorConnection, vms: readonly VirtualMachine[]): Promise<void> {
    const missing = vms.filter(
      (vm) => vm.snapshots.roots.length > 0 && this.entry(connection, vm)?.known === undefined,
    );
    for (let at = 0; at < missing.length && connection.state.kind === 'live'; at += batchSize) {
      await this.fill(connection, missing.slice(at, at + batchSize));
    }
  }

  private async fill(connection: HypervisorConnection, vms: readonly VirtualMachine[]): Promise<void> {
    const entries = vms.map((vm) => {
      const entry: Entry = { tree: vm.snapshots, known: undefined, reading: Promise.resolve() };
      this.store(keyOf(connection, vm), entry);
      return { vm, entry };
    });
    const reading = this.readInto(connection, entries);
    for (const { entry } of entries) {
      entry.reading = reading;
    }
    await reading;
  }

  private async readInto(
    connection: HypervisorConnection,
    entries: readonly { readonly vm: VirtualMachine; readonly entry: Entry }[],
  ): Promise<void> {
    try {
      const sizes = await connection.client().readSizes(entries.map(({ vm }) => vm.id));
      for (const { vm, entry } of entries) {
        const ofVm = sizes.get(vm.id);
        if (ofVm !== undefined) {
          entry.known = { sizes: ofVm, readAtMs: this.clock.now() };
          this.changed.fire({ connection, vm });
        }
      }
    } catch (error) {
      // A figure beside a name: without it the row is complete. It is asked for again when the row is opened again.
      for (const { vm, entry } of entries) {
        if (this.entries.get(keyOf(connection, vm)) === entry) {
          this.entries.delete(keyOf(connection, vm));
        }
      }
      const ids = entries.map(({ vm }) => vm.id).join();
      if (isCancelled(error) || error instanceof HypervisorError) {
        this.logger.debug(`no sizes for ${ids}: ${String(error)}`);
      } else {
        this.logger.error(`the sizes of ${ids} could not be read`, error);
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
