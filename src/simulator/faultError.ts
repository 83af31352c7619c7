import { fault, type FaultValue, faultText } from './state/faultValues';

/** A call is answered with a fault. */
export class FaultError extends Error {
  override readonly name = 'FaultError';

  constructor(
    readonly fault: FaultValue,
    message = faultText(fault),
  ) {
    super(message);
  }
}

/** Makes the error that answers a call with a fault of that type. */
export function faultError(type: string, fields?: Readonly<Record<string, unknown>>): FaultError {
  return new FaultError(fault(type, fields));
}

/** The request itself is wrong; `reason` in the words of a real server's parser. */
export function invalidRequest(reason: string, method?: string): FaultError {
  const call = method === undefined ? '' : `\n\nwhile parsing call information for method ${method}`;
  return new FaultError(
    fault('InvalidRequest'),
    `\n${reason}${call}\n\nwhile parsing SOAP body\n\nwhile parsing SOAP envelope\n\nwhile parsing HTTP request`,
  );
}

export function invalidArgument(property: string): FaultError {
  return faultError('InvalidArgument', { invalidProperty: property });
}
