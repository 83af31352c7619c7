import { type ErrorKind, HypervisorError } from '../hypervisor/errors';

const kinds: readonly ErrorKind[] = [
  'connectionLost',
  'notConnected',
  'noAnswer',
  'serverUnavailable',
  // Something between the server and us has answered, or has damaged the answer.
  'badReply',
  'notAServer',
  'proxy',
];

/** Whether an error says nothing but that the server cannot be asked at the moment. */
export function isOutOfTouch(error: unknown): boolean {
  return kinds.some((kind) => HypervisorError.find(error, kind) !== undefined);
}
