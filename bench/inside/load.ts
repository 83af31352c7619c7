import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { openClient, type Target } from '../clients/target';
import { BlockWatch } from './blockWatch';

export interface LoadFigures {
  readonly longestBlockMs: number;
  readonly longestBlockCpuMs: number;
  /** Of the VMs alone, as the domain has them. */
  readonly objectsBytesPerVm: number;
  /** Of the store with both views. */
  readonly viewsBytesPerVm: number;
  /** And of what the feed keeps for merging updates. */
  readonly storeBytesPerVm: number;
}

/** The longest time for which nobody else had a turn while the inventory came in, and what holding it costs. */
export async function load(target: Target): Promise<LoadFigures> {
  const client = await openClient(target);
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const store = new InventoryStore();
  const stop = new AbortController();
  const blocks = new BlockWatch();
  store.onDidChange(() => {
    if (store.isComplete && !stop.signal.aborted) {
      // Both views can be asked from now on; a tree asks for its top level first.
      store.children('folders', undefined);
      store.children('compute', undefined);
      setImmediate(() => {
        blocks.stop();
        // What the feed keeps for merging updates is a part of the price; it lets go of it when it ends.
        global.gc?.();
        heap = process.memoryUsage().heapUsed;
        stop.abort();
      });
    }
  });
  let heap = 0;
  blocks.start();
  await client.watchInventory(store, stop.signal);
  global.gc?.();
  const alone = process.memoryUsage().heapUsed;
  const vms = store.vmCount;
  const objects = [...store.allVms()];
  store.clear();
  global.gc?.();
  const bare = process.memoryUsage().heapUsed;
  await client.close();
  return {
    longestBlockMs: blocks.longestMs,
    longestBlockCpuMs: blocks.longestCpuMs,
    storeBytesPerVm: (heap - before) / vms,
    viewsBytesPerVm: (alone - before) / vms,
    objectsBytesPerVm: (bare - before) / objects.length,
  };
}
