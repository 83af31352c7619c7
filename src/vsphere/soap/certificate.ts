import { X509Certificate } from 'node:crypto';
import type { PeerCertificate as PeerCertificateOfNode, TLSSocket } from 'node:tls';

/** What of a certificate a person compares before trusting it. */
export interface PeerCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validFromMs: number;
  readonly validToMs: number;
  /** SHA-256 of the DER, upper-case hex with colons. */
  readonly sha256: string;
}

/** Why a certificate proves nothing. */
export type TrustProblem = 'untrusted' | 'expired' | 'notYetValid' | 'wrongName' | 'weak' | 'changed' | 'revoked';

/** What OpenSSL and Node say of a certificate that they refuse. */
const verifyErrors: ReadonlyMap<string, TrustProblem> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted'],
  ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'untrusted'],
  ['CERT_SIGNATURE_FAILURE', 'untrusted'],
  ['CERT_CHAIN_TOO_LONG', 'untrusted'],
  ['CERT_UNTRUSTED', 'untrusted'],
  ['CERT_REJECTED', 'untrusted'],
  ['INVALID_CA', 'untrusted'],
  ['INVALID_PURPOSE', 'untrusted'],
  ['PATH_LENGTH_EXCEEDED', 'untrusted'],
  // For everything that Node has no name for, keys that are too short among them.
  ['UNSPECIFIED', 'untrusted'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'notYetValid'],
  ['CERT_REVOKED', 'revoked'],
  ['HOSTNAME_MISMATCH', 'wrongName'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrongName'],
]);

/** Whether an error code means that a certificate was refused, and not that the connection failed. */
export function isVerifyError(code: string): boolean {
  return verifyErrors.has(code);
}

// What OpenSSL asks for at its present default level. Older ones let shorter keys pass, so this only gives a name to
// a refusal that has happened.
const minRsaBits = 2_048;
const minCurveBits = 224;

interface PresentedCertificate {
  readonly summary: PeerCertificate;
  readonly hasWeakKey: boolean;
}

/** The certificate that the server has presented; undefined when there is none, as on a resumed session. */
export function presentedCertificate(socket: TLSSocket): PresentedCertificate | undefined {
  // Nothing of what the typings promise is there when there is no certificate, nor on a socket that is gone.
  const peer = socket.getPeerCertificate() as Partial<PeerCertificateOfNode> | null;
  if (peer?.raw === undefined) {
    return undefined;
  }
  const { raw, bits, asn1Curve } = peer;
  const certificate = new X509Certificate(raw);
  return {
    summary: {
      subject: distinguishedName(certificate.subject),
      issuer: distinguishedName(certificate.issuer),
      validFromMs: Date.parse(certificate.validFrom),
      validToMs: Date.parse(certificate.validTo),
      sha256: certificate.fingerprint256,
    },
    hasWeakKey: bits !== undefined && bits < (asn1Curve === undefined ? minRsaBits : minCurveBits),
  };
}

/** Node writes one attribute a line, in the order of the certificate. */
function distinguishedName(lines: string): string {
  return lines.split('\n').filter(Boolean).join(', ');
}

/** The problem that an error code of verification means for this certificate. */
export function problemOf(code: string, { summary, hasWeakKey }: PresentedCertificate, nowMs: number): TrustProblem {
  const problem = verifyErrors.get(code) ?? 'untrusted';
  if (code === 'UNSPECIFIED' && hasWeakKey) {
    return 'weak';
  }
  // It may be an issuer's that has expired; what the person is shown is the server's own.
  if (problem === 'expired' && summary.validToMs >= nowMs) {
    return 'untrusted';
  }
  return problem === 'notYetValid' && summary.validFromMs <= nowMs ? 'untrusted' : problem;
}

/** SHA-256 in the form of {@link PeerCertificate.sha256}; people paste it with and without colons, in any case. */
export function normalizeSha256(text: string): string {
  const hex = text.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return hex.match(/../g)?.join(':') ?? '';
}
