// In the names of managed entities vSphere writes `/`, `\` and `%` as escapes. Everything else stands for itself, so a
// decoder for URLs would see escapes where there are none and fail on a lone `%`.

const decoded: Readonly<Record<string, string>> = { '%2f': '/', '%5c': '\\', '%25': '%' };

/** A name as a person typed it. */
export function decodeName(name: string): string {
  return name.includes('%')
    ? name.replace(/%(?:2f|5c|25)/gi, (escape) => decoded[escape.toLowerCase()] ?? escape)
    : name;
}

/**
 * The name of a new snapshot as the API wants it: a `%` must be escaped.
 *
 * @remarks Said of the two calls that create snapshots and of no other; a rename sends what was typed. Whether a real
 * server gives a snapshot's name back escaped is not documented. {@link decodeName} reads either form right, but for a
 * name that looks like an escape and was given by a rename.
 * @see VirtualMachine.CreateSnapshot_Task in the vSphere API reference
 */
export function encodeNewSnapshotName(name: string): string {
  return name.replaceAll('%', '%25');
}
