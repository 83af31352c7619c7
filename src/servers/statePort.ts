import type { Event } from '../common/event';

/** What JSON can say, and thus what is kept unchanged by any store of state. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/**
 * Keeps JSON under keys, for this product only, across windows and restarts. The editor's global state stands behind it.
 *
 * @remarks Several windows share what is kept. `get` may lag behind what another window has set; what this window has
 * set it sees at once. Holds no secrets.
 */
export interface StatePort {
  /** What was set last, or undefined. Untrusted: another version of the product may have written it. */
  get(key: string): unknown;
  /** Replaces the value; undefined removes it. */
  set(key: string, value: JsonValue | undefined): Promise<void>;
  /** Tells keys that another window has set, where the editor can tell. */
  readonly onDidChange?: Event<string>;
}
