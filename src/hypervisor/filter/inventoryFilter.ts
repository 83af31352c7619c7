import type { PowerState } from '../model/snapshot';

/** What a VM is, as far as filters tell VMs apart: a template counts as nothing else. */
export type VmState = PowerState | 'template';

export const vmStates: readonly VmState[] = ['on', 'off', 'suspended', 'template'];

/** What the person wants to see. All conditions that are set have to hold. */
export interface InventoryFilter {
  /** Part of a name, or with `*` a glob for the whole of it. */
  readonly name: string | undefined;
  /** Any of these; empty stands for all. */
  readonly states: readonly VmState[];
  readonly hasSnapshots: boolean;
  readonly needsConsolidation: boolean;
  readonly olderThanDays: number | undefined;
  /** Only what is known to be that large: sizes are not read for every VM. */
  readonly largerThanGb: number | undefined;
}

/** Shows everything. */
export const noFilter: InventoryFilter = {
  name: undefined,
  states: [],
  hasSnapshots: false,
  needsConsolidation: false,
  olderThanDays: undefined,
  largerThanGb: undefined,
};

/** Bounds of what can be asked for; beyond them a number is a slip of the hand. */
export const filterLimits = { days: 36_500, gb: 1_000_000, nameLength: 200 } as const;

export function isEmptyFilter(filter: InventoryFilter): boolean {
  return (
    filter.name === undefined &&
    filter.states.length === 0 &&
    !filter.hasSnapshots &&
    !filter.needsConsolidation &&
    filter.olderThanDays === undefined &&
    filter.largerThanGb === undefined
  );
}

/** A filter as it was kept as JSON. What cannot be read of it is as if it had not been set. */
export function parseFilter(saved: unknown): InventoryFilter {
  if (typeof saved !== 'object' || saved === null) {
    return noFilter;
  }
  const { name, states, hasSnapshots, needsConsolidation, olderThanDays, largerThanGb } = saved as Record<
    string,
    unknown
  >;
  return {
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, filterLimits.nameLength) : undefined,
    states: Array.isArray(states) ? vmStates.filter((state) => states.includes(state)) : [],
    hasSnapshots: hasSnapshots === true,
    needsConsolidation: needsConsolidation === true,
    olderThanDays: wholeNumber(olderThanDays, filterLimits.days),
    largerThanGb: wholeNumber(largerThanGb, filterLimits.gb),
  };
}

function wholeNumber(value: unknown, limit: number): number | undefined {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= limit ? Number(value) : undefined;
}
