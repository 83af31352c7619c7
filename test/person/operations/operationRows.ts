import type { ServerKind } from '../../support/servers/serverKind';

/** An operation of the product that scenarios try on a server. */
export interface OperationRow {
  readonly name: string;
  /** Why a kind of server cannot do it. The scenario then proves that a person is told so, or not offered it at all. */
  readonly absentOn?: Readonly<Partial<Record<ServerKind, string>>>;
}

/** Title of the `describe` around those of the operations. */
export const operationsSuite = 'operations';

/** Everything that is done to a server: all of it is tried, by a person's hands, on each kind of server. */
export const operationRows = [
  { name: 'take, disks only' },
  { name: 'take, with memory' },
  { name: 'take, quiesced' },
  { name: 'take, from the palette' },
  { name: 'edit', absentOn: { vcsim: 'RenameSnapshot' } },
  { name: 'restore' },
  { name: 'restore, snapshot first' },
  { name: 'restore, from the palette' },
  { name: 'restore to latest' },
  { name: 'power on after a restore', absentOn: { vcsim: 'its restore leaves VMs running' } },
  { name: 'power on' },
  { name: 'delete' },
  { name: 'delete with children' },
  { name: 'delete all' },
  { name: 'consolidate', absentOn: { vcsim: 'ConsolidateVMDisks_Task' } },
  { name: 'stop a task', absentOn: { vcsim: 'its tasks are not cancelable' } },
] as const satisfies readonly OperationRow[];

/** One of {@link operationRows}. */
export type OperationName = (typeof operationRows)[number]['name'];

/** Why a kind of server cannot do an operation; undefined when it can. */
export function absence(name: string, kind: ServerKind): string | undefined {
  const row: OperationRow | undefined = operationRows.find((candidate) => candidate.name === name);
  return row?.absentOn?.[kind];
}
