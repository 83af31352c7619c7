import assert from 'node:assert/strict';
import { CancelledError } from '../../src/common/cancellation';
import { systemClock } from '../../src/common/clock';
import { Emitter } from '../../src/common/event';
import { nullLogger } from '../../src/common/logger';
import type { HypervisorClient } from '../../src/hypervisor/client';
import type { ConnectionState, HypervisorConnection } from '../../src/hypervisor/connection';
import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { RunningTasks } from '../../src/hypervisor/inventory/runningTasks';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { ObjectId, ServerId, SnapshotId } from '../../src/hypervisor/model/ids';
import type { Operation } from '../../src/hypervisor/model/operation';
import type { Plan } from '../../src/hypervisor/plan/plan';
import type { OperationDialogs } from '../../src/operations/dialogs';
import { OperationHistory } from '../../src/operations/operationHistory';
import { OperationRunner } from '../../src/operations/operationRunner';
import { OperationsService } from '../../src/operations/operationsService';
import type { InventorySource } from '../../src/simulator/inventory/smallInventory';
import { Simulator } from '../../src/simulator/simulator';
import { InPlaceEdit } from '../../src/ui/commands/inPlaceEdit';
import { RestoreChoice } from '../../src/ui/commands/restoreChoice';
import { ManagerModel } from '../../src/ui/manager/managerModel';
import type { ManagerServices } from '../../src/ui/manager/managerServices';
import { PageChannel, type PagePort } from '../../src/ui/manager/pageChannel';
import type { CommandName } from '../../src/ui/text/commandIds';
import { safetySnapshotName } from '../../src/ui/text/confirmations';
import { Formats } from '../../src/ui/text/formats';
import type { TreeNode } from '../../src/ui/text/treeNode';
import { connectAs, RecordingLogger } from '../support/clientRig';
import { eventually } from '../support/eventually';

/** A live connection to an embedded vCenter, without the list of servers around it. */
export class LiveConnection implements HypervisorConnection {
  readonly id = 'rig' as ServerId;
  readonly label = 'vc-paris';
  readonly userName = 'jdoe';
  readonly isReadOnly = false;
  readonly isProtected = false;
  readonly inventory = new InventoryStore();
  readonly runningTasks = new RunningTasks();
  private readonly changed = new Emitter<ConnectionState>();
  private current: ConnectionState = { kind: 'live' };
  private readonly abort = new AbortController();
  private watching: Promise<unknown> = Promise.resolve();

  readonly onDidChangeState = this.changed.event;

  constructor(private readonly hypervisor: HypervisorClient) {}

  get state(): ConnectionState {
    return this.current;
  }

  setState(state: ConnectionState): void {
    this.current = state;
    this.changed.fire(state);
  }

  client(): HypervisorClient {
    return this.hypervisor;
  }

  /** Rejects once it is closed: an operation that is still followed then would ask for ever. */
  whenConnected(): Promise<HypervisorClient> {
    return this.abort.signal.aborted ? Promise.reject(new CancelledError()) : Promise.resolve(this.hypervisor);
  }

  hold(): { dispose(): void } {
    return { dispose: () => undefined };
  }

  async watch(): Promise<void> {
    const { signal } = this.abort;
    this.watching = Promise.all([
      this.hypervisor.watchInventory(this.inventory, signal),
      this.hypervisor.watchTasks(this.runningTasks, signal),
    ]);
    await eventually('the inventory', () => this.inventory.isComplete);
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.watching;
    await this.hypervisor.close();
  }
}

/**
 * Everything that stands behind a panel in the product but the editor: an embedded vCenter, the client, the operations
 * service and the panel's model. Commands do what their handlers do, and every question is answered with yes.
 */
export class ManagerRig {
  /** Operations that were asked for, through which command, with what they said they would do. */
  readonly asked: { readonly command: CommandName; readonly operation: Operation; readonly plan: Plan | undefined }[] =
    [];
  readonly compared: (readonly [SnapshotId | undefined, SnapshotId | undefined])[] = [];
  readonly logger = new RecordingLogger();
  /** Says no to the next confirmation. */
  refuses = false;
  private readonly history = new OperationHistory();
  private readonly operations: OperationsService;

  private constructor(
    readonly simulator: Simulator,
    readonly connection: LiveConnection,
  ) {
    const runner = new OperationRunner(this.history, systemClock, nullLogger);
    const policy = {
      typeToConfirm: 'bulkAndProtected' as const,
      backupNamePatterns: ['VEEAM*'],
      parallelPerDatastore: 1,
      isProtected: () => false,
    };
    this.operations = new OperationsService(this.history, runner, () => policy, systemClock, nullLogger);
  }

