import type { Clock } from '../../src/common/clock';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { HypervisorError } from '../../src/hypervisor/errors';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import { allSnapshots, findSnapshot } from '../../src/hypervisor/model/snapshotTree';
import type { Snapshot } from '../../src/hypervisor/model/snapshot';
import type { ObjectId, SnapshotId } from '../../src/hypervisor/model/ids';
import type { Operation } from '../../src/hypervisor/model/operation';
import type { Plan } from '../../src/hypervisor/plan/plan';
import type { OperationDialogs } from '../../src/operations/dialogs';
import { OperationHistory } from '../../src/operations/operationHistory';
import { OperationRunner } from '../../src/operations/operationRunner';
import { OperationsService } from '../../src/operations/operationsService';
import type { TrackedOperation } from '../../src/operations/trackedOperation';
import type { ClientFactory } from '../../src/servers/clientFactory';
import type { ServerConnection } from '../../src/servers/serverConnection';
import { connect } from '../../src/vsphere/index';
import { MemoryState, WindowAround } from '../support/serverFixtures';
import type { Announcement, SeenSnapshot, SeenVm } from './judgement';
import { until } from './until';

/** How the proxy is reached, as a person has typed it. */
export interface LabServer {
  readonly host: string;
  readonly port: number;
  readonly userName: string;
  readonly password: string;
  /** Whether over TLS, with a certificate that the person trusts when asked. */
  readonly useTls?: boolean;
}

// Short enough that waits end before the client, in whose time seconds are short, loses patience with the server.
const maxWaitSeconds = 1;

/** Opens sessions with the product's own client, in the laboratory's time. */
class LabServers {
  constructor(private readonly clock: Clock) {}

  readonly create: ClientFactory = async (request, signal): Promise<HypervisorClient> => {
    const { host, port, useTls, userName, trust, getPassword } = request;
    return await connect({
      address: { host, port, useTls },
      trust,
      transport: 'direct',
      isProxyConfigured: false,
      userName,
      getPassword,
      signal,
      clock: this.clock,
      limits: { maxWaitSeconds },
    });
  };
}

/** What the person did and was told. */
export interface Told {
  readonly state: TrackedOperation['state'] | 'refused';
  readonly sentence: string | undefined;
}

/** One window of the editor with one server, and a person who says yes to everything. */
export class LabWindow {
  private readonly window: WindowAround<LabServers, Clock>;
  private readonly history = new OperationHistory();
  private readonly runner: OperationRunner;
  private readonly service: OperationsService;
  private target: ServerConnection | undefined;

  constructor(clock: Clock) {
    this.window = new WindowAround(new LabServers(clock), new MemoryState(), clock, 'lab');
    const { logger } = this.window.log;
    this.runner = new OperationRunner(this.history, clock, logger);
    this.service = new OperationsService(
      this.history,
      this.runner,
      () => ({
        typeToConfirm: 'bulkAndProtected',
        backupNamePatterns: [],
        isProtected: () => false,
      }),
      clock,
      logger,
    );
  }

  /** The last lines of the log: for whoever wants to know why. */
  get log(): string {
    return this.window.log.lines.slice(-40).join('\n');
  }

  get connection(): ServerConnection {
    if (this.target === undefined) {
      throw new Error('There is no server yet.');
    }
    return this.target;
  }

  private get isLive(): boolean {
    return this.connection.state.kind === 'live' && this.connection.inventory.isComplete;
  }

  async open({ host, port, userName, password, useTls = false }: LabServer): Promise<void> {
    const id = await this.window.add({ host, port, userName, useTls }, password);
    this.target = this.window.registry.get(id);
    // Once: a certificate that has changed is then not trusted.
    this.window.answerTrust = (kind) => kind === 'untrusted';
    await this.connection.connect({ interactive: useTls });
  }

  /** Until it is connected and shows everything; a person presses Connect when nothing happens by itself. */
  async settle(): Promise<void> {
    await until('the window to be connected', async () => {
      if (this.isLive) {
        return true;
      }
      const { kind } = this.connection.state;
      if (kind === 'failed' || kind === 'disconnected') {
        await this.reconnect();
      }
      return false;
    });
  }

  private async reconnect(): Promise<void> {
    await this.connection.connect({ interactive: false }).catch((error: unknown) => {
      if (!(error instanceof HypervisorError)) {
        throw error;
      }
    });
  }

  async perform(announcement: Announcement): Promise<Told> {
    let blocked: Plan | undefined;
    const dialogs: OperationDialogs = {
      explainBlocked: (_, plan) => {
        blocked = plan;
        return Promise.resolve(undefined);
      },
      askAboutBusy: () => Promise.resolve(undefined),
      confirm: () => Promise.resolve({ snapshotFirst: false }),
      explainChange: () => Promise.resolve('review'),
    };
    const request = {
      connection: this.connection,
      operation: operationOf(announcement),
      safetySnapshotName: () => '',
    };
    try {
      const result = await this.service.perform(request, dialogs);
      if (result === undefined) {
        const why = blocked?.blockers.map(({ kind }) => kind).join(', ');
        return { state: 'refused', sentence: why ?? 'busy' };
      }
      return this.told(await this.checkUntilKnown(result.outcome));
    } catch (error) {
      if (!(error instanceof HypervisorError)) {
        throw error;
      }
      return { state: 'refused', sentence: error.say({ serverLabel: 'lab' }) };
    }
  }

