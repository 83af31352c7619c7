import * as l10n from '@vscode/l10n';
import { filterLimits, type InventoryFilter, type VmState, vmStates } from '../../hypervisor/filter/inventoryFilter';
import type { Formats } from './formats';

/** One condition of a filter, as it is ticked. */
export type FilterTick = VmState | 'name' | 'hasSnapshots' | 'olderThan' | 'largerThan' | 'needsConsolidation';

/** Conditions that are nothing without a value. */
export type FilterValue = Extract<FilterTick, 'name' | 'olderThan' | 'largerThan'>;

export interface FilterChoice {
  readonly tick: FilterTick;
  readonly label: string;
  readonly description?: string;
  readonly isTicked: boolean;
}

// What is asked first by whoever cleans up.
const suggestedDays = 30;
const suggestedGb = 10;

/** What can be ticked. A list of snapshots need not be asked whether there are any. */
export function filterChoices(
  filter: InventoryFilter,
  isForSnapshots: boolean,
  formats: Formats,
): readonly (FilterChoice | { readonly divider: string })[] {
  const { name, olderThanDays, largerThanGb } = filter;
  const state = (tick: VmState, label: string): FilterChoice => ({
    tick,
    label,
    isTicked: filter.states.includes(tick),
  });
  return [
    {
      tick: 'name',
      label: l10n.t('Name...'),
      isTicked: name !== undefined,
      ...(name !== undefined && { description: name }),
    },
    { divider: l10n.t('any of these') },
    state('on', l10n.t('Running')),
    state('off', l10n.t('Powered off')),
    state('suspended', l10n.t('Suspended')),
    state('template', l10n.t('Templates')),
    { divider: l10n.t('and all of these') },
    ...(isForSnapshots
      ? []
      : [{ tick: 'hasSnapshots', label: l10n.t('Has snapshots'), isTicked: filter.hasSnapshots } as const]),
    {
      tick: 'olderThan',
      label: l10n.t('Snapshot older than...'),
      isTicked: olderThanDays !== undefined,
      ...(olderThanDays !== undefined && { description: l10n.t('days: {0}', formats.count(olderThanDays)) }),
    },
    {
      tick: 'largerThan',
      label: isForSnapshots ? l10n.t('Snapshot larger than...') : l10n.t('Snapshots larger than...'),
      isTicked: largerThanGb !== undefined,
      ...(largerThanGb !== undefined && { description: l10n.t('{0} GB', formats.count(largerThanGb)) }),
    },
    { tick: 'needsConsolidation', label: l10n.t('Needs consolidation'), isTicked: filter.needsConsolidation },
  ];
}

/** The filter with just these conditions. Those with a value keep it, or get the one that is suggested. */
export function withTicks(filter: InventoryFilter, ticks: readonly FilterTick[]): InventoryFilter {
  const has = (tick: FilterTick): boolean => ticks.includes(tick);
  return {
    name: has('name') ? (filter.name ?? '') : undefined,
    states: vmStates.filter(has),
    hasSnapshots: has('hasSnapshots'),
    needsConsolidation: has('needsConsolidation'),
    olderThanDays: has('olderThan') ? (filter.olderThanDays ?? suggestedDays) : undefined,
    largerThanGb: has('largerThan') ? (filter.largerThanGb ?? suggestedGb) : undefined,
  };
}

/** The conditions of a filter for which a value has to be asked, in the order in which they are asked. */
export function valuesOf(filter: InventoryFilter): readonly FilterValue[] {
  return [
    ...(filter.name === undefined ? [] : (['name'] as const)),
    ...(filter.olderThanDays === undefined ? [] : (['olderThan'] as const)),
    ...(filter.largerThanGb === undefined ? [] : (['largerThan'] as const)),
  ];
}

/** How a value is asked for. */
export interface ValueQuestion {
  readonly value: string;
  readonly prompt: string;
}

export function valueQuestion(filter: InventoryFilter, value: FilterValue): ValueQuestion {
  switch (value) {
    case 'name':
      return {
        value: filter.name ?? '',
        prompt: l10n.t('Part of a name, or a whole one in which * stands for any text'),
      };
    case 'olderThan':
      return { value: String(filter.olderThanDays ?? ''), prompt: l10n.t('Age in days') };
    case 'largerThan':
      return { value: String(filter.largerThanGb ?? ''), prompt: l10n.t('Size in GB') };
  }
}

/** What is wrong with a typed value; undefined when it will do. */
export function valueProblem(value: FilterValue, typed: string): string | undefined {
  const text = typed.trim();
  if (value === 'name') {
    return text === ''
      ? l10n.t('Enter a name.')
      : text.length > filterLimits.nameLength
        ? l10n.t('At most {0} characters.', filterLimits.nameLength)
        : undefined;
  }
  const limit = value === 'olderThan' ? filterLimits.days : filterLimits.gb;
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= limit
    ? undefined
    : l10n.t('Enter a whole number from 1 to {0}.', limit);
}

/** The filter with a value that {@link valueProblem} finds nothing wrong with. */
export function withValue(filter: InventoryFilter, value: FilterValue, typed: string): InventoryFilter {
  const text = typed.trim();
  switch (value) {
    case 'name':
      return { ...filter, name: text };
    case 'olderThan':
      return { ...filter, olderThanDays: Number(text) };
    case 'largerThan':
      return { ...filter, largerThanGb: Number(text) };
  }
}
