import assert from 'node:assert/strict';
import { ManualClock } from '../../src/common/clock';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { Simulator, type SimulatorOptions } from '../../src/simulator/simulator';
import type { VmState } from '../../src/simulator/state/vmState';
import { ManagedObjectReference, type MethodType } from '../../src/vsphere/vim/schema';
import { RetrievePropertiesEx } from '../../src/vsphere/vim/property';
import { Login } from '../../src/vsphere/vim/service';
import type { TaskInfo } from '../../src/vsphere/vim/task';
import { FaultReply, SoapSession } from './soapSession';

export const serviceInstance = new ManagedObjectReference('ServiceInstance', 'ServiceInstance');

/** A simulator whose time stands still, and a session on it. */
export class SimulatorFixture {
  private constructor(
    readonly simulator: Simulator,
    readonly clock: ManualClock,
    readonly session: SoapSession,
  ) {}

  /** Starts with the given VMs, logged in as the first user. */
  static async start(
    vms: readonly VmSpec[] = [{ name: 'VM1' }],
    options: SimulatorOptions = {},
  ): Promise<SimulatorFixture> {
    const clock = new ManualClock();
    const simulator = await Simulator.start({ clock, inventory: smallInventory(vms), ...options });
    const session = new SoapSession(simulator.url);
    const fixture = new SimulatorFixture(simulator, clock, session);
    await fixture.login(session);
    return fixture;
  }

  get collector(): ManagedObjectReference {
    return this.simulator.server.content.propertyCollector;
  }

  async login(session: SoapSession, user = this.simulator.user, password = this.simulator.password): Promise<void> {
    await session.call(Login, this.service('sessionManager'), { userName: user, password });
  }

  /** Another session, for another account. */
  async sessionOf(user: string, password: string): Promise<SoapSession> {
    const session = new SoapSession(this.simulator.url);
    await this.login(session, user, password);
    return session;
  }

  service(
    name: 'sessionManager' | 'viewManager' | 'taskManager' | 'authorizationManager' | 'searchIndex',
  ): ManagedObjectReference {
    const ref = this.simulator.server.content[name];
    assert.ok(ref !== undefined, `no ${name}`);
    return ref;
  }

  /** Reference of the VM of that name. */
  vm(name: string): ManagedObjectReference {
    const found = [...this.simulator.server.registry.all('VirtualMachine')].find(({ state }) => state.name === name);
    assert.ok(found !== undefined, `no VM ${name}`);
    return found.ref;
  }

  /** What the server knows of the VM of that name. */
  state(name: string): VmState {
    return this.simulator.server.registry.get('VirtualMachine', this.vm(name)).state;
  }

  /** Id of the snapshot of that name. */
  snapshot(vm: string, name: string): ManagedObjectReference {
    const found = this.state(vm).snapshots.find((snapshot) => snapshot.name === name);
    assert.ok(found !== undefined, `no snapshot ${name}`);
    return new ManagedObjectReference('VirtualMachineSnapshot', found.id);
  }

  /** Starts a task and puts time forward until it has ended. */
  async run<P extends object>(
    method: MethodType<P, ManagedObjectReference>,
    target: ManagedObjectReference,
    args: P,
    session = this.session,
  ): Promise<TaskInfo> {
    const task = await session.call(method, target, args);
    return await this.finish(task);
  }

  /** Puts time forward until a task has ended. */
  async finish(task: ManagedObjectReference): Promise<TaskInfo> {
    for (let second = 0; second < 100_000; second += 10) {
      const { state } = this.simulator.server.registry.get('Task', task);
      if (state.state === 'success' || state.state === 'error') {
        break;
      }
      this.clock.advance(10_000);
    }
    const [info] = await this.read(task, ['info']);
    return info as TaskInfo;
  }

  /** Properties of one object, in the order in which they are asked; unset ones are undefined. */
  async read(ref: ManagedObjectReference, paths: readonly string[], session = this.session): Promise<unknown[]> {
    const result = await session.call(RetrievePropertiesEx, this.collector, {
      specSet: [
        {
          propSet: [{ type: ref.type, pathSet: paths }],
          objectSet: [{ obj: ref, selectSet: [] }],
        },
      ],
      options: {},
    });
    const properties = result?.objects[0]?.propSet ?? [];
    return paths.map((path) => properties.find(({ name }) => name === path)?.val);
  }

  async stop(): Promise<void> {
    this.session.close();
    await this.simulator.stop();
  }
}

/** Type of the fault with which a call fails. */
export async function faultOf(call: Promise<unknown>): Promise<FaultReply> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof FaultReply, String(error));
    return error;
  }
  assert.fail('the call succeeded');
}
