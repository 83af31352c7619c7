import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sleep } from '../common/cancellation';
import type { Clock } from '../common/clock';
import type { Disposable } from '../common/disposable';
import type { Logger } from '../common/logger';
import { errorCode } from './errorCode';

// How often a lock shows that its owner is alive.
const heartbeatMs = 5_000;

// A lock whose process cannot be asked is watched for so long before it counts as abandoned. Longer than a loaded machine
// holds up a timer; what the machine sleeps does not count, as nobody watches then.
const watchMs = 15_000;
const watchStepMs = 3_000;

// Taking over an abandoned lock takes milliseconds; one that has been at it for longer has crashed.
const takeOverLimitMs = 30_000;

/** Who holds a lock, as the file says. */
interface Owner {
  readonly pid: number;
  readonly machine: string;
  /** Tells two locks of one process apart. */
  readonly nonce: string;
}

/** What locks need to know of the process and the time. */
export interface LockServices {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly createNonce: () => string;
  /** Whether a process of this machine exists. */
  readonly isAlive?: (pid: number) => boolean;
}

/** A lock that is held until it is released or its process ends. */
export interface HeldLock {
  /** Never rejects. Idempotent. */
  release(): Promise<void>;
}

/**
 * A lock between processes of one machine, or of machines that share a folder: a file that only one can create, with a
 * heartbeat, as a process that has crashed removes nothing.
 *
 * @returns undefined when somebody who is alive has it
 * @throws Error when the folder cannot be written
 */
export async function acquireFileLock(file: string, services: LockServices): Promise<HeldLock | undefined> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const own: Owner = { pid: process.pid, machine: os.hostname(), nonce: services.createNonce() };
  if ((await create(file, own)) || ((await isAbandoned(file, services)) && (await takeOver(file, own, services)))) {
    return new FileLock(file, own, services);
  }
  return undefined;
}

class FileLock implements HeldLock {
  private beat: Disposable;
  private released: Promise<void> | undefined;

  constructor(
    private readonly file: string,
    private readonly own: Owner,
    private readonly services: LockServices,
  ) {
    this.beat = this.scheduleBeat();
  }

  async release(): Promise<void> {
    this.released ??= this.remove();
    await this.released;
  }

  private async remove(): Promise<void> {
    this.beat.dispose();
    try {
      // Whoever thought this one dead and took over keeps what is his.
      if ((await read(this.file))?.nonce === this.own.nonce) {
        await fs.rm(this.file, { force: true });
      }
    } catch (error) {
      this.services.logger.error(
        'A lock could not be removed; it counts as abandoned when this process has ended',
        error,
      );
    }
  }

  private scheduleBeat(): Disposable {
    return this.services.clock.schedule(heartbeatMs, () => {
      this.beat = this.scheduleBeat();
      const now = new Date();
      fs.utimes(this.file, now, now).catch((error: unknown) => {
        this.services.logger.debug(`a lock shows no sign of life: ${String(error)}`);
      });
    });
  }
}

async function create(file: string, own: Owner): Promise<boolean> {
  try {
    await fs.writeFile(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Who has the lock; undefined when nobody has, or the file is being written at this moment. */
async function read(file: string): Promise<Owner | undefined> {
  try {
    const value: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
    const { pid, machine, nonce } = value as Partial<Record<keyof Owner, unknown>>;
    return typeof pid === 'number' && typeof machine === 'string' && typeof nonce === 'string'
      ? { pid, machine, nonce }
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** Whether the owner of a lock is certainly gone. */
async function isAbandoned(file: string, services: LockServices): Promise<boolean> {
  const { clock, isAlive = processExists } = services;
  const owner = await read(file);
  if (owner?.machine === os.hostname() && !isAlive(owner.pid)) {
    return true;
  }
  const first = await beatOf(file);
  if (first !== undefined && clock.now() - first < watchMs) {
    // Whoever is alive has shown it a moment ago.
    return false;
  }
  // A process of that number exists, or is on another machine: it has to show that it is the one. Not by the time of the
  // last sign, which is old after the machine has slept.
  for (let watchedMs = 0; watchedMs < watchMs; watchedMs += watchStepMs) {
    await sleep(clock, watchStepMs);
    const beat = await beatOf(file);
    if (beat === undefined || beat !== first) {
      return beat === undefined;
    }
  }
  return true;
}

async function beatOf(file: string): Promise<number | undefined> {
  try {
    return (await fs.stat(file)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Puts an own lock in the place of an abandoned one. Of several who find it abandoned one does it, as only one can hold
 * the right to: the others would remove what the first has just put there.
 */
async function takeOver(file: string, own: Owner, services: LockServices): Promise<boolean> {
  const right = `${file}.takeover`;
  if (!(await create(right, own))) {
    const since = await beatOf(right);
    if (since !== undefined && services.clock.now() - since > takeOverLimitMs) {
      await fs.rm(right, { force: true });
    }
    return false;
  }
  try {
    const { isAlive = processExists } = services;
    const owner = await read(file);
    const isFresh = owner !== undefined && owner.machine === os.hostname() && isAlive(owner.pid);
    const beat = await beatOf(file);
    if (isFresh && beat !== undefined && services.clock.now() - beat < watchMs) {
      // Somebody took over while this one was looking.
      return false;
    }
    await fs.rm(file, { force: true });
    return await create(file, own);
  } finally {
    await fs.rm(right, { force: true });
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    return errorCode(error) === 'EPERM';
  }
}
