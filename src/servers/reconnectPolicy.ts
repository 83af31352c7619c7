import type { ErrorKind, HypervisorError } from '../hypervisor/errors';

const firstDelayMs = 1_000;
/** A vCenter takes minutes to start; more often than once a minute per window only burdens it. */
const longestDelayMs = 60_000;

// Trying again by itself cannot mend these, and trying a refused login again can lock the account.
const final: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'loginRefused',
  'loginNotAllowed',
  'passwordNeeded',
  'passwordUnavailable',
  'certificate',
  'unsupportedVersion',
  'invalidInput',
  'noPrivilege',
  'license',
  'gone',
]);

/** Whether a connection that failed so may come back without anybody doing anything. */
export function mayRecover(error: HypervisorError): boolean {
  return !final.has(error.kind);
}

/**
 * How long to wait before an attempt: doubling, up to a minute, of which a random half is taken off, so that the windows
 * of a whole company do not come back in the same second.
 *
 * @param attempt - from 1
 * @param random - gives a number in [0, 1)
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const fullMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 16));
  return fullMs * (0.5 + random() / 2);
}
