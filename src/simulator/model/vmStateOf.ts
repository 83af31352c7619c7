import type { VmState } from '../state/vmState';
import { isKind, type ManagedObject } from './registry';

/** The VM that an object is or, as a snapshot, belongs to; undefined for all other objects. */
export function vmStateOf(object: ManagedObject): VmState | undefined {
  if (isKind(object, 'VirtualMachine')) {
    return object.state;
  }
  return isKind(object, 'VirtualMachineSnapshot') ? object.state.vmState : undefined;
}
