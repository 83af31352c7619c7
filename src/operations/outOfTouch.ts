import { type ErrorKind, HypervisorError } from '../hypervisor/errors';

const kinds: readonly ErrorKind[] = ['connectionLost', 'notConnected', 'noAnswer', 'serverUnavailable'];

/** Whether an error says nothing but that the server cannot be asked at the moment. */
export function isOutOfTouch(error: unknown): boolean {
  return kinds.some((kind) => HypervisorError.find(error, kind) !== undefined);
}
