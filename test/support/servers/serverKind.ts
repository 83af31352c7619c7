/** The servers against which every operation is tried: our own embedded vCenter, and VMware's simulator. */
export const serverKinds = ['simulator', 'vcsim'] as const;

/** One of {@link serverKinds}. */
export type ServerKind = (typeof serverKinds)[number];

/** Environment variable with the {@link ServerKind} of a run of scenarios. */
export const serverKindVariable = 'TEST_SERVER_KIND';

export function isServerKind(name: string): name is ServerKind {
  return (serverKinds as readonly string[]).includes(name);
}
