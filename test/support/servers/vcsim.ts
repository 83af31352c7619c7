import { within } from '../eventually';
import { ProcessGroup } from '../processes';

/** How VMware's simulator is started. */
export interface VcsimOptions {
  /** A standalone ESXi instead of a vCenter. */
  readonly esx?: boolean;
  /** VMs in each resource pool; 2 when left out. */
  readonly vmsPerPool?: number;
  /** A loopback address; 127.0.0.1 when left out. */
  readonly listen?: string;
  /** How long tasks take, by their names (`CreateSnapshotEx`), in milliseconds; no time at all when left out. */
  readonly taskDelaysMs?: Readonly<Record<string, number>>;
  /** Of the only account. */
  readonly password?: string;
  /** HTTPS with a certificate that nobody knows; plain HTTP when left out. */
  readonly tls?: boolean;
}

// It answers within a second; the race detector of a busy machine may not.
const startDeadlineMs = 30_000;

/**
 * A process of VMware's vCenter simulator on a free loopback port.
 *
 * @remarks Start a fresh one for every test that changes something: it dies of some sequences that a server survives
 * (removing a snapshot with its children while the current one is below it, then taking another), and loses updates when
 * a wait for them is broken off.
 */
export class Vcsim {
  private constructor(
    /** Ends in `/sdk`. */
    readonly url: string,
    readonly user: string,
    readonly password: string,
    private readonly process: ProcessGroup,
  ) {}

  /** @param program - path of vcsim */
  static async start(program: string, options: VcsimOptions = {}): Promise<Vcsim> {
    const user = 'administrator@vsphere.local';
    const password = options.password ?? 'pass';
    const delays = Object.entries(options.taskDelaysMs ?? {}).map(([name, ms]) => `${name}:${ms}`);
    const group = await ProcessGroup.start(program, [
      ...['-l', `${options.listen ?? '127.0.0.1'}:0`, '-username', user, '-password', password],
      `-tls=${options.tls === true}`,
      `-esx=${options.esx === true}`,
      ...['-vm', `${options.vmsPerPool ?? 2}`],
      // Otherwise nothing of a VM can be read while a task on it takes its time.
      ...(delays.length === 0 ? [] : ['-method-delay', [...delays, 'LockHandoff:0'].join(',')]),
    ]);
    try {
      const url = await within('vcsim to say its address', startDeadlineMs, readAddress(group));
      return new Vcsim(url, user, password, group);
    } catch (error) {
      await group.stop();
      throw error;
    }
  }

  /** Whether it still runs; it ends by itself when it has met a nil pointer. */
  get isRunning(): boolean {
    return this.process.outcome === undefined;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

/** VMware's own program prints `export GOVC_URL=…`, the one built here a line of JSON; the address looks alike. */
async function readAddress(group: ProcessGroup): Promise<string> {
  let text = '';
  const { stdout, stderr } = group.child;
  stderr?.resume();
  if (stdout === null) {
    throw new Error('vcsim was started without a standard output.');
  }
  stdout.setEncoding('utf8');
  for await (const part of stdout.iterator({ destroyOnReturn: false })) {
    text += part as string;
    const url = /https?:\/\/[^\s"]+\/sdk/.exec(text)?.[0];
    if (url !== undefined) {
      stdout.resume();
      const address = new URL(url);
      return `${address.protocol}//${address.host}/sdk`;
    }
  }
  throw new Error(`vcsim ended without an address: ${text}`);
}
