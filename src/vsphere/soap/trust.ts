import * as tls from 'node:tls';
import { normalizeSha256, presentedCertificate, problemOf } from './certificate';
import { CertificateFailure, codeOf, TransportError } from './transportError';

/** How the server has to prove who it is. */
export type TrustPolicy =
  /** By a certificate that an authority has issued for its name. */
  | { readonly mode: 'verify' }
  /** By exactly this certificate, whoever issued it, whatever name and dates it bears. */
  | { readonly mode: 'pinned'; readonly sha256: string };

/**
 * Authorities to believe: those of Node, those of the operating system where Node can read them, and the person's own.
 *
 * @returns undefined when there are none beyond Node's own, which then apply by themselves, with those that
 * NODE_EXTRA_CA_CERTS names
 */
export function trustedAuthorities(extraCaPem: string | undefined): string[] | undefined {
  // Since Node 22.15.
  const read = (tls as { getCACertificates?: (type: 'default' | 'system') => string[] }).getCACertificates;
  if (read === undefined) {
    return extraCaPem === undefined ? undefined : [...tls.rootCertificates, extraCaPem];
  }
  const all = new Set([...read('default'), ...read('system')]);
  return extraCaPem === undefined ? [...all] : [...all, extraCaPem];
}

/** Decides, once for every socket, whether the server at its other end is the one that is meant. */
export class PeerGuard {
  private readonly verified = new WeakSet<object>();
  private readonly pin: string | undefined;

  constructor(
    policy: TrustPolicy,
    private readonly now: () => number,
  ) {
    this.pin = policy.mode === 'pinned' ? normalizeSha256(policy.sha256) : undefined;
  }

  /** What Node has to check by itself: everything, unless the pin takes its place. */
  get rejectUnauthorized(): boolean {
    return this.pin === undefined;
  }

  /**
   * Returns when the server may be told something over `socket`, whose handshake is over.
   *
   * @throws CertificateFailure when it may not; TransportError when that cannot be found out.
   */
  check(socket: tls.TLSSocket): void {
    if (this.verified.has(socket)) {
      return;
    }
    const presented = presentedCertificate(socket);
    if (presented === undefined) {
      // On a resumed session the certificate is not repeated; ours never resume one, but an editor's agent might.
      throw new TransportError('notTls', 'the certificate of the server cannot be read', { mayHaveArrived: false });
    }
    if (this.pin === undefined) {
      // Node has refused it already. This is for an agent that somebody put between and that does not.
      if (!socket.authorized) {
        const problem = problemOf(refusalCode(socket), presented, this.now());
        throw new CertificateFailure(problem, presented.summary, undefined);
      }
    } else if (presented.summary.sha256 !== this.pin) {
      throw new CertificateFailure('changed', presented.summary, this.pin);
    }
    this.verified.add(socket);
  }
}

/** Why Node did not authorise a socket. Its documentation promises an Error; it is the code of one, as text. */
export function refusalCode({ authorizationError }: tls.TLSSocket): string {
  return typeof authorizationError === 'string' ? authorizationError : codeOf(authorizationError);
}
