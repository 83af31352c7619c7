import { ManualClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { HypervisorError } from '../../src/hypervisor/errors';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { Operation } from '../../src/hypervisor/model/operation';
import type { Snapshot } from '../../src/hypervisor/model/snapshot';
import { OperationHistory } from '../../src/operations/operationHistory';
import { OperationRunner } from '../../src/operations/operationRunner';
import { OperationsService } from '../../src/operations/operationsService';
import { isCancelled } from '../../src/common/cancellation';
import type { ClientFactory } from '../../src/servers/clientFactory';
import type { ServerConnection } from '../../src/servers/serverConnection';
import { groundTruth, type SnapshotTruth, type VmTruth } from '../../src/simulator/control/groundTruth';
import { Simulator } from '../../src/simulator/simulator';
import { connect } from '../../src/vsphere/index';
import { MemoryState, WindowAround } from '../support/serverFixtures';

/** One vCenter and the window's connection to it. */
export interface Site {
  readonly simulator: Simulator;
  readonly connection: ServerConnection;
}

// Real time that the world gets to answer within, before the clock moves on.
const turnMs = 1;
const quietTurns = 3;
const arrivalAttempts = 200;

// What a server remembers fills in the first hour or two, and is then no longer what grows.
const historyLength = 100;

// Of the log of calls only the end can be about calls that are not over.
const recentCalls = 300;

/**
 * Several vCenters and one window of the editor, all on one clock that only moves when nobody has anything left to do.
 */
export class World {
  readonly clock = new ManualClock();
  readonly history = new OperationHistory();
  readonly sites: Site[] = [];
  private readonly window: WindowAround<{ readonly create: ClientFactory }, ManualClock>;
  private readonly service: OperationsService;
  private acts = 0;

  private constructor() {
    const { clock } = this;
    this.window = new WindowAround({ create: this.createClient() }, new MemoryState(), clock, 'soak');
    // A log of days would be all that grows.
    this.window.log.lines.push = () => 0;
    const runner = new OperationRunner(this.history, clock, nullLogger);
    this.service = new OperationsService(
      this.history,
      runner,
      () => ({ typeToConfirm: 'bulkAndProtected', backupNamePatterns: [], isProtected: () => false }),
      clock,
      nullLogger,
    );
  }

  static async create(servers: number, vmsEach: number, seed: number): Promise<World> {
    const world = new World();
    for (let index = 0; index < servers; index++) {
      const simulator = await Simulator.start({
        inventory: { vms: vmsEach, seed: seed + index },
        seed: seed + index,
        historyLength,
        clock: world.clock,
      });
      const { hostname, port } = new URL(simulator.url);
      const id = await world.window.add(
        { label: `vc-${index}`, host: hostname, port: Number(port), useTls: false, userName: simulator.user },
        simulator.password,
      );
      const connection = world.window.registry.get(id);
      if (connection === undefined) {
        throw new Error('The window does not know the server that was added.');
      }
      world.sites.push({ simulator, connection });
      world.run(() => connection.connect({ interactive: false }));
    }
    // Somebody looks at it the whole day.
    world.window.registry.setVisible(true);
    return world;
  }

  /** How much the person has under way. */
  get busy(): number {
    return this.acts;
  }

  /** Timers that are set, of the window and of the servers. */
  get timers(): number {
    return this.clock.pending;
  }

  /** The person asks for an operation and says yes to everything. */
  perform({ connection }: Site, operation: Operation): void {
    this.run(async () => {
      await this.service.perform(
        { connection, operation, safetySnapshotName: () => 'before restore' },
        {
          explainBlocked: () => Promise.resolve(undefined),
          askAboutBusy: () => Promise.resolve(undefined),
          confirm: () => Promise.resolve({ snapshotFirst: false }),
          explainChange: () => Promise.resolve('review'),
        },
      );
    });
  }

  /** The person disconnects, and connects again at once. */
  reconnect({ connection }: Site): void {
    this.run(async () => {
      await connection.disconnect();
      await connection.connect({ interactive: false });
    });
  }

  /** Lets time pass: in steps, and each only after everything that can happen at a moment has happened. */
  async pass(ms: number, stepMs: number): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      await this.calm();
      this.clock.advance(Math.min(stepMs, left));
    }
    await this.calm();
  }

  /** Until every server is connected and shows everything, and nothing runs any more. */
  async settle(): Promise<void> {
    const limitMs = 3_600_000;
    const stepMs = 5_000;
    for (let waited = 0; !this.isQuiet(); waited += stepMs) {
      if (waited > limitMs) {
        const states = this.sites.map(({ connection }) => connection.state.kind).join(', ');
        throw new Error(`It does not come to rest: ${states}; ${this.acts} acts; ${this.runningTasks()} tasks.`);
      }
      await this.pass(stepMs, stepMs);
    }
  }

  /**
   * What the tree shows otherwise than it is, while the clock stands still: what is on its way, through threads that unpack
   * replies for instance, gets the time to arrive.
   */
  async lastingDivergences(): Promise<string[]> {
    for (let attempts = 0; attempts < arrivalAttempts; attempts++) {
      if (this.divergences().length === 0) {
        return [];
      }
      await this.calm();
    }
    return this.divergences();
  }

  private divergences(): string[] {
    return this.sites.flatMap(({ simulator, connection }) => {
      const shown = new Map([...connection.inventory.allVms()].map((vm) => [bareId(vm.id), drawShown(vm)]));
      const { vms } = groundTruth(simulator.server);
      const wrong = vms.flatMap((vm) => {
        const drawn = shown.get(vm.id);
        shown.delete(vm.id);
        const truth = drawTruth(vm);
        return drawn === truth ? [] : [`${connection.label} ${vm.name}: ${drawn ?? 'not shown'} in place of ${truth}`];
      });
      return [...wrong, ...[...shown.keys()].map((id) => `${connection.label} ${id}: shown, but not there`)];
    });
  }

  async close(): Promise<void> {
    const closing = this.window.registry.shutDown();
    await closing;
    for (const { simulator } of this.sites) {
      await simulator.stop();
    }
  }

  private isQuiet(): boolean {
    return (
      this.acts === 0 &&
      this.runningTasks() === 0 &&
      this.sites.every(({ connection }) => connection.state.kind === 'live' && connection.inventory.isComplete)
    );
  }

  private runningTasks(): number {
    return this.sites.reduce(
      (sum, { simulator }) =>
        sum +
        [...simulator.server.registry.all('Task')].filter(({ state }) => state.completedAtMs === undefined).length,
      0,
    );
  }

  private async calm(): Promise<void> {
    for (let quiet = 0, last = -1; quiet < quietTurns;) {
      await new Promise((resolve) => setTimeout(resolve, turnMs));
      const calls = this.sites.reduce((sum, { simulator }) => sum + simulator.log.lastSequence, 0);
      const isQuiet = calls === last && this.sites.every(({ simulator }) => !hasPendingCall(simulator));
      last = calls;
      quiet = isQuiet ? quiet + 1 : 0;
    }
  }

  private run(act: () => Promise<unknown>): void {
    this.acts++;
    act()
      .catch((error: unknown) => {
        // The person was told; what counts is that nothing is left behind.
        if (!(error instanceof HypervisorError) && !isCancelled(error)) {
          throw error;
        }
      })
      .finally(() => {
        this.acts--;
      });
  }

  private createClient(): ClientFactory {
    return async ({ host, port, useTls, userName, trust, getPassword }, signal): Promise<HypervisorClient> =>
      await connect({
        address: { host, port, useTls },
        trust,
        transport: 'direct',
        isProxyConfigured: false,
        userName,
        getPassword,
        signal,
        clock: this.clock,
      });
  }
}

