import type { HypervisorClient } from '../hypervisor/client';
import type { ServerProfile, TrustPolicy } from './serverProfile';

/** What a session is opened with. */
export interface ClientRequest extends Pick<ServerProfile, 'host' | 'port' | 'useTls' | 'userName'> {
  readonly trust: TrustPolicy;
  /**
   * Gives the password, at every login. Asked only after the server has proved who it is. May ask the person during
   * the first login; a rejection is the outcome of the call that needed the login.
   */
  readonly getPassword: () => Promise<string>;
}

/**
 * Connects to a server and signs in.
 *
 * @throws HypervisorError: looks up the name, connects, verifies the certificate, finds out whether it is a server of
 * the kind and whether its version will do, signs in, and says at which of these it failed. CancelledError when `signal`
 * is aborted.
 */
export type ClientFactory = (request: ClientRequest, signal: AbortSignal) => Promise<HypervisorClient>;
