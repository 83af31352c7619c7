import * as l10n from '@vscode/l10n';
import type { InventoryFilter, VmState } from '../../hypervisor/filter/inventoryFilter';
import type { Formats } from './formats';
import { nameInSentence } from './names';

/** A filter in words, for the title of the view: `running or suspended, older than 30 days`. */
export function filterInWords(filter: InventoryFilter, formats: Formats): string {
  const { name, states, hasSnapshots, needsConsolidation, olderThanDays, largerThanGb } = filter;
  return [
    name === undefined ? undefined : nameInSentence(name),
    states.length === 0 ? undefined : formats.either(states.map(stateInWords)),
    hasSnapshots ? l10n.t('has snapshots') : undefined,
    needsConsolidation ? l10n.t('needs consolidation') : undefined,
    olderThanDays === undefined ? undefined : olderThan(olderThanDays, formats),
    largerThanGb === undefined ? undefined : l10n.t('larger than {0} GB', formats.count(largerThanGb)),
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function stateInWords(state: VmState): string {
  switch (state) {
    case 'on':
      return l10n.t('running');
    case 'off':
      return l10n.t('powered off');
    case 'suspended':
      return l10n.t('suspended');
    case 'template':
      return l10n.t('template');
  }
}

function olderThan(days: number, formats: Formats): string {
  return days === 1 ? l10n.t('older than 1 day') : l10n.t('older than {0} days', formats.count(days));
}
