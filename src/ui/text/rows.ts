import * as l10n from '@vscode/l10n';
import { formatAgeShort, formatBytes, millisecondsPerDay } from '../../common/text';
import type { Container, ContainerKind } from '../../hypervisor/model/inventory';
import { findSnapshot } from '../../hypervisor/model/snapshotTree';
import { describeNotice, describeServer } from './connectionRows';
import { describeGroup } from './groupRows';
import { innermost } from './inventoryRows';
import { nameInRow } from './names';
import {
  contextFlags,
  joinFacts,
  joinSpoken,
  protectionMarks,
  type RowContext,
  type RowDescription,
} from './rowContext';
import { sizeOf } from './snapshotSize';
import type { ContainerNode, InventoryNode, PresentNode, SnapshotNode } from './treeNode';
import { activityInRow } from './vmActivity';
import { ambiguousFolder, describeVm, powerInWords } from './vmRows';

/** What a row of the inventory shows, from plain data alone. */
export function describeNode(node: InventoryNode, context: RowContext): RowDescription {
  switch (node.kind) {
    case 'group':
      return describeGroup(node, context);
    case 'server':
      return describeServer(node, context);
    case 'container':
      return describeContainer(node, context);
    case 'vm':
      return describeVm(node, context);
    case 'snapshot':
      return describeSnapshot(node, context);
    case 'present':
      return describePresent(node, context);
    case 'notice':
      return describeNotice(node);
  }
}

function describeContainer(node: ContainerNode, context: RowContext): RowDescription {
  const container = innermost(node);
  const label = node.containers.map(({ name }) => nameInRow(name)).join(' / ');
  const condition = conditionInWords(container);
  const protection = protectionMarks(context.protection(node.connection, container.id));
  return {
    label,
    description: condition ?? '',
    ...containerIcon(container),
    contextValue: contextFlags('container', container.kind, protection.flag),
    accessibilityLabel: joinSpoken(label, kindInWords(container.kind), condition, protection.spoken),
    collapsible: context.rows.hasChildren(node) ? (node.filtered === 'unfolded' ? 'expanded' : 'collapsed') : 'none',
    ...protection.badge,
  };
}

function describeSnapshot(node: SnapshotNode, context: RowContext): RowDescription {
  const { connection, vmId, snapshot } = node;
  const { formats, nowMs } = context;
  const vm = connection.inventory.vm(vmId);
  const known = vm && context.sizes(connection, vm);
  const bytes = sizeOf(known?.sizes, snapshot.id);
  const isListed = context.layout === 'snapshots';
  const branch = isListed ? undefined : vm && context.rows.snapshotLayout(vm.snapshots).row(snapshot.id)?.branch;
  const isBackup = context.backupPattern(snapshot.name) !== undefined;
  const ageMs = nowMs - snapshot.createdAtMs;
  const label = nameInRow(snapshot.name);
  const marks = [
    bytes === undefined ? undefined : formatBytes(bytes),
    snapshot.hasMemory ? l10n.t('memory') : undefined,
    snapshot.quiesced ? l10n.t('quiesced') : undefined,
    isBackup ? l10n.t('backup') : undefined,
    branch === undefined ? undefined : l10n.t('branch {0}', branch),
  ];
  const color = ageColor(ageMs, context);
  // In its tree the row of the VM says what the VM undergoes and where it is; in the list there is no such row.
  const activity = isListed ? context.activity(connection, vmId) : undefined;
  const busy = activity && activityInRow(activity);
  const vmName = vm === undefined ? undefined : nameInRow(vm.name);
  const folder = isListed && vm !== undefined ? ambiguousFolder(connection, vm) : undefined;
  const place = isListed ? [folder === undefined ? vmName : `${folder}/${vmName}`, nameInRow(connection.label)] : [];
  return {
    label,
    description: joinFacts(busy, formatAgeShort(ageMs), ...place, ...marks),
    iconId: activity !== undefined ? 'loading~spin' : isBackup ? 'lock' : 'device-camera',
    ...(color !== undefined && !isBackup && activity === undefined && { iconColor: color }),
    contextValue: contextFlags(
      'snapshot',
      snapshot.children.length > 0 ? 'kids' : undefined,
      vm?.snapshots.currentId === snapshot.id ? 'current' : undefined,
      isBackup ? 'backup' : undefined,
    ),
    accessibilityLabel: joinSpoken(
      label,
      l10n.t('snapshot'),
      vm?.snapshots.currentId === snapshot.id ? l10n.t('current') : undefined,
      ...(isListed && vmName !== undefined
        ? [l10n.t('of {0}', vmName), folder && l10n.t('in {0}', folder), l10n.t('on {0}', nameInRow(connection.label))]
        : []),
      busy,
      l10n.t('taken {0}', formats.ago(ageMs)),
      ...marks,
    ),
    collapsible: !isListed && context.rows.hasChildren(node) ? 'expanded' : 'none',
  };
}

function describePresent({ connection, vmId }: PresentNode, context: RowContext): RowDescription {
  const vm = connection.inventory.vm(vmId);
  const state = vm === undefined ? undefined : powerInWords(vm.powerState);
  const current = vm && findSnapshot(vm.snapshots, vm.snapshots.currentId);
  const branch = vm && context.rows.snapshotLayout(vm.snapshots).presentBranch;
  const label = l10n.t('You are here');
  return {
    label,
    description: joinFacts(state, branch === undefined ? undefined : l10n.t('on no snapshot')),
    iconId: 'target',
    contextValue: contextFlags('present'),
    accessibilityLabel: joinSpoken(
      label,
      vm === undefined ? undefined : l10n.t('present state of {0}', nameInRow(vm.name)),
      state,
      current === undefined ? l10n.t('on no snapshot') : l10n.t('after {0}', nameInRow(current.name)),
    ),
    collapsible: 'none',
  };
}

function ageColor(ageMs: number, { warnAfterDays, oldAfterDays }: RowContext): string | undefined {
  const days = ageMs / millisecondsPerDay;
  if (days >= oldAfterDays) {
    return 'list.errorForeground';
  }
  return days >= warnAfterDays ? 'list.warningForeground' : undefined;
}

function conditionInWords({ condition }: Container): string | undefined {
  switch (condition) {
    case 'maintenance':
      return l10n.t('maintenance mode');
    case 'disconnected':
      return l10n.t('disconnected');
    case 'notResponding':
      return l10n.t('not responding');
    case undefined:
      return undefined;
  }
}

function containerIcon({ kind, condition }: Container): Pick<RowDescription, 'iconId' | 'iconColor'> {
  const color = condition === undefined ? {} : { iconColor: 'list.warningForeground' };
  switch (kind) {
    case 'datacenter':
      return { iconId: 'globe', ...color };
    case 'folder':
      return { iconId: 'folder', ...color };
    case 'cluster':
      return { iconId: 'server-environment', ...color };
    case 'host':
      return { iconId: 'server-process', ...color };
    case 'resourcePool':
      return { iconId: 'pie-chart', ...color };
    case 'vApp':
      return { iconId: 'layers', ...color };
  }
}

function kindInWords(kind: ContainerKind): string {
  switch (kind) {
    case 'datacenter':
      return l10n.t('datacenter');
    case 'folder':
      return l10n.t('folder');
    case 'cluster':
      return l10n.t('cluster');
    case 'host':
      return l10n.t('ESXi host');
    case 'resourcePool':
      return l10n.t('resource pool');
    case 'vApp':
      return l10n.t('vApp');
  }
}
