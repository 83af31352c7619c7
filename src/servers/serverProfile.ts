import { clipMiddle, oneLine } from '../common/text';
import type { CertificateSummary } from '../hypervisor/errors';
import type { ServerId } from '../hypervisor/model/ids';
import { formatHostPort, isIpAddress, sameAddress, type ServerAddress } from './serverAddress';

/** Where passwords can be kept. `session` is the memory of this window. */
export type CredentialStoreId = 'osKeychain' | 'vscode' | 'session';

/** A certificate that a person chose to trust for one address, as it was shown then. */
export interface PinnedCertificate extends CertificateSummary {
  readonly mode: 'pinned';
}

/** How the server proves who it is. */
export type TrustPolicy = { readonly mode: 'verify' } | PinnedCertificate;

/** A vCenter or ESXi server that a person added, as it is saved. Never holds a secret. */
export interface ServerProfile extends ServerAddress {
  readonly id: ServerId;
  /** The name that the person gave it. */
  readonly label: string;
  /** The account as the person typed it. */
  readonly userName: string;
  readonly trust: TrustPolicy;
  /** Restores and deletes ask for a typed confirmation. */
  readonly isProtected: boolean;
  /** Writes are refused. */
  readonly isReadOnly: boolean;
  /** The embedded vCenter: lives as long as this window and is never saved. */
  readonly isDemo: boolean;
  /** Which store holds the password. */
  readonly credentialStore: CredentialStoreId | 'none';
}

/**
 * The identity of the embedded vCenter in every window, of which a window has one at most: what is kept by the identity of
 * a server, such as favorites and unfolded rows, is found again after a reload.
 */
export const demoServerId = 'demo' as ServerId;

/** What has to be known to add a server. */
export type NewServerProfile = Omit<ServerProfile, 'id'>;

/** What of a profile can be changed. */
export type ServerProfileChanges = Partial<NewServerProfile>;

/** The name under which stores keep the password: `user@address:port`, IPv6 in brackets. */
export function accountOf(profile: Pick<ServerProfile, 'userName' | 'host' | 'port'>): string {
  return `${profile.userName}@${formatHostPort(profile)}`;
}

/** Whether two profiles would sign in to the same server as the same account. Account names ignore case in vSphere. */
export function sameAccount(
  a: Pick<ServerProfile, 'userName' | 'host' | 'port'>,
  b: Pick<ServerProfile, 'userName' | 'host' | 'port'>,
): boolean {
  return accountOf(a).toLowerCase() === accountOf(b).toLowerCase();
}

/** Whether two profiles lead to the same account at the same listener, to the letter. */
export function sameEndpoint(a: ServerProfile, b: ServerProfile): boolean {
  return sameAddress(a, b) && a.userName === b.userName;
}

/** A longer name fills a row or a sentence without telling more. */
const nameLimit = 60;

/** A name or an account that somebody has typed, or that was read from what is saved, on one line of decent length. */
export function fitToShow(name: string): string {
  return clipMiddle(oneLine(name), nameLimit);
}

/**
 * A name for a new server: the first part of its host name, and as much more as tells it from the servers that bear
 * `taken` names.
 */
export function defaultLabel(
  server: Pick<ServerProfile, 'userName' | 'host' | 'port'>,
  taken: Iterable<string>,
): string {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const short = isIpAddress(server.host) ? server.host : (server.host.split('.')[0] ?? server.host);
  const endpoint = formatHostPort(server);
  const candidates = [short, server.host, endpoint, `${endpoint} (${server.userName})`].map(fitToShow);
  return candidates.find((name) => !used.has(name.toLowerCase())) ?? fitToShow(endpoint);
}
