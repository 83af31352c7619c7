import type { CertificateProblem, CertificateSummary } from '../hypervisor/errors';
import type { PinnedCertificate } from './serverProfile';

/** Why a password is asked for. */
export type PasswordReason = 'missing' | 'refused' | 'unavailable' | 'changing';

export interface PasswordRequest {
  readonly serverLabel: string;
  readonly host: string;
  readonly userName: string;
  readonly reason: PasswordReason;
  /** Where it would be saved, named for the person; undefined when it cannot be kept beyond this window. */
  readonly destinationLabel: string | undefined;
}

export interface TypedPassword {
  readonly text: string;
  /** Whether to keep it beyond this window. */
  readonly save: boolean;
}

/** Asks the person for a password. */
export interface PasswordPrompt {
  /** Undefined when the person gives up. */
  askPassword(request: PasswordRequest, signal: AbortSignal): Promise<TypedPassword | undefined>;
}

/** Asks the person whether to trust a certificate. */
export interface TrustPrompt {
  /** A certificate that nobody vouches for. */
  untrusted(
    request: { readonly host: string; readonly certificate: CertificateSummary; readonly problem: CertificateProblem },
    signal: AbortSignal,
  ): Promise<'trust' | 'cancel'>;
  /** Another certificate than the one that was trusted. */
  changed(
    request: { readonly host: string; readonly trusted: PinnedCertificate; readonly certificate: CertificateSummary },
    signal: AbortSignal,
  ): Promise<'trustNew' | 'keepDisconnected'>;
}
