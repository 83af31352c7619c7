import type { Logger } from '../common/logger';
import { throwIfCancelled } from '../common/cancellation';
import type { CertificateError } from '../hypervisor/errors';
import type { TrustPrompt } from './prompts';
import type { PinnedCertificate, TrustPolicy } from './serverProfile';

/**
 * Decides, together with the person, whether to trust a certificate that verification has refused.
 *
 * @remarks Trust is one certificate for one address: whoever trusts an expired or wrongly named one pins exactly that
 * one, and its successor is asked about again. A revoked certificate is never trusted.
 */
export class TrustService {
  constructor(
    private readonly prompt: TrustPrompt,
    private readonly logger: Logger,
  ) {}

  /**
   * Asks about the certificate that `error` holds.
   *
   * @param trust - how the server was to prove itself when it was refused
   * @returns what to connect with from now on; undefined when the person does not trust it
   * @throws CancelledError when `signal` is aborted meanwhile.
   */
  async decide(
    host: string,
    trust: TrustPolicy,
    error: CertificateError,
    signal: AbortSignal,
  ): Promise<PinnedCertificate | undefined> {
    if (error.problem === 'revoked') {
      return undefined;
    }
    const { certificate, problem } = error;
    // With a pin, whatever else is presented has taken the place of what was trusted, whatever is wrong with it.
    const accepted =
      trust.mode === 'pinned'
        ? (await this.prompt.changed({ host, trusted: trust, certificate }, signal)) === 'trustNew'
        : (await this.prompt.untrusted({ host, certificate, problem }, signal)) === 'trust';
    throwIfCancelled(signal);
    this.logger.info(`Certificate ${certificate.sha256} of ${host} (${problem}) was ${accepted ? '' : 'not '}trusted.`);
    return accepted ? pinOf(error) : undefined;
  }
}

function pinOf({ certificate }: CertificateError): PinnedCertificate {
  const { sha256, subject, issuer, validFromMs, validToMs } = certificate;
  return { mode: 'pinned', sha256, subject, issuer, validFromMs, validToMs };
}
