import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import os from 'node:os';

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Settings of a process that is started. */
export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
}

// What a process that was asked to end gets before it is killed.
const stopGraceMs = 5_000;

/**
 * A process that leads a group of its own. The whole group ends with {@link stop}, at the latest when this process
 * ends, so that nothing stays behind that a later run could take for its own.
 *
 * @remarks A script that starts such processes calls {@link exitOnSignals} first: a signal that is not handled ends
 * Node.js without its `exit` event.
 */
export class ProcessGroup {
  /** Resolves when the leader has ended, however. */
  readonly ended: Promise<ProcessEnd>;
  private end: ProcessEnd | undefined;
  private readonly killAtExit = (): void => {
    this.signal('SIGKILL');
  };

  private constructor(readonly child: ChildProcess) {
    process.once('exit', this.killAtExit);
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.end = { code, signal };
        // Members that outlive their leader have nobody left to work for.
        this.killAtExit();
        process.off('exit', this.killAtExit);
        resolve(this.end);
      });
    });
  }

  /** Starts a program. @throws Error when there is no such program. */
  static async start(command: string, args: readonly string[], options: ProcessOptions = {}): Promise<ProcessGroup> {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true });
    const group = new ProcessGroup(child);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => {
        process.off('exit', group.killAtExit);
        reject(new Error(`Cannot start ${command}: ${error.message}`, { cause: error }));
      });
    });
    return group;
  }

  /** Id of the leader. @throws Error when it never started. */
  get processId(): number {
    const { pid } = this.child;
    if (pid === undefined) {
      throw new Error('There is no such process.');
    }
    return pid;
  }

  /** How it ended; undefined while it runs. */
  get outcome(): ProcessEnd | undefined {
    return this.end;
  }

  /** Keeps the group from running, as a program that hangs, until {@link resume}. */
  suspend(): void {
    this.signal('SIGSTOP');
  }

  resume(): void {
    this.signal('SIGCONT');
  }

  /** Asks the group to end, and kills what has not ended a few seconds later. Resolves when the leader has ended. */
  async stop(): Promise<void> {
    if (this.end !== undefined) {
      return;
    }
    this.signal('SIGTERM');
    // A suspended process hears nothing else.
    this.resume();
    const impatience = setTimeout(() => {
      this.signal('SIGKILL');
    }, stopGraceMs);
    await this.ended;
    clearTimeout(impatience);
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) {
      return;
    }
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      // ESRCH: nobody of the group is left. macOS says EPERM when only dead members are.
      if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) {
        throw error;
      }
    }
  }
}

/** Makes the usual signals end this process through its `exit` event, where process groups and folders are cleared. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      // The shells' convention for "ended by a signal".
      process.exit(128 + os.constants.signals[signal]);
    });
  }
}

/** What a program that ran to its end has written. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

// Enough to see what a failed installation complained about.
const shownTailCharacters = 3_000;

/**
 * Runs a program to its end. With `stdio: 'inherit'` its output goes where this process's goes, otherwise it is returned.
 *
 * @throws Error when it cannot be started or does not end with 0; the message has the end of what it wrote.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProcessOptions & { readonly input?: string } = {},
): Promise<ProgramOutput> {
  const { input, ...processOptions } = options;
  const group = await ProcessGroup.start(command, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...processOptions,
  });
  const stdout = collect(group.child.stdout);
  const stderr = collect(group.child.stderr);
  group.child.stdin?.end(input);
  const [out, err, { code, signal }] = await Promise.all([stdout, stderr, group.ended]);
  if (code !== 0) {
    const tail = `${out}${err}`.slice(-shownTailCharacters).trim();
    throw new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}${tail === '' ? '' : `:\n${tail}`}`);
  }
  return { stdout: out, stderr: err };
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  if (stream !== null) {
    stream.setEncoding('utf8');
    for await (const part of stream) {
      text += part as string;
    }
  }
  return text;
}
