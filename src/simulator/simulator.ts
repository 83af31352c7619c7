import { type Clock, systemClock } from '../common/clock';
import type { ManagedObjectReference } from '../vsphere/vim/schema';
import { type ApiVersion, newestVersion } from './apiVersion';
import type { RoleSpec } from './access/roles';
import { CallLog } from './control/callLog';
import { execute, type RestartOptions } from './control/controller';
import type { ControlCommand } from './control/controlSchema';
import { type ControlAddress, ControlServer } from './control/controlServer';
import { FaultRules } from './control/faultRules';
import { injectedFault } from './control/injectedFaults';
import { UpdateStorm } from './control/updateStorm';
import { defaultHistoryLength } from './history/history';
import { demoInstanceUuid, demoInventory } from './inventory/demoInventory';
import { generatedInventory, type GeneratedSpec } from './inventory/generatedInventory';
import { InventoryBuilder } from './inventory/inventoryBuilder';
import { type InventorySource, smallInventory } from './inventory/smallInventory';
import { findByPath } from './model/inventoryPaths';
import { isEntity, type ManagedObject } from './model/registry';
import { randomUuid, seededRandom } from './random/random';
import { Dispatcher } from './server/dispatcher';
import { HttpFrontEnd, type TlsIdentity } from './server/httpFrontEnd';
import { esxProfile, vcenterProfile } from './server/profile';
import { SoapEndpoint } from './server/soapEndpoint';
import { VimServer } from './server/vimServer';
import type { UserSpec } from './session/users';
import { SimulatorClock } from './simulatorClock';
import type { FaultValue } from './state/faultValues';
import { briskly } from './state/workDurations';
import type { TaskRequest } from './tasks/taskRunner';

export interface SimulatorOptions {
  /** What the server has: the hand-made demo, an inventory by its counts, or an own one. Default: one VM, `VM1`. */
  readonly inventory?: 'demo' | GeneratedSpec | InventorySource;
  /** A standalone ESXi instead of a vCenter. `restricted` is one whose licence forbids changes. */
  readonly esx?: boolean | 'restricted';
  /** Default: one administrator. */
  readonly users?: readonly UserSpec[];
  /** Roles beside those that every server has. */
  readonly roles?: readonly RoleSpec[];
  /** Newest version that the server speaks; default: the newest that there is. */
  readonly apiVersion?: ApiVersion;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** How many times faster than on nominal hardware tasks run; default: 1. */
  readonly speed?: number;
  /** `brisk` shortens what is long, so that nobody waits for minutes; default for the demo. Otherwise: `nominal`. */
  readonly pace?: 'nominal' | 'brisk';
  /** Makes ids and everything else that is random repeatable; default: 1. */
  readonly seed?: number;
  /** A loopback address; default: 127.0.0.1. */
  readonly listen?: string;
  /** Default: 0, any free one. */
  readonly port?: number;
  /** Unset: plain HTTP. */
  readonly tls?: TlsIdentity;
  /** Whether other processes may steer it, over HTTP with a token; default: no. */
  readonly control?: boolean;
  /** Default: 1800; 0 for never. */
  readonly sessionTimeoutSeconds?: number;
  /** Default: 2000, as on a vCenter. */
  readonly maxSessions?: number;
  /** Tasks, and events, that the server remembers; default: 10,000. */
  readonly historyLength?: number;
  /** Pages that the server makes by itself; default: none. */
  readonly maxObjectsPerPage?: number;
  /** Identity of a vCenter; default: made from the seed. */
  readonly instanceUuid?: string;
}

/** Accounts of a server that was not given any. They guard nothing. */
export const defaultUsers = {
  vcenter: { name: 'administrator@vsphere.local', password: 'VMware1!', permissions: [{ role: 'Admin' }] },
  esx: { name: 'root', password: 'VMware1!', permissions: [{ role: 'Admin' }] },
} as const satisfies Readonly<Record<string, UserSpec>>;

const loopback = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

/**
 * A vCenter Server or ESXi that exists in this process alone: speaks SOAP over HTTP on a loopback address, well enough for
 * any client of vSphere.
 */
export class Simulator {
  private constructor(
    readonly server: VimServer,
    /** What goes wrong, on request. */
    readonly rules: FaultRules,
    /** What was asked. */
    readonly log: CallLog,
    readonly clock: SimulatorClock,
    readonly frontEnd: HttpFrontEnd,
    /** Adds to the inventory. */
    readonly builder: InventoryBuilder,
    /** Ends in `/sdk`. */
    readonly url: string,
    readonly user: string,
    readonly password: string,
  ) {
    this.storm = new UpdateStorm(server);
  }

  /** Many changes a second, on request. */
  readonly storm: UpdateStorm;
  private controlServer: ControlServer | undefined;

  /** Where other processes steer it; unset unless asked for. */
  get control(): ControlAddress | undefined {
    return this.controlServer?.address;
  }

  /** SHA-256 of the certificate that new connections see, upper-case hex with colons; unset without TLS. */
  get sha256(): string | undefined {
    return this.frontEnd.certificateSha256;
  }

  /**
   * Steers it, the way other processes do.
   *
   * @throws Error in words when the command names something that is not there
   */
  execute(command: ControlCommand): unknown {
    return execute(this, command);
  }

