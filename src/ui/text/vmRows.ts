import * as l10n from '@vscode/l10n';
import { formatAgeShort } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { Reachability, VirtualMachine } from '../../hypervisor/model/inventory';
import type { PowerState } from '../../hypervisor/model/snapshot';
import { countSnapshots, oldestSnapshot } from '../../hypervisor/model/snapshotTree';
import { snapshotCount } from './counts';
import { nameInRow } from './names';
import {
  contextFlags,
  joinFacts,
  joinSpoken,
  protectionMarks,
  type RowContext,
  type RowDescription,
} from './rowContext';
import type { VmNode } from './treeNode';
import { activityInRow, type VmActivity } from './vmActivity';

/** The row of a VM: in its about 21 characters of description the most urgent fact comes first. */
export function describeVm({ connection, vm, under }: VmNode, context: RowContext): RowDescription {
  const activity = context.activity(connection, vm.id);
  const label = nameInRow(vm.name);
  const folder = ambiguousFolder(connection, vm);
  const isListed = context.layout === 'snapshots';
  // Under a heading that goes over all servers its place does not show.
  const server = isListed || under !== undefined ? nameInRow(connection.label) : undefined;
  const isFavorite = context.isFavorite(connection, vm.id);
  const protection = protectionMarks(context.protection(connection, vm.id));
  const oldest = oldestSnapshot(vm.snapshots);
  const snapshots: SnapshotFacts | undefined = oldest && {
    count: snapshotCount(countSnapshots(vm.snapshots), context.formats),
    oldestAgeMs: context.nowMs - oldest.createdAtMs,
  };
  return {
    label,
    // In the folders themselves its place tells it from others of its name, and there is no room to say it twice.
    description: joinFacts(
      context.layout === 'folders' && under === undefined ? undefined : folder,
      ...facts(vm, activity, snapshots, context),
      server,
    ),
    ...icon(vm, activity),
    contextValue: contextFlags(
      'vm',
      vm.powerState,
      vm.snapshots.roots.length > 0 ? 'snap' : undefined,
      vm.needsConsolidation ? 'cons' : undefined,
      activity === undefined ? undefined : 'busy',
      vm.isTemplate ? 'template' : undefined,
      vm.reachability === 'connected' ? undefined : 'unreachable',
      protection.flag,
      isFavorite ? 'favorite' : undefined,
    ),
    accessibilityLabel: joinSpoken(
      label,
      ...spokenFacts(vm, activity, folder, snapshots, context),
      protection.spoken,
      server === undefined ? undefined : l10n.t('on {0}', server),
      isFavorite ? l10n.t('favorite') : undefined,
    ),
    collapsible: vm.snapshots.roots.length > 0 && !isListed ? 'collapsed' : 'none',
    ...protection.badge,
  };
}

/** The folders of a VM whose name alone does not tell it from another one of its server. */
export function ambiguousFolder(connection: HypervisorConnection, vm: VirtualMachine): string | undefined {
  return connection.inventory.isAmbiguousVmName(vm.name) ? folderOf(connection, vm) : undefined;
}

/** The folders of a VM below its datacenter, or the datacenter when it lies directly in it: `Prod/DB`. */
function folderOf({ inventory }: HypervisorConnection, vm: VirtualMachine): string | undefined {
  const [datacenter, ...folders] = inventory.path('folders', vm.id);
  const names = folders.length > 0 || datacenter === undefined ? folders : [datacenter];
  return names.length === 0 ? undefined : names.map(nameInRow).join('/');
}

export function powerInWords(powerState: PowerState): string {
  switch (powerState) {
    case 'on':
      return l10n.t('running');
    case 'off':
      return l10n.t('powered off');
    case 'suspended':
      return l10n.t('suspended');
  }
}

function reachabilityInWords(reachability: Exclude<Reachability, 'connected'>): string {
  switch (reachability) {
    case 'disconnected':
      return l10n.t('disconnected');
    case 'orphaned':
      return l10n.t('orphaned');
    case 'inaccessible':
      return l10n.t('inaccessible');
    case 'invalid':
      return l10n.t('invalid');
  }
}

/** What a row says of the snapshots of its VM, found once for those who read and those who listen. */
interface SnapshotFacts {
  /** `3 snapshots` */
  readonly count: string;
  readonly oldestAgeMs: number;
}

function facts(
  vm: VirtualMachine,
  activity: VmActivity | undefined,
  snapshots: SnapshotFacts | undefined,
  { layout }: RowContext,
): string[] {
  const question = vm.question === undefined ? [] : [l10n.t('waits for an answer')];
  if (activity !== undefined) {
    return [...question, activityInRow(activity)];
  }
  if (vm.reachability !== 'connected') {
    return [reachabilityInWords(vm.reachability)];
  }
  return [
    ...question,
    // In the list it stands under a heading that says so.
    ...(vm.needsConsolidation && layout !== 'snapshots' ? [l10n.t('needs consolidation')] : []),
    ...(vm.isTemplate ? [l10n.t('template')] : powerInRow(vm.powerState)),
    ...(snapshots === undefined ? [] : [formatAgeShort(snapshots.oldestAgeMs), snapshots.count]),
  ];
}

function powerInRow(powerState: PowerState): string[] {
  switch (powerState) {
    case 'on':
      return [];
    case 'off':
      return [l10n.t('off')];
    case 'suspended':
      return [l10n.t('suspended')];
  }
}

function spokenFacts(
  vm: VirtualMachine,
  activity: VmActivity | undefined,
  folder: string | undefined,
  snapshots: SnapshotFacts | undefined,
  { formats }: RowContext,
): (string | undefined)[] {
  return [
    folder === undefined ? undefined : l10n.t('in {0}', folder),
    vm.isTemplate ? l10n.t('template') : l10n.t('virtual machine'),
    activity === undefined ? undefined : activityInRow(activity),
    vm.question === undefined ? undefined : l10n.t('waits for an answer'),
    vm.reachability === 'connected' ? powerInWords(vm.powerState) : reachabilityInWords(vm.reachability),
    vm.needsConsolidation ? l10n.t('needs consolidation') : undefined,
    snapshots === undefined
      ? l10n.t('no snapshots')
      : l10n.t('{0}, oldest {1}', snapshots.count, formats.age(snapshots.oldestAgeMs)),
  ];
}

function icon(vm: VirtualMachine, activity: VmActivity | undefined): Pick<RowDescription, 'iconId' | 'iconColor'> {
  if (vm.question !== undefined) {
    // Until it is answered, whatever runs stands still.
    return { iconId: 'question', iconColor: 'list.warningForeground' };
  }
  if (activity !== undefined) {
    return { iconId: 'loading~spin' };
  }
  if (vm.reachability !== 'connected') {
    return { iconId: 'vm-outline', iconColor: 'disabledForeground' };
  }
  if (vm.needsConsolidation) {
    return { iconId: 'warning', iconColor: 'list.warningForeground' };
  }
  switch (vm.powerState) {
    case 'on':
      return { iconId: 'vm-running' };
    case 'off':
      return { iconId: 'vm-outline' };
    case 'suspended':
      return { iconId: 'vm' };
  }
}
