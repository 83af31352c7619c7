import type { ControlAddress } from '../../src/simulator/control/controlServer';
import type { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import type { ObjectId } from '../../src/hypervisor/model/ids';
import { changePower, moidOf, otherPower } from './control';

/**
 * Changes VMs on a server, one after the other, and waits for the store to tell each.
 *
 * @param count - how many VMs, spread over the inventory
 * @returns the time of each, from the order over HTTP to the event
 */
export async function timeChanges(control: ControlAddress, store: InventoryStore, count: number): Promise<number[]> {
  const times: number[] = [];
  for (const id of spread(store, count)) {
    times.push(await timeChange(control, store, id));
  }
  return times;
}

/**
 * Waits until a server has told the beginning of its filter, which is everything once more. What has changed comes
 * behind it, unless it belongs to a VM that has not been told yet: then it comes with that. So the second change of one
 * VM is told when nothing else is left.
 */
export async function untilFilled(control: ControlAddress, store: InventoryStore): Promise<void> {
  const [id] = spread(store, 1);
  if (id !== undefined) {
    await timeChange(control, store, id);
    await timeChange(control, store, id);
  }
}

async function timeChange(control: ControlAddress, store: InventoryStore, id: ObjectId): Promise<number> {
  const vm = store.vm(id);
  if (vm === undefined) {
    throw new Error(`${id} is gone`);
  }
  const told = new Promise<number>((resolve) => {
    const subscription = store.onDidChange(({ objects }) => {
      if (objects.has(id)) {
        subscription.dispose();
        resolve(performance.now());
      }
    });
  });
  const startedMs = performance.now();
  await changePower(control, moidOf(vm), otherPower(vm));
  return (await told) - startedMs;
}

/** Ids of so many VMs from all over the inventory. */
export function spread(store: InventoryStore, count: number): readonly ObjectId[] {
  const ids = Array.from(store.allVms(), ({ id }) => id);
  const step = Math.floor(ids.length / count);
  return ids.filter((_, index) => index % step === 0).slice(0, count);
}
