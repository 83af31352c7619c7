import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import type { HypervisorClient } from '../../src/hypervisor/client';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import { BulkService } from '../../src/operations/bulk/bulkService';
import { OperationHistory } from '../../src/operations/operationHistory';
import { OperationRunner } from '../../src/operations/operationRunner';
import { OperationsService } from '../../src/operations/operationsService';
import { Simulator } from '../../src/simulator/simulator';
import { connect } from '../../src/vsphere/index';
import { eventually } from '../support/eventually';
import { ScriptedConnection } from '../support/scriptedHypervisor';

/** A vCenter in this process, signed in to, with everything that operations on it take. */
export class SimulatedServer {
  private readonly abort = new AbortController();
  private readonly feed: Promise<void>;
  readonly connection: ScriptedConnection;
  readonly history = new OperationHistory();
  readonly runner = new OperationRunner(this.history, systemClock, nullLogger);
  readonly operations = new OperationsService(
    this.history,
    this.runner,
    () => ({
      typeToConfirm: 'bulkAndProtected',
      backupNamePatterns: [],
      isProtected: () => false,
    }),
    systemClock,
    nullLogger,
  );

  readonly bulk = new BulkService(
    this.operations,
    this.runner,
    this.history,
    () => ({
      typeToConfirm: 'bulkAndProtected',
      backupNamePatterns: [],
      isProtected: () => false,
      maxVms: 50,
      parallelPerDatastore: 2,
    }),
    systemClock,
    nullLogger,
  );

  private constructor(
    private readonly simulator: Simulator,
    readonly client: HypervisorClient,
  ) {
    this.connection = new ScriptedConnection(client);
    this.feed = client.watchInventory(this.connection.inventory, this.abort.signal);
  }

  /** Starts one with the demo's inventory, whose tasks take no time that anybody would notice. */
  static async start(): Promise<SimulatedServer> {
    const simulator = await Simulator.start({ inventory: 'demo', speed: 1_000 });
    const { hostname, port } = new URL(simulator.url);
    const client = await connect({
      address: { host: hostname, port: Number(port), useTls: false },
      trust: { mode: 'verify' },
      transport: 'direct',
      isProxyConfigured: false,
      userName: simulator.user,
      getPassword: () => Promise.resolve(simulator.password),
    });
    const server = new SimulatedServer(simulator, client);
    await eventually('the inventory', () => server.connection.inventory.isComplete);
    return server;
  }

  /** The VM as the inventory has it. */
  vm(name: string): VirtualMachine {
    for (const vm of this.connection.inventory.allVms()) {
      if (vm.name === name) {
        return vm;
      }
    }
    throw new Error(`The demo has no ${name}.`);
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.feed;
    await this.client.close();
    await this.simulator.stop();
  }
}
