import fs from 'node:fs';

import { runProgram } from './processes';

/** Ids of the processes that a process has started, of those that these have started, and so on. */
export async function descendantsOf(processId: number): Promise<readonly number[]> {
  const parents = process.platform === 'linux' ? parentsFromProc() : await parentsFromPs();
  const found: number[] = [];
  for (let generation = [processId]; generation.length > 0;) {
    generation = [...parents].filter(([, parent]) => generation.includes(parent)).map(([id]) => id);
    found.push(...generation);
  }
  return found;
}

/** Whether a process with this id runs. One that has ended and waits for its parent to notice does not. */
export async function isRunning(processId: number): Promise<boolean> {
  const parents = process.platform === 'linux' ? parentsFromProc() : await parentsFromPs();
  return parents.has(processId);
}

/** The command line of a process; empty when it has ended. */
export async function commandLineOf(processId: number): Promise<string> {
  if (process.platform === 'linux') {
    return readIfThere(`/proc/${processId}/cmdline`).replaceAll('\0', ' ');
  }
  return await runProgram('ps', ['-o', 'command=', '-p', `${processId}`]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/** The environment of a process of the same user; empty when it has ended. Linux only. */
export function environmentOf(processId: number): string {
  return readIfThere(`/proc/${processId}/environ`).replaceAll('\0', '\n');
}

// Not by `ps`, which a small Debian lacks.
function parentsFromProc(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>();
  for (const name of fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = readIfThere(`/proc/${name}/stat`);
    // The name of the program, in brackets, may hold anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (parent !== undefined && state !== 'Z') {
      parents.set(Number(name), Number(parent));
    }
  }
  return parents;
}

async function parentsFromPs(): Promise<ReadonlyMap<number, number>> {
  const { stdout } = await runProgram('ps', ['-A', '-o', 'pid=,ppid=,state=']);
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , state]) => state?.startsWith('Z') === false)
      .map(([id, parent]) => [Number(id), Number(parent)]),
  );
}

/** Processes come and go while they are listed. */
function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) {
      return '';
    }
    throw error;
  }
}
