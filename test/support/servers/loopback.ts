import { randomBytes } from 'node:crypto';

/** Where servers of tests listen. */
export const listenAddress = '127.0.0.2';

/** A password that is nowhere by chance, so that it can be searched for; with what needs an escape on the wire. */
export function newPassword(): string {
  return `<&"ü ${randomBytes(8).toString('hex')}`;
}
