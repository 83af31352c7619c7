import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { faultError, FaultError } from '../faultError';
import { isKind, type ManagedObject } from '../model/registry';
import type { Kind } from '../model/states';
import { type Call, sessionOf } from '../server/call';
import type { FreeSpace } from '../state/snapshotRules';
import { checkReachable } from '../state/snapshotRules';
import type { FaultValue } from '../state/faultValues';
import type { Stage } from '../tasks/taskRunner';

export type Vm = ManagedObject<'VirtualMachine'>;

/** Throws a fault if there is one. */
export function refuse(value: FaultValue | undefined): void {
  if (value !== undefined) {
    throw new FaultError(value);
  }
}

/**
 * Starts a task that has the VM to itself.
 *
 * @throws FaultError when the server cannot reach the VM or something else is running on it
 */
export function startOnVm<K extends Kind>(call: Call<K>, vm: Vm, begin: () => Stage): ManagedObjectReference {
  refuse(checkReachable(vm.state));
  return call.server.tasks.start({
    method: call.method.name,
    entity: vm,
    userName: sessionOf(call).userName,
    operationId: call.caller.operationId,
    locks: true,
    begin,
  });
}

/** The VM that a snapshot belongs to. */
export function vmOf(call: Call<'VirtualMachineSnapshot'>): Vm {
  const vm = call.server.registry.resolve(call.target.state.vm);
  if (vm === undefined || !isKind(vm, 'VirtualMachine')) {
    throw faultError('ManagedObjectNotFound', { obj: call.target.ref });
  }
  return vm;
}

/** Free space on datastores, as it is now. */
export function freeSpace(call: Call): FreeSpace {
  return (id) => {
    const datastore = call.server.registry.find('Datastore', id);
    return datastore === undefined
      ? undefined
      : { name: datastore.state.name, bytes: datastore.state.capacityBytes - datastore.state.usedBytes };
  };
}
