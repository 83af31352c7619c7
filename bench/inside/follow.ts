import type { ControlAddress } from '../../src/simulator/control/controlServer';
import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { BareWatcher } from '../clients/bareWatcher';
import { openClient, type Target } from '../clients/target';
import { median } from '../measure';
import { timeChanges, untilFilled, spread } from './changes';
import { changePower, moidOf, otherPower, type Power } from './control';

const changes = 60;

export interface FollowFigures {
  /** From the order to change a VM, given to the server over HTTP, to the event of the store. */
  readonly oursMs: number;
  /** From such an order to the last byte of the reply that tells it to a client which does nothing else. */
  readonly bareMs: number;
  /** From the complete inventory until the filter has told everything once more. */
  readonly fillingMs: number;
}

/** What of the way of a change is the server's and the network's, and what is ours. One client after the other. */
export async function follow(target: Target): Promise<FollowFigures> {
  const control = JSON.parse(process.env['CONTROL'] ?? '') as ControlAddress;
  const client = await openClient(target);
  const store = new InventoryStore();
  const stop = new AbortController();
  const watching = client.watchInventory(store, stop.signal);
  await new Promise<void>((resolve) => {
    store.onDidChange(() => {
      if (store.isComplete) {
        resolve();
      }
    });
  });
  const startedMs = performance.now();
  await untilFilled(control, store);
  const fillingMs = performance.now() - startedMs;
  const ours = await timeChanges(control, store, changes);
  const next = spread(store, changes).map((id): [string, Power] => {
    const vm = store.vm(id);
    if (vm === undefined) {
      throw new Error(`${id} is gone`);
    }
    return [moidOf(vm), otherPower(vm)];
  });
  stop.abort();
  await watching;
  await client.close();
  const bare = await timeBareChanges(target, control, next);
  return { oursMs: median(ours), bareMs: median(bare), fillingMs };
}

async function timeBareChanges(
  target: Target,
  control: ControlAddress,
  next: readonly (readonly [string, Power])[],
): Promise<number[]> {
  const watcher = await BareWatcher.open(target);
  try {
    const times: number[] = [];
    for (const [moid, power] of next) {
      const told = watcher.wait();
      const startedMs = performance.now();
      await changePower(control, moid, power);
      times.push((await told) - startedMs);
    }
    return times;
  } finally {
    await watcher.close();
  }
}
