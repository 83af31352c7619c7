import assert from 'node:assert/strict';

import { HypervisorError } from '../../src/hypervisor/errors';
import type { ServerId } from '../../src/hypervisor/model/ids';
import type { ServerConnection } from '../../src/servers/serverConnection';
import { vm } from './domainBuilders';
import { type ScriptedServers, Window } from './serverFixtures';

/** One window with one server, whose password `right` is stored. */
export interface ConnectionSetUp {
  readonly window: Window;
  readonly servers: ScriptedServers;
  readonly id: ServerId;
  readonly connection: ServerConnection;
  /** Every state that the connection has told of. */
  readonly states: string[];
}

export async function setUpConnection(window = new Window()): Promise<ConnectionSetUp> {
  const id = await window.add();
  const connection = window.registry.get(id);
  assert.ok(connection);
  const states: string[] = [];
  connection.onDidChangeState((state) => {
    states.push(state.kind === 'reconnecting' ? `reconnecting ${state.attempt} ${state.error.kind}` : state.kind);
  });
  return { window, servers: window.servers, id, connection, states };
}

/** The client that was opened last feeds a whole picture with these VMs. */
export function showPicture(servers: ScriptedServers, ...names: string[]): void {
  const sink = servers.last.inventorySink;
  assert.ok(sink);
  sink.begin();
  sink.put(names.map((name) => vm(name)));
  sink.complete();
}

export async function goLive(set: ConnectionSetUp, ...names: string[]): Promise<void> {
  await set.connection.connect({ interactive: true });
  showPicture(set.servers, ...names);
}

/** For `assert.rejects`: an error of the product with this kind. */
export const isKind =
  (kind: string) =>
  (error: unknown): boolean =>
    error instanceof HypervisorError && error.kind === kind;

export const vmNames = (connection: ServerConnection): string[] =>
  [...connection.inventory.allVms()].map(({ name }) => name);