function hasPendingCall({ log }: Simulator): boolean {
  return log.all
    .slice(-recentCalls)
    .some(({ method, outcome }) => outcome === 'pending' && method !== 'WaitForUpdatesEx');
}

function bareId(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

function drawShown({ name, powerState, needsConsolidation, snapshots }: VirtualMachine): string {
  const draw = (list: readonly Snapshot[]): string =>
    list
      .map(
        ({ id, name: own, description, children }) =>
          `${bareId(id)} ${own}|${description}${id === snapshots.currentId ? '*' : ''}(${draw(children)})`,
      )
      .sort()
      .join(', ');
  return `${name} ${powerState} ${needsConsolidation} ${draw(snapshots.roots)}`;
}

function drawTruth({ name, power, consolidationNeeded, currentSnapshotId, snapshots }: VmTruth): string {
  const draw = (parentId: string | undefined): string =>
    snapshots
      .filter((snapshot: SnapshotTruth) => snapshot.parentId === parentId)
      .map(
        ({ id, name: own, description }) =>
          `${id} ${own}|${description}${id === currentSnapshotId ? '*' : ''}(${draw(id)})`,
      )
      .sort()
      .join(', ');
  const powers = { poweredOn: 'on', poweredOff: 'off', suspended: 'suspended' };
  return `${name} ${powers[power]} ${consolidationNeeded} ${draw(undefined)}`;
}
