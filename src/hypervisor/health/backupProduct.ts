import { partOrGlobMatcher } from '../../common/glob';

/**
 * Names of snapshots that backup products make and remove by themselves.
 *
 * @param patterns - globs in which `*` stands for any text; case is ignored. Without a `*` the text may stand anywhere
 */
export function backupNameMatcher(patterns: readonly string[]): (snapshotName: string) => string | undefined {
  const compiled = patterns
    .filter((pattern) => pattern.trim() !== '')
    .map((pattern) => ({ pattern, matches: partOrGlobMatcher(pattern.trim()) }));
  return (name) => compiled.find(({ matches }) => matches(name))?.pattern;
}
