import { smallest } from '../../common/sorted';
import { compareNatural, oneLine } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { VirtualMachine } from '../../hypervisor/model/inventory';

/** A VM with what tells it from others, ready to be searched. */
export interface FindableVm {
  /** Unique over all servers. */
  readonly id: string;
  readonly connection: HypervisorConnection;
  readonly vm: VirtualMachine;
  /** `vc-paris / DC1 / Prod` */
  readonly where: string;
}

/** The VMs of a server, as far as they have been read. */
export function findableVms(connection: HypervisorConnection, accepts: (vm: VirtualMachine) => boolean): FindableVm[] {
  const { inventory } = connection;
  // Thousands of VMs share few folders.
  const paths = new Map<string | null | undefined, string>();
  const found: FindableVm[] = [];
  for (const vm of inventory.allVms()) {
    if (!accepts(vm)) {
      continue;
    }
    const parent = vm.placement.folders;
    let where = paths.get(parent);
    if (where === undefined) {
      where = [connection.label, ...inventory.path('folders', vm.id)].map((name) => oneLine(name)).join(' / ');
      paths.set(parent, where);
    }
    found.push({ id: findableId(connection, vm), connection, vm, where });
  }
  return found;
}

export function findableId(connection: HypervisorConnection, vm: Pick<VirtualMachine, 'id'>): string {
  return `${connection.id}/${vm.id}`;
}

/**
 * The VMs that match what was typed or pasted, best first: every word has to stand in the name or in the place. Equal
 * matches keep the order of natural sorting by name.
 *
 * @param preferred - identities of VMs that come first while nothing is typed, in this order
 * @param limit - how many are wanted at most
 */
export function searchVms(
  vms: readonly FindableVm[],
  typed: string,
  preferred: readonly string[],
  limit: number,
): FindableVm[] {
  const words = fold(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) {
    const first = new Map(preferred.map((id, index) => [id, index]));
    const rank = ({ id }: FindableVm): number => first.get(id) ?? preferred.length;
    return smallest(vms, limit, (a, b) => rank(a) - rank(b) || compareVms(a, b));
  }
  const whole = words.join(' ');
  const places = new Map<string, string>();
  const matches: { readonly vm: FindableVm; readonly score: number }[] = [];
  for (const vm of vms) {
    let place = places.get(vm.where);
    if (place === undefined) {
      place = fold(vm.where);
      places.set(vm.where, place);
    }
    const score = scoreOf(fold(vm.vm.name), place, words, whole);
    if (score !== undefined) {
      matches.push({ vm, score });
    }
  }
  return smallest(matches, limit, (a, b) => a.score - b.score || compareVms(a.vm, b.vm)).map(({ vm }) => vm);
}

/** The lower, the better; undefined when it does not match. */
function scoreOf(name: string, where: string, words: readonly string[], whole: string): number | undefined {
  if (!words.every((word) => name.includes(word) || where.includes(word))) {
    return undefined;
  }
  if (name === whole) {
    return 0;
  }
  if (name.startsWith(whole)) {
    return 1;
  }
  if (name.includes(whole)) {
    return 2;
  }
  return words.some((word) => name.includes(word)) ? 3 : 4;
}

function compareVms(a: FindableVm, b: FindableVm): number {
  return compareNatural(a.vm.name, b.vm.name) || compareNatural(a.where, b.where) || (a.id < b.id ? -1 : 1);
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
