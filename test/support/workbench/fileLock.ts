import fs from 'node:fs';
import path from 'node:path';
import timers from 'node:timers/promises';

// The holder says that it is alive this often …
const heartbeatMs = 2_000;
// … and whoever waits takes it for dead after this long: a machine under load may skip several beats.
const staleAfterMs = 30_000;
const retryMs = 200;
// An installation takes a minute or two; somebody who waits this long waits for something that hangs.
const waitLimitMs = 20 * 60_000;

/** Whether another process is to be waited for, told once. */
export type OnWait = (lockFile: string) => void;

/**
 * Runs `work` while no other process runs work under the same lock file, here or in another container that shares the
 * folder.
 *
 * @remarks The lock is a file whose age says whether its holder is alive, so that one that was killed locks nobody out.
 * @throws Error when the lock is held for too long.
 */
export async function withFileLock<T>(lockFile: string, onWait: OnWait, work: () => Promise<T>): Promise<T> {
  fs.mkdirSync(path.dirname(lockFile), { recursive: true });
  await acquire(lockFile, onWait);
  const release = (): void => {
    fs.rmSync(lockFile, { force: true });
  };
  process.once('exit', release);
  const heartbeat = setInterval(() => {
    const now = new Date();
    fs.utimesSync(lockFile, now, now);
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

async function acquire(lockFile: string, onWait: OnWait): Promise<void> {
  const givesUpAt = performance.now() + waitLimitMs;
  let told = false;
  while (!tryCreate(lockFile)) {
    removeIfStale(lockFile);
    if (!told) {
      onWait(lockFile);
      told = true;
    }
    if (performance.now() > givesUpAt) {
      throw new Error(`${lockFile} is held by another process for too long. If none is at work, remove it.`);
    }
    await timers.setTimeout(retryMs);
  }
}

function tryCreate(file: string): boolean {
  try {
    fs.writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
}

// Two processes may find the same dead lock. Only the one that holds the second lock may remove the first, so that
// neither can remove the lock that the other has just made. Nothing is awaited in between.
function removeIfStale(lockFile: string): void {
  const guard = `${lockFile}.stale`;
  if (!isStale(lockFile)) {
    return;
  }
  if (isStale(guard)) {
    fs.rmSync(guard, { force: true });
  }
  if (!tryCreate(guard)) {
    return;
  }
  try {
    if (isStale(lockFile)) {
      fs.rmSync(lockFile, { force: true });
    }
  } finally {
    fs.rmSync(guard, { force: true });
  }
}

function isStale(file: string): boolean {
  try {
    return Date.now() - fs.statSync(file).mtimeMs > staleAfterMs;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return false;
    }
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
