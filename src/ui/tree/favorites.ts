import { Emitter } from '../../common/event';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId, ServerId } from '../../hypervisor/model/ids';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import { findableId } from '../text/vmSearch';

/** A VM of some server. */
export interface PlacedVm {
  readonly connection: HypervisorConnection;
  readonly vm: VirtualMachine;
}

/** The VMs that the person keeps at hand. */
export class Favorites {
  private ids: ReadonlySet<string>;
  private readonly changed = new Emitter<readonly PlacedVm[]>();

  /** VMs have become favorites or are none any more. */
  readonly onDidChange = this.changed.event;

  /**
   * @param read - what is kept, as other windows may have changed it meanwhile
   * @param save - keeps identities as of `findableId`
   */
  constructor(
    private readonly read: () => readonly string[],
    private readonly save: (ids: readonly string[]) => Promise<void>,
  ) {
    this.ids = new Set(read());
  }

  has(connection: HypervisorConnection, vmId: ObjectId): boolean {
    return this.ids.has(findableId(connection, { id: vmId }));
  }

  /** Those that the servers have at the moment. */
  of(connections: readonly HypervisorConnection[]): PlacedVm[] {
    const byServer = new Map(connections.map((connection) => [connection.id as string, connection]));
    const found: PlacedVm[] = [];
    for (const id of this.ids) {
      const cut = id.indexOf('/');
      const connection = byServer.get(id.slice(0, cut));
      const vm = connection?.inventory.vm(id.slice(cut + 1) as ObjectId);
      if (connection !== undefined && vm !== undefined) {
        found.push({ connection, vm });
      }
    }
    return found;
  }

  async set(vms: readonly PlacedVm[], isFavorite: boolean): Promise<void> {
    const ids = new Set(this.read());
    for (const { connection, vm } of vms) {
      const id = findableId(connection, vm);
      ids.delete(id);
      if (isFavorite) {
        ids.add(id);
      }
    }
    this.ids = ids;
    this.changed.fire(vms);
    await this.save([...ids]);
  }

  /** Those of servers that were removed would pile up. */
  async forget(servers: readonly ServerId[]): Promise<void> {
    const kept = this.read();
    const left = kept.filter((id) => !servers.some((server) => id.startsWith(`${server}/`)));
    if (left.length < kept.length) {
      this.ids = new Set(left);
      await this.save(left);
    }
  }
}
