import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';

// The end is where a program says why it failed; before it may be a line of a bundle.
const shownCharacters = 1_500;

/** What one run of a program has cost. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly output: string;
  readonly errors: string;
}

// Node can say that of itself only. This waits for exactly one child and asks the kernel what it has used.
const waiter = `
import json, os, subprocess, sys, time
t = time.monotonic()
p = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(p.pid, 0)
json.dump({'wallMs': (time.monotonic() - t) * 1000, 'cpuMs': (used.ru_utime + used.ru_stime) * 1000,
           'rssMb': used.ru_maxrss / 1024, 'code': os.waitstatus_to_exitcode(status)}, open(sys.argv[1], 'w'))
`;

/**
 * Runs a program to its end.
 *
 * @param attend - does what the program needs while it runs
 * @throws Error when it fails
 */
export async function measure(
  scratch: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
  attend?: (child: ChildProcess) => Promise<void>,
): Promise<Cost> {
  const resultFile = path.join(scratch, 'cost.json');
  const child = spawn('python3', ['-c', waiter, resultFile, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('close', () => {
      resolve();
    });
    child.once('error', reject);
  });
  await Promise.all([ended, attend?.(child)]);
  const cost = JSON.parse(fs.readFileSync(resultFile, 'utf8')) as Cost & { readonly code: number };
  const complaints = Buffer.concat(errors).toString().trim();
  if (cost.code !== 0) {
    throw new Error(`${command.slice(0, 2).join(' ')} ended with ${cost.code}: ${complaints.slice(-shownCharacters)}`);
  }
  return { ...cost, output: Buffer.concat(output).toString().trim(), errors: complaints };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
