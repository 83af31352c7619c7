import { once } from 'node:events';
import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { connect } from '../../src/vsphere/index';
import { Checksum } from '../checksum';
import { addVm } from './facts';
import { targetOf } from './target';

// The job by the product's own client, feed and store.
//   node ours.js URL USER PASSWORD SHA256

async function main(): Promise<void> {
  const { userName, password, ...reach } = targetOf(process.argv);
  const client = await connect({
    ...reach,
    transport: 'direct',
    isProxyConfigured: false,
    userName,
    getPassword: () => Promise.resolve(password),
  });
  const store = new InventoryStore();
  const stop = new AbortController();
  store.onDidChange(() => {
    if (store.isComplete) {
      stop.abort();
    }
  });
  const stopped = once(stop.signal, 'abort');
  const watching = client.watchInventory(store, stop.signal);
  await Promise.race([stopped, watching]);
  const checksum = new Checksum();
  for (const vm of store.allVms()) {
    addVm(checksum, vm);
  }
  await watching;
  await client.close();
  process.stdout.write(`${checksum.toString()}\n`);
}

void main();
