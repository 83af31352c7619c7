import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { bytesByDatastore } from '../state/diskChain';
import type { VmState } from '../state/vmState';
import type { Change, ManagedObject, Registry } from './registry';

// What a change of a VM means for the objects around it: its datastores' space, its snapshots, the lists that it is in.

type Ref = ManagedObjectReference;
type Vm = ManagedObject<'VirtualMachine'>;

/** Replaces the state of a VM. Space that its files gained or lost is booked on their datastores. */
export function setVm(registry: Registry, change: Change, vm: Vm, after: VmState): void {
  const before = vm.state;
  if (before === after) {
    return;
  }
  change.set(vm, after);
  bookSpace(registry, change, before, after);
  for (const { id } of before.snapshots) {
    const object = registry.find('VirtualMachineSnapshot', id);
    if (object !== undefined && !after.snapshots.some((snapshot) => snapshot.id === id)) {
      change.remove(object);
    }
  }
  addSnapshots(registry, change, vm);
}

/** Changes one VM in an update of its own. */
export function updateVm(registry: Registry, vm: Vm, mutate: (state: VmState) => VmState): void {
  registry.update((change) => {
    setVm(registry, change, vm, mutate(vm.state));
  });
}

function addSnapshots(registry: Registry, change: Change, vm: Vm): void {
  for (const { id } of vm.state.snapshots) {
    const state = { vm: vm.ref, vmState: vm.state };
    const object = registry.find('VirtualMachineSnapshot', id);
    if (object === undefined) {
      change.add('VirtualMachineSnapshot', id, state);
    } else {
      change.set(object, state);
    }
  }
}

function bookSpace(registry: Registry, change: Change, before: VmState | undefined, after: VmState | undefined): void {
  const old = before === undefined ? new Map<string, number>() : bytesByDatastore(before);
  const now = after === undefined ? new Map<string, number>() : bytesByDatastore(after);
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    gainSpace(registry, change, id, (now.get(id) ?? 0) - (old.get(id) ?? 0));
  }
}

function gainSpace(registry: Registry, change: Change, datastoreId: string, bytes: number): void {
  const datastore = registry.find('Datastore', datastoreId);
  if (datastore !== undefined && bytes !== 0) {
    change.set(datastore, { ...datastore.state, usedBytes: datastore.state.usedBytes + bytes });
  }
}

/** Calls `visit` with every list that a VM belongs into. */
function eachList(registry: Registry, vm: VmState, visit: (object: ManagedObject, list: string) => void): void {
  const visitRef = (ref: Ref | undefined, list: string): void => {
    const object = ref === undefined ? undefined : registry.resolve(ref);
    if (object !== undefined) {
      visit(object, list);
    }
  };
  visitRef(vm.parent, 'children');
  visitRef(vm.parentVApp ?? vm.resourcePool, 'vms');
  visitRef(vm.host, 'vms');
  const datastores = new Set([...vm.files.map((file) => file.datastore.value), vm.home.datastore.value]);
  for (const id of datastores) {
    visitRef(registry.find('Datastore', id)?.ref, 'vms');
  }
  for (const { network } of vm.config.nics) {
    visitRef(network, 'vms');
  }
}

function changeList(
  change: Change,
  object: ManagedObject,
  list: string,
  edit: (refs: readonly Ref[]) => readonly Ref[],
): void {
  const state = object.state as unknown as Readonly<Record<string, unknown>>;
  const refs = edit((state[list] ?? []) as readonly Ref[]);
  change.set(object, { ...state, [list]: refs });
}

function without(refs: readonly Ref[], ref: Ref): readonly Ref[] {
  return refs.filter((other) => other.value !== ref.value);
}

/** Adds VMs to the inventory and to every list that they belong into. Each list is written once. */
export function addVms(registry: Registry, change: Change, added: readonly (readonly [string, VmState])[]): Vm[] {
  const lists = new Map<ManagedObject, Map<string, Ref[]>>();
  const space = new Map<string, number>();
  const vms = added.map(([id, state]) => {
    const vm = change.add('VirtualMachine', id, state);
    eachList(registry, state, (object, list) => {
      const own = lists.get(object) ?? new Map<string, Ref[]>();
      lists.set(object, own);
      const refs = own.get(list) ?? [];
      own.set(list, refs);
      refs.push(vm.ref);
    });
    for (const [datastoreId, bytes] of bytesByDatastore(state)) {
      space.set(datastoreId, (space.get(datastoreId) ?? 0) + bytes);
    }
    addSnapshots(registry, change, vm);
    return vm;
  });
  for (const [object, own] of lists) {
    for (const [list, refs] of own) {
      changeList(change, object, list, (before) => [...before, ...refs]);
    }
  }
  for (const [id, bytes] of space) {
    gainSpace(registry, change, id, bytes);
  }
  return vms;
}

/**
 * Takes a VM out of the inventory.
 *
 * @param deletesFiles - false leaves its files, and the space that they take, on the datastores
 */
export function removeVm(registry: Registry, change: Change, vm: Vm, deletesFiles: boolean): void {
  eachList(registry, vm.state, (object, list) => {
    changeList(change, object, list, (refs) => without(refs, vm.ref));
  });
  for (const { id } of vm.state.snapshots) {
    const snapshot = registry.find('VirtualMachineSnapshot', id);
    if (snapshot !== undefined) {
      change.remove(snapshot);
    }
  }
  if (deletesFiles) {
    bookSpace(registry, change, vm.state, undefined);
  }
  change.remove(vm);
}

/** Puts a VM elsewhere: into another folder, pool or vApp, or on another host. */
export function relocateVm(
  registry: Registry,
  change: Change,
  vm: Vm,
  to: Partial<Pick<VmState, 'parent' | 'parentVApp' | 'resourcePool' | 'host' | 'isTemplate'>>,
): void {
  eachList(registry, vm.state, (object, list) => {
    changeList(change, object, list, (refs) => without(refs, vm.ref));
  });
  setVm(registry, change, vm, { ...vm.state, ...to });
  eachList(registry, vm.state, (object, list) => {
    changeList(change, object, list, (refs) => [...without(refs, vm.ref), vm.ref]);
  });
}
