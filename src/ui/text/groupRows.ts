import * as l10n from '@vscode/l10n';
import type { Formats } from './formats';
import { contextFlags, type RowContext, type RowDescription } from './rowContext';
import type { GroupNode } from './treeNode';

/** The row of a heading, with the number of rows under it in its label. */
export function describeGroup({ group }: GroupNode, context: RowContext): RowDescription {
  const label = groupLabel(group, context);
  return {
    label,
    description: '',
    ...groupIcon(group),
    contextValue: contextFlags('group', group),
    accessibilityLabel: label,
    collapsible: context.unfoldsGroup(group) ? 'expanded' : 'collapsed',
  };
}

/** `Over 30 days (14)` */
function groupLabel(group: GroupNode['group'], context: RowContext): string {
  const { formats, warnAfterDays, oldAfterDays } = context;
  const count = formats.count(context.groupCount(group));
  // Nothing is between two limits that are the wrong way round.
  const firstLimit = Math.min(warnAfterDays, oldAfterDays);
  switch (group) {
    case 'old':
      return l10n.t('Over {0} ({1})', days(oldAfterDays, formats), count);
    case 'aging':
      return l10n.t('{0} to {1} ({2})', formats.count(firstLimit), days(oldAfterDays, formats), count);
    case 'fresh':
      return l10n.t('Under {0} ({1})', days(firstLimit, formats), count);
    case 'consolidation':
      return l10n.t('Needs consolidation ({0})', count);
    case 'backup':
      return l10n.t('Backup products ({0})', count);
    case 'favorites':
      return l10n.t('Favorites ({0})', count);
  }
}

function days(count: number, formats: Formats): string {
  return count === 1 ? l10n.t('1 day') : l10n.t('{0} days', formats.count(count));
}

function groupIcon(group: GroupNode['group']): Pick<RowDescription, 'iconId' | 'iconColor'> {
  switch (group) {
    case 'old':
      return { iconId: 'history', iconColor: 'list.errorForeground' };
    case 'aging':
      return { iconId: 'history', iconColor: 'list.warningForeground' };
    case 'fresh':
      return { iconId: 'history' };
    case 'consolidation':
      return { iconId: 'warning', iconColor: 'list.warningForeground' };
    case 'backup':
      return { iconId: 'lock' };
    case 'favorites':
      return { iconId: 'star-full' };
  }
}
