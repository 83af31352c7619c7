import type { SoapFault } from '../soap/envelope';
import type { LocalizedMethodFault, MethodFault } from '../vim/fault';
import type { ManagedObjectReference } from '../vim/schema';
import { ancestry } from './faultAncestry';

/** What a fault says, wherever it came from: in place of a reply, in a task that failed, or for one property. */
export interface FaultReport {
  /** As the server named it, which may be a type that this client does not know. */
  readonly type: string;
  /** What the call was declared to throw, an ancestor of `type`; unset where nothing was declared. */
  readonly declaredType: string | undefined;
  readonly fault: MethodFault | undefined;
  /** The server's own text, in the language of the session; may be empty. */
  readonly message: string;
}

export function reportOfSoapFault({ detail, declaredType, message, code }: SoapFault): FaultReport {
  return { type: detail?.$type ?? code, declaredType, fault: detail, message };
}

export function reportOfLocalizedFault({ fault, localizedMessage }: LocalizedMethodFault): FaultReport {
  return { type: fault.$type ?? 'MethodFault', declaredType: undefined, fault, message: localizedMessage ?? '' };
}

/** A call was answered with a fault. Stays inside of this folder; users of the client get what it means. */
export class FaultError extends Error {
  override readonly name = 'FaultError';

  constructor(
    readonly report: FaultReport,
    readonly method: string,
    readonly target: ManagedObjectReference,
  ) {
    super(`${method} on ${target.key} was answered with ${report.type}`);
  }

  /**
   * Whether `error` is a fault of exactly that type. Exactly, because types derive in surprising ways: NotAuthenticated
   * is a NoPermission.
   */
  static is(error: unknown, type: string): error is FaultError {
    return error instanceof FaultError && error.report.type === type;
  }

  /** Whether `error` is a fault of that type or of one that derives from it. */
  static isA(error: unknown, type: string): error is FaultError {
    return error instanceof FaultError && ancestry(error.report.type, error.report.declaredType).includes(type);
  }
}
