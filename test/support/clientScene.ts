import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '../../src/common/clock';
import type { HypervisorClient } from '../../src/hypervisor/client';
import type { ObjectId, SnapshotId, TaskId } from '../../src/hypervisor/model/ids';
import type { Operation } from '../../src/hypervisor/model/operation';
import type { ServerTask } from '../../src/hypervisor/model/task';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import type { ManagedObject } from '../../src/simulator/model/registry';
import { Simulator, type SimulatorOptions } from '../../src/simulator/simulator';
import type { ConnectOptions } from '../../src/vsphere/index';
import { connectAs } from './clientRig';

// How far the server's clock is moved at a time while something is waited for.
const stepMs = 500;

// Far more than it ever takes.
const limitMs = 15_000;

/** The client, signed in to an embedded vCenter whose time a test moves. */
export class ClientScene {
  private readonly others: HypervisorClient[] = [];

  private constructor(
    public simulator: Simulator,
    readonly client: HypervisorClient,
    readonly clock: ManualClock,
    private readonly vms: readonly VmSpec[],
  ) {}

  static async start(vms: readonly VmSpec[], options: SimulatorOptions = {}): Promise<ClientScene> {
    const clock = new ManualClock();
    const simulator = await Simulator.start({
      clock,
      listen: '127.0.0.2',
      inventory: smallInventory(vms),
      ...options,
    });
    return new ClientScene(simulator, await connectAs(simulator), clock, vms);
  }

  async stop(): Promise<void> {
    await Promise.all([this.client, ...this.others].map((client) => client.close()));
    await this.simulator.stop();
  }

  /** Another session, of the first user unless told otherwise. */
  async connect(
    overrides: Partial<ConnectOptions> = {},
    account?: { readonly user: string; readonly password: string },
  ): Promise<HypervisorClient> {
    const client = await connectAs({ url: this.simulator.url, ...(account ?? this.simulator) }, overrides);
    this.others.push(client);
    return client;
  }

  /** Puts a server in the place of the present one that has the same VMs and remembers no task and no session. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.simulator.url).port);
    await this.simulator.stop();
    this.simulator = await Simulator.start({
      clock: this.clock,
      listen: '127.0.0.2',
      port,
      inventory: smallInventory(this.vms),
    });
  }

  vm(name: string): ObjectId {
    return this.managedVm(name).ref.key as ObjectId;
  }

  /** A snapshot of that name, which is taken where there is none. */
  snapshot(vm: string, name: string): SnapshotId {
    const found = this.managedVm(vm).state.snapshots.find((each) => each.name === name);
    if (found === undefined) {
      this.simulator.execute({ command: 'takeSnapshot', vm, name });
      return this.snapshot(vm, name);
    }
    return `VirtualMachineSnapshot:${found.id}` as SnapshotId;
  }

  /** How often a method was called. */
  calls(method: string): number {
    return this.simulator.log.all.filter((call) => call.method === method).length;
  }

  pendingWaits(): number {
    return this.simulator.log.all.filter((call) => call.method === 'WaitForUpdatesEx' && call.outcome === 'pending')
      .length;
  }

  /** Sends an operation that starts a task and gives the task as it has ended. */
  async run(operation: Operation, onProgress?: (task: ServerTask) => void): Promise<ServerTask> {
    const { taskId } = await this.client.start(operation);
    if (taskId === undefined) {
      throw new Error(`${operation.kind} has started no task`);
    }
    return await this.follow(taskId, onProgress);
  }

  async follow(taskId: TaskId, onProgress: (task: ServerTask) => void = () => undefined): Promise<ServerTask> {
    return await this.until(this.client.followTask(taskId, onProgress));
  }

  /** Lets time go by, as fast as the client listens, until something has come to its end. */
  async until<T>(result: Promise<T>): Promise<T> {
    const progress = { isOver: false };
    const over = (): void => {
      progress.isOver = true;
    };
    result.then(over, over);
    const deadlineMs = performance.now() + limitMs;
    while (!progress.isOver) {
      if (performance.now() > deadlineMs) {
        const pending = this.simulator.log.all.filter(({ outcome }) => outcome === 'pending');
        throw new Error(`it does not come to its end; pending: ${pending.map(({ method }) => method).join()}`);
      }
      // Not further than to the end of the tasks: a server forgets them in time.
      if (this.pendingWaits() > 0 && this.isAtWork()) {
        this.clock.advance(stepMs);
      }
      await setImmediate();
    }
    return await result;
  }

  /** Lets everything that the server has begun come to its end. */
  rest(): void {
    while (this.isAtWork()) {
      this.clock.advance(stepMs);
    }
  }

  private isAtWork(): boolean {
    return [...this.simulator.server.registry.all('Task')].some(({ state }) => state.completedAtMs === undefined);
  }

  private managedVm(name: string): ManagedObject<'VirtualMachine'> {
    const found = [...this.simulator.server.registry.all('VirtualMachine')].find(({ state }) => state.name === name);
    if (found === undefined) {
      throw new Error(`there is no VM ${name}`);
    }
    return found;
  }
}
