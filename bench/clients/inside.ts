import * as fs from 'node:fs';
import * as https from 'node:https';
import { systemClock } from '../../src/common/clock';
import { nullLogger } from '../../src/common/logger';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { InventoryStore } from '../../src/hypervisor/inventory/inventoryStore';
import { connect } from '../../src/vsphere/index';
import { encodeRequest } from '../../src/vsphere/soap/envelope';
import { PooledTransport } from '../../src/vsphere/soap/pooledTransport';
import { defaultTransportLimits } from '../../src/vsphere/soap/transport';
import { SoapClient } from '../../src/vsphere/soapClient';
import { RetrieveServiceContent } from '../../src/vsphere/vim/service';
import { ManagedObjectReference } from '../../src/vsphere/vim/schema';
import { median } from '../measure';
import { type Target, targetOf } from './target';

// What can only be seen from inside of the process that holds the store. Prints one JSON object.
//   INSIDE=load|follow|call [CONTROL='{"url","token"}'] node --expose-gc inside.js URL USER PASSWORD SHA256

// Of the first thread, which is the one that runs JavaScript.
const ownSchedule = '/proc/self/schedstat';

const warmCalls = 300;
const changes = 30;

async function main(): Promise<void> {
  const target = targetOf(process.argv);
  const jobs: Readonly<Record<string, (target: Target) => Promise<object>>> = { load, follow, call };
  const result = await jobs[process.env['INSIDE'] ?? 'load']?.(target);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function open({ userName, password, ...reach }: Target): Promise<HypervisorClient> {
  return await connect({
    ...reach,
    transport: 'direct',
    isProxyConfigured: false,
    userName,
    getPassword: () => Promise.resolve(password),
  });
}

/** The longest time for which nobody else had a turn while the inventory came in, and what holding it costs. */
async function load(target: Target): Promise<object> {
  const client = await open(target);
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const store = new InventoryStore();
  const stop = new AbortController();
  const blocks = new BlockWatch();
  const startedMs = performance.now();
  let firstRowsMs: number | undefined;
  let usableMs = 0;
  store.onDidChange(() => {
    firstRowsMs ??= performance.now() - startedMs;
    if (store.isComplete && !stop.signal.aborted) {
      usableMs = performance.now() - startedMs;
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
    vms,
    firstRowsMs,
    usableMs,
    longestBlockMs: blocks.longestMs,
    longestBlockCpuMs: blocks.longestCpuMs,
    storeBytesPerVm: (heap - before) / vms,
    viewsBytesPerVm: (alone - before) / vms,
    objectsBytesPerVm: (bare - before) / objects.length,
  };
}

/**
 * Gaps in a timer that wants to come every millisecond: what another extension would notice. In processor time as
 * well: on a busy machine a gap is mostly the turn of other processes.
 */
class BlockWatch {
  longestMs = 0;
  longestCpuMs = 0;
  private lastMs = 0;
  private lastCpuMs = 0;
  private timer: NodeJS.Timeout | undefined;

  start(): void {
    this.lastMs = performance.now();
    this.lastCpuMs = cpuMs();
    this.timer = setInterval(() => {
      this.look();
    }, 1);
  }

  stop(): void {
    this.look();
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.lastMs);
    this.lastMs = now;
    const cpu = cpuMs();
    this.longestCpuMs = Math.max(this.longestCpuMs, cpu - this.lastCpuMs);
    this.lastCpuMs = cpu;
  }
}

/** Processor time of this thread where the kernel tells, else of the whole process. */
function cpuMs(): number {
  if (fs.existsSync(ownSchedule)) {
    return Number(fs.readFileSync(ownSchedule, 'latin1').split(' ')[0]) / 1e6;
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** From the order to change a VM, given to the server over HTTP, to the event of the store. */
async function follow(target: Target): Promise<object> {
  const control = JSON.parse(process.env['CONTROL'] ?? '') as { readonly url: string; readonly token: string };
  const client = await open(target);
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
  const vms = [...store.allVms()].filter(({ snapshots }) => snapshots.roots.length === 0);
  const times: number[] = [];
  for (let i = 0; i <= changes; i++) {
    const vm = vms[i * Math.floor(vms.length / (changes + 1))];
    if (vm === undefined) {
      throw new Error('too few VMs');
    }
    const told = new Promise<number>((resolve) => {
      const subscription = store.onDidChange(({ objects }) => {
        if (objects.has(vm.id)) {
          subscription.dispose();
          resolve(performance.now());
        }
      });
    });
    const startedMs = performance.now();
    const power = vm.powerState === 'on' ? 'suspended' : 'poweredOn';
    const moid = vm.id.slice(vm.id.indexOf(':') + 1);
    await command(control, { command: 'changeVm', vm: moid, change: { power } });
    // The first waits until the server has told its initial set once more.
    times.push((await told) - startedMs);
  }
  stop.abort();
  await watching;
  await client.close();
  return { vms: store.vmCount, changeToEventMs: median(times.slice(1)), firstMs: times[0] };
}

async function command(control: { readonly url: string; readonly token: string }, body: object): Promise<void> {
  const response = await fetch(control.url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${control.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`control: HTTP ${response.status} ${await response.text()}`);
  }
}

/** A small call when everything is warm, beside the least that Node needs for the same bytes. */
async function call({ address, trust }: Target): Promise<object> {
  const transport = new PooledTransport({
    endpoint: address,
    trust,
    clock: systemClock,
    limits: defaultTransportLimits,
  });
  const client = new SoapClient(transport, address, nullLogger, () => Date.now(), '8.0.3.0');
  const service = new ManagedObjectReference('ServiceInstance', 'ServiceInstance');
  const agent = new https.Agent({ keepAlive: true });
  const body = encodeRequest(RetrieveServiceContent, service, {}, 'bench');
  const bare = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = https.request(
        {
          host: address.host,
          port: address.port,
          path: '/sdk',
          method: 'POST',
          agent,
          rejectUnauthorized: false,
          headers: {
            'Content-Type': 'text/xml; charset="utf-8"',
            SOAPAction: 'urn:vim25/8.0.3.0',
            'Content-Length': Buffer.byteLength(body),
          },
        },
        (response) => {
          response.on('data', () => undefined);
          response.on('end', resolve);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < warmCalls * 2; i++) {
    // Side by side, so that both see the same machine.
    const a = performance.now();
    await client.call(RetrieveServiceContent, service, {});
    const b = performance.now();
    await bare();
    const c = performance.now();
    if (i >= warmCalls) {
      ours.push(b - a);
      theirs.push(c - b);
    }
  }
  transport.dispose();
  agent.destroy();
  return { oursMs: median(ours), bareMs: median(theirs) };
}

void main();