  /** Names of all VMs in the tree. */
  names(): string[] {
    return [...this.connection.inventory.allVms()].map(({ name }) => name);
  }

  /** Bare ids of a VM and of one of its snapshots, by their names. */
  find(vmName: string, snapshotName: string): { readonly vmId: string; readonly snapshotId: string } {
    const vm = this.named(vmName);
    const snapshot = allSnapshots(vm.snapshots).find(({ name }) => name === snapshotName);
    if (snapshot === undefined) {
      throw new Error(`${vmName} has no snapshot ${snapshotName}.`);
    }
    return { vmId: bareId(vm.id), snapshotId: bareId(snapshot.id) };
  }

  /** The snapshots of a VM, each with its children in brackets and the current one with a star. */
  draws(vmName: string): string {
    const { roots, currentId } = this.named(vmName).snapshots;
    const draw = (snapshots: readonly Snapshot[]): string =>
      snapshots
        .map(({ id, name, children }) => {
          const below = draw(children);
          return `${name}${id === currentId ? '*' : ''}${below === '' ? '' : ` (${below})`}`;
        })
        .join(', ');
    return draw(roots);
  }

  /** Reads everything again, as *Refresh* does. */
  readAgain(): void {
    this.connection.refresh();
  }

  /** Watches how many VMs the tree shows, from now on. */
  watchNames(): { fewest(): number; dispose(): void } {
    const { inventory } = this.connection;
    let fewest = inventory.vmCount;
    const subscription = inventory.onDidChange(() => {
      fewest = Math.min(fewest, inventory.vmCount);
    });
    return {
      fewest: () => fewest,
      dispose: () => {
        subscription.dispose();
      },
    };
  }

  /** Whether it has a session that it believes in. */
  get isConnected(): boolean {
    return this.connection.state.kind === 'live';
  }

  /** Whether it has given up because the server is not the one that is trusted. */
  get isRefusedForCertificate(): boolean {
    const { state } = this.connection;
    return state.kind === 'failed' && state.error.kind === 'certificate';
  }

  /** The VM as the tree shows it. */
  sees(vmId: string): SeenVm | undefined {
    const vm = this.connection.inventory.vm(`VirtualMachine:${vmId}` as ObjectId);
    if (vm === undefined) {
      return undefined;
    }
    const one = ({ id, name, children }: Snapshot): SeenSnapshot => ({
      id: bareId(id),
      name,
      children: children.map(one),
    });
    const current = findSnapshot(vm.snapshots, vm.snapshots.currentId);
    return {
      power: { on: 'poweredOn', off: 'poweredOff', suspended: 'suspended' }[vm.powerState],
      needsConsolidation: vm.needsConsolidation,
      currentId: current === undefined ? undefined : bareId(current.id),
      snapshots: vm.snapshots.roots.map(one),
    };
  }

  async close(): Promise<void> {
    await this.window.registry.shutDown();
  }

  private named(vmName: string): VirtualMachine {
    const vm = [...this.connection.inventory.allVms()].find(({ name }) => name === vmName);
    if (vm === undefined) {
      throw new Error(`The tree has no VM ${vmName}.`);
    }
    return vm;
  }

  /** *Check Now*, as often as somebody would press it who can see that the server is back. */
  private async checkUntilKnown(outcome: TrackedOperation): Promise<TrackedOperation> {
    let known = outcome;
    for (let attempts = 0; known.state === 'unknown' && attempts < 20; attempts++) {
      await this.connection.whenConnected().catch(() => this.reconnect());
      known = await this.runner.check(known.id).catch(() => this.history.get(known.id));
    }
    return known;
  }

  private told({ state, error }: TrackedOperation): Told {
    return { state, sentence: error?.say({ serverLabel: 'lab' }) };
  }
}

/** Of a managed object, without its type. */
function bareId(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

function operationOf({ deed, vmId, snapshotId, newName }: Announcement): Operation {
  const vm = `VirtualMachine:${vmId}` as ObjectId;
  const snapshot = `VirtualMachineSnapshot:${snapshotId ?? ''}` as SnapshotId;
  switch (deed) {
    case 'take':
    case 'takeMemory':
      return {
        kind: 'take',
        vmId: vm,
        name: newName ?? '',
        description: '',
        contents: deed === 'take' ? 'disks' : 'memory',
      };
    case 'edit':
      return { kind: 'edit', vmId: vm, snapshotId: snapshot, name: newName ?? '' };
    case 'restore':
    case 'delete':
    case 'deleteWithChildren':
      return { kind: deed, vmId: vm, snapshotId: snapshot };
    case 'restoreLatest':
    case 'deleteAll':
    case 'consolidate':
    case 'powerOn':
      return { kind: deed, vmId: vm };
  }
}
