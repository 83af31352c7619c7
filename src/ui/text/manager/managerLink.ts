import type { HypervisorConnection } from '../../../hypervisor/connection';
import type { VirtualMachine } from '../../../hypervisor/model/inventory';
import type { ServerFacts } from '../serverFacts';

/** What a link to the snapshot manager names, in whichever words its author had. */
export interface ManagerLink {
  /** Name in the list, or address. */
  readonly server: string;
  /** Name, or identity as *Copy Object ID* gives it. */
  readonly vm: string;
}

// Longer ones were not written by anybody who wants to get somewhere.
const maxLength = 1_000;

// Where a value begins, and with it where the one before has ended.
const parameter = /(?:^|&)(server|vm)=/g;

/**
 * Reads `/manage?server=vc-paris&vm=SQL01`.
 *
 * @remarks The editor has decoded the query before anybody can see it, so that `&` in a name cannot be told from the one
 * between two values any more. A value therefore ends where the next one of the two begins.
 * @param query - without the question mark, decoded
 */
export function parseManagerLink(path: string, query: string): ManagerLink | undefined {
  if (path.replace(/\/$/, '') !== '/manage' || query.length > maxLength) {
    return undefined;
  }
  const found = [...query.matchAll(parameter)];
  const values = new Map(
    found.map((match, index) => [match[1], query.slice(match.index + match[0].length, found[index + 1]?.index).trim()]),
  );
  const server = values.get('server') ?? '';
  const vm = values.get('vm') ?? '';
  return server === '' || vm === '' || found.length > values.size ? undefined : { server, vm };
}

/** The server that a link names; undefined when it is not in the list. */
export function linkedServer(
  { server }: ManagerLink,
  all: readonly HypervisorConnection[],
  facts: (connection: HypervisorConnection) => ServerFacts | undefined,
): HypervisorConnection | undefined {
  const named = server.toLowerCase();
  return (
    all.find((connection) => facts(connection)?.address.toLowerCase() === named) ??
    all.find(({ label }) => label.toLowerCase() === named)
  );
}

/** The VMs that a link can mean: one by its identity, else all of its name. */
export function linkedVms({ vm: named }: ManagerLink, vms: Iterable<VirtualMachine>): VirtualMachine[] {
  const all = [...vms];
  const byId = all.filter(({ id }) => id === named);
  return byId.length > 0 ? byId : all.filter(({ name }) => name.toLowerCase() === named.toLowerCase());
}
