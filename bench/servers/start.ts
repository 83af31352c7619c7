import { ProcessGroup } from '../../test/support/processes';

/** A server that runs in a process of its own. */
export interface BenchServer {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly sha256: string;
  readonly control?: { readonly url: string; readonly token: string };
  readonly startMs?: number;
  readonly rssMb?: number;
  stop(): Promise<void>;
}

/** Starts a script that says where it is in its first line. */
export async function startServer(script: string, args: readonly string[]): Promise<BenchServer> {
  const group = await ProcessGroup.start(process.execPath, ['--max-old-space-size=3072', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstLine(group, script);
  return { ...(JSON.parse(line) as Omit<BenchServer, 'stop'>), stop: () => group.stop() };
}

async function firstLine({ child, ended }: ProcessGroup, script: string): Promise<string> {
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
    throw new Error(`${script} ended with ${code} before it served`);
  });
  early.catch(() => undefined);
  return await Promise.race([line, early]);
}
