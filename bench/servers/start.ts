import * as fs from 'node:fs';
import { connect } from 'node:tls';
import { ProcessGroup } from '../../test/support/processes';
import type { ControlAddress } from '../../src/simulator/control/controlServer';

/** What a server says of itself in its first line. */
interface Announcement {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly sha256: string;
  readonly control?: ControlAddress;
  /** What it has used until then. */
  readonly cpuMs?: number;
  readonly rssMb?: number;
}

/** A server that runs in a process of its own. */
export interface BenchServer extends Announcement {
  /** From the start of the process until it served. */
  readonly startMs: number;
  /** The most memory that it has had; undefined where the kernel does not say. */
  peakRssMb(): number | undefined;
  stop(): Promise<void>;
}

/** Starts a script that says where it is in its first line. */
export async function startServer(script: string, args: readonly string[]): Promise<BenchServer> {
  return await start(process.execPath, ['--max-old-space-size=3072', script, ...args]);
}

/** Starts VMware's simulator with the bench's VMs. */
export async function startVcsim(program: string, vms: number): Promise<BenchServer> {
  const server = await start(program, [String(vms)]);
  return { ...server, sha256: await fingerprint(new URL(server.url)) };
}

async function start(program: string, args: readonly string[]): Promise<BenchServer> {
  const startedMs = performance.now();
  const group = await ProcessGroup.start(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const announcement = JSON.parse(await firstLine(group, program)) as Announcement;
  return {
    ...announcement,
    startMs: performance.now() - startedMs,
    peakRssMb: () => peakRssMb(group.processId),
    stop: () => group.stop(),
  };
}

async function firstLine({ child, ended }: ProcessGroup, program: string): Promise<string> {
  let text = '';
  const line = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) {
        resolve(text.slice(0, text.indexOf('\n')));
      }
    });
  });
  const early = ended.then(({ code }): never => {
    throw new Error(`${program} ended with ${code} before it served`);
  });
  early.catch(() => undefined);
  return await Promise.race([line, early]);
}

function peakRssMb(processId: number): number | undefined {
  const file = `/proc/${processId}/status`;
  const kilobytes = fs.existsSync(file) ? /^VmHWM:\s*(\d+)/m.exec(fs.readFileSync(file, 'latin1'))?.[1] : undefined;
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
}

async function fingerprint({ hostname, port }: URL): Promise<string> {
  return await new Promise((resolve, reject) => {
    // Its certificate is to be read, not believed.
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.end(() => {
        resolve(fingerprint256);
      });
    });
    socket.once('error', reject);
  });
}
