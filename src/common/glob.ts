/**
 * Compares whole texts with a pattern in which `*` stands for any text; case is ignored.
 *
 * @remarks In one pass over the text, whatever the pattern: as a regular expression, a pattern of many stars would take
 * ages on a long name.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const [head = '', ...rest] = pattern.toLowerCase().split('*');
  const tail = rest.pop();
  if (tail === undefined) {
    return (text) => text.toLowerCase() === head;
  }
  return (text) => {
    const folded = text.toLowerCase();
    if (!folded.startsWith(head) || folded.length < head.length + tail.length || !folded.endsWith(tail)) {
      return false;
    }
    const end = folded.length - tail.length;
    let at = head.length;
    for (const part of rest) {
      const found = folded.indexOf(part, at);
      if (found < 0 || found + part.length > end) {
        return false;
      }
      at = found + part.length;
    }
    return true;
  };
}

/** As {@link globMatcher}; a pattern without a `*` may stand anywhere in the text. */
export function partOrGlobMatcher(pattern: string): (text: string) => boolean {
  return globMatcher(pattern.includes('*') ? pattern : `*${pattern}*`);
}
