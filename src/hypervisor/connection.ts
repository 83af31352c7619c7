import type { Event } from '../common/event';
import type { HypervisorClient } from './client';
import type { HypervisorError } from './errors';
import type { InventoryStore } from './inventory/inventoryStore';
import type { RunningTasks } from './inventory/runningTasks';
import type { ServerId } from './model/ids';

/** Where a connection stands. What was read stays readable in every state; only `live` is up to date. */
export type ConnectionState =
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'connecting' }
  /** Signed in; the first picture of the inventory is still coming in. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'live' }
  /** The connection broke; what is shown was true at `sinceMs`. */
  | {
      readonly kind: 'reconnecting';
      readonly sinceMs: number;
      readonly attempt: number;
      readonly error: HypervisorError;
    }
  /** Given up until the person does something. */
  | { readonly kind: 'failed'; readonly sinceMs: number; readonly error: HypervisorError };

/**
 * A server that the person added, as operations and views see it. It outlives the clients through which it talks.
 */
export interface HypervisorConnection {
  readonly id: ServerId;
  /** The name that the person gave it, fit to be shown. */
  readonly label: string;
  /** The account as the person typed it. */
  readonly userName: string;
  readonly state: ConnectionState;
  readonly onDidChangeState: Event<ConnectionState>;
  /** Writes are refused for such a server, whoever asks. */
  readonly isReadOnly: boolean;
  /** Restores and deletes on everything of this server ask for a typed confirmation. */
  readonly isProtected: boolean;
  readonly inventory: InventoryStore;
  readonly runningTasks: RunningTasks;
  /** The client of the present session. @throws {@link HypervisorError} of kind `notConnected` when there is none. */
  client(): HypervisorClient;
  /**
   * The client once there is one. Rejects with kind `notConnected` when the connection is given up, and with
   * CancelledError when `signal` is aborted.
   */
  whenConnected(signal?: AbortSignal): Promise<HypervisorClient>;
  /** Keeps the session alive while held, even with every view hidden. For operations that are under way. */
  hold(): { dispose(): void };
}
