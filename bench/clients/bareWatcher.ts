import * as https from 'node:https';
import { gunzipSync } from 'node:zlib';
import { inventoryPaths, viewTypes } from '../../src/vsphere/inventory/inventoryPaths';
import { ofView } from '../../src/vsphere/property/propertySpecs';
import { encodeRequest } from '../../src/vsphere/soap/envelope';
import { CreateFilter, WaitForUpdatesEx } from '../../src/vsphere/vim/property';
import { ManagedObjectReference, type MethodType } from '../../src/vsphere/vim/schema';
import { CreateContainerView, Login, Logout } from '../../src/vsphere/vim/service';
import type { Target } from './target';

const collector = new ManagedObjectReference('PropertyCollector', 'propertyCollector');
const sessionManager = new ManagedObjectReference('SessionManager', 'SessionManager');
const viewManager = new ManagedObjectReference('ViewManager', 'ViewManager');
const rootFolder = new ManagedObjectReference('Folder', 'group-d1');

interface Reply {
  readonly text: string;
  /** When its last byte was there. */
  readonly endMs: number;
}

/** Waits for what the product waits for, by the least that Node needs for it, and looks at the version alone. */
export class BareWatcher {
  private readonly agent = new https.Agent({ keepAlive: true });
  private cookie: string | undefined;
  private version = '';

  private constructor(private readonly target: Target) {}

  /** Signs in, and takes in everything that there is at the beginning. */
  static async open(target: Target): Promise<BareWatcher> {
    const watcher = new BareWatcher(target);
    const { userName, password } = target;
    await watcher.call(Login, sessionManager, { userName, password });
    const { text } = await watcher.call(CreateContainerView, viewManager, {
      container: rootFolder,
      type: viewTypes,
      recursive: true,
    });
    const view = new ManagedObjectReference('ContainerView', /<returnval[^>]*>([^<]*)</.exec(text)?.[1] ?? '');
    const spec = ofView(inventoryPaths, view, [rootFolder]);
    await watcher.call(CreateFilter, collector, { spec, partialUpdates: false });
    while (!(await watcher.next()).isComplete) {
      // More of the beginning.
    }
    return watcher;
  }

  /** Resolves with the time at which the last byte of the next news was there. */
  async wait(): Promise<number> {
    return (await this.next()).endMs;
  }

  async close(): Promise<void> {
    await this.call(Logout, sessionManager, {});
    this.agent.destroy();
  }

  private async next(): Promise<{ readonly isComplete: boolean; readonly endMs: number }> {
    const { text, endMs } = await this.call(WaitForUpdatesEx, collector, { version: this.version });
    this.version = /<version>([^<]*)</.exec(text)?.[1] ?? '';
    return { isComplete: !text.includes('<truncated>true<'), endMs };
  }

  private async call<A extends object>(method: MethodType<A>, on: ManagedObjectReference, args: A): Promise<Reply> {
    const { host, port } = this.target.address;
    const body = encodeRequest(method, on, args, 'bench');
    return await new Promise((resolve, reject) => {
      const request = https.request(
        {
          ...{ host, port, path: '/sdk', method: 'POST', agent: this.agent, rejectUnauthorized: false },
          headers: {
            'Content-Type': 'text/xml; charset="utf-8"',
            'Content-Length': Buffer.byteLength(body),
            'Accept-Encoding': 'gzip',
            SOAPAction: 'urn:vim25/8.0.3.0',
            ...(this.cookie !== undefined && { Cookie: this.cookie }),
          },
        },
        (response) => {
          this.cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? this.cookie;
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const endMs = performance.now();
            const bytes = Buffer.concat(chunks);
            const isPacked = response.headers['content-encoding'] === 'gzip';
            const text = (isPacked ? gunzipSync(bytes) : bytes).toString();
            if (response.statusCode === 200) {
              resolve({ text, endMs });
            } else {
              reject(new Error(`HTTP ${response.statusCode}: ${text.slice(0, 500)}`));
            }
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}
