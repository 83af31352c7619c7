import { isVerifyError, type TrustProblem, type PeerCertificate } from './certificate';

/** What kept a reply from arriving, as far as the network is concerned. */
export type TransportFailure =
  /** DNS does not know the name, or cannot be asked. */
  | 'nameNotFound'
  /** Nobody listens, nobody is reached, or nobody answers in time. */
  | 'noAnswer'
  /** Somebody answers who does not speak TLS, or no version of it that is still in use. */
  | 'notTls'
  /** The certificate proves nothing; {@link CertificateFailure} tells why. */
  | 'certificate'
  /** A proxy stands between and does not let the connection through. */
  | 'proxy'
  /** The connection was there and broke, or fell silent. */
  | 'broken'
  /** The reply is longer than any that makes sense. */
  | 'tooLong'
  /** The reply cannot be unpacked. */
  | 'undecodable';

export interface TransportErrorOptions {
  readonly cause?: unknown;
  /** Whether bytes of the request may have arrived at the server. */
  readonly mayHaveArrived: boolean;
  /** The status with which a proxy refused. */
  readonly status?: number;
}

/** No reply could be had. */
export class TransportError extends Error {
  override readonly name: string = 'TransportError';
  /** False: not a byte of the request has left, so that whatever it asked for did not happen. */
  readonly mayHaveArrived: boolean;
  readonly status: number | undefined;

  constructor(
    readonly failure: TransportFailure,
    message: string,
    options: TransportErrorOptions,
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.mayHaveArrived = options.mayHaveArrived;
    this.status = options.status;
  }
}

/** TLS could not prove who the server is. Nothing but the handshake was sent. */
export class CertificateFailure extends TransportError {
  override readonly name = 'CertificateFailure';

  constructor(
    readonly problem: TrustProblem,
    readonly certificate: PeerCertificate,
    /** With `changed`: what was trusted before. */
    readonly trustedSha256: string | undefined,
    options: { readonly cause?: unknown } = {},
  ) {
    super('certificate', `certificate ${certificate.sha256} is not trusted: ${problem}`, {
      ...options,
      mayHaveArrived: false,
    });
  }
}

/** The code that Node gives its errors. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

const nameErrors = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const tlsProtocolErrors = /^(?:EPROTO|ERR_SSL_|ERR_TLS_PROTOCOL|ERR_TLS_INVALID_PROTOCOL)/;

/**
 * Gives an error of Node's network modules its meaning.
 *
 * @param isSent - whether sending had begun: before that everything is a failure to connect
 */
export function toTransportError(error: unknown, isSent: boolean): TransportError {
  if (error instanceof TransportError) {
    return error;
  }
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const options = { cause: error, mayHaveArrived: isSent };
  if (isSent) {
    return new TransportError('broken', `the connection broke: ${message}`, options);
  }
  if (nameErrors.has(code)) {
    return new TransportError('nameNotFound', `the name cannot be resolved: ${message}`, options);
  }
  if (isVerifyError(code)) {
    return new TransportError('certificate', `the certificate was refused: ${message}`, options);
  }
  if (tlsProtocolErrors.test(code)) {
    return new TransportError('notTls', `no TLS connection: ${message}`, options);
  }
  return new TransportError('noAnswer', `no connection: ${message}`, options);
}
