import { globMatcher } from '../../common/glob';

/** Finds the pattern of the person's list that names a place in the inventory; undefined when none does. */
export type ProtectedPaths = (names: readonly string[]) => string | undefined;

/** A part of a pattern: what one name has to be, or any number of names. */
type Segment = ((name: string) => boolean) | 'anyNames';

/**
 * Reads the globs of places that are protected.
 *
 * @remarks A pattern names a place from the server or from its datacenter down, with `/` between the names: `*` is any
 * text within a name, `**` any number of names. Without a `/` it names whatever bears that name, wherever it is. Case is
 * ignored. What lies under a place that is named belongs to it.
 * @param patterns - as the person has set them
 * @returns asked with the names from the server down to the object itself
 */
export function protectedPaths(patterns: readonly string[]): ProtectedPaths {
  const globs = patterns.flatMap((pattern) => {
    const segments = pattern
      .trim()
      .split('/')
      .filter((segment) => segment !== '');
    return segments.length === 0 ? [] : [{ pattern, segments: segments.map(segmentOf) }];
  });
  return (names) => globs.find(({ segments }) => isNamed(segments, names))?.pattern;
}

function segmentOf(text: string): Segment {
  return text === '**' ? 'anyNames' : globMatcher(text);
}

/** Whether the pattern names the object or anything above it. */
function isNamed(segments: readonly Segment[], names: readonly string[]): boolean {
  const [only] = segments;
  if (segments.length === 1 && only !== undefined && only !== 'anyNames') {
    return names.some(only);
  }
  return names.some(
    (_, index) =>
      matchesPath(segments, names.slice(0, index + 1)) ||
      (index > 0 && matchesPath(segments, names.slice(1, index + 1))),
  );
}

function matchesPath(segments: readonly Segment[], names: readonly string[]): boolean {
  /** How many names the segments so far can stand for. */
  let reached = new Set([0]);
  for (const [index, segment] of segments.entries()) {
    const next = new Set<number>();
    for (const count of reached) {
      if (segment !== 'anyNames') {
        const name = names[count];
        if (name !== undefined && segment(name)) {
          next.add(count + 1);
        }
        continue;
      }
      // At the end it means what is inside, not the place itself.
      const least = index === segments.length - 1 ? 1 : 0;
      for (let more = count + least; more <= names.length; more++) {
        next.add(more);
      }
    }
    reached = next;
  }
  return reached.has(names.length);
}
