import { clipEnd, oneLine } from '../../common/text';
import type { FaultReport } from './faultError';

// A page of text in a message helps nobody; the log has it all.
const maxTextLength = 300;

/** The best text that the server itself has for a fault, fit to be shown; undefined when it has none. */
export function serverText({ message, fault }: FaultReport): string | undefined {
  const candidates = [
    message,
    ...(fault?.faultMessage ?? []).map((each) => each.message),
    fault?.faultCause?.localizedMessage,
  ];
  for (const candidate of candidates) {
    // vcsim writes the name of a Go type in place of a text.
    if (candidate !== undefined && !candidate.startsWith('*types.')) {
      const text = oneLine(candidate);
      if (text !== '') {
        return clipEnd(text, maxTextLength);
      }
    }
  }
  return undefined;
}

/** Everything that the server has said of a fault, for the log: what went wrong on a host is often in the details. */
export function faultDetails({ type, message, fault }: FaultReport): string {
  const parts = [message, ...(fault?.faultMessage ?? []).map((each) => each.message ?? each.key)];
  const cause = fault?.faultCause;
  if (cause !== undefined) {
    parts.push(`caused by ${cause.fault.$type ?? 'a fault'}: ${cause.localizedMessage ?? ''}`);
  }
  const text = parts
    .map((part) => oneLine(part))
    .filter((part) => part !== '')
    .join('; ');
  return text === '' ? type : `${type}: ${clipEnd(text, 2_000)}`;
}

/** A type's name as words, where nothing better is known: `FooBarFault` is "Foo bar". */
export function readableType(type: string): string {
  const words = oneLine(type, 'unknown fault')
    .replace(/Fault$/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(' ');
  return clipEnd(
    words.map((word, i) => (i === 0 || word === word.toUpperCase() ? word : word.toLowerCase())).join(' '),
    80,
  );
}
