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

/**
 * Reads `/manage?server=vc-paris&vm=SQL01`.
 *
 * @param query - as in the address, without the question mark and decoded by nobody yet
 */
export function parseManagerLink(path: string, query: string): ManagerLink | undefined {
  if (path.replace(/\/$/, '') !== '/manage' || query.length > maxLength) {
    return undefined;
  }
  const values = new Map<string, string>();
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    const value = decode(pair.slice(at + 1));
    if (at > 0 && value !== undefined) {
      values.set(pair.slice(0, at), value);
    }
  }
  const server = values.get('server') ?? '';
  const vm = values.get('vm') ?? '';
  return server === '' || vm === '' ? undefined : { server, vm };
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

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // A lone percent sign is no encoding.
    return undefined;
  }
}
