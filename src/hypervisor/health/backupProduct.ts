/**
 * Names of snapshots that backup products make and remove by themselves.
 *
 * @param patterns - globs in which `*` stands for any text; case is ignored. Without a `*` the text may stand anywhere
 */
export function backupNameMatcher(patterns: readonly string[]): (snapshotName: string) => string | undefined {
  const compiled = patterns
    .filter((pattern) => pattern.trim() !== '')
    .map((pattern) => ({ pattern, expression: globToExpression(pattern.trim()) }));
  return (name) => compiled.find(({ expression }) => expression.test(name))?.pattern;
}

function globToExpression(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return parts.length === 1 ? new RegExp(parts[0] ?? '', 'i') : new RegExp(`^${parts.join('[^]*')}$`, 'i');
}
