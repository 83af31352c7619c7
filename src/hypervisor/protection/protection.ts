import type { HypervisorConnection } from '../connection';
import type { Container, InventoryObject, Layout } from '../model/inventory';
import type { ObjectId, ServerId } from '../model/ids';
import type { ProtectedPaths } from './protectedPaths';

/** Why something is protected: what loses data on it takes a typed confirmation. */
export type Protection =
  /** The person has marked this very object. */
  | { readonly kind: 'marked' }
  /** The person has marked the server. */
  | { readonly kind: 'server' }
  /** The person has marked something that it lies in. */
  | { readonly kind: 'container'; readonly container: Container }
  /** A pattern of the settings names it, or something that it lies in. */
  | { readonly kind: 'setting'; readonly pattern: string };

/** What the person has marked, and named in the settings. */
export interface ProtectionRules {
  /** Whether the person has marked this object itself. */
  isMarked(serverId: ServerId, objectId: ObjectId): boolean;
  readonly paths: ProtectedPaths;
}

const layouts: readonly Layout[] = ['folders', 'compute'];

/**
 * Why an object is protected, the nearest reason; undefined when it is not.
 *
 * @remarks Both layouts count: a VM is in its folder and in its cluster, whichever is on the screen. An object that is
 * not known, as the inventory has not been read yet, is judged by its server and its own mark.
 * @param objectId - undefined for the server itself
 */
export function protectionOf(
  connection: HypervisorConnection,
  objectId: ObjectId | undefined,
  rules: ProtectionRules,
): Protection | undefined {
  if (objectId === undefined) {
    const pattern = rules.paths([connection.label]);
    return connection.isProtected ? { kind: 'marked' } : fromSetting(pattern);
  }
  if (rules.isMarked(connection.id, objectId)) {
    return { kind: 'marked' };
  }
  const chains = layouts.map((layout) => ancestors(connection, layout, objectId));
  const marked = chains.flat().find((container) => rules.isMarked(connection.id, container.id));
  if (marked !== undefined) {
    return { kind: 'container', container: marked };
  }
  if (connection.isProtected) {
    return { kind: 'server' };
  }
  const own = connection.inventory.get(objectId);
  return fromSetting(
    chains.map((chain) => rules.paths(pathOf(connection, chain, own))).find((pattern) => pattern !== undefined),
  );
}

function fromSetting(pattern: string | undefined): Protection | undefined {
  return pattern === undefined ? undefined : { kind: 'setting', pattern };
}

/** What an object lies in, from its parent up. */
function ancestors({ inventory }: HypervisorConnection, layout: Layout, objectId: ObjectId): Container[] {
  const found: Container[] = [];
  const seen = new Set<ObjectId>([objectId]);
  for (
    let at = inventory.parent(layout, objectId);
    // A server that nests in a circle does not get to hang us.
    at !== undefined && !seen.has(at);
    at = inventory.parent(layout, at)
  ) {
    seen.add(at);
    const object = inventory.get(at);
    if (object !== undefined && object.kind !== 'vm') {
      found.push(object);
    }
  }
  return found;
}

function pathOf(
  { label }: HypervisorConnection,
  chain: readonly Container[],
  own: InventoryObject | undefined,
): string[] {
  return [label, ...chain.map(({ name }) => name).reverse(), ...(own === undefined ? [] : [own.name])];
}
