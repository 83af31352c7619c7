import type { MethodType } from '../../vsphere/vim/schema';
import type { ApiVersion } from '../apiVersion';
import type { ManagedObject } from '../model/registry';
import type { Kind } from '../model/states';
import type { Viewer } from '../projection/viewer';
import type { Session } from '../session/session';
import type { VimServer } from './vimServer';

/** Where a request came from and how to answer it. */
export interface Caller {
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly operationId: string | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Makes the reply carry the session's cookie. */
  setCookie(value: string): void;
}

/** One call that has passed all checks. */
export interface Call<K extends Kind = Kind> {
  readonly server: VimServer;
  readonly method: MethodType;
  readonly target: ManagedObject<K>;
  readonly version: ApiVersion;
  readonly caller: Caller;
  /** Unset for calls that need no login. */
  readonly session: Session | undefined;
  /** How the caller sees the inventory, now. */
  viewer(): Viewer;
}

/** A method as it is served. */
export interface ServedMethod {
  readonly method: MethodType;
  readonly kinds: readonly Kind[];
  /** Needed on the target; unset where the handler finds out itself. */
  readonly privilege: string | undefined;
  /** Whether a standalone host has it. */
  readonly onEsx: boolean;
  handle(call: Call, args: object): unknown;
}

interface ServeOptions {
  readonly vcenterOnly?: boolean;
}

/** Joins a method of the schema with what it does. The compiler checks arguments and result against the schema. */
export function serve<K extends Kind, P extends object, R>(
  method: MethodType<P, R>,
  kinds: readonly K[],
  privilege: string | undefined,
  handle: (call: Call<K>, args: P) => R | Promise<R>,
  options: ServeOptions = {},
): ServedMethod {
  return {
    method,
    kinds,
    privilege,
    onEsx: options.vcenterOnly !== true,
    // The dispatcher has checked the target's kind and decoded the arguments by this very schema.
    handle: (call, args) => handle(call as Call<K>, args as P),
  };
}

/** The session of a call that cannot come without one. */
export function sessionOf(call: Call): Session {
  if (call.session === undefined) {
    throw new Error(`${call.method.name} without a session`);
  }
  return call.session;
}
