import { accountKey } from '../access/accountName';
import type { InventoryBuilder } from '../inventory/inventoryBuilder';
import type { HttpFrontEnd } from '../server/httpFrontEnd';
import type { VimServer } from '../server/vimServer';
import type { SimulatorClock } from '../simulatorClock';
import type { CallLog } from './callLog';
import type { ControlCommand } from './controlSchema';
import type { FaultRule, FaultRules } from './faultRules';
import { startTaskCommand } from './foreignTasks';
import { groundTruth } from './groundTruth';
import { vmNamed } from './namedObjects';
import {
  addVmCommand,
  changeHostCommand,
  changeVmCommand,
  grantCommand,
  leaveDisksCommand,
  migrateVmCommand,
  moveVmCommand,
  removeSnapshotCommand,
  removeVmCommand,
  renameSnapshotCommand,
  revertCommand,
  setFreeSpaceCommand,
  takeSnapshotCommand,
} from './mutations';
import type { StormSpec, UpdateStorm } from './updateStorm';

/** The parts of a simulator that can be controlled. */
export interface Controlled {
  readonly server: VimServer;
  readonly rules: FaultRules;
  readonly log: CallLog;
  readonly clock: SimulatorClock;
  readonly frontEnd: HttpFrontEnd;
  readonly builder: InventoryBuilder;
  readonly storm: UpdateStorm;
  restart(how?: RestartOptions): Promise<void>;
}

/** How a server comes back. */
export interface RestartOptions {
  /** For how long nothing listens; default: no time at all. */
  readonly downMs?: number | undefined;
  /** Comes back as another installation; default: as the same. */
  readonly instanceUuid?: string | undefined;
}

type Name = ControlCommand['command'];
type CommandOf<N extends Name> = Extract<ControlCommand, { readonly command: N }>;

const handlers: { readonly [N in Name]: (simulator: Controlled, command: CommandOf<N>) => unknown } = {
  // What the schema leaves undefined, a rule takes as left out.
  addRule: ({ rules }, { rule }) => ({ id: rules.add(rule as FaultRule) }),
  removeRule: ({ rules }, { id }) => ({ removed: rules.remove(id) }),
  clearRules: ({ rules }) => {
    rules.clear();
  },
  listRules: ({ rules }) => rules.rules,
  seedRules: ({ rules }, { seed }) => {
    rules.seed(seed);
  },
  readLog: ({ log }, { since }) => log.since(since ?? 0),
  clearLog: ({ log }) => {
    log.clear();
  },
  readState: ({ server }) => groundTruth(server),
  advanceClock: ({ clock }, { ms }) => {
    clock.advance(ms);
    return { nowMs: clock.now() };
  },
  freezeClock: ({ clock }) => {
    clock.freeze();
    return { nowMs: clock.now() };
  },
  resumeClock: ({ clock }) => {
    clock.resume();
    return { nowMs: clock.now() };
  },
  setSpeed: ({ server }, { speed }) => {
    server.tasks.speed = speed;
  },
  addVm: ({ builder }, command) => ({ id: addVmCommand(builder, command) }),
  removeVm: ({ server }, command) => {
    removeVmCommand(server, command);
  },
  changeVm: ({ server }, command) => {
    changeVmCommand(server, command);
  },
  moveVm: ({ server }, command) => {
    moveVmCommand(server, command);
  },
  migrateVm: ({ server }, command) => {
    migrateVmCommand(server, command);
  },
  takeSnapshot: ({ server }, command) => ({ id: takeSnapshotCommand(server, command) }),
  renameSnapshot: ({ server }, command) => {
    renameSnapshotCommand(server, command);
  },
  revertToSnapshot: ({ server }, command) => {
    revertCommand(server, command);
  },
  removeSnapshot: ({ server }, command) => {
    removeSnapshotCommand(server, command);
  },
  leaveDisks: ({ server }, command) => {
    leaveDisksCommand(server, command);
  },
  setFreeSpace: ({ server }, command) => {
    setFreeSpaceCommand(server, command);
  },
  changeHost: ({ server }, command) => {
    changeHostCommand(server, command);
  },
  startTask: ({ server }, command) => ({ id: startTaskCommand(server, command) }),
  forgetTasks: ({ server }, { vm }) => {
    server.tasks.forgetEnded(vmNamed(server, vm).ref);
  },
  startStorm: ({ storm }, spec) => {
    // What the schema leaves undefined, a storm takes as left out.
    storm.start(spec as StormSpec);
  },
  stopStorm: ({ storm }) => {
    storm.dispose();
    return { updates: storm.updates };
  },
  restart: (simulator, how) => simulator.restart(how),
  expireSessions: ({ server }, { user }) => ({ closed: expireSessions(server, user) }),
  setSessionTimeout: ({ server }, { seconds }) => {
    server.sessionStore.idleTimeoutSeconds = seconds;
  },
  addUser: ({ server }, { name, password, passwordExpired }) => {
    server.users.add({ name, password, ...(passwordExpired !== undefined && { passwordExpired }) });
  },
  grant: ({ server }, command) => {
    grantCommand(server, command);
  },
  dropConnections: ({ frontEnd }) => {
    frontEnd.dropConnections();
  },
  replaceCertificate: ({ frontEnd }, { key, cert }) => {
    frontEnd.replaceCertificate({ key, cert });
  },
};

/**
 * Carries out one command.
 *
 * @returns what the command gives back as JSON, null for nothing; a promise of it for what takes time
 * @throws Error in words when it names something that is not there
 */
export function execute(simulator: Controlled, command: ControlCommand): unknown {
  const handler = handlers[command.command] as (simulator: Controlled, command: ControlCommand) => unknown;
  return handler(simulator, command) ?? null;
}

/** Ends sessions as idleness does; gives how many. */
function expireSessions(server: VimServer, user: string | undefined): number {
  const sessions = server.sessionStore.all.filter(
    (session) => user === undefined || accountKey(session.userName) === accountKey(user),
  );
  for (const session of sessions) {
    server.sessionStore.close(session);
  }
  return sessions.length;
}
