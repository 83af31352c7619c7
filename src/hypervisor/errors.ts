import type { TaskId } from './model/ids';

/**
 * What a failure means to whoever handles it. What it means to the person is the sentence of {@link HypervisorError.say}.
 */
export type ErrorKind =
  // Reaching the server
  | 'nameNotFound'
  | 'noAnswer'
  | 'certificate'
  | 'notAServer'
  | 'unsupportedVersion'
  | 'proxy'
  | 'serverUnavailable'
  | 'badReply'
  | 'connectionLost'
  | 'notConnected'
  // Signing in
  | 'loginRefused'
  | 'loginNotAllowed'
  | 'sessionEnded'
  /** No password is stored for the account, and nobody could be asked. */
  | 'passwordNeeded'
  /** A password is stored, but its store is locked or does not answer. */
  | 'passwordUnavailable'
  // What was asked for
  | 'invalidInput'
  | 'busy'
  | 'gone'
  | 'noPrivilege'
  | 'license'
  | 'notSupported'
  | 'disabledByOther'
  | 'wrongState'
  | 'invalidName'
  | 'chainTooDeep'
  | 'memoryImpossible'
  | 'deviceForbids'
  | 'quiesceFailed'
  | 'damagedFiles'
  | 'diskFull'
  | 'fileInUse'
  | 'fileProblem'
  | 'noResources'
  | 'noCurrentSnapshot'
  | 'hostUnreachable'
  | 'nothingToDo'
  | 'cancelledOnServer'
  | 'outcomeUnknown'
  | 'readOnlyServer'
  | 'server';

/** The act that is most likely to help, offered as a button where the error is shown. */
export type NextStep =
  | 'retry'
  | 'editServer'
  | 'enterPassword'
  | 'reviewCertificate'
  | 'connect'
  | 'refresh'
  | 'copyDetails'
  | 'runWhenDone'
  | 'checkNow'
  /** Allow more VMs at a time. */
  | 'raiseBulkLimit'
  /** Take back that nothing may be changed on the server. */
  | 'allowChanges'
  | 'consolidate'
  | 'withoutMemory'
  | 'withoutQuiescing';

/** Names for a sentence, as far as the one who shows it knows them. Already fit to be shown. */
export interface ErrorContext {
  readonly serverLabel?: string;
  readonly userName?: string;
  readonly vmName?: string;
  readonly snapshotName?: string;
  /** What was tried, as an infinitive without an object: `delete snapshots of`. */
  readonly attempt?: string;
}

export interface HypervisorErrorOptions {
  readonly cause?: unknown;
  readonly nextStep?: NextStep;
}

/**
 * A failure that is understood. `message` is for the log; the person reads what {@link say} gives.
 *
 * @remarks One class per meaning only where there is data to carry; everything else is told apart by `kind`.
 */
export class HypervisorError extends Error {
  override readonly name: string = 'HypervisorError';
  readonly nextStep: NextStep | undefined;

  /**
   * @param kind - what the failure means
   * @param message - one line for the log, with identities instead of names
   * @param sentence - what the person reads; may use whatever names the place that shows it knows
   */
  constructor(
    readonly kind: ErrorKind,
    message: string,
    private readonly sentence: (context: ErrorContext) => string,
    options: HypervisorErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.nextStep = options.nextStep;
  }

  /** One or two plain sentences: what happened and what helps. */
  say(context: ErrorContext = {}): string {
    return this.sentence(context);
  }

  /** The first error of the given kind among `error` and its causes. */
  static find(error: unknown, kind: ErrorKind): HypervisorError | undefined {
    for (let current = error; current instanceof Error; current = current.cause) {
      if (current instanceof HypervisorError && current.kind === kind) {
        return current;
      }
    }
    return undefined;
  }
}

/** A certificate as it is shown before somebody trusts it. */
export interface CertificateSummary {
  readonly subject: string;
  readonly issuer: string;
  readonly validFromMs: number;
  readonly validToMs: number;
  /** SHA-256 of the DER, upper-case hex with colons. */
  readonly sha256: string;
}

export type CertificateProblem = 'untrusted' | 'expired' | 'notYetValid' | 'wrongName' | 'weak' | 'changed' | 'revoked';

/** TLS could not prove that the server is the one that was meant. Nothing but the handshake was sent. */
export class CertificateError extends HypervisorError {
  override readonly name = 'CertificateError';

  constructor(
    readonly problem: CertificateProblem,
    readonly certificate: CertificateSummary,
    /** With `changed`: the SHA-256 that was trusted before. */
    readonly trustedSha256: string | undefined,
    message: string,
    sentence: (context: ErrorContext) => string,
    options: HypervisorErrorOptions = {},
  ) {
    super('certificate', message, sentence, { nextStep: 'reviewCertificate', ...options });
  }
}

/** Another task holds the VM. */
export class BusyError extends HypervisorError {
  override readonly name = 'BusyError';

  constructor(
    readonly taskId: TaskId | undefined,
    message: string,
    sentence: (context: ErrorContext) => string,
    options: HypervisorErrorOptions = {},
  ) {
    super('busy', message, sentence, { nextStep: 'runWhenDone', ...options });
  }
}

/** The account may not do it. */
export class PrivilegeError extends HypervisorError {
  override readonly name = 'PrivilegeError';

  constructor(
    /** As the vSphere Client names them: `Virtual machine > Snapshot management > Remove snapshot`. */
    readonly missing: readonly string[],
    message: string,
    sentence: (context: ErrorContext) => string,
    options: HypervisorErrorOptions = {},
  ) {
    super('noPrivilege', message, sentence, { nextStep: 'copyDetails', ...options });
  }
}
