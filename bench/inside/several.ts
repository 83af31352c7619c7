import timers from 'node:timers/promises';
import type { ControlAddress } from '../../src/simulator/control/controlServer';
import type { ServerConnection } from '../../src/servers/serverConnection';
import { isCancelled } from '../../src/common/cancellation';
import { HypervisorError } from '../../src/hypervisor/errors';
import { RealWindow } from '../../test/support/realServers';
import { median } from '../measure';
import { BlockWatch } from './blockWatch';
import { timeChanges, untilFilled } from './changes';

// Of each server.
const changes = 10;

// After an attempt to connect has failed.
const againMs = 500;

// By then a session with whoever flaps has been lost, or never will be.
const deadlineMs = 30_000;

const farAwayMs = Date.UTC(2100, 0);

/** A server that the window is to have. */
export interface Neighbour {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly sha256: string;
  /** Where it is changed; without, nothing is expected of it. */
  readonly control?: ControlAddress;
}

export interface SeveralFigures {
  /** Median over the servers: from the wish to connect to the complete inventory. */
  readonly loadMs: number;
  /** Median over all changes: from the order over HTTP to the event. */
  readonly changeToEventMs: number;
  readonly longestBlockMs: number;
  readonly longestBlockCpuMs: number;
  /** How often a session with one of whom nothing is expected was lost. */
  readonly losses: number;
}

/** Many servers in one window, by the product's own connections: what those that are well get to feel of the others. */
export async function several(): Promise<SeveralFigures> {
  const neighbours = JSON.parse(process.env['SERVERS'] ?? '') as readonly Neighbour[];
  const window = new RealWindow();
  const steady: { readonly connection: ServerConnection; readonly control: ControlAddress }[] = [];
  const others: ServerConnection[] = [];
  for (const { url, user, password, sha256, control } of neighbours) {
    const { hostname, port } = new URL(url);
    const facts = { label: port, host: hostname, port: Number(port), userName: user };
    const trust = { mode: 'pinned', sha256, subject: '', issuer: '', validFromMs: 0, validToMs: farAwayMs } as const;
    const id = await window.add({ ...facts, trust }, password);
    const connection = window.registry.get(id) as ServerConnection;
    if (control === undefined) {
      others.push(connection);
    } else {
      steady.push({ connection, control });
    }
  }
  let losses = 0;
  for (const connection of others) {
    let before = connection.state.kind;
    connection.onDidChangeState(({ kind }) => {
      losses += kind === 'reconnecting' && (before === 'live' || before === 'loading') ? 1 : 0;
      before = kind;
    });
    void connectAgainAndAgain(connection);
  }
  const blocks = new BlockWatch();
  blocks.start();
  const loads = await Promise.all(steady.map(({ connection }) => timeLoad(connection)));
  await Promise.all(steady.map(({ connection, control }) => untilFilled(control, connection.inventory)));
  const times: number[] = [];
  const untilMs = performance.now() + deadlineMs;
  do {
    for (const { connection, control } of steady) {
      times.push(...(await timeChanges(control, connection.inventory, changes)));
    }
    // Before that there was not much to feel of who flaps.
  } while (others.length > 0 && losses === 0 && performance.now() < untilMs);
  blocks.stop();
  return {
    loadMs: median(loads),
    changeToEventMs: median(times),
    longestBlockMs: blocks.longestMs,
    longestBlockCpuMs: blocks.longestCpuMs,
    losses,
  };
}

/** As somebody would who does not know what kind of server that is. Ends with the process at the latest. */
async function connectAgainAndAgain(connection: ServerConnection): Promise<void> {
  for (;;) {
    try {
      await connection.connect({ interactive: false });
      return;
    } catch (error) {
      // That they fail is what they are for.
      if (!(error instanceof HypervisorError || isCancelled(error))) {
        throw error;
      }
      await timers.setTimeout(againMs);
    }
  }
}

/** From the wish to connect to the complete inventory. */
async function timeLoad(connection: ServerConnection): Promise<number> {
  const startedMs = performance.now();
  const complete = new Promise<number>((resolve) => {
    const subscription = connection.inventory.onDidChange(() => {
      if (connection.inventory.isComplete) {
        subscription.dispose();
        resolve(performance.now());
      }
    });
  });
  await connection.connect({ interactive: false });
  return (await complete) - startedMs;
}
