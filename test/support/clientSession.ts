import assert from 'node:assert/strict';

import type { HypervisorClient } from '../../src/hypervisor/client';
import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import type { Layout, VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { SnapshotId } from '../../src/hypervisor/model/ids';
import type { Operation } from '../../src/hypervisor/model/operation';
import type { Snapshot } from '../../src/hypervisor/model/snapshot';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import type { ServerTask } from '../../src/hypervisor/model/task';
import { connect, type TrustPolicy } from '../../src/vsphere';
import { eventually } from './eventually';
import type { ServerAccount } from './peers/govc';

/** Signs in to a server at a loopback address. */
export async function connectTo(
  server: ServerAccount,
  trust: TrustPolicy = { mode: 'verify' },
): Promise<HypervisorClient> {
  const { hostname, port, protocol } = new URL(server.url);
  return await connect({
    address: { host: hostname, port: Number(port), useTls: protocol === 'https:' },
    trust,
    transport: 'direct',
    isProxyConfigured: false,
    userName: server.user,
    getPassword: () => Promise.resolve(server.password),
  });
}

/** The client at work: signed in, with its inventory and its tasks coming in. */
export class ClientSession {
  readonly store = new InventoryStore();
  /** What the client has told of each task, oldest first. */
  readonly tasks = new Map<string, ServerTask[]>();
  private readonly stopWatching = new AbortController();
  private readonly watching: Promise<unknown>;

  private constructor(readonly client: HypervisorClient) {
    const { signal } = this.stopWatching;
    const sink = {
      update: (tasks: readonly ServerTask[]): void => {
        for (const task of tasks) {
          this.tasks.set(task.id, [...(this.tasks.get(task.id) ?? []), task]);
        }
      },
    };
    this.watching = Promise.all([client.watchInventory(this.store, signal), client.watchTasks(sink, signal)]);
    // Whoever stops it hears of a failure; until then nobody listens.
    this.watching.catch(() => undefined);
  }

  /** Signs in and waits for the first whole picture. */
  static async start(server: ServerAccount): Promise<ClientSession> {
    const session = new ClientSession(await connectTo(server));
    await eventually('the first picture of the inventory', () => session.store.isComplete);
    return session;
  }

  /** The VM of this name. */
  vm(name: string): VirtualMachine {
    const found = [...this.store.allVms()].find((vm) => vm.name === name);
    assert.ok(found !== undefined, `no VM ${name}`);
    return found;
  }

  /** Id of the snapshot of this name. */
  snapshot(vmName: string, name: string): SnapshotId {
    const found = allSnapshots(this.vm(vmName).snapshots).find((snapshot) => snapshot.name === name);
    assert.ok(found !== undefined, `${vmName} has no snapshot ${name}`);
    return found.id;
  }

  /** The snapshots of a VM as they have come in, each with its children in brackets and the current one with a star. */
  tree(vmName: string): string {
    const { roots, currentId } = this.vm(vmName).snapshots;
    const draw = (snapshots: readonly Snapshot[]): string =>
      snapshots
        .map(({ id, name, children }) => {
          const below = draw(children);
          return `${name}${id === currentId ? '*' : ''}${below === '' ? '' : ` (${below})`}`;
        })
        .join(', ');
    return draw(roots);
  }

  /** Paths of all VMs in a layout, sorted. */
  vmPaths(layout: Layout): readonly string[] {
    return [...this.store.allVms()].map((vm) => [...this.store.path(layout, vm.id), vm.name].join('/')).sort();
  }

  /** Carries an operation out and gives the task in which it ended. */
  async run(operation: Operation): Promise<ServerTask> {
    const { taskId } = await this.client.start(operation);
    assert.ok(taskId !== undefined, 'the server did it without a task');
    return await this.client.followTask(taskId, () => undefined);
  }

  /** Stops watching and signs out. @throws what the watching failed with */
  async stop(): Promise<void> {
    this.stopWatching.abort();
    try {
      await this.watching;
    } finally {
      await this.client.close();
    }
  }
}