  static async start(inventory: InventorySource | 'demo'): Promise<ManagerRig> {
    const simulator = await Simulator.start({ inventory, speed: 1_000_000 });
    const client = await connectAs(simulator);
    const connection = new LiveConnection(client);
    await connection.watch();
    return new ManagerRig(simulator, connection);
  }

  vm(name: string): VirtualMachine {
    const found = [...this.connection.inventory.allVms()].find((vm) => vm.name === name);
    assert.ok(found !== undefined, `no VM ${name}`);
    return found;
  }

  /** The model of a panel and the channel to its page. */
  open(vm: VirtualMachine, port: PagePort): { readonly model: ManagerModel; readonly channel: PageChannel } {
    const target = { serverId: this.connection.id, isDemo: false, vmId: vm.id, vmName: vm.name };
    const model = new ManagerModel(`rig/${vm.id}`, target, this.services());
    const channel = new PageChannel(port, (message) => model.receive(message), systemClock, this.logger);
    model.onDidPost((message) => {
      channel.send(message);
    });
    model.setVisible(true);
    return { model, channel };
  }

  async stop(): Promise<void> {
    await this.connection.close();
    await this.simulator.stop();
  }

  private services(): ManagerServices {
    return {
      directory: {
        all: () => [this.connection],
        facts: () => undefined,
        onDidChange: () => ({ dispose: () => undefined }),
      },
      history: this.history,
      operations: this.operations,
      protection: { of: () => undefined, onDidChange: () => ({ dispose: () => undefined }) },
      favorites: { has: () => false, onDidChange: () => ({ dispose: () => undefined }) },
      formats: new Formats('en', 'Europe/Paris'),
      clock: systemClock,
      logger: this.logger,
      settings: () => ({
        warnAfterDays: 3,
        oldAfterDays: 30,
        backupNamePatterns: ['VEEAM*'],
        offerSnapshotFirst: true,
      }),
      onDidChangeSettings: () => ({ dispose: () => undefined }),
      run: (name, node, argument) => this.run(name, node, argument),
      showLog: () => undefined,
      compare: (_connection, _vmId, left, right) => {
        this.compared.push([left, right]);
        return Promise.resolve();
      },
    };
  }

  private async run(command: CommandName, node: TreeNode, argument: unknown): Promise<void> {
    const operation = operationOf(command, node, argument);
    if (operation === undefined) {
      return;
    }
    const { connection } = this;
    let plan: Plan | undefined;
    const dialogs: OperationDialogs = {
      explainBlocked: (_, blocked) => {
        plan = blocked;
        return Promise.resolve(undefined);
      },
      askAboutBusy: () => Promise.resolve('wait'),
      explainChange: () => Promise.resolve('review'),
      confirm: (_, confirmed) => {
        plan = confirmed;
        const snapshotFirst = argument instanceof RestoreChoice && argument.chosen === 'snapshotFirst';
        return Promise.resolve(this.refuses ? undefined : { snapshotFirst });
      },
    };
    const result = await this.operations.perform({ connection, operation, safetySnapshotName }, dialogs);
    this.asked.push({ command, operation, plan });
    if (argument instanceof InPlaceEdit && result?.outcome.state === 'succeeded') {
      argument.isDone = true;
    }
  }
}

function operationOf(command: CommandName, node: TreeNode, argument: unknown): Operation | undefined {
  const vmId = (node.kind === 'vm' ? node.vm.id : 'vmId' in node ? node.vmId : '') as ObjectId;
  const snapshotId = (node.kind === 'snapshot' ? node.snapshot.id : '') as SnapshotId;
  switch (command) {
    case 'takeSnapshot':
      return { kind: 'take', vmId, name: 'taken from the panel', description: '', contents: 'disks' };
    case 'restoreSnapshot':
      return { kind: 'restore', vmId, snapshotId };
    case 'restoreLatest':
      return { kind: 'restoreLatest', vmId };
    case 'deleteSnapshot':
      return { kind: 'delete', vmId, snapshotId };
    case 'deleteSnapshotWithChildren':
      return { kind: 'deleteWithChildren', vmId, snapshotId };
    case 'deleteAllSnapshots':
      return { kind: 'deleteAll', vmId };
    case 'consolidate':
      return { kind: 'consolidate', vmId };
    case 'editSnapshot':
      return argument instanceof InPlaceEdit ? { kind: 'edit', vmId, snapshotId, ...argument.texts } : undefined;
    default:
      return undefined;
  }
}
