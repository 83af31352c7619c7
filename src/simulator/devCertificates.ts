import './reflectMetadata';
import { webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';

// Certificates for servers on loopback, made anew in every run: nothing in the repository holds a private key. Needs a
// development dependency, so nothing that is shipped may import this file; the command line does, at run time.

export interface ServerCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
  /** SHA-256 of the DER, upper-case hex with colons. */
  readonly sha256: string;
}

/** An authority that signs certificates. Nobody believes it unless told to. */
export interface CertificateAuthority extends ServerCertificate {
  readonly subject: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface CertificateOptions {
  /** Unset: self-signed. */
  readonly issuer?: CertificateAuthority;
  /** DNS names and IP addresses for which it is made out. */
  readonly names?: readonly string[];
  readonly commonName?: string;
  readonly validFrom?: Date;
  readonly validTo?: Date;
  /** RSA with so few bits; unset: an elliptic curve of today. */
  readonly rsaBits?: number;
}

const dayMs = 86_400_000;
const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const hash = 'SHA-256';

/** An authority with a key of its own, valid for a day. */
export async function makeAuthority(commonName = 'Test Authority'): Promise<CertificateAuthority> {
  const keys = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const subject = `CN=${commonName}, O=vSphere Snapshots Tests`;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: subject,
    serialNumber: serialNumber(),
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
    signingAlgorithm: { ...curve, hash },
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { ...(await asPem(certificate, keys)), subject, keys };
}

/** A certificate for a server; by default self-signed, for 127.0.0.2 and valid from yesterday until tomorrow. */
export async function makeCertificate(options: CertificateOptions = {}): Promise<ServerCertificate> {
  const { issuer, names = ['127.0.0.2', 'vc.test'], commonName = 'vc.test', rsaBits } = options;
  const algorithm =
    rsaBits === undefined
      ? curve
      : { name: 'RSASSA-PKCS1-v1_5', modulusLength: rsaBits, publicExponent: new Uint8Array([1, 0, 1]), hash };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const subject = `CN=${commonName}, O=vSphere Snapshots Tests`;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer?.subject ?? subject,
    serialNumber: serialNumber(),
    notBefore: options.validFrom ?? new Date(Date.now() - dayMs),
    notAfter: options.validTo ?? new Date(Date.now() + dayMs),
    signingAlgorithm: issuer === undefined ? { ...algorithm, hash } : { ...curve, hash },
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })),
      ),
    ],
  });
  return await asPem(certificate, keys);
}

/** Certificates that prove nothing, each in its own way. */
export const unfitCertificates = {
  expired: (issuer: CertificateAuthority): Promise<ServerCertificate> =>
    makeCertificate({
      issuer,
      validFrom: new Date(Date.now() - 30 * dayMs),
      validTo: new Date(Date.now() - dayMs),
    }),
  notYetValid: (issuer: CertificateAuthority): Promise<ServerCertificate> =>
    makeCertificate({
      issuer,
      validFrom: new Date(Date.now() + dayMs),
      validTo: new Date(Date.now() + 30 * dayMs),
    }),
  wrongName: (issuer: CertificateAuthority): Promise<ServerCertificate> =>
    makeCertificate({ issuer, names: ['other.test', '127.0.0.9'] }),
  /** Long enough for a handshake, too short for verification by any OpenSSL that Node has had. */
  weak: (issuer: CertificateAuthority): Promise<ServerCertificate> => makeCertificate({ issuer, rsaBits: 768 }),
  untrusted: (): Promise<ServerCertificate> => makeCertificate(),
} as const;

async function asPem(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<ServerCertificate> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const pem = certificate.toString('pem');
  return {
    certificate: pem,
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
    sha256: new NodeCertificate(pem).fingerprint256,
  };
}

function serialNumber(): string {
  // The first byte keeps it positive.
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex')}`;
}