  /**
   * Does what a restart of the service does. Resolves when it listens again, or at once when it stays down for a while.
   *
   * @remarks If somebody else has its port by then, it stays down until the next restart, and a warning of the process says so.
   * @throws Error when it is to listen again at once and cannot.
   */
  async restart({ downMs = 0, instanceUuid }: RestartOptions = {}): Promise<void> {
    await this.frontEnd.goDown();
    this.server.restart(instanceUuid);
    if (downMs === 0) {
      await this.frontEnd.comeUp();
    } else {
      this.server.later(downMs, () => {
        this.frontEnd.comeUp().catch((error: unknown) => {
          process.emitWarning(`The simulator stays down: ${error instanceof Error ? error.message : String(error)}`);
        });
      });
    }
  }

  /** @throws Error when the address is no loopback address or cannot be listened on, or the options contradict. */
  static async start(options: SimulatorOptions = {}): Promise<Simulator> {
    const address = options.listen ?? '127.0.0.1';
    if (!loopback.test(address)) {
      throw new Error(`The simulator serves loopback addresses only, not ${address}.`);
    }
    const clock = new SimulatorClock(options.clock ?? systemClock);
    const rules = new FaultRules();
    const log = new CallLog();
    const server = createServer(options, clock, rules);
    const builder = new InventoryBuilder(server);
    inventorySource(options.inventory)(builder);
    grantPermissions(server, usersOf(options));
    const dispatcher = new Dispatcher(server);
    const endpoint = new SoapEndpoint(server, dispatcher, rules, log, clock);
    const listen = { address, port: options.port ?? 0, tls: options.tls };
    const frontEnd = await HttpFrontEnd.start(listen, endpoint, dispatcher, server.profile.apiVersion, clock);
    const scheme = options.tls === undefined ? 'http' : 'https';
    const host = address.includes(':') ? `[${address}]` : address;
    const [user] = usersOf(options);
    const simulator = new Simulator(
      server,
      rules,
      log,
      clock,
      frontEnd,
      builder,
      `${scheme}://${host}:${frontEnd.port}/sdk`,
      user?.name ?? '',
      user?.password ?? '',
    );
    if (options.control === true) {
      simulator.controlServer = await ControlServer.start(simulator, address);
    }
    return simulator;
  }

  /** Ends all connections and everything that runs. */
  async stop(): Promise<void> {
    await this.controlServer?.stop();
    this.storm.dispose();
    await this.frontEnd.stop();
    this.server.dispose();
    this.clock.dispose();
  }
}

function inventorySource(inventory: SimulatorOptions['inventory']): InventorySource {
  if (inventory === undefined) {
    return smallInventory([{ name: 'VM1' }]);
  }
  if (inventory === 'demo') {
    return demoInventory;
  }
  return typeof inventory === 'function' ? inventory : generatedInventory(inventory);
}

function usersOf(options: SimulatorOptions): readonly UserSpec[] {
  const isEsx = options.esx !== undefined && options.esx !== false;
  return options.users ?? [isEsx ? defaultUsers.esx : defaultUsers.vcenter];
}

function createServer(options: SimulatorOptions, clock: SimulatorClock, rules: FaultRules): VimServer {
  const apiVersion = options.apiVersion ?? newestVersion;
  const random = seededRandom(options.seed ?? 1);
  const isEsx = options.esx !== undefined && options.esx !== false;
  const instanceUuid = options.instanceUuid ?? (options.inventory === 'demo' ? demoInstanceUuid : randomUuid(random));
  const server: VimServer = new VimServer({
    profile: isEsx ? esxProfile(apiVersion) : vcenterProfile(apiVersion, instanceUuid),
    clock,
    random,
    users: usersOf(options),
    roles: options.roles ?? [],
    speed: options.speed ?? 1,
    sessionTimeoutSeconds: options.sessionTimeoutSeconds ?? 1_800,
    maxSessions: options.maxSessions ?? 2_000,
    isRestricted: options.esx === 'restricted',
    historyLength: options.historyLength ?? defaultHistoryLength,
    maxObjectsPerPage: options.maxObjectsPerPage,
    injectedTaskFault: (request, task) => taskFaultOf(rules, server, request, task),
    ...((options.pace ?? (options.inventory === 'demo' ? 'brisk' : 'nominal')) === 'brisk' && { pace: briskly }),
  });
  return server;
}

function taskFaultOf(
  rules: FaultRules,
  server: VimServer,
  { method, entity, userName }: TaskRequest,
  task: ManagedObjectReference,
): FaultValue | undefined {
  const action = rules.forTask({
    method,
    objectType: entity.kind,
    objectId: entity.ref.value,
    objectName: entity.state.name,
    user: userName,
  });
  return action && injectedFault(action.type, action.fields ?? {}, { server, target: entity, method, task });
}

function grantPermissions({ registry, content, accessControl }: VimServer, users: readonly UserSpec[]): void {
  for (const user of users) {
    for (const { role, on, propagate } of user.permissions ?? []) {
      const known = accessControl.role(role);
      const entity: ManagedObject | undefined =
        on === undefined ? registry.resolve(content.rootFolder) : findByPath(registry, content.rootFolder, on);
      if (known === undefined || entity === undefined || !isEntity(entity)) {
        throw new Error(`${user.name} cannot be given the role ${role} on ${on ?? 'the root folder'}`);
      }
      accessControl.grant(entity, user.name, known.id, propagate ?? true);
    }
  }
}
